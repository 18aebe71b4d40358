"""InputPath, InputTransformer and the template of a pipe: what a target gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.paths import InvalidPath, PathNotFound
from emulator.languages.templates import (
    InputPath,
    InputTransformer,
    InvalidTemplate,
    PipeTemplate,
    TemplateFailed,
)

EVENT: dict[str, Any] = {
    "version": "0",
    "id": "7bf73129",
    "detail-type": "Order Placed",
    "source": "shop",
    "time": "2026-03-07T12:00:00Z",
    "resources": ["arn:1", "arn:2"],
    "detail": {
        "id": "o-1",
        "state": "RUNNING",
        "total": 12.5,
        "paid": True,
        "note": None,
        "item": {"sku": "a", "n": [1]},
    },
}
RESERVED = {
    "aws.events.rule-arn": "arn:aws:events:eu-west-1:111122223333:rule/orders",
    "aws.events.rule-name": "orders",
    "aws.events.event.ingestion-time": "2026-03-07T12:00:01Z",
}
PATHS = {
    "id": "$.detail.id",
    "type": "$.detail-type",
    "state": "$.detail.state",
    "total": "$.detail.total",
    "paid": "$.detail.paid",
    "note": "$.detail.note",
    "item": "$.detail.item",
    "second": "$.resources[1]",
    "missing": "$.detail.nothing.there",
}


def render(template: str, paths: dict[str, str] = PATHS, event: dict[str, Any] = EVENT) -> str:
    return InputTransformer(paths, template).render(event, reserved=RESERVED)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"order <id> is <state>"', '"order o-1 is RUNNING"'),
        ('"<type> <total> <paid> <second>"', '"Order Placed 12.5 true arn:2"'),
        ('"nothing: <missing>"', '"nothing: "'),
        ('"item is <item>"', '"item is {sku:a,n:[1]}"'),
        ('"{[/ <id>"', '"{[/ o-1"'),
        ('"first <id>"\n"second <state>"', '"first o-1"\n"second RUNNING"'),
        ("<item>", '{"sku":"a","n":[1]}'),
        ("<id>", '"o-1"'),
        ('{"a": <id>, "b": "<id>"}', '{"a": "o-1", "b": "o-1"}'),
        (
            '{"a": <total>, "b": <paid>, "c": <note>, "d": <item>}',
            '{"a": 12.5, "b": true, "c": null, "d": {"sku":"a","n":[1]}}',
        ),
        ('{"a": "say \\"<id>\\" and <state>", "b": <id>}', '{"a": "say \\"o-1\\" and RUNNING", "b": "o-1"}'),
        ('{"a": <missing>, "b": "<missing>"}', '{"a": "", "b": ""}'),
        ("[<id>, <second>]", '["o-1", "arn:2"]'),
        ('"a < b > c"', '"a < b > c"'),
    ],
)
def test_variables_are_put_into_a_template(template: str, expected: str) -> None:
    assert render(template) == expected


def test_the_rules_own_variables_need_no_path() -> None:
    output = render('"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"', {})

    assert output == f'"{" ".join(RESERVED.values())}"'
    assert render('{"rule": <aws.events.rule-name>}', {}) == '{"rule": "orders"}'


def test_the_event_is_given_whole_or_without_its_detail() -> None:
    output = json.loads(render('{"whole": <aws.events.event.json>, "head": <aws.events.event>}', {}))

    assert output["whole"] == EVENT
    assert output["head"] == {
        "version": "0",
        "id": "7bf73129",
        "detailType": "Order Placed",
        "source": "shop",
        "time": "2026-03-07T12:00:00Z",
        "resources": ["arn:1", "arn:2"],
    }


def test_a_bare_string_is_escaped_and_one_in_quotes_is_not() -> None:
    event = {"detail": {"id": 'a "b"\n'}}

    assert json.loads(render('{"id": <id>}', event=event)) == {"id": 'a "b"\n'}
    assert render('"<id>"', event=event) == '"a "b"\n"'


def test_a_json_template_that_makes_no_json_fails_with_what_it_made() -> None:
    with pytest.raises(TemplateFailed) as caught:
        render('{"id": "<id>"}', event={"detail": {"id": 'a "b"'}})

    assert caught.value.output == '{"id": "a "b""}'


def test_a_placeholder_without_a_variable_is_refused() -> None:
    with pytest.raises(InvalidTemplate) as caught:
        InputTransformer({"known": "$.a"}, '{"a": <known>, "b": <notdefinedkey>}')

    assert caught.value.for_target("t1") == "InputTemplate for target t1 contains invalid placeholder notdefinedkey."


@pytest.mark.parametrize("template", ['{"a": <id>', "{<id>: 1}", '{"a": <id><id>x}', "[<id>,]"])
def test_a_json_template_that_cannot_be_json_is_refused(template: str) -> None:
    with pytest.raises(InvalidTemplate):
        InputTransformer(PATHS, template)


def test_a_path_that_is_not_valid_finds_nothing() -> None:
    assert render('{"a": <bad>}', {"bad": "$.["}) == '{"a": ""}'


def test_an_input_path_gives_the_part_as_json() -> None:
    assert InputPath("$.detail.item").render(EVENT) == '{"sku":"a","n":[1]}'
    assert InputPath("$.detail.id").render(EVENT) == '"o-1"'
    assert json.loads(InputPath("$").render(EVENT)) == EVENT


def test_an_input_path_that_finds_nothing_says_so() -> None:
    with pytest.raises(PathNotFound):
        InputPath("$.detail.nothing").render(EVENT)

    with pytest.raises(InvalidPath):
        InputPath("$.[")


MESSAGE = {"messageId": "m-1", "body": {"id": 7, "items": ["a", "b"]}, "attributes": {"SenderId": "AID"}}
PIPE = {
    "aws.pipes.pipe-name": "orders",
    "aws.pipes.event.ingestion-time": "2026-03-07T12:00:01Z",
    "aws.pipes.event.json": MESSAGE,
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('"Hello, sender"', '"Hello, sender"'),
        ("<$.attributes.SenderId>", '"AID"'),
        ("<$.body>", '{"id":7,"items":["a","b"]}'),
        ('"Hello, <$.attributes.SenderId>"', '"Hello, AID"'),
        (
            '{"k": <$.body.items[1]>, "n": <$.body.id>, "d": <aws.pipes.event.ingestion-time>}',
            '{"k": "b", "n": 7, "d": "2026-03-07T12:00:01Z"}',
        ),
        ('{"p": "<aws.pipes.pipe-name>/<$.messageId>", "x": "<$.nope>"}', '{"p": "orders/m-1", "x": ""}'),
        ('{"enrichment": "<aws.pipes.enrichment-arn>"}', '{"enrichment": ""}'),
        ("<b>plain</b>", "<b>plain</b>"),
    ],
)
def test_a_pipe_has_its_paths_in_the_template(template: str, expected: str) -> None:
    assert PipeTemplate(template).render(MESSAGE, reserved=PIPE) == expected


def test_a_pipe_gives_the_whole_event_as_json() -> None:
    output = PipeTemplate('{"event": <aws.pipes.event.json>}').render(MESSAGE, reserved=PIPE)

    assert json.loads(output) == {"event": MESSAGE}


def test_a_pipe_variable_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidTemplate):
        PipeTemplate('{"a": <aws.pipes.colour>}')
