"""Events that are put arrive, or are refused, as with AWS."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from emulator.cli.client import Client

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}


@pytest.mark.recording("events", "test_put_event_malformed_detail")
@pytest.mark.parametrize(
    ("situation", "detail"),
    [
        ("ARRAY", '["a"]'),
        ("MALFORMED_JSON", '{"not": closed'),
        ("SERIALIZED_STRING", '"text"'),
        ("STRING", "text"),
    ],
)
def test_a_detail_that_is_no_object(place, recorded, situation, detail):
    answer = place.events.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": detail}])

    recorded.agree(f"test_put_event_malformed_detail[{situation}]", put_events=answer)


@pytest.mark.parametrize(
    "detail", ['{"a": NaN}', '{"a": ' * 2_000 + "1" + "}" * 2_000, '{"a": 01}', '{"a": 1e400}', ""]
)
def test_a_detail_that_only_looks_like_an_object(place, detail):
    assert "ErrorCode" in place.put(detail)


def test_a_deep_detail_arrives(place):
    queue = place.queue()
    place.rule(
        queue,
        pattern={"source": ["core.update-account-command"], "detail": {"a": {"a": [{"exists": False}]}}},
    )
    depth = 450
    detail = '{"a":' + "[" * depth + "1" + "]" * depth + "}"

    answer = place.put(detail)

    assert "EventId" in answer
    (body,) = [message["Body"] for message in place.received(queue)]
    assert detail in body


@pytest.mark.recording("events", "test_put_event_without_detail_type")
@pytest.mark.parametrize("missing", ["Source", "DetailType", "Detail"])
def test_an_entry_without_a_part(place, recorded, missing):
    entry = {"Source": "s", "DetailType": "d", "Detail": "{}"}

    answer = place.events.put_events(Entries=[{name: entry[name] for name in entry if name != missing}])

    if missing == "DetailType":
        recorded.agree("test_put_event_without_detail_type", put_events=answer)
    assert answer["Entries"][0] == {
        "ErrorCode": "InvalidArgument",
        "ErrorMessage": f"Parameter {missing} is not valid. Reason: {missing} is a required argument.",
    }
    assert answer["FailedEntryCount"] == 1


@pytest.mark.recording("events", "test_put_event_with_too_big_detail")
def test_entries_that_are_too_big_together(place, recorded, error_of):
    entry = {"Source": "s", "DetailType": "d", "Detail": json.dumps({"a": "x" * 600_000})}

    refused = error_of(place.events.put_events, Entries=[entry, entry])

    recorded.agree("test_put_event_with_too_big_detail", put_events_too_big_detail_error=refused)


def test_a_big_event_arrives(place):
    queue = place.queue()
    place.rule(queue, pattern={"source": ["core.update-account-command"]})

    place.put({"a": "ä" * 100_000})

    assert place.bodies(queue)[0]["detail"] == {"a": "ä" * 100_000}


def test_a_customer_does_not_put_events_of_aws(place):
    assert place.put(Source="aws.s3") == {
        "ErrorCode": "NotAuthorizedForSourceException",
        "ErrorMessage": "Not authorized for the source.",
    }


@pytest.mark.recording("events", "test_put_events_nonexistent_event_bus")
def test_an_event_without_a_bus_is_taken_and_dropped(place, recorded, error_of):
    queue = place.queue()
    place.rule(queue, pattern={"detail-type": ["CustomType"]})
    entry = {"Source": "MySource", "DetailType": "CustomType"}

    answer = place.events.put_events(
        Entries=[
            {**entry, "Detail": json.dumps({"message": "for the default event bus"})},
            {**entry, "Detail": json.dumps({"message": "for the custom event bus"}), "EventBusName": "bus"},
        ]
    )

    recorded.agree(
        "test_put_events_nonexistent_event_bus",
        put_events=answer,
        get_events=place.received(queue),
        non_existent_bus_error=error_of(place.events.describe_event_bus, Name="bus"),
    )


def test_an_event_reaches_every_queue_of_its_rule(place):
    one, two = place.queue("one"), place.queue("two")
    place.rule(one, two, pattern={"source": ["core.update-account-command"]})

    answer = place.put()

    assert [body["id"] for body in place.bodies(one) + place.bodies(two)] == [answer["EventId"]] * 2


@pytest.mark.parametrize(
    ("source", "reached"),
    [("source-one", [1, 2, 3]), ("source-two", [2, 3]), ("source-three", [3]), ("else", [])],
)
def test_an_event_reaches_the_rules_that_match(place, source, reached):
    queues = {}
    for number, sources in ((1, ["one"]), (2, ["one", "two"]), (3, ["one", "two", "three"])):
        queues[number] = place.queue(f"queue-{number}")
        place.rule(queues[number], name=f"rule-{number}", pattern={"source": [f"source-{name}" for name in sources]})

    place.put(Source=source)

    assert [number for number, queue in queues.items() if place.received(queue)] == reached


def test_an_event_has_aws_s_fields_in_aws_s_order(place):
    queue = place.queue()
    place.rule(queue, pattern={"detail": {"payload": [{"exists": False}]}, "source": [{"exists": True}]})
    resources = ["arn:aws:s3:::bucket"]

    answer = place.put(Resources=resources)

    (body,) = place.bodies(queue)
    assert list(body) == [
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"
    ]  # fmt: skip
    assert body["id"] == answer["EventId"]
    assert (body["version"], body["account"], body["region"]) == ("0", place.account, "us-east-1")
    assert (body["resources"], body["detail"]) == (resources, DETAIL)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (datetime(2022, 1, 1, tzinfo=UTC), "2022-01-01T00:00:00Z"),
        (datetime(2022, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC), "2022-01-01T12:00:00Z"),
        (datetime(2022, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2021-12-31T23:00:00Z"),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), "1969-12-31T23:59:59Z"),
    ],
)
def test_an_event_s_time_is_in_seconds_of_utc(place, given, shown):
    queue = place.queue()
    place.rule(queue)

    place.put(Time=given)

    assert [body["time"] for body in place.bodies(queue)] == [shown]


def test_an_event_keeps_its_characters_and_its_numbers(place):
    queue = place.queue()
    place.rule(queue, pattern={"detail": {"größe": ["ü😀\n"]}})
    detail = '{"größe": "ü😀\\n", "big": 18446744073709551617, "float": 1.0, "\\u0000": null}'

    place.put(detail)

    (body,) = place.bodies(queue)
    assert body["detail"] == json.loads(detail)


def test_a_disabled_rule_takes_nothing(place):
    queue = place.queue()
    place.rule(queue)
    place.put()
    place.events.disable_rule(Name="rule")

    place.put()

    assert len(place.received(queue)) == 1


def test_a_rule_that_changes_takes_what_it_matches_then(place):
    queue = place.queue()
    place.rule(queue)
    place.put()
    place.rule(pattern={"source": ["else"]})

    place.put()

    assert len(place.received(queue)) == 1


def test_an_event_that_matched_nothing_is_recorded_with_the_reason(place, running):
    place.put()
    place.put(EventBusName="nowhere")
    place.rule()
    place.put()

    notes = seen(running, place.account)

    assert notes == [
        ("default", [], "No rule of the bus matches the event."),
        ("nowhere", [], "There is no bus of this name: the event was dropped, as AWS drops it."),
        ("default", ["rule"], "The rules that match have no target."),
    ]


def test_an_event_that_matched_is_recorded_with_its_rules(place, running):
    place.rule(place.queue())

    place.put()

    assert seen(running, place.account) == [("default", ["rule"], None)]


def seen(running, account):
    """What the house remembers of an account's events: bus, matching rules, note."""
    events = Client(running.url, account).call("events", "ListSeenEvents")["Events"]
    return [(event["EventBusName"], event["Matched"], event.get("Note")) for event in reversed(events)]
