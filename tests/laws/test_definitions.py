"""Whatever is in a definition, checking it ends in a list of problems, and parsing it agrees with that list."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.languages.asl import document

TEST = {"Variable": "$.a", "NumericEquals": 1}
RULE = {**TEST, "Next": "W"}
READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "Parameters": {"Bucket": "b", "Key.$": "$.k"},
    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"], "MaxItemsPath": "$.n"},
}
PROCESSOR = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "I",
    "States": {"I": {"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Value"}, "End": True}},
}
CATCH = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Assign": {"x.$": "$.Error"}, "Next": "F"}
PATHS: dict[str, Any] = {
    "StartAt": "C",
    "States": {
        "C": {"Type": "Choice", "Choices": [{"And": [{"Not": TEST}, TEST], "Next": "W"}, RULE], "Default": "T"},
        "W": {"Type": "Wait", "SecondsPath": "$.s", "Next": "M"},
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Credentials": {"RoleArn": "arn:aws:iam::000000000000:role/r"},
            "TimeoutSeconds": 9,
            "HeartbeatSecondsPath": "$.h",
            "ResultSelector": {"a": [{"b.$": "States.Format('{}', $.x)"}]},
            "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 1.5, "JitterStrategy": "FULL"}],
            "Catch": [CATCH],
            "Next": "P",
        },
        "P": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed", "OutputPath": "$.o"}}}],
            "ResultPath": "$.r",
            "Next": "W",
        },
        "M": {
            "Type": "Map",
            "ItemReader": READER,
            "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"a": 1}},
            "ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}},
            "ItemProcessor": PROCESSOR,
            "Label": "L",
            "ToleratedFailurePercentage": 5.5,
            "MaxConcurrencyPath": "$.c",
            "End": True,
        },
        "F": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.JsonToString($.c)"},
    },
}
QUERIES: dict[str, Any] = {
    "QueryLanguage": "JSONata",
    "StartAt": "C",
    "States": {
        "C": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.a = 1 %}", "Output": {"x": "{% 1 %}"}, "Next": "T"}],
            "Default": "W",
        },
        "W": {"Type": "Wait", "Timestamp": "{% $states.input.t %}", "Assign": {"v": ["{% $now() %}"]}, "Next": "T"},
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "f", "Payload": "{% $v %}"},
            "TimeoutSeconds": "{% 5 %}",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput %}", "Next": "M"}],
            "Next": "M",
        },
        "M": {
            "Type": "Map",
            "Items": "{% [1, 2] %}",
            "MaxConcurrency": "{% 2 %}",
            "ItemSelector": {"a": "{% $states.context.Map.Item.Value %}"},
            "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Output": "{% 1 %}", "End": True}}},
            "End": True,
        },
    },
}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2.5,
    10**30,
    "",
    "$",
    "$.a[",
    "x",
    "{% 1 %}",
    "{% ( %}",
    "{%",
    [],
    [1],
    {},
    {"a": 1},
]
NAMES = (
    *("Next", "Catch", "Choices", "Retry", "ItemReader", "Assign", "Label", "Branches", "States", "Type", "Seconds"),
    *(
        "And",
        "Not",
        "Condition",
        "Items",
        "Parameters",
        "Arguments",
        "ProcessorConfig",
        "ReaderConfig",
        "Mode",
        "Comment",
    ),
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (object or array, key or index) in a definition."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    return [(value, key) for key in keys] + [place for key in keys for place in _places(value[key])]


@pytest.mark.parametrize("definition", [PATHS, QUERIES], ids=["paths", "queries"])
def test_the_definitions_themselves_are_good(definition: dict[str, Any]) -> None:
    assert document.check(json.dumps(definition)) == []


@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_definition_has_problems_or_is_accepted(data: st.DataObject) -> None:
    definition = json.loads(json.dumps(data.draw(st.sampled_from([PATHS, QUERIES]))))
    holder, key = data.draw(st.sampled_from(_places(definition)))
    damage = data.draw(st.sampled_from(["change", "change", "remove", "add"]))
    if damage == "remove":
        del holder[key]
    elif damage == "add" and isinstance(holder, dict):
        holder[data.draw(st.sampled_from(NAMES))] = data.draw(st.sampled_from(ODD))
    else:
        holder[key] = data.draw(st.sampled_from(ODD))
    text, kind = json.dumps(definition), data.draw(st.sampled_from(["STANDARD", "EXPRESS"]))

    problems = document.check(text, kind)

    try:
        document.parse(text, kind)
        refused = False
    except document.InvalidDefinition:
        refused = True
    assert refused is any(problem.severity == "ERROR" for problem in problems)
    assert all(problem.location is None or problem.location.startswith("/") for problem in problems)
