"""Rules and their targets answer as AWS did."""

import json

import pytest

from tests.corpora import RECORDINGS, absence

ARN = "arn:aws:sqs:us-east-1:123456789012:queue"


@pytest.fixture(params=["default", "custom"])
def bus(request, events):
    """A bus of the kind that the recording was made with."""
    name = "default" if request.param == "default" else "bus"
    if name == "bus":
        events.create_event_bus(Name=name)
    return {"kind": request.param, "name": name}


@pytest.mark.recording("events", "test_put_list_with_prefix_describe_delete_rule")
def test_the_life_of_a_rule(events, recorded, place, bus):
    arn = place.rule(bus=bus["name"])

    listed = events.list_rules(NamePrefix="ru", EventBusName=bus["name"])
    shown = events.describe_rule(Name="rule", EventBusName=bus["name"])
    deleted = events.delete_rule(Name="rule", EventBusName=bus["name"])
    after = events.list_rules(NamePrefix="ru", EventBusName=bus["name"])

    recorded.agree(
        f"test_put_list_with_prefix_describe_delete_rule[{bus['kind']}]",
        put_rule={"RuleArn": arn},
        list_rules=listed,
        describe_rule=shown,
        delete_rule=deleted,
        list_rules_after_delete=after,
    )


@pytest.mark.recording("events", "test_disable_re_enable_rule")
def test_a_rule_is_disabled_and_enabled_again(events, recorded, place, bus):
    place.rule(bus=bus["name"])
    rule = {"Name": "rule", "EventBusName": bus["name"]}

    disabled = events.disable_rule(**rule)
    shown_disabled = events.describe_rule(**rule)
    enabled = events.enable_rule(**rule)
    shown_enabled = events.describe_rule(**rule)

    recorded.agree(
        f"test_disable_re_enable_rule[{bus['kind']}]",
        disable_rule=disabled,
        describe_rule_disabled=shown_disabled,
        enable_rule=enabled,
        describe_rule_enabled=shown_enabled,
    )


@pytest.mark.recording("events", "test_list_rule_with_limit")
def test_rules_are_listed_page_by_page(events, recorded, place):
    events.create_event_bus(Name="bus")
    for number in range(6):
        place.rule(name=f"rule-{number}", bus="bus")

    first = events.list_rules(Limit=3, EventBusName="bus")
    second = events.list_rules(Limit=3, EventBusName="bus", NextToken=first["NextToken"])

    recorded.agree("test_list_rule_with_limit", list_rules_limit=first, list_rules_limit_next_token=second)


@pytest.mark.recording("events", "test_list_rule_names_by_target", "test_list_rule_names_by_target_no_matches")
def test_the_rules_of_a_target_are_listed(events, recorded, place, bus):
    for number in range(3):
        place.rule(ARN, name=f"rule{number}", bus=bus["name"])

    found = events.list_rule_names_by_target(TargetArn=ARN, EventBusName=bus["name"])
    none = events.list_rule_names_by_target(TargetArn=f"{ARN}s", EventBusName=bus["name"])

    recorded.agree(f"test_list_rule_names_by_target[{bus['kind']}]", list_rule_names_by_target=found)
    recorded.agree(
        f"test_list_rule_names_by_target_no_matches[{bus['kind']}]", list_rule_names_by_target_no_matches=none
    )


@pytest.mark.recording("events", "test_list_rule_names_by_target_with_limit")
def test_the_rules_of_a_target_are_listed_page_by_page(events, recorded, place, bus):
    for number in range(5):
        place.rule(ARN, name=f"rule{number}", bus=bus["name"])
    wanted = {"TargetArn": ARN, "EventBusName": bus["name"], "Limit": 2}

    first = events.list_rule_names_by_target(**wanted)
    second = events.list_rule_names_by_target(**wanted, NextToken=first["NextToken"])
    third = events.list_rule_names_by_target(**wanted, NextToken=second["NextToken"])

    recorded.agree(
        f"test_list_rule_names_by_target_with_limit[{bus['kind']}]",
        first_page=first,
        second_page=second,
        third_page=third,
    )


@pytest.mark.recording("events", "test_delete_rule_with_targets")
def test_a_rule_with_targets_is_not_deleted_even_with_force(events, recorded, place, error_of):
    place.rule(ARN)

    refused = error_of(events.delete_rule, Name="rule")
    forced = error_of(events.delete_rule, Name="rule", Force=True)

    recorded.agree("test_delete_rule_with_targets", delete_rule_with_targets_error=refused)
    assert forced["Error"] == refused["Error"]


