"""The grammar of the command, and where it looks for the emulator."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path

import pytest

from emulator import cli
from emulator.cli import address, client, env, screen
from emulator.cli.address import Address
from emulator.config import Config
from emulator.errors import EmulatorError


@pytest.mark.parametrize("word", cli.COMMANDS)
def test_every_command_has_a_module_with_flags_and_a_run(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([word, "--help"])

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: stepwell {word}")
    assert callable(importlib.import_module(f"emulator.cli.{word}").run)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    told = capsys.readouterr().out
    assert all(word in told for word in cli.COMMANDS)


@pytest.mark.parametrize("given", [[], ["nothing"], ["up", "--nothing"], ["until"]])
def test_a_wrong_usage_ends_with_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(given)

    assert ended.value.code == 2
    assert "usage: stepwell" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["status", "--endpoint", "http://127.0.0.1:1"],
        ["clock", "--endpoint", "http://127.0.0.1:1"],
        ["clock", "advance", "--endpoint", "http://127.0.0.1:1"],
        ["clock", "show", "1d", "--endpoint", "http://127.0.0.1:1"],
        ["clock", "advance", "soon", "--endpoint", "http://127.0.0.1:1"],
        ["clock", "scale", "fast", "--endpoint", "http://127.0.0.1:1"],
        ["stop", "--data", "/nowhere"],
        ["explain", "--data", "/nowhere"],
        ["up", "/nowhere"],
        ["up", "--port", "many"],
        ["up", "--roles", "chief"],
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_1(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(given)

    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.err.startswith("stepwell: ")
    assert told.err.count("\n") == 1
    assert not told.out


def test_nobody_serves_a_folder_whose_process_is_gone(tmp_path: Path) -> None:
    address.write(tmp_path, Address(2**22 + 1, "http://127.0.0.1:1", "p", "d"))

    assert address.find(tmp_path) is None


def test_nobody_serves_a_folder_whose_lock_is_free(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    address.write(tmp_path, Address(os.getpid(), "http://127.0.0.1:1", "p", "d"))

    assert address.find(tmp_path) is None


def _arguments(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"data": None, "endpoint": None, "account": None} | given)


def test_the_address_is_the_flag_then_the_environment_then_the_default(tmp_path: Path) -> None:
    data = {"STEPWELL_DATA": str(tmp_path)}
    environment = data | {"AWS_ENDPOINT_URL": "http://there"}

    assert address.url_for(_arguments(endpoint="http://flag"), environment) == "http://flag"
    assert address.url_for(_arguments(), environment) == "http://there"
    assert address.url_for(_arguments(), data) == "http://127.0.0.1:4566"
    with pytest.raises(EmulatorError, match="No emulator runs on"):
        address.url_for(_arguments(data=tmp_path), environment)


@pytest.mark.parametrize(
    ("key", "flag", "account"),
    [
        ("123456789012", None, "123456789012"),
        ("AKIAEXAMPLE", None, "000000000000"),
        ("123456789012", "210987654321", "210987654321"),
    ],
)
def test_the_account_is_the_flag_or_the_access_key_if_it_is_one(
    monkeypatch: pytest.MonkeyPatch, key: str, flag: str | None, account: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)

    assert client.of(_arguments(endpoint="http://x", account=flag)).account == account


def test_the_variables_of_a_client_are_all_there() -> None:
    told = env.variables("http://127.0.0.1:4566", "000000000000", "eu-west-1")

    assert told["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert told["AWS_DISABLE_HOST_PREFIX_INJECTION"] == "true"
    assert told["AWS_REGION"] == told["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_the_screen_fits_on_one_screen_and_names_what_is_needed(tmp_path: Path) -> None:
    config = Config(project=tmp_path, data=tmp_path / "data")

    told = screen.text(config, "http://127.0.0.1:9", "2 rules", 1)

    assert len(told.splitlines()) < 20
    assert "http://127.0.0.1:9" in told
    assert "2 rules; 1 problem, see above" in told
    assert f"stepwell stop --data {tmp_path / 'data'}" in told
