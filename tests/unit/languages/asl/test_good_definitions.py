"""Definitions that AWS takes, each small: no problem is found, and they compile.

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

RULE = {**TEST, "Next": "E"}
ROLE = "arn:aws:iam::123456789012:role/r"
DEEP_CHILD = {"StartAt": "I", "States": {"I": each(EXPRESS, {"StartAt": "J", "States": {"J": PASS}})}}
NO_KEY = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}
QUERY_READER = {
    "Resource": "arn:aws:states:::s3:getObject",
    "Arguments": {"Bucket": "b", "Key": "{% $k %}"},
    "ReaderConfig": {"InputType": "JSON", "MaxItems": "{% 5 %}"},
}

MACHINES = [
    *(
        machine(Comment="c"),
        machine({**PASS, "Comment": None}, Comment=None),
        machine(Version="1.0"),
        machine(TimeoutSeconds=99_999_999),
        machine(QueryLanguage="JSONPath"),
    ),
    {"StartAt": "S" * 80, "States": {"S" * 80: PASS}},
    linked({"Type": "Pass", "Next": "E", "End": False}),
    queries({**PASS, "QueryLanguage": "JSONata"}),
    *(machine(task("someday:doWork")), machine(ACTIVITY), machine({**TASK, "Resource": "arn:aws:swf:r:1:task:X"})),
]
PATHS = [
    *(machine({**PASS, field: None}) for field in ("InputPath", "OutputPath", "ResultPath")),
    *(machine({**PASS, "ResultPath": path}) for path in ("$", "$.a", "$.a.b[0]", "$['a']", "$.a['b c']")),
    *(
        machine({**PASS, "InputPath": path})
        for path in ("$$", "$$.Execution.Id", "$.a[*]", "$..a", "$.a[0:2]", "$x.y[0]")
    ),
    *(machine({**PASS, "InputPath": path}) for path in ("$.a[?(@.b == 1)]", "$.a.length()")),
    *(machine({**PASS, "Parameters": "x"}), machine({**PASS, "Result": {"a.$": 1}})),
    machine({**PASS, "Parameters": {"a": "{% 1 + %}"}}),
]
CALLS = [
    machine({**PASS, "Parameters": {"a.$": call}})
    for call in (
        *("States.Format('{}', $.a)", "States.UUID()", "States.Array()", "States.Hash('a', 'MD5')"),
        *("States.Array(1, 'a', null, true, $.b, $$.Execution.Id, $v)", "States.JsonToString(States.Array($.a))"),
        *("States.MathRandom(1, 2, 3)", r"States.Format('it\'s {}', 1)"),
    )
]
TASKS = [
    *(machine({**TASK, field: 5}) for field in ("TimeoutSeconds", "HeartbeatSeconds")),
    *(machine({**TASK, field: "$.t"}) for field in ("TimeoutSecondsPath", "HeartbeatSecondsPath")),
    *(queries({**TASK, field: "{% 5 %}"}) for field in ("TimeoutSeconds", "HeartbeatSeconds")),
    machine({**TASK, "TimeoutSeconds": 6, "HeartbeatSeconds": 5}),
    *(machine({**TASK, "Credentials": {"RoleArn": ROLE}}), machine({**TASK, "Credentials": {"RoleArn.$": "$.r"}})),
    *(queries({**TASK, "Credentials": given}) for given in ("{% $c %}", {"RoleArn": "{% $r %}"})),
    *(queries({**TASK, "Arguments": given}) for given in ({"a": ["{% 1 %}"]}, "{% $states.input %}", None)),
    *(machine(task(action)) for action in ("states:startExecution.sync:2", "sqs:sendMessage.waitForTaskToken")),
    *(machine(task(action)) for action in ("athena:startQueryExecution.sync", "emr-serverless:startJobRun.sync")),
]
FAILURES = [
    *(retry(ErrorEquals=["States.ALL"]), retry(MaxAttempts=0), machine({**TASK, "Retry": []})),
    retry(MaxAttempts=99_999_999, IntervalSeconds=99_999_999, BackoffRate=1),
    retry(BackoffRate=1.0, MaxDelaySeconds=31_622_399, JitterStrategy="FULL", Comment="c"),
    *(catch(), catch(ResultPath=None), catch(ErrorEquals=["States.ALL"], ResultPath="$.e", Comment="c")),
    catch(Assign={"x.$": "$.Error"}),
    {**catch(Output="{% $states.errorOutput %}", Assign={"x": "{% 1 %}"}), "QueryLanguage": "JSONata"},
]
CHOICES = [
    *(choice(RULE), choice({**RULE, "Comment": "c", "Assign": {"x": 1}}), choice(RULE, Default="E", Comment="c")),
    *(choice(RULE, InputPath="$"), choice(RULE, OutputPath="$"), choice(RULE, Assign={"x": 1})),
    choice({"And": [TEST, {"Or": [TEST, {"Not": {**TEST, "Comment": "c"}}]}], "Next": "E"}),
    *(
        choice({"Variable": path, "IsNull": True, "Next": "E"})
        for path in ("$", "$$.Execution.Id", "$x.a[0]", "$.a['b']")
    ),
    *(
        choice({"Variable": "$.a", **operator, "Next": "E"})
        for operator in (
            *({"NumericEquals": 1.5}, {"NumericGreaterThanEqualsPath": "$.b"}, {"StringMatches": "a*"}),
            *({"StringEqualsPath": "$$.Execution.Id"}, {"StringEqualsPath": "$x.y"}, {"BooleanEquals": False}),
            *({"BooleanEqualsPath": "$.b"}, {"IsBoolean": False}, {"TimestampLessThanPath": "$.t"}),
            {"TimestampEquals": "2016-08-18T17:33:00Z"},
        )
    ),
    *(asked({"Condition": "{% true %}", "Next": "E"}, Default="E"), asked({"Condition": True, "Next": "E"})),
    asked({"Condition": "{% true %}", "Next": "E", "Output": {"a": "{% 1 %}"}, "Assign": {"x": "{% 1 %}"}}),
]
WAITS = [
    *(machine(wait(Seconds=0)), machine(wait(Seconds=99_999_999)), machine(wait(SecondsPath="$.s"))),
    *(machine(wait(Timestamp=at)) for at in ("2016-03-14T01:59:00Z", "2016-03-14T01:59:00.5+02:00")),
    *(machine(wait(TimestampPath="$.t")), queries(wait(Timestamp="2016-03-14T01:59:00Z"))),
    *(queries(wait(Seconds="{% 1 %}")), queries(wait(Timestamp="{% $now() %}"))),
]
ENDS = [
    *(machine({"Type": "Succeed", "InputPath": "$"}), queries({"Type": "Succeed", "Output": {"a": ["{% 1 %}"]}})),
    machine({"Type": "Fail", "Error": "E", "Cause": "C", "Comment": "c"}),
    machine({"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"}),
    *(queries({"Type": "Fail", "Error": error}) for error in ("E", "{% 'E' %}", "{% $states.input.c %}")),
]
EXPRESSIONS = [
    queries({**PASS, "Output": output})
    for output in (
        *("{% 1 %}", "{%1%}", "{%\n 1 +\n 2 %}", "plain", "{ % 1 % }", "{% $v.x %}", "{% {'a': 1} %}"),
        *("{% $states.input.a[b = 1].c %}", "{% $states.context.Execution.Id %}", "{% function($x){$x}(1) %}"),
        *("{% $uuid() & $hash('a', 'MD5') %}", "{% $map([1, 2], function($v){$v + 1}) %}", {"a.$": "x"}),
    )
]
# A state that says nothing is in the language of the machine, not of the Map around it.
INHERITED = [
    machine({**each(inner={"StartAt": "I", "States": {"I": state}}), "QueryLanguage": "JSONata"})
    for state in ({**PASS, "Parameters": {}}, {**PASS, "QueryLanguage": "JSONata", "Output": "{% 1 %}"})
]
RESERVED = [
    *(queries({**state, "Output": "{% $states.result %}"}) for state in (TASK, PARALLEL, each())),
    *(queries({**TASK, "Assign": {"x": text}}) for text in ("{% $states.result.a %}", "{% '$states.errorOutput' %}")),
]
VARIABLES = [
    *(machine({**PASS, "Assign": {name: 1}}) for name in ("a", "_a", "größe", "x" * 80, "States")),
    queries({**PASS, "Assign": {"a": "{% 1 %}", "b": {"c": ["{% 2 %}"]}}}),
]
NESTED = [
    machine({**PARALLEL, "Branches": [{**INNER, "Comment": "c"}]}),
    queries({**PARALLEL, "Arguments": "{% 1 %}"}),
    *(
        machine(each()),
        machine(each({})),
        machine(each({"Mode": "INLINE"})),
        machine(each(STANDARD)),
        machine(each(EXPRESS)),
    ),
    *(machine({"Type": "Map", "Iterator": INNER, "End": True}), machine(each(inner={**INNER, "Comment": "c"}))),
    machine(each(STANDARD, {"StartAt": "I", "States": {"I": ACTIVITY}})),
    machine(each(STANDARD, DEEP_CHILD)),
    many(MaxConcurrency=0, ToleratedFailureCount=0, ToleratedFailurePercentage=100, Label="x" * 40),
    many(MaxConcurrencyPath="$.m", ToleratedFailureCountPath="$.c", ToleratedFailurePercentagePath="$.p"),
    many(ItemsPath="$.a", ItemSelector={"a.$": "$$.Map.Item.Value"}),
    *(queries(each(Items=items)) for items in ("{% [1] %}", [1, 2], {"a": 1})),
    queries(each(ItemSelector={"a": "{% $states.context.Map.Item.Value %}"}, MaxConcurrency="{% 1 %}")),
    queries(each(STANDARD, ToleratedFailureCount="{% 1 %}", ToleratedFailurePercentage="{% 1 %}")),
]
FILES = [
    *(
        reader(),
        reader(CSVDelimiter="PIPE"),
        reader(MaxItems=0),
        reader(MaxItems=100_000_000),
        reader(MaxItemsPath="$.m"),
    ),
    *(reader(CSVHeaderLocation="GIVEN", CSVHeaders=["a"]), reader(ManifestType="ATHENA_DATA")),
    *(reader(InputType=name) for name in ("JSON", "JSONL", "PARQUET", "MANIFEST")),
    *(reader(InputType="MANIFEST", ManifestType="S3_INVENTORY"), reader(InputType="JSON", ItemsPointer="/a/b")),
    *(many(ItemReader=NO_KEY), many(ItemReader={**NO_KEY, "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN"}})),
    queries(each(STANDARD, ItemReader=QUERY_READER)),
    batcher(MaxItemsPerBatch=1, MaxInputBytesPerBatch=262_144, BatchInput={"a.$": "$"}),
    batcher(MaxItemsPerBatchPath="$.m", MaxInputBytesPerBatchPath="$.b"),
    queries(each(STANDARD, ItemBatcher={"MaxItemsPerBatch": "{% 1 %}", "BatchInput": {"a": "{% 1 %}"}})),
    writer(Resource="arn:aws:states:::s3:putObject", Parameters={"Bucket": "b", "Prefix": "p"}),
    writer(WriterConfig={"Transformation": "COMPACT", "OutputType": "JSONL"}),
    queries(each(STANDARD, ResultWriter={"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"}})),
]
ALL = [*MACHINES, *PATHS, *CALLS, *TASKS, *FAILURES, *CHOICES, *WAITS, *ENDS, *EXPRESSIONS, *INHERITED, *RESERVED]
ALL += [*VARIABLES, *NESTED, *FILES]


@pytest.mark.parametrize("definition", ALL, ids=json.dumps)
def test_a_good_definition_is_taken(definition: dict[str, Any]) -> None:
    text = json.dumps(definition)

    assert [problem.text for problem in document.check(text) if problem.severity == "ERROR"] == []
    document.parse(text)


@pytest.mark.parametrize("state", [PASS, each(), each({"Mode": "INLINE"}), task("sqs:sendMessage"), wait(Seconds=1)])
def test_an_express_machine_has_states_that_need_no_one(state: dict[str, Any]) -> None:
    assert document.check(json.dumps(machine(state)), "EXPRESS") == []


def test_a_machine_that_was_kept_is_compiled_whatever_is_asked_of_new_ones() -> None:
    text = json.dumps(machine({**PASS, "Comment": 5}, Foo=1))

    kept = document.compiled(text, "STANDARD")

    assert kept.scopes[0].start_at == "S"
    with pytest.raises(document.InvalidDefinition):
        document.parse(text)
