"""The lines that Lambda writes around those of a function."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator.host import Function, Logging, lines
from emulator.host.lines import Report

COLD = Report("r", 1_767_225_600_123_456, 3000, 100.5, 30, "timeout")
WARM = Report("r", 1_767_225_600_123_456, 1.234, None, 30, "success")


def function(**logging: Any) -> Function:
    return Function(
        key="k",
        name="f",
        arn="arn:aws:lambda:us-east-1:000000000000:function:f",
        version="$LATEST",
        handler="index.handler",
        code=Path("/nowhere"),
        runtime="python3.12",
        environment={},
        timeout_seconds=3,
        memory_mb=128,
        log_group="/aws/lambda/f",
        region="us-east-1",
        account="000000000000",
        logging=Logging(**logging),
    )


def test_the_report_of_a_warm_invocation_has_no_init_duration() -> None:
    assert lines.report(function(), WARM) == (
        "REPORT RequestId: r\tDuration: 1.23 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\t\n"
    )


def test_the_report_of_a_cold_timeout_has_everything() -> None:
    assert lines.report(function(), COLD) == (
        "REPORT RequestId: r\tDuration: 3000.00 ms\tBilled Duration: 3101 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 30 MB\tInit Duration: 100.50 ms\tStatus: timeout\n"
    )


def test_a_report_may_be_an_object() -> None:
    line = lines.report(function(format="JSON"), COLD)

    assert json.loads(line) == {
        "time": "2026-01-01T00:00:00.123Z",
        "type": "platform.report",
        "record": {
            "requestId": "r",
            "metrics": {
                "durationMs": 3000,
                "billedDurationMs": 3101,
                "memorySizeMB": 128,
                "maxMemoryUsedMB": 30,
                "initDurationMs": 100.5,
            },
            "status": "timeout",
        },
    }


def test_only_failures_are_written_at_the_level_warn() -> None:
    quiet = function(format="JSON", system_level="WARN")

    written = [lines.init_start(quiet, 0), lines.start(quiet, "r", 0), lines.report(quiet, WARM)]

    assert written == ["", "", ""]
    assert "platform.report" in lines.report(quiet, COLD)


@pytest.mark.parametrize(("duration", "init", "billed"), [(0.01, None, 1), (1.0, None, 1), (1.1, 0.2, 2), (0, None, 1)])
def test_billing_rounds_up_to_a_millisecond(duration: float, init: float | None, billed: int) -> None:
    assert lines.billed_ms(duration, init) == billed


def test_a_runtime_version_has_one_arn_per_region() -> None:
    here = lines.runtime_version_arn("python3.13", "eu-west-1")

    assert here == lines.runtime_version_arn("python3.13", "eu-west-1")
    assert here.startswith("arn:aws:lambda:eu-west-1::runtime:")
    assert here != lines.runtime_version_arn("python3.14", "eu-west-1")
