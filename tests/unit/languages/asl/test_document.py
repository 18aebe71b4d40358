"""Which definitions are refused, where, and in which words."""

import json
from typing import Any

import pytest

from emulator.languages.asl import document

PASS = {"Type": "Pass", "End": True}


def problems(definition: Any, kind: str = "STANDARD") -> list[tuple[str, str, str | None]]:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return [(problem.code, problem.message, problem.location) for problem in document.check(text, kind)]


def one(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "S", "States": {"S": state}}


def test_a_good_definition_has_no_problems() -> None:
    assert problems(one(PASS)) == []


def test_missing_fields_are_named() -> None:
    assert problems({"States": {}}) == [("SCHEMA_VALIDATION_FAILED", "These fields are required: [StartAt]", "/")]


def test_the_message_of_the_api_lists_all_problems() -> None:
    states = {"A": {"Type": "Pass", "Next": "X"}, "B": PASS}

    with pytest.raises(document.InvalidDefinition) as refused:
        document.parse(json.dumps({"StartAt": "A", "States": states}))

    assert refused.value.aws_message == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: X at"
        ' /States/A/Next, MISSING_TRANSITION_TARGET: State "B" is not reachable. at /States/B\''
    )


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({"Type": "Pas", "End": True}, "/States/S/Type"),
        ({"Type": "Task", "End": True}, "/States/S"),
        ({"Type": "Pass"}, "/States/S"),
        ({**PASS, "Foo": 1}, "/States/S"),
        ({**PASS, "InputPath": 5}, "/States/S/InputPath"),
        ({**PASS, "Parameters": {"a.$": "nonsense"}}, "/States/S/Parameters"),
        ({**PASS, "Parameters": {"b": [{"a.$": "$.a[x]"}]}}, "/States/S/Parameters/b[0]"),
        ({**PASS, "Parameters": {"a.$": "$.a", "a": 1}}, "/States/S/Parameters"),
        ({**PASS, "InputPath": "$.a[x]"}, "/States/S/InputPath"),
        ({**PASS, "ResultPath": "$.a[*]"}, "/States/S/ResultPath"),
        ({"Type": "Wait", "SecondsPath": "a", "End": True}, "/States/S/SecondsPath"),
        ({"Type": "Fail", "CausePath": "States.Nothing()"}, "/States/S/CausePath"),
        ({"Type": "Wait", "End": True}, "/States/S"),
        ({"Type": "Wait", "Seconds": -1, "End": True}, "/States/S/Seconds"),
        ({"Type": "Map", "End": True}, "/States/S"),
        ({"Type": "Parallel", "End": True, "Branches": [{"StartAt": "X"}]}, "/States/S/Branches[0]"),
        ({**PASS, "Type": "Task", "Resource": "r", "Retry": [{}]}, "/States/S/Retry[0]"),
        ({**PASS, "Type": "Task", "Resource": "r", "TimeoutSeconds": 0}, "/States/S/TimeoutSeconds"),
        ({**PASS, "QueryLanguage": "JSONata", "Parameters": {}}, "/States/S/Parameters"),
        ({**PASS, "QueryLanguage": "JSONata", "Output": "{% 1 + %}"}, "/States/S/Output"),
        ({**PASS, "QueryLanguage": "JSONata", "Output": {"a": ["{% $ %}"]}}, "/States/S/Output/a[0]"),
        ({**PASS, "QueryLanguage": "JSONata", "Output": "{% field %}"}, "/States/S/Output"),
        ({**PASS, "QueryLanguage": "JSONata", "Output": "{% $eval('1') %}"}, "/States/S/Output"),
        ({**PASS, "Assign": {"a b": 1}}, "/States/S/Assign"),
        ({**PASS, "Assign": {"1st.$": "$.a"}}, "/States/S/Assign"),
        ({**PASS, "Assign": {"x" * 81: 1}}, "/States/S/Assign"),
        ({**PASS, "Assign": {"states": 1}}, "/States/S/Assign"),
    ],
)
def test_a_bad_state_is_refused_at_its_place(state: dict[str, Any], location: str) -> None:
    found = problems(one(state))

    assert location in [place for _, _, place in found]


def test_a_text_that_is_not_json_is_a_problem_of_its_own() -> None:
    ((code, _, _),) = problems("{")

    assert code == "INVALID_JSON_DESCRIPTION"


