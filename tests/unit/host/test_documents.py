"""Error documents of what happens around a function."""

from __future__ import annotations

import json
import signal

import pytest

from emulator.host import documents


@pytest.mark.parametrize(("seconds", "text"), [(3, "3.00"), (0.5, "0.50"), (900, "900.00")])
def test_a_time_out_names_the_limit_with_two_decimals(seconds: float, text: str) -> None:
    assert json.loads(documents.timed_out("r", seconds)) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: r Error: Task timed out after {text} seconds",
    }


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (0, "Runtime exited without providing a reason"),
        (1 << 8, "Runtime exited with error: exit status 1"),
        (127 << 8, "Runtime exited with error: exit status 127"),
        (signal.SIGKILL, "Runtime exited with error: signal: killed"),
        (signal.SIGSEGV | 0x80, "Runtime exited with error: signal: segmentation fault"),
        (signal.SIGABRT, "Runtime exited with error: signal: aborted"),
        (signal.SIGTERM, "Runtime exited with error: signal: terminated"),
    ],
)
def test_an_exit_is_told_by_its_wait_status(status: int, text: str) -> None:
    assert json.loads(documents.exited("r", status)) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: r Error: {text}",
    }
