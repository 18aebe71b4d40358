from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from emulator.services.logs.model.filters import regexes

WHERE = {"logGroupName": "/g", "logStreamName": "s"}


@pytest.fixture
def logs(aws):
    client = aws("logs")
    client.create_log_group(logGroupName="/g")
    client.create_log_stream(**WHERE)
    return client


@pytest.fixture
def now(logs):
    return logs.describe_log_groups()["logGroups"][0]["creationTime"]


def _put(logs, start, *messages, stream="s"):
    events = [{"timestamp": start + index, "message": text} for index, text in enumerate(messages)]
    return logs.put_log_events(logGroupName="/g", logStreamName=stream, logEvents=events)


def _texts(answer):
    return [event["message"] for event in answer["events"]]


def test_events_are_read_in_order(logs, now):
    _put(logs, now, "a", "b", "c")

    answer = logs.get_log_events(**WHERE, startFromHead=True)

    assert [(event["timestamp"] - now, event["message"]) for event in answer["events"]] == [
        (0, "a"),
        (1, "b"),
        (2, "c"),
    ]


def test_the_last_events_come_first_page(logs, now):
    _put(logs, now, "a", "b", "c")

    answer = logs.get_log_events(**WHERE, limit=2)

    assert _texts(answer) == ["b", "c"]
    earlier = logs.get_log_events(**WHERE, limit=2, nextToken=answer["nextBackwardToken"])
    assert _texts(earlier) == ["a"]


def test_the_forward_token_leads_to_what_is_new(logs, now):
    _put(logs, now, "a", "b")
    first = logs.get_log_events(**WHERE, startFromHead=True)
    nothing = logs.get_log_events(**WHERE, nextToken=first["nextForwardToken"])

    _put(logs, now + 10, "c")

    assert _texts(nothing) == []
    assert nothing["nextForwardToken"] == first["nextForwardToken"]
    assert _texts(logs.get_log_events(**WHERE, nextToken=nothing["nextForwardToken"])) == ["c"]


def test_a_window_begins_with_its_start_and_ends_before_its_end(logs, now):
    _put(logs, now, "a", "b", "c")

    answer = logs.get_log_events(**WHERE, startTime=now + 1, endTime=now + 2)

    assert _texts(answer) == ["b"]


def test_a_token_of_nobody_is_refused(logs):
    with pytest.raises(ClientError) as caught:
        logs.get_log_events(**WHERE, nextToken="f/1")

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "The specified nextToken is invalid.",
    }


def test_a_batch_must_be_in_order(logs, now):
    events = [{"timestamp": now, "message": "a"}, {"timestamp": now - 1, "message": "b"}]

    with pytest.raises(ClientError) as caught:
        logs.put_log_events(**WHERE, logEvents=events)

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "Log events in a single PutLogEvents request must be in chronological order.",
    }


def test_a_batch_has_room_for_a_megabyte(logs, now):
    with pytest.raises(ClientError) as caught:
        _put(logs, now, "x" * 1_048_551)

    assert caught.value.response["Error"]["Message"] == ("Upload too large: 1048577 bytes exceeds limit of 1048576")


def test_what_is_too_old_is_left_out_and_named(logs, now):
    day = 24 * 3600 * 1000

    answer = _put(logs, now - 20 * day, "old")

    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    assert answer["nextSequenceToken"]
    assert logs.get_log_events(**WHERE)["events"] == []


def test_what_is_too_new_is_left_out_and_named(logs, now):
    hour = 3600 * 1000
    events = [{"timestamp": now, "message": "a"}, {"timestamp": now + 3 * hour, "message": "b"}]

    answer = logs.put_log_events(**WHERE, logEvents=events)

    assert answer["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert _texts(logs.get_log_events(**WHERE)) == ["a"]


def test_a_stream_that_is_not_there_takes_nothing(logs, now):
    with pytest.raises(ClientError) as caught:
        _put(logs, now, "a", stream="none")

    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "The specified log stream does not exist.",
    }


def test_a_search_goes_over_all_streams_in_the_order_of_time(logs, now):
    logs.create_log_stream(logGroupName="/g", logStreamName="t")
    _put(logs, now, "ERROR 1")
    _put(logs, now + 5, "ERROR 3", "fine")
    _put(logs, now + 2, "ERROR 2", stream="t")

    answer = logs.filter_log_events(logGroupName="/g", filterPattern="ERROR")

    found = [(event["logStreamName"], event["message"]) for event in answer["events"]]
    assert found == [("s", "ERROR 1"), ("t", "ERROR 2"), ("s", "ERROR 3")]
    assert all(event["eventId"] for event in answer["events"])


def test_a_search_goes_on_where_its_page_ended(logs, now):
    _put(logs, now, "x1", "y", "x2", "x3")

    first = logs.filter_log_events(logGroupName="/g", filterPattern="x1 x2 ?x3 ?x", limit=2)
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName="/g", filterPattern="?x1 ?x2 ?x3", PaginationConfig={"PageSize": 2}
    )

    assert first["events"] == []
    assert [_texts(page) for page in pages] == [["x1", "x2"], ["x3"]]


def test_a_search_looks_into_json(logs, now):
    _put(logs, now, json.dumps({"level": "ERROR", "n": 1}), json.dumps({"level": "INFO"}), "no json")

    answer = logs.filter_log_events(logGroupName="/g", filterPattern='{ $.level = "ERR*" && $.n >= 1 }')

    assert [json.loads(text)["n"] for text in _texts(answer)] == [1]


def test_a_search_may_be_limited_to_streams(logs, now):
    logs.create_log_stream(logGroupName="/g", logStreamName="t")
    _put(logs, now, "a")
    _put(logs, now, "b", stream="t")

    by_name = logs.filter_log_events(logGroupName="/g", logStreamNames=["t"])
    by_prefix = logs.filter_log_events(logGroupName="/g", logStreamNamePrefix="s")

    assert (_texts(by_name), _texts(by_prefix)) == (["b"], ["a"])


def test_a_limit_has_its_own_limit(logs):
    with pytest.raises(ClientError) as caught:
        logs.filter_log_events(logGroupName="/g", limit=10_001)

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterException",
        "Message": "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000",
    }


def test_a_search_that_never_ends_is_refused(logs, now, monkeypatch):
    monkeypatch.setattr(regexes, "SECONDS", 0.02)
    _put(logs, now, "aaa", "a" * 60 + "b")

    with pytest.raises(ClientError) as caught:
        logs.filter_log_events(logGroupName="/g", filterPattern="%^(a|aa)+$%")

    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    assert "%^(a|aa)+$% cannot be matched in reasonable time" in caught.value.response["Error"]["Message"]
