"""What a target receives: the event, a constant, a part of it, or what a template makes of it."""

import json
import re

import pytest

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}
PATHS = {"detail-type": "$.detail-type", "timestamp": "$.time", "command": "$.detail.command"}


def test_a_constant_replaces_the_event(place):
    queue = place.queue()
    place.rule({"Arn": queue, "Input": '{"custom": "ü"}'})

    place.put()

    assert [message["Body"] for message in place.received(queue)] == ['{"custom": "ü"}']


@pytest.mark.recording("events", "test_put_events_with_input_path")
def test_a_part_of_the_event(place, recorded):
    queue = place.queue()
    place.rule({"Arn": queue, "InputPath": "$.detail"})

    place.put()

    recorded.agree("test_put_events_with_input_path", message=place.received(queue))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("$.detail.command", '"update-account"'),
        ("$.detail.payload.sf_id", '"baz"'),
        ("$.resources", "[]"),
        ("$.detail.missing", "{}"),
        ("$.detail.command.deeper", "{}"),
    ],
)
def test_a_path_to_a_part_of_any_type(place, path, body):
    queue = place.queue()
    place.rule({"Arn": queue, "InputPath": path})

    place.put()

    assert [message["Body"] for message in place.received(queue)] == [body]


def transformed(place, template, paths=PATHS, bus="default"):
    """What a queue receives for an event with all parts, and for one without a command."""
    queue = place.queue()
    pattern = {"source": ["core.update-account-command"]}
    place.rule(
        {"Arn": queue, "InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}},
        pattern=pattern,
        bus=bus,
    )
    place.put(EventBusName=bus)
    first = place.received(queue)
    place.put({"payload": {}}, EventBusName=bus)
    return first, place.received(queue)


@pytest.mark.recording("events", "test_put_events_with_input_transformer_input_template_json")
def test_a_template_of_json(place, recorded):
    template = '{"detailType": <detail-type>, "time": <timestamp>, "command": <command>}'

    whole, partial = transformed(place, template)

    recorded.agree(
        "test_put_events_with_input_transformer_input_template_json",
        custom_variables_match_all=whole,
        custom_variables_not_match_all=partial,
    )


TEXTS = [
    '"Event of <detail-type> type, at time <timestamp>, info extracted from detail <command>"',
    '"{[/Check with special starting characters for event of <detail-type> type"',
]


@pytest.mark.recording("events", "test_put_events_with_input_transformer_input_template_string")
@pytest.mark.parametrize(
    ("template", "case"), [(TEXTS[0], f"[{TEXTS[0]}]"), (TEXTS[0], ""), (TEXTS[1], f"[{TEXTS[1]}]")]
)
def test_a_template_of_text(place, recorded, template, case):
    whole, partial = transformed(place, template)

    expected = recorded(f"test_put_events_with_input_transformer_input_template_string{case}")
    for found, answer in ((whole, "custom-variables-match-all"), (partial, "custom-variables-not-match-all")):
        begin, date, end = expected[answer][0]["Body"].partition("date,")
        assert re.fullmatch(re.escape(begin) + (r"[\dTZ:-]{20}," if date else "") + re.escape(end), found[0]["Body"])


@pytest.mark.recording("events", "test_input_transformer_predefined_variables")
def test_the_variables_that_need_no_path(place, recorded):
    template = '{"originalEvent": <aws.events.event>, "originalEventJson": <aws.events.event.json>}'
    whole, _ = transformed(place, template, {})

    recorded.agree(f"test_input_transformer_predefined_variables[{template}]", messages=whole)
    assert json.loads(whole[0]["Body"])["originalEventJson"]["detail"] == DETAIL


@pytest.mark.recording("events", "test_input_transformer_predefined_variables")
def test_the_rule_and_the_moment_are_variables(place, recorded):
    template = (
        '"Message containing all pre defined variables <aws.events.rule-arn> <aws.events.rule-name> '
        '<aws.events.event.ingestion-time>"'
    )
    place.events.create_event_bus(Name="bus")

    whole, _ = transformed(place, template, bus="bus")

    (expected,) = recorded(f"test_input_transformer_predefined_variables[{template}]")["messages"]
    body = json.loads(whole[0]["Body"])
    before, _, moment = body.rpartition(" ")
    assert before == json.loads(expected["Body"]).removesuffix(" date").replace(
        "arn:<partition>:events:<region>:111111111111:rule/<bus-name>/<rule-name> <rule-name>",
        f"arn:aws:events:us-east-1:{place.account}:rule/bus/rule rule",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z", moment)


def test_a_template_that_makes_no_json_is_a_failure_of_the_delivery(place):
    queue, letters = place.queue(), place.queue("letters")
    template = '{"text": "<command>"}'
    place.rule(
        {
            "Arn": queue,
            "InputTransformer": {"InputPathsMap": PATHS, "InputTemplate": template},
            "DeadLetterConfig": {"Arn": letters},
        },
        pattern={"source": ["core.update-account-command"]},
    )

    answer = place.put({"command": 'a "quoted" word'})

    (letter,) = place.received(letters)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "INVALID_JSON"
    assert json.loads(letter["Body"])["id"] == answer["EventId"]
    assert place.received(queue) == []
    assert ("given up", "INVALID_JSON") in [attempt[1:] for attempt in place.attempts()]


def test_a_template_that_makes_no_json_does_not_keep_the_event_from_others(place):
    queue, other = place.queue(), place.queue("other")
    transformer = {"InputPathsMap": PATHS, "InputTemplate": '{"text": "<command>"}'}
    place.rule({"Arn": queue, "InputTransformer": transformer}, other, pattern={"source": [{"prefix": "core"}]})

    place.put({"command": '"'})

    assert len(place.received(other)) == 1