def test_a_loop_without_an_end_is_refused() -> None:
    loop = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}

    assert problems(loop) == [("MISSING_END_STATE", "No state ends the workflow", None)]


@pytest.mark.parametrize(
    ("resource", "recognized"),
    [
        ("lambda:invoke.waitForTaskToken", True),
        ("lambda:invoke.sync", False),
        ("states:startExecution.sync:2", True),
        ("sqs:sendMessage.sync", False),
        ("dynamodb:putItem.waitForTaskToken", False),
        ("batch:submitJob.sync", True),
        ("ecs:runTask.waitForTaskToken", True),
        ("http:invoke", True),
        ("http:invoke.waitForTaskToken", False),
        ("aws-sdk:sfn:startExecution.waitForTaskToken", True),
        ("aws-sdk:sfn:startExecution.sync", False),
        ("someday:doWork.sync", True),
    ],
)
def test_an_integration_has_the_patterns_that_aws_lists(resource: str, recognized: bool) -> None:
    found = problems(one({"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "End": True}))

    assert (not found) is recognized


def test_an_express_machine_cannot_wait_for_a_token() -> None:
    state = {**PASS, "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}

    assert problems(one(state)) == []
    assert problems(one(state), "EXPRESS")[0][2] == "/States/S/Resource"


@pytest.mark.parametrize("names", [["States.ALL", "X"], []])
def test_error_names_follow_their_rules(names: list[str]) -> None:
    state = {**PASS, "Type": "Task", "Resource": "r", "Retry": [{"ErrorEquals": names}]}

    assert problems(one(state)) != []


def test_every_problem_of_a_definition_is_reported() -> None:
    states = {
        "A": {**PASS, "Foo": 1, "Parameters": {"a.$": "x", "b": {"c.$": "$.["}}},
        "B": {**PASS, "QueryLanguage": "JSONata", "Output": ["{% 1 + %}", "{% ) %}"]},
    }

    found = problems({"StartAt": "A", "States": states})

    assert [location for _, _, location in found] == [
        "/States/A",
        "/States/A/Parameters",
        "/States/A/Parameters/b",
        "/States/B/Output[0]",
        "/States/B/Output[1]",
        "/States/B",
    ]


@pytest.mark.parametrize("name", ["x" * 80, "größe", "_a1"])
def test_a_variable_may_be_named_so(name: str) -> None:
    assert problems(one({**PASS, "Assign": {name: 1, f"{name[:79]}2.$": "$"}})) == []


def nested(kind: str, assign: dict[str, Any], mode: str = "INLINE") -> dict[str, Any]:
    inner = {"StartAt": "I", "States": {"I": {**PASS, "Assign": assign}}}
    if kind == "Parallel":
        return {"Type": "Parallel", "Branches": [inner], "End": True}
    config = {"Mode": mode} if mode == "INLINE" else {"Mode": mode, "ExecutionType": "STANDARD"}
    return {"Type": "Map", "ItemProcessor": {**inner, "ProcessorConfig": config}, "End": True}


@pytest.mark.parametrize("kind", ["Parallel", "Map"])
def test_an_inner_scope_assigns_no_variable_of_an_outer_one(kind: str) -> None:
    states = {"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"}, "B": nested(kind, {"x.$": "$", "y": 1})}

    ((code, message, location),) = problems({"StartAt": "A", "States": states})

    assert code == "SCHEMA_VALIDATION_FAILED"
    assert message == "The variable 'x' is assigned in an outer scope already"
    assert location is not None
    assert location.startswith("/States/B/")
    assert location.endswith("/States/I/Assign")


def test_scopes_that_do_not_see_each_other_may_assign_the_same_variable() -> None:
    caught = {"ErrorEquals": ["States.ALL"], "Assign": {"x": 1}, "Next": "C"}
    distributed = {**nested("Map", {"z": 1}, "DISTRIBUTED"), "Assign": {"z": 1}}
    states = {
        "A": {**nested("Parallel", {"x": 1}), "Catch": [caught], "End": False, "Next": "B"},
        "B": {**nested("Map", {"w": 1}), "End": False, "Next": "D"},
        "C": {"Type": "Pass", "Assign": {"z": 0}, "Next": "D"},
        "D": {**distributed, "Assign": {"v": 1}},
    }
    for name in "ABD":
        inner = states[name].get("ItemProcessor") or states[name]["Branches"][0]
        inner["States"] = {f"{name}I": inner["States"]["I"]}
        inner["StartAt"] = f"{name}I"

    assert problems({"StartAt": "A", "States": states}) == []


@pytest.mark.parametrize(
    ("state", "code", "location"),
    [
        ({**PASS, "Parameters": {"a": [{"b": "$.x"}]}}, "NO_DOLLAR", "/States/S/Parameters/a[0]/b"),
        ({**PASS, "Parameters": {"a": "States.UUID()"}}, "NO_DOLLAR", "/States/S/Parameters/a"),
        ({**PASS, "Assign": {"a": "$$.Execution.Id"}}, "NO_DOLLAR", "/States/S/Assign/a"),
        ({**PASS, "Result": {"a": "$.x"}}, "PASS_RESULT_IS_STATIC", "/States/S/Result"),
        ({"Type": "Fail", "Cause": "$.cause"}, "NO_PATH", "/States/S/Cause"),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(state: dict[str, Any], code: str, location: str) -> None:
    (warning,) = document.check(json.dumps(one(state)))

    assert (warning.severity, warning.code, warning.location) == ("WARNING", code, location)
    document.parse(json.dumps(one(state)))


def test_a_comparison_with_the_text_of_a_path_is_a_warning() -> None:
    rule = {"Not": {"Variable": "$.a", "StringEquals": "$.b"}, "Next": "E"}
    states = {"S": {"Type": "Choice", "Choices": [rule], "Default": "E"}, "E": {"Type": "Succeed"}}

    (warning,) = document.check(json.dumps({"StartAt": "S", "States": states}))

    assert (warning.code, warning.location) == ("NO_PATH", "/States/S/Choices[0]/Not/StringEquals")


@pytest.mark.parametrize("state", [{**PASS, "Parameters": {"a": "$5 and more", "b.$": "$.x", "c": "States.ALL"}}])
def test_what_is_no_path_is_no_warning(state: dict[str, Any]) -> None:
    assert document.check(json.dumps(one(state))) == []


def test_a_name_of_a_state_occurs_once() -> None:
    inner = {"StartAt": "S", "States": {"S": PASS}}

    found = problems(one({"Type": "Parallel", "Branches": [inner], "End": True}))

    assert [code for code, _, _ in found] == ["DUPLICATE_STATE_NAME"]


def test_a_label_occurs_once() -> None:
    first = {**nested("Map", {}, "DISTRIBUTED"), "Label": "L", "Next": "B"}
    del first["End"]
    second = {**nested("Map", {}, "DISTRIBUTED"), "Label": "L"}
    second["ItemProcessor"] = {**second["ItemProcessor"], "StartAt": "J", "States": {"J": PASS}}

    found = problems({"StartAt": "A", "States": {"A": first, "B": second}})

    assert [(code, location) for code, _, location in found] == [("DUPLICATE_LABEL_NAME", "/States/B/Label")]


def test_a_field_of_a_wrong_type_is_refused_at_its_place() -> None:
    rule = {"Or": [{"Variable": 1, "NumericEquals": "1"}], "Next": 2}
    reader = {"Resource": "r", "ReaderConfig": {"MaxItems": "1", "CSVHeaders": "a"}}
    states = {
        "S": {"Type": "Choice", "Choices": [rule], "Default": ["M"]},
        "M": {**nested("Map", {}), "ItemReader": reader, "Catch": [{"ErrorEquals": ["E"], "Next": {}}]},
        "T": {"Type": ["Task"]},
    }

    found = [location for _, message, location in problems({"StartAt": "S", "States": states}) if "type" in message]

    assert found == [
        "/States/S/Default",
        "/States/S/Choices[0]/Next",
        "/States/S/Choices[0]/Or[0]/Variable",
        "/States/S/Choices[0]/Or[0]/NumericEquals",
        "/States/M/ItemReader/ReaderConfig/MaxItems",
        "/States/M/ItemReader/ReaderConfig/CSVHeaders",
        "/States/M/Catch[0]/Next",
        "/States/T/Type",
    ]