def test_deleting_a_rule_that_is_not_there_does_nothing(events):
    assert events.delete_rule(Name="rule")["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("operation", ["describe_rule", "enable_rule", "disable_rule"])
def test_a_rule_that_is_not_there(events, error_of, operation):
    refused = error_of(getattr(events, operation), Name="rule")

    assert refused["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Rule rule does not exist on EventBus default.",
    }


def test_a_rule_of_a_bus_that_is_not_there(events, error_of):
    refused = error_of(events.put_rule, Name="rule", EventPattern='{"source": ["a"]}', EventBusName="bus")

    assert refused["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Event bus bus does not exist.",
    }


def test_a_rule_says_what_it_matches_or_when_it_fires(events, error_of):
    refused = error_of(events.put_rule, Name="rule")

    assert refused["Error"] == {
        "Code": "ValidationException",
        "Message": "Parameter(s) EventPattern or ScheduleExpression must be specified.",
    }


def test_putting_a_rule_again_replaces_what_was_not_given(events):
    events.put_rule(Name="rule", EventPattern='{"source": ["a"]}', Description="old", State="DISABLED")

    events.put_rule(Name="rule", EventPattern='{"source": ["b"]}')

    shown = events.describe_rule(Name="rule")
    assert (shown["EventPattern"], shown["State"]) == ('{"source": ["b"]}', "ENABLED")
    assert "Description" not in shown


# -- patterns


def situations(prefix):
    """The situations of a recorded test, by what stands in its brackets."""
    path = RECORDINGS / "events.jsonl"
    if not path.is_file():
        return [pytest.param("", marks=pytest.mark.skip(reason=absence(path)))]
    ids = [json.loads(line)["id"].rsplit("::", 1)[-1] for line in path.read_text(encoding="utf-8").splitlines()]
    return [name.removeprefix(f"{prefix}[").removesuffix("]") for name in ids if name.startswith(f"{prefix}[")]


@pytest.mark.recording("events", "test_invalid_json_event_pattern")
@pytest.mark.parametrize("pattern", situations("test_invalid_json_event_pattern"))
def test_a_pattern_that_is_no_json_object(events, recorded, error_of, pattern):
    refused = error_of(events.put_rule, Name="rule", EventPattern=pattern)
    tested = error_of(events.test_event_pattern, Event="{}", EventPattern=pattern)
    expected = recorded(f"test_invalid_json_event_pattern[{pattern}]")["invalid-pattern"]["Error"]

    assert refused["Error"] == tested["Error"] == expected


@pytest.mark.recording("events", "test_invalid_event_payload", "test_array_event_payload")
@pytest.mark.parametrize(
    ("event", "situation", "answer"),
    [
        ("just a string", "test_invalid_event_payload", "plain-string-payload-exc"),
        ('["an", "array"]', "test_array_event_payload", "array-event-payload-exc"),
    ],
)
def test_an_event_to_be_tested_that_is_none(events, recorded, error_of, event, situation, answer):
    refused = error_of(events.test_event_pattern, Event=event, EventPattern='{"source": ["a"]}')

    assert refused["Error"] == recorded(situation)[answer]["Error"]


@pytest.mark.recording("events", "test_event_with_large_and_complex_payload")
def test_a_pattern_is_tested_on_a_large_event(events, recorded):
    event = {
        "id": "1", "source": "cluster", "detail-type": "Test", "account": "123456789012", "region": "us-east-1",
        "time": "2022-07-13T13:48:01Z", "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-1"],
        "detail": {"nodes": [{"id": at, "labels": {"zone": f"z{at % 3}"}, "text": "x" * 100} for at in range(500)]},
    }  # fmt: skip
    simple = {"source": ["cluster"]}
    complex_one = {
        "resources": [{"prefix": "arn:aws:ec2:"}],
        "detail": {"nodes": {"id": [{"numeric": [">=", 499]}], "labels": {"zone": [{"anything-but": "z2"}, "z1"]}}},
    }

    answers = [events.test_event_pattern(Event=json.dumps(event), EventPattern=json.dumps(pattern)) for pattern in (
        simple, complex_one
    )]  # fmt: skip

    recorded.agree(
        "test_event_with_large_and_complex_payload",
        complex_event_simple_pattern=answers[0],
        complex_event_complex_pattern=answers[1],
    )


@pytest.mark.recording("events", "test_event_pattern_source")
def test_a_pattern_is_tested(events, recorded):
    event = {
        "id": "1", "source": "order", "detail-type": "Test", "account": "123456789012",
        "region": "us-east-1", "time": "2022-07-13T13:48:01Z", "resources": [], "detail": {},
    }  # fmt: skip

    yes = events.test_event_pattern(Event=json.dumps(event), EventPattern='{"source": ["order", "shipping"]}')
    no = events.test_event_pattern(Event=json.dumps(event), EventPattern='{"source": ["shipping"]}')

    assert (yes["Result"], no["Result"]) == (True, False)
    recorded.agree(
        "test_event_pattern_source",
        eventbridge_test_event_pattern_response=yes,
        eventbridge_test_event_pattern_response_no_match=no,
    )
