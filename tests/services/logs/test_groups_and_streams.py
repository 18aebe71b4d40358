from __future__ import annotations

import time

import pytest

from emulator.storage import Query

EVENTS = Query("events", "SELECT count(*) AS rows FROM logs_events WHERE account = :account")


@pytest.fixture
def logs(aws):
    return aws("logs")


def test_a_group_is_described_with_its_arns(aws, logs):
    logs.create_log_group(logGroupName="/a", tags={"k": "v"})

    (group,) = logs.describe_log_groups()["logGroups"]

    assert group.pop("creationTime") > 0
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/a"
    assert group == {
        "logGroupName": "/a",
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "logGroupClass": "STANDARD",
        "metricFilterCount": 0,
        "storedBytes": 0,
        "deletionProtectionEnabled": False,
    }
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"k": "v"}


def test_a_group_is_made_once(logs, refusal):
    logs.create_log_group(logGroupName="/a")

    error = refusal(logs.create_log_group, logGroupName="/a")

    assert error == ("ResourceAlreadyExistsException", "The specified log group already exists")


def test_groups_of_a_prefix_come_in_pages(logs):
    for name in ("/a/1", "/a/2", "/a/3", "/b"):
        logs.create_log_group(logGroupName=name)

    first = logs.describe_log_groups(logGroupNamePrefix="/a", limit=2)
    second = logs.describe_log_groups(logGroupNamePrefix="/a", limit=2, nextToken=first["nextToken"])

    names = [group["logGroupName"] for group in (*first["logGroups"], *second["logGroups"])]
    assert names == ["/a/1", "/a/2", "/a/3"]
    assert "nextToken" not in second


def test_a_deleted_group_takes_its_streams_with_it(logs, refusal):
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(logGroupName="/a", logStreamName="s")

    logs.delete_log_group(logGroupName="/a")

    assert logs.describe_log_groups()["logGroups"] == []
    error = refusal(logs.describe_log_streams, logGroupName="/a")
    assert error == ("ResourceNotFoundException", "The specified log group does not exist.")


@pytest.mark.parametrize("operation", ["delete_log_group", "delete_log_stream"])
def test_events_of_what_is_deleted_are_no_more_however_many(aws, logs, operation):
    place = {"logGroupName": "/a", "logStreamName": "s"}
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(**place)
    now = int(time.time() * 1000)
    logs.put_log_events(**place, logEvents=[{"timestamp": now, "message": "old"}] * 1200)

    if operation == "delete_log_group":
        logs.delete_log_group(logGroupName="/a")
        logs.create_log_group(logGroupName="/a")
    else:
        logs.delete_log_stream(**place)
    logs.create_log_stream(**place)
    logs.put_log_events(**place, logEvents=[{"timestamp": now, "message": "new"}])
    found = logs.filter_log_events(logGroupName="/a")["events"]
    aws.advance(0)

    assert [event["message"] for event in found] == ["new"]
    assert aws.inside(lambda ctx: ctx.tx.one(EVENTS, account=ctx.account)["rows"]) == 1


def test_a_stream_needs_its_group(logs, refusal):
    error = refusal(logs.create_log_stream, logGroupName="/none", logStreamName="s")

    assert error == ("ResourceNotFoundException", "The specified log group does not exist.")


def test_a_stream_is_described_by_the_name_or_the_arn_of_its_group(aws, logs, refusal):
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(logGroupName="/a", logStreamName="s")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/a"

    by_name = logs.describe_log_streams(logGroupIdentifier="/a")["logStreams"]
    by_arn = logs.describe_log_streams(logGroupIdentifier=arn)["logStreams"]

    assert by_name == by_arn
    assert by_name[0]["arn"] == f"{arn}:log-stream:s"
    assert by_name[0]["storedBytes"] == 0
    error = refusal(logs.describe_log_streams, logGroupName="/a", logGroupIdentifier="/a")
    assert error == (
        "ValidationException",
        "LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    )


def test_streams_are_ordered_by_their_last_event(aws, logs):
    logs.create_log_group(logGroupName="/a")
    now = _now(aws)
    for name, at in (("a", now), ("b", now - 1000)):
        logs.create_log_stream(logGroupName="/a", logStreamName=name)
        logs.put_log_events(logGroupName="/a", logStreamName=name, logEvents=[{"timestamp": at, "message": "m"}])

    streams = logs.describe_log_streams(logGroupName="/a", orderBy="LastEventTime", descending=True)

    assert [stream["logStreamName"] for stream in streams["logStreams"]] == ["a", "b"]
    assert streams["logStreams"][0]["lastEventTimestamp"] == now


def _now(aws):
    aws("logs").create_log_group(logGroupName="/clock")
    (group,) = aws("logs").describe_log_groups(logGroupNamePrefix="/clock")["logGroups"]
    return group["creationTime"]


def test_retention_ends_the_life_of_old_events(aws, logs):
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(logGroupName="/a", logStreamName="s")
    where = {"logGroupName": "/a", "logStreamName": "s"}
    logs.put_log_events(**where, logEvents=[{"timestamp": _now(aws), "message": "old"}])
    logs.put_retention_policy(logGroupName="/a", retentionInDays=1)
    before = logs.get_log_events(**where)["events"]

    aws.advance(25 * 3600)

    assert [event["message"] for event in before] == ["old"]
    assert logs.get_log_events(**where)["events"] == []
    assert logs.describe_log_groups(logGroupNamePrefix="/a")["logGroups"][0]["retentionInDays"] == 1


def test_retention_is_one_of_a_few_numbers_of_days(logs, refusal):
    logs.create_log_group(logGroupName="/a")

    code, message = refusal(logs.put_retention_policy, logGroupName="/a", retentionInDays=2)

    assert code == "InvalidParameterException"
    assert message.startswith("1 validation error detected: Value '2' at 'retentionInDays' failed")


def test_tags_have_two_ways_in(aws, logs):
    logs.create_log_group(logGroupName="/a")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/a"

    logs.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.untag_resource(resourceArn=arn, tagKeys=["b"])

    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1"}
