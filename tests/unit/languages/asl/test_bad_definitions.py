"""Definitions that AWS refuses, each small: a problem is found, and it is told where.

Sources: the specification of the Amazon States Language, the Step Functions Developer Guide.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.asl import document
from tests.unit.languages.asl.drafts import (
    ACTIVITY,
    EXPRESS,
    INNER,
    PARALLEL,
    PASS,
    STANDARD,
    TASK,
    TEST,
    asked,
    batcher,
    catch,
    choice,
    each,
    linked,
    machine,
    many,
    queries,
    reader,
    retry,
    task,
    wait,
    writer,
)

S = "/States/S"
RULE = {**TEST, "Next": "E"}
PUT = "arn:aws:states:::s3:putObject"
QUERY = {"Condition": "{% true %}", "Next": "E"}
INLINE = {"Mode": "INLINE"}
ASKING = {"StartAt": "I", "States": {"I": {**PASS, "Output": "{% 1 %}"}}}
RESULT, CAUGHT = "{% $count($states.result.a) %}", "{% $states.errorOutput.Error %}"


def rows(location: str | None, *definitions: Any) -> list[tuple[str | None, Any]]:
    return [(location, definition) for definition in definitions]


MACHINES = [
    *rows(None, [1], None, 1, "text"),
    *rows("/", {}, machine(Foo=1), machine(Type="Pass"), {"StartAt": "S"}, {"States": {"S": PASS}}),
    *rows("/States", {"StartAt": "S", "States": []}, {"StartAt": "S", "States": {}}),
    *rows("/StartAt", {"StartAt": None, "States": {"S": PASS}}, {"StartAt": "X", "States": {"S": PASS}}),
    *rows("/Version", machine(Version=1)),
    *rows("/Comment", machine(Comment=5)),
    *rows("/TimeoutSeconds", *(machine(TimeoutSeconds=value) for value in (0, -1, "1", 1.5, True, 100_000_000))),
    *rows("/TimeoutSeconds", queries(TimeoutSeconds="{% 5 %}")),
    *rows("/QueryLanguage", *(machine(QueryLanguage=value) for value in ("jsonata", None, 1, [], {}))),
]
STATES = [
    *rows(S, machine(None), machine({"End": True}), machine({"Type": "Pass"}), machine({"Type": "Pass", "End": False})),
    *rows(f"{S}/Type", *(machine({"Type": value, "End": True}) for value in ("pass", 1, None, ["Pass"]))),
    *rows(f"{S}/Comment", machine({**PASS, "Comment": 1}), machine({"Type": "Fail", "Comment": {}})),
    *rows(f"{S}/End", machine({"Type": "Pass", "End": "true"})),
    *rows(f"{S}/Next", machine({"Type": "Pass", "Next": "Z"}), machine({"Type": "Pass", "Next": None})),
    *rows(S, linked({"Type": "Pass", "Next": "E", "End": True})),
    *rows(f"{S}/QueryLanguage", *(machine({**PASS, "QueryLanguage": value}) for value in ("X", 1, None))),
    *rows(S, queries({**PASS, "QueryLanguage": "JSONPath"})),
    *rows(f"/States/{'S' * 81}", {"StartAt": "S" * 81, "States": {"S" * 81: PASS}}),
    *rows("/States/X", {"StartAt": "S", "States": {"S": PASS, "X": PASS}}),
    *rows(None, machine({"Type": "Pass", "Next": "S"})),
    *rows(f"{S}/Branches[0]/States/S", machine({**PARALLEL, "Branches": [machine()]})),
    *rows(f"{S}/Branches[1]/States/I", machine({**PARALLEL, "Branches": [INNER, INNER]})),
    *rows(f"{S}/Next", linked({"Type": "Parallel", "Branches": [INNER], "Next": "I"})),
    *rows(f"{S}/ItemProcessor/States/J", machine(each(inner={"StartAt": "I", "States": {"I": PASS, "J": PASS}}))),
]
OTHERS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "Pass": (PASS, ("Resource", "Choices", "Default", "Seconds", "Error", "Branches", "Retry", "Catch", "Items")),
    "Task": (TASK, ("Result", "Choices", "Default", "Seconds", "Error", "Branches", "ItemsPath", "Iterator")),
    "Wait": (wait(Seconds=1), ("Result", "Resource", "ResultPath", "Parameters", "Retry", "Catch", "TimeoutSeconds")),
    "Succeed": ({"Type": "Succeed"}, ("Next", "End", "Result", "ResultPath", "Parameters", "Assign", "Retry")),
    "Fail": ({"Type": "Fail"}, ("Next", "End", "InputPath", "OutputPath", "Assign", "Catch", "Seconds")),
    "Parallel": (PARALLEL, ("Result", "Resource", "ItemsPath", "MaxConcurrency", "TimeoutSeconds", "Credentials")),
    "Map": (each(), ("Result", "Resource", "Branches", "Arguments", "TimeoutSeconds", "HeartbeatSeconds")),
}
VALUES = {"End": True, "Choices": [], "Branches": [], "Retry": [], "Catch": [], "Assign": {}, "Iterator": INNER}
VALUES |= dict.fromkeys(("Seconds", "TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency"), 1)
VALUES |= dict.fromkeys(("Next", "Default"), "S") | {"Credentials": {"RoleArn": "r"}}
FIELDS = [
    *((S, machine({**state, field: VALUES.get(field, "$")})) for state, fields in OTHERS.values() for field in fields),
    *rows(S, *(choice(RULE, **{field: "$"}) for field in ("ResultPath", "Parameters", "ResultSelector", "Result"))),
    *rows(S, *(choice(RULE, **{field: []}) for field in ("Retry", "Catch")), choice(RULE, End=True)),
    *((f"{S}/{field}", queries({**TASK, field: "$"})) for field in ("InputPath", "OutputPath", "ResultPath")),
    *((f"{S}/{field}", queries({**TASK, field: {}})) for field in ("Parameters", "ResultSelector")),
    *((f"{S}/{field}", queries({**TASK, field: "$.t"})) for field in ("TimeoutSecondsPath", "HeartbeatSecondsPath")),
    *((f"{S}/{field}", machine({**TASK, field: "{% 1 %}"})) for field in ("Arguments", "Output")),
    *rows(f"{S}/Result", queries({**PASS, "Result": 1})),
]
PATHS = [
    *(
        (f"{S}/{field}", machine({**PASS, field: value}))
        for field in ("InputPath", "OutputPath", "ResultPath")
        for value in (1, True, {}, [], "a", "", "$.", "$[", "$..", "{% 1 %}")
    ),
    *rows(
        f"{S}/ResultPath",
        *(machine({**PASS, "ResultPath": path}) for path in ("$.a[*]", "$..a", "$.a[0:2]", "$$.a", "$$")),
    ),
    *rows(
        f"{S}/ResultPath",
        *(machine({**PASS, "ResultPath": path}) for path in ("$.a[?(@.b)]", "$x", "$.a[-1]", "$.a[0,1]")),
    ),
    *rows(f"{S}/Parameters", *(machine({**PASS, "Parameters": {"a.$": value}}) for value in (1, None, {}, "x"))),
    *rows(f"{S}/Parameters/l[0]", machine({**PASS, "Parameters": {"l": [{"a.$": 1}]}})),
    *rows(f"{S}/Parameters", machine({**PASS, "Parameters": {"a": 1, "a.$": "$"}})),
    *rows(
        f"{S}/Parameters",
        *(
            machine({**PASS, "Parameters": {"a.$": call}})
            for call in (
                *("States.Nope()", "States.Format('{}'", "States.Format", "States.Format('{}', $.a))", "Format('a')"),
                *("states.format('a')", 'States.Format("{}", 1)', "States.Array(,)", "States.Array(1,)", "$.a + 1"),
                *("States.MathAdd(1 2)", "States.Format('{}', foo)", "States.Format('a", "States..UUID()"),
                "States.MathAdd(1, 2) + 1",
            )
        ),
    ),
]
TASKS = [
    *rows(S, machine({"Type": "Task", "End": True}), machine({**TASK, "TimeoutSeconds": 5, "HeartbeatSeconds": 5})),
    *rows(f"{S}/Resource", *(machine({**TASK, "Resource": value}) for value in ("", 1, "foo", "arn:x", "{% $r %}"))),
    *rows(
        f"{S}/Resource",
        *(machine(task(name)) for name in ("sqs:sendMessage.sync", "sqs:sendMessage.x", "lambda", "aws-sdk:s3")),
    ),
    *rows(
        f"{S}/Resource",
        *(machine(task(name)) for name in ("states:startExecution.sync:3", "sagemaker:createModel.sync")),
    ),
    *rows(f"{S}/Resource", machine({**TASK, "Resource": "arn:aws:states:us-east-1:123456789012:stateMachine:x"})),
    *(
        (f"{S}/{field}", machine({**TASK, field: value}))
        for field in ("TimeoutSeconds", "HeartbeatSeconds")
        for value in (0, -1, 1.5, "1", True, None, 100_000_000, "{% 5 %}")
    ),
    *(
        (f"{S}/{field}Path", machine({**TASK, f"{field}Path": value}))
        for field in ("TimeoutSeconds", "HeartbeatSeconds")
        for value in (5, None, "t")
    ),
    *rows(S, *(machine({**TASK, field: 5, f"{field}Path": "$.t"}) for field in ("TimeoutSeconds", "HeartbeatSeconds"))),
    *rows(f"{S}/TimeoutSeconds", queries({**TASK, "TimeoutSeconds": "5"})),
    *rows(f"{S}/Credentials", *(machine({**TASK, "Credentials": value}) for value in ({}, 1, "x"))),
]
FAILURES = [
    *rows(
        f"{S}/Retry[0]",
        *(retry(ErrorEquals=value) for value in ([], "A", None, [1], {})),
        retry(Foo=1),
        retry(Next="S"),
    ),
    *(
        (f"{S}/Retry[0]/{field}", retry(**{field: value}))
        for field, values in {
            "IntervalSeconds": (0, -1, 1.5, "1", True, None, 100_000_000),
            "MaxAttempts": (-1, 1.5, "1", True, None, 100_000_000),
            "BackoffRate": (0.5, 0, -1, "2", True, None),
            "MaxDelaySeconds": (0, -1, 1.5, "1", True, None, 31_622_400),
            "JitterStrategy": ("full", "X", None, 1, True),
            "Comment": (1,),
        }.items()
        for value in values
    ),
    *rows(f"{S}/Retry[0]/ErrorEquals", retry(ErrorEquals=["States.ALL", "A"])),
    *rows(
        f"{S}/Retry[0]/ErrorEquals",
        machine({**TASK, "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}]}),
    ),
    *rows(f"{S}/Retry", machine({**TASK, "Retry": {}}), machine({**TASK, "Retry": ["A"]})),
    *rows(f"{S}/Catch[0]", *(catch(ErrorEquals=value) for value in ([], "A", None)), catch(Foo=1), catch(End=True)),
    *rows(f"{S}/Catch[0]", catch(OutputPath="$"), machine({**TASK, "Catch": [{"ErrorEquals": ["A"]}]})),
    *rows(f"{S}/Catch[0]/Next", *(catch(Next=value) for value in (None, 1, "Z"))),
    *rows(f"{S}/Catch[0]/ResultPath", *(catch(ResultPath=value) for value in (1, "a", "$.a[*]"))),
    *rows(f"{S}/Catch[0]/ResultPath", {**catch(ResultPath="$"), "QueryLanguage": "JSONata"}),
    *rows(f"{S}/Catch[0]/Output", catch(Output="{% 1 %}")),
    *rows(f"{S}/Catch[0]/Assign", *(catch(Assign=value) for value in (1, [], {"states": 1}))),
    *rows(
        f"{S}/Catch[0]/ErrorEquals",
        linked({**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "E"}, {"ErrorEquals": ["A"], "Next": "E"}]}),
    ),
]
CHOICES = [
    *rows(f"{S}/Choices", choice(), machine({"Type": "Choice", "Choices": {}, "Default": "S"})),
    *rows(S, machine({"Type": "Choice", "Default": "S"})),
    *rows(f"{S}/Default", choice(RULE, Default="Z"), choice(RULE, Default=1)),
    *rows(f"{S}/Choices[0]", choice(None), choice(TEST, Default="E"), choice({"Variable": "$.a", "Next": "E"})),
    *rows(f"{S}/Choices[0]", choice({**RULE, "NumericLessThan": 1}), choice({"NumericEquals": 1, "Next": "E"})),
    *rows(f"{S}/Choices[0]", choice({**RULE, "Foo": 1}), choice({"Variable": "$.a", "Foo": 1, "Next": "E"})),
    *rows(
        f"{S}/Choices[0]",
        *(choice({"Variable": "$.a", name: "$.b", "Next": "E"}) for name in ("IsPresentPath", "StringMatchesPath")),
    ),
    *rows(
        f"{S}/Choices[0]",
        choice({"And": [TEST], "Or": [TEST], "Next": "E"}),
        choice({"And": [TEST], "Variable": "$", "Next": "E"}),
    ),
    *rows(f"{S}/Choices[0]", choice({"And": [TEST], **RULE}), choice({"Not": TEST, "And": [TEST], "Next": "E"})),
    *rows(f"{S}/Choices[0]/Comment", choice({**RULE, "Comment": 1})),
    *rows(f"{S}/Choices[0]/Output", choice({**RULE, "Output": "{% 1 %}"})),
    *rows(f"{S}/Choices[0]/Condition", choice({"Condition": "{% true %}", "Next": "E"})),
    *rows(f"{S}/Choices[0]/And[0]", choice({"And": [RULE], "Next": "E"}), choice({"And": [None], "Next": "E"})),
    *rows(f"{S}/Choices[0]/And[0]", choice({"And": [{**TEST, "Assign": {}}], "Next": "E"})),
    *rows(f"{S}/Choices[0]/And", choice({"And": [], "Next": "E"}), choice({"And": TEST, "Next": "E"})),
    *rows(f"{S}/Choices[0]/Not", choice({"Not": RULE, "Next": "E"}), choice({"Not": [TEST], "Next": "E"})),
    *(
        (f"{S}/Choices[0]/{operator}", choice({"Variable": "$.a", operator: value, "Next": "E"}))
        for operator, value in {
            "NumericEquals": "1",
            "NumericLessThan": True,
            "StringEquals": 1,
            "StringMatches": 1,
            "BooleanEquals": "true",
            "IsNull": "true",
            "IsPresent": 1,
            "IsTimestamp": None,
            "TimestampEquals": "yesterday",
            "TimestampLessThan": "2016-03-14",
            "TimestampGreaterThan": 1,
            "NumericEqualsPath": "a",
            "StringEqualsPath": 1,
            "BooleanEqualsPath": "b",
        }.items()
    ),
    *rows(
        f"{S}/Choices[0]/Variable",
        *(choice({"Variable": value, "IsNull": True, "Next": "E"}) for value in ("a", "", 1)),
    ),
    *rows(
        f"{S}/Choices[0]",
        asked({"Next": "E"}),
        asked({**QUERY, "Foo": 1}),
        asked({"Condition": "{% true %}"}, Default="E"),
    ),
    *rows(f"{S}/Choices[0]/Condition", asked({**QUERY, "Condition": 1}), asked({**QUERY, "Condition": "{% ( %}"})),
    *rows(f"{S}/Choices[0]/Variable", asked(RULE), asked({**RULE, **QUERY})),
    *rows(f"{S}/Choices[0]/And", asked({"And": [QUERY], "Next": "E"})),
]
WAITS = [
    *rows(
        S,
        machine(wait()),
        machine(wait(Seconds=1, SecondsPath="$.s")),
        machine(wait(Seconds=1, Timestamp="2016-03-14T01:59:00Z")),
    ),
    *rows(
        f"{S}/Seconds", *(machine(wait(Seconds=value)) for value in (-1, "1", 1.5, True, None, "{% 1 %}", 100_000_000))
    ),
    *rows(
        f"{S}/SecondsPath",
        machine(wait(SecondsPath="s")),
        machine(wait(SecondsPath=1)),
        queries(wait(SecondsPath="$.s")),
    ),
    *rows(
        f"{S}/Timestamp",
        *(machine(wait(Timestamp=value)) for value in (1, "2016-03-14", "{% $now() %}", "2016-03-14T01:59:00")),
    ),
    *rows(f"{S}/TimestampPath", machine(wait(TimestampPath="t")), queries(wait(TimestampPath="$.t"))),
    *rows(f"{S}/Seconds", queries(wait(Seconds="1")), queries(wait(Seconds="{% 1 + %}"))),
    *rows(f"{S}/Timestamp", queries(wait(Timestamp="soon"))),
]
ENDS = [
    *rows(S, *(machine({"Type": "Fail", name: "E", f"{name}Path": "$.e"}) for name in ("Error", "Cause"))),
    *rows(f"{S}/Error", machine({"Type": "Fail", "Error": 1}), queries({"Type": "Fail", "Error": "{% ' %}"})),
    *rows(f"{S}/Cause", machine({"Type": "Fail", "Cause": None}), queries({"Type": "Fail", "Cause": "{% a %}"})),
    *rows(f"{S}/ErrorPath", *(machine({"Type": "Fail", "ErrorPath": value}) for value in ("e", 1))),
    *rows(f"{S}/ErrorPath", queries({"Type": "Fail", "ErrorPath": "$.e"})),
    *rows(f"{S}/Output", machine({"Type": "Succeed", "Output": 1})),
    *rows(f"{S}/InputPath", queries({"Type": "Succeed", "InputPath": "$"})),
    *rows(S, queries({"Type": "Fail", "Output": "{% 1 %}"})),
]
EXPRESSIONS = [
    *rows(
        f"{S}/Output",
        *(
            queries({**PASS, "Output": text})
            for text in (
                *("{%%}", "{% %}", "{% 1", "1 %}", " {% 1 %}", "a {% 1 %}", "{% $eval('1') %}", "{% $ %}", "{% $$ %}"),
                *("{% a %}", "{% a.b %}", "{% $states.input.( %}", "{% 'a %}", "{% 1 2 %}", "{% [1, %}", "{%1 +%}"),
            )
        ),
    ),
    *rows(f"{S}/Arguments/a[0]", queries({**TASK, "Arguments": {"a": ["{% ( %}"]}})),
    *rows(f"{S}/Arguments/a", *(queries({**TASK, "Arguments": {"a": text}}) for text in (RESULT, CAUGHT))),
    *rows(f"{S}/Output", queries({**TASK, "Output": CAUGHT}), queries({**PASS, "Output": RESULT})),
    *rows(f"{S}/Catch[0]/Output", {**catch(Output=RESULT), "QueryLanguage": "JSONata"}),
    *rows(
        f"{S}/Assign",
        queries({**PASS, "Assign": "{% {} %}"}),
        machine({**PASS, "Assign": 1}),
        machine({**PASS, "Assign": None}),
    ),
    *rows(
        f"{S}/Assign",
        *(machine({**PASS, "Assign": {name: 1}}) for name in ("a b", "1a", "a-b", "a.b", "", "states", "x" * 81)),
    ),
    *rows(f"{S}/Assign", machine({**PASS, "Assign": {"a.$": 1}}), machine({**PASS, "Assign": {"a.$": "$", "a": 1}})),
]
NESTED = [
    *rows(
        S,
        machine({"Type": "Parallel", "End": True}),
        machine({"Type": "Map", "End": True}),
        machine(each(Iterator=INNER)),
    ),
    *rows(f"{S}/Branches", machine({**PARALLEL, "Branches": {}})),
    *rows(
        f"{S}/Branches[0]",
        *(machine({**PARALLEL, "Branches": [branch]}) for branch in (None, {"StartAt": "I"}, {**INNER, "Foo": 1})),
    ),
    *rows(
        f"{S}/Branches[0]",
        *(machine({**PARALLEL, "Branches": [{**INNER, name: 5}]}) for name in ("QueryLanguage", "TimeoutSeconds")),
    ),
    *rows(
        f"{S}/ItemProcessor",
        machine(each(inner={**INNER, "QueryLanguage": "JSONata"})),
        machine(each() | {"ItemProcessor": None}),
    ),
    *rows(
        f"{S}/ItemProcessor/ProcessorConfig",
        machine(each({**STANDARD, "Foo": 1})),
        machine(each({"Mode": "DISTRIBUTED"})),
    ),
    *rows(f"{S}/ItemProcessor/ProcessorConfig/Mode", machine(each({"Mode": "inline"})), machine(each({"Mode": 1}))),
    *rows(f"{S}/ItemProcessor/ProcessorConfig/ExecutionType", machine(each({**STANDARD, "ExecutionType": "FAST"}))),
    *(
        (f"{S}/{field}", many(**{field: value}))
        for field, values in {
            "MaxConcurrency": (-1, 1.5, "1", True, None, "{% 1 %}"),
            "ToleratedFailureCount": (-1, "1", 1.5),
            "ToleratedFailurePercentage": (-1, 101, "1", True),
            "ItemsPath": (None, 1, "a"),
            "Items": ([1],),
            "Label": (1, "a b", "x" * 41, "a*", "ü\u0085"),
            "MaxConcurrencyPath": (1, "a"),
        }.items()
        for value in values
    ),
    *rows(S, many(MaxConcurrency=1, MaxConcurrencyPath="$.m")),
    *rows(S, *(machine(each(INLINE, **{name: {}})) for name in ("ItemReader", "ItemBatcher", "ResultWriter"))),
    *rows(f"{S}/ItemsPath", queries(each(ItemsPath="$.a"))),
    *rows(f"{S}/ItemProcessor/States/I/Output", machine({**each(inner=ASKING), "QueryLanguage": "JSONata"})),
    *rows(f"{S}/Items", queries(each(Items=5)), queries(each(Items=True))),
    *rows(f"{S}/Parameters", queries(each(Parameters={}))),
    *rows(f"{S}/MaxConcurrencyPath", queries(each(MaxConcurrencyPath="$.m"))),
    *rows(f"{S}/Label", queries(each(STANDARD, Label="{% 'a' %}"))),
]
READER = f"{S}/ItemReader"
FILES = [
    *rows(
        READER,
        *(
            many(ItemReader=given)
            for given in ({"Parameters": {}}, {"Resource": "r"}, {"Resource": "r", "Parameters": {}, "Foo": 1})
        ),
    ),
    *rows(READER, queries(each(STANDARD, ItemReader={"Resource": "r", "Parameters": {}}))),
    *rows(f"{READER}/Resource", many(ItemReader={"Resource": 1, "Parameters": {}})),
    *rows(f"{READER}/ReaderConfig", reader(Foo=1), reader(MaxItems=1, MaxItemsPath="$.m")),
    *(
        (f"{READER}/ReaderConfig/{field}", reader(**{field: value}))
        for field, values in {
            "InputType": ("XML", 1),
            "CSVHeaderLocation": ("LAST",),
            "CSVDelimiter": ("X",),
            "ManifestType": ("X",),
            "Transformation": ("X",),
            "MaxItems": ("1", 100_000_001),
            "MaxItemsPath": ("m",),
            "CSVHeaders": ("a",),
        }.items()
        for value in values
    ),
    *rows(
        f"{READER}/ReaderConfig/MaxItemsPath",
        queries(each(STANDARD, ItemReader={"Resource": "r", "Arguments": {}, "ReaderConfig": {"MaxItemsPath": "$.m"}})),
    ),
    *rows(f"{S}/ItemBatcher", batcher(Foo=1), batcher(MaxItemsPerBatch=1, MaxItemsPerBatchPath="$.m")),
    *rows(f"{S}/ItemBatcher/MaxItemsPerBatch", batcher(MaxItemsPerBatch="1"), batcher(MaxItemsPerBatch=-1)),
    *rows(
        f"{S}/ItemBatcher/MaxItemsPerBatchPath", queries(each(STANDARD, ItemBatcher={"MaxItemsPerBatchPath": "$.m"}))
    ),
    *rows(f"{S}/ItemBatcher/BatchInput", batcher(MaxItemsPerBatch=1, BatchInput={"a.$": "x"})),
    *rows(f"{S}/ResultWriter", writer(), writer(Resource=PUT), writer(Resource=PUT, Parameters={}, Foo=1)),
    *rows(f"{S}/ResultWriter", queries(each(STANDARD, ResultWriter={"Resource": PUT, "Parameters": {}}))),
    *rows(f"{S}/ResultWriter/WriterConfig", writer(WriterConfig={"Foo": 1})),
    *rows(f"{S}/ResultWriter/WriterConfig/Transformation", writer(WriterConfig={"Transformation": "X"})),
]
ALL = [*MACHINES, *STATES, *FIELDS, *PATHS, *TASKS, *FAILURES, *CHOICES, *WAITS, *ENDS, *EXPRESSIONS, *NESTED, *FILES]


@pytest.mark.parametrize(("location", "definition"), ALL, ids=json.dumps)
def test_a_bad_definition_is_refused_at_its_place(location: str | None, definition: Any) -> None:
    text = json.dumps(definition)

    found = document.check(text)

    assert location in [problem.location for problem in found if problem.severity == "ERROR"]
    with pytest.raises(document.InvalidDefinition):
        document.parse(text)


CHILD = f"{S}/ItemProcessor/States/I"
NOT_EXPRESS = [
    *((f"{S}/Resource", task(name)) for name in ("states:startExecution.sync", "states:startExecution.sync:2")),
    *(
        (f"{S}/Resource", task(f"{name}.waitForTaskToken"))
        for name in ("sqs:sendMessage", "aws-sdk:sfn:startExecution")
    ),
    *((S, each(config)) for config in (STANDARD, EXPRESS)),
    (f"{S}/Resource", ACTIVITY),
]


@pytest.mark.parametrize(("location", "state"), NOT_EXPRESS)
def test_what_an_express_machine_cannot_do_the_express_children_of_a_map_cannot(location: str, state: Any) -> None:
    inner = {
        "StartAt": "I",
        "States": {
            "I": {**state}
            if "ItemProcessor" not in state
            else each(state["ItemProcessor"]["ProcessorConfig"], {"StartAt": "J", "States": {"J": PASS}})
        },
    }

    alone = [problem.location for problem in document.check(json.dumps(machine(state)), "EXPRESS")]
    child = [problem.location for problem in document.check(json.dumps(machine(each(EXPRESS, inner))))]
    branch = {"Type": "Parallel", "Branches": [inner], "End": True}
    deeper = document.check(json.dumps(machine(each(EXPRESS, {"StartAt": "B", "States": {"B": branch}}))))

    assert alone == [location]
    assert child == [location.replace(S, CHILD)]
    assert len(deeper) == 1


TEXTS = [
    ("Field 'Foo' is not supported", machine({**PASS, "Foo": 1})),
    (
        "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]",
        machine({"Type": "X", "End": True}),
    ),
    (
        "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' "
        "QueryLanguage",
        queries({**PASS, "Parameters": {}}),
    ),
    ("Value must be a valid JSONPath.", machine({**PASS, "OutputPath": "Test"})),
    (
        "Value is not a Reference Path: Reference path didn't start with '$'",
        choice({"Variable": "Test", "StringMatches": "Test", "Next": "E"}),
    ),
    (
        "The value for the field 'Variable.$' must be a valid JSONPath or a valid intrinsic function call",
        machine({**PASS, "Assign": {"Variable.$": "Test"}}),
    ),
    ("Duplicate State name: S", machine({**PARALLEL, "Branches": [machine()]})),
    (
        "These fields are required: [Arguments]",
        queries(each(STANDARD, ResultWriter={"Resource": PUT, "Parameters": {}})),
    ),
]


@pytest.mark.parametrize(("message", "definition"), TEXTS)
def test_a_problem_is_told_in_the_words_of_aws(message: str, definition: dict[str, Any]) -> None:
    """The words: cfn-lint issues 3616, 4076, 4078 and 4085; aws-cdk issues 33396 and 34352; functionless issue 308."""
    assert message in [problem.message for problem in document.check(json.dumps(definition))]


@pytest.mark.parametrize("depth", [400, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [('{"a":', "}"), ("[", "]")])
def test_what_is_too_deep_is_a_problem_of_its_own(depth: int, opened: str, closed: str) -> None:
    inner = f"{opened * depth}1{closed * depth}"
    text = f'{{"StartAt": "S", "States": {{"S": {{"Type": "Pass", "End": true, "Result": {inner}}}}}}}'

    (problem,) = document.check(text)

    assert (problem.code, problem.location) == ("TOO_DEEPLY_NESTED", None)
