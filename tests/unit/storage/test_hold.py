"""One process holds a data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.errors import EmulatorError
from emulator.storage import hold


def test_a_second_holder_is_told_who_has_the_folder(tmp_path: Path) -> None:
    with hold(tmp_path / "data", "127.0.0.1:4566"):
        expected = rf"data is in use by process {os.getpid()} \(127\.0\.0\.1:4566\)"
        with pytest.raises(EmulatorError, match=expected):
            hold(tmp_path / "data", "127.0.0.1:4567")


def test_a_released_folder_can_be_held_again(tmp_path: Path) -> None:
    first = hold(tmp_path, "a long text that must not be left over")
    first.release()
    first.release()

    with hold(tmp_path, "here"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\nhere\n"


def test_the_end_of_its_process_releases_a_folder(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from emulator.storage import hold; "
        "held = hold(Path(sys.argv[1]), 'gone'); os._exit(9)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=30)

    assert ended.returncode == 9
    hold(tmp_path, "here").release()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmulatorError, match=r"^cannot keep data in .*file.data: Not a directory$"):
        hold(tmp_path / "file" / "data", "127.0.0.1:4566")
