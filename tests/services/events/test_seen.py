"""Stepwell's own operations: the events of the last hour, and why a rule took one or did not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.cli.client import Client
from emulator.errors import EmulatorError


@pytest.fixture
def own(aws: Any) -> Client:
    return Client(aws.running.url, aws.account)


def _put(aws: Any, detail: dict[str, Any], **more: str) -> str:
    entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps(detail), **more}
    return str(aws("events").put_events(Entries=[entry])["Entries"][0]["EventId"])


def test_an_event_is_seen_with_the_rules_that_matched(aws: Any, own: Client) -> None:
    queue = aws("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws("events").put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws("events").put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn}])

    event_id = _put(aws, {"size": 1})

    (seen,) = own.call("events", "ListSeenEvents")["Events"]
    assert (seen["EventId"], seen["Matched"], seen["EventBusName"]) == (event_id, ["r"], "default")
    assert json.loads(seen["Event"])["detail"] == {"size": 1}
    assert "Note" not in seen


def test_the_latest_events_come_first_and_no_more_than_asked(aws: Any, own: Client) -> None:
    ids = [_put(aws, {"n": n}) for n in range(3)]

    seen = own.call("events", "ListSeenEvents", {"Limit": 2})["Events"]

    assert [event["EventId"] for event in seen] == [ids[2], ids[1]]


def test_events_of_one_call_are_each_remembered(aws: Any, own: Client) -> None:
    aws("events").put_rule(Name="large", EventPattern='{"detail": {"n": [{"numeric": [">", 1]}]}}')
    entries = [{"Source": "shop", "DetailType": "order", "Detail": json.dumps({"n": n, "t": "a\nb"})} for n in range(3)]

    ids = [entry["EventId"] for entry in aws("events").put_events(Entries=entries)["Entries"]]

    seen = own.call("events", "ListSeenEvents")["Events"]
    assert [event["EventId"] for event in seen] == ids[::-1]
    assert [json.loads(event["Event"])["detail"]["n"] for event in seen] == [2, 1, 0]
    assert [event["Matched"] for event in seen] == [["large"], [], []]
    assert [event["Note"][:20] for event in seen] == [
        "The rules that match",
        "No rule of the bus m",
        "No rule of the bus m",
    ]
    explained = own.call("events", "ExplainEvent", {"EventId": ids[1]})
    assert (explained["EventId"], json.loads(explained["Event"])["detail"]["n"]) == (ids[1], 1)


@pytest.mark.parametrize("part", [slice(8), slice(8, None), slice(0)])
def test_a_part_of_an_id_is_no_event(aws: Any, own: Client, part: slice) -> None:
    event_id = _put(aws, {})

    for text in (event_id[part], f"{event_id[part]}%", "_" * len(event_id)):
        with pytest.raises(EmulatorError, match="ResourceNotFoundException"):
            own.call("events", "ExplainEvent", {"EventId": text})


def test_an_event_is_explained_rule_by_rule(aws: Any, own: Client) -> None:
    events = aws("events")
    events.put_rule(Name="any", EventPattern='{"source": ["shop"]}')
    events.put_rule(Name="large", EventPattern='{"detail": {"size": [{"numeric": [">", 9]}]}}')
    events.put_rule(Name="off", EventPattern='{"source": ["shop"]}', State="DISABLED")
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")

    told = own.call("events", "ExplainEvent", {"EventId": _put(aws, {"size": 5})})

    rules = {rule["Name"]: rule for rule in told["Rules"]}
    (reason,) = rules["large"]["Mismatches"]
    assert rules["any"]["Matched"]
    assert (reason["Path"], reason["Found"]) == ("detail.size", "5")
    assert (rules["off"]["Matched"], rules["off"]["State"], rules["off"]["Mismatches"]) == (
        False,
        "DISABLED",
        [],
    )
    assert "Mismatches" not in rules["hourly"]
    assert told["Note"]


def test_an_event_on_a_bus_that_is_not_there_says_so(aws: Any, own: Client) -> None:
    event_id = _put(aws, {}, EventBusName="nowhere")

    told = own.call("events", "ExplainEvent", {"EventId": event_id})

    assert told["Rules"] == []
    assert "no bus of this name" in told["Note"]


def test_an_event_that_was_not_seen_is_not_found(own: Client) -> None:
    with pytest.raises(EmulatorError, match="ResourceNotFoundException"):
        own.call("events", "ExplainEvent", {"EventId": "nothing"})
