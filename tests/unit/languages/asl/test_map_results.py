"""Results of a distributed Map in the three forms of a WriterConfig."""

from typing import Any

from emulator.languages.asl.states.map_results import exported, transformed

RUN = "arn:aws:states:eu-west-1:000000000000:mapRun:m/L:0b6ff3a0-1f2e-4f57-9d7b-0d7d6b7f7a11"
DONE = {"Index": 0, "Input": "1", "Status": "SUCCEEDED", "Output": "[1,2]"}
LOST: dict[str, Any] = {"Index": 1, "Input": "2", "Status": "FAILED", "Error": "E", "Cause": None}


def test_compact_results_are_the_outputs() -> None:
    assert transformed([DONE], "COMPACT", RUN) == [[1, 2]]


def test_flattened_results_are_the_elements_of_outputs_that_are_arrays() -> None:
    assert transformed([DONE, {**DONE, "Output": "3"}], "FLATTEN", RUN) == [1, 2, 3]


def test_whole_results_name_the_child_execution_by_its_map_run() -> None:
    first, second = transformed([DONE, {**DONE, "Index": 1}], "NONE", RUN)

    assert first["ExecutionArn"].startswith("arn:aws:states:eu-west-1:000000000000:execution:m/L:")
    assert first["StateMachineArn"] == "arn:aws:states:eu-west-1:000000000000:stateMachine:m/L"
    assert (first["Input"], first["Output"]) == ("1", "[1,2]")
    assert first["Name"] != second["Name"]
    assert transformed([DONE], "NONE", RUN) == [first]


def test_a_failed_child_is_shown_whole_in_every_form() -> None:
    (shown,) = transformed([LOST], "COMPACT", RUN)

    assert (shown["Status"], shown["Error"], shown["Input"]) == ("FAILED", "E", "2")
    assert "Cause" not in shown
    assert "Output" not in shown


def test_a_file_is_an_array_or_a_value_a_line() -> None:
    assert exported([1, {"a": 2}], "JSON") == '[1,{"a":2}]'
    assert exported([1, {"a": 2}], "JSONL") == '1\n{"a":2}\n'
