"""Results of a distributed Map in the three forms of a WriterConfig."""

import json
from typing import Any

from emulator.languages.asl.states.map_results import transformed

WHERE = "arn:aws:states:eu-west-1:000000000000"
DONE: dict[str, Any] = {
    "arn": f"{WHERE}:execution:m/L:c",
    "machine_arn": f"{WHERE}:stateMachine:m/L",
    "name": "c",
    "status": "SUCCEEDED",
    "started": "2026-01-01T00:00:00.000Z",
    "stopped": "2026-01-01T00:00:01.000Z",
    "redrives": 0,
    "input": "1",
    "output": "[1,2]",
    "error": None,
    "cause": None,
}
LOST: dict[str, Any] = {**DONE, "status": "FAILED", "output": None, "error": "E"}


def test_compact_results_are_the_outputs() -> None:
    assert transformed(DONE, "COMPACT") == ["[1,2]"]


def test_flattened_results_are_the_elements_of_outputs_that_are_arrays() -> None:
    assert transformed(DONE, "FLATTEN") == ["1", "2"]
    assert transformed({**DONE, "output": "3"}, "FLATTEN") == ["3"]


def test_whole_results_tell_all_of_the_child() -> None:
    (text,) = transformed(DONE, "NONE")

    assert json.loads(text) == {
        "ExecutionArn": f"{WHERE}:execution:m/L:c",
        "Input": "1",
        "InputDetails": {"Included": True},
        "Name": "c",
        "Output": "[1,2]",
        "OutputDetails": {"Included": True},
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "StartDate": "2026-01-01T00:00:00.000Z",
        "StateMachineArn": f"{WHERE}:stateMachine:m/L",
        "Status": "SUCCEEDED",
        "StopDate": "2026-01-01T00:00:01.000Z",
    }


def test_a_failed_child_is_shown_whole_in_every_form() -> None:
    (text,) = transformed(LOST, "COMPACT")

    shown = json.loads(text)
    assert (shown["Status"], shown["Error"], shown["Input"]) == ("FAILED", "E", "1")
    assert shown["RedriveStatus"] == "REDRIVABLE_BY_MAP_RUN"
    assert "Cause" not in shown
    assert "Output" not in shown
