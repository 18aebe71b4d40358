from __future__ import annotations

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def logs(aws):
    return aws("logs")


def _error(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


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


def test_a_group_is_made_once(logs):
    logs.create_log_group(logGroupName="/a")

    error = _error(logs.create_log_group, logGroupName="/a")

    assert error == ("ResourceAlreadyExistsException", "The specified log group already exists")


def test_groups_of_a_prefix_come_in_pages(logs):
    for name in ("/a/1", "/a/2", "/a/3", "/b"):
        logs.create_log_group(logGroupName=name)

    first = logs.describe_log_groups(logGroupNamePrefix="/a", limit=2)
    second = logs.describe_log_groups(logGroupNamePrefix="/a", limit=2, nextToken=first["nextToken"])

    names = [group["logGroupName"] for group in (*first["logGroups"], *second["logGroups"])]
    assert names == ["/a/1", "/a/2", "/a/3"]
    assert "nextToken" not in second


def test_a_deleted_group_takes_its_streams_with_it(logs):
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(logGroupName="/a", logStreamName="s")

    logs.delete_log_group(logGroupName="/a")

    assert logs.describe_log_groups()["logGroups"] == []
    error = _error(logs.describe_log_streams, logGroupName="/a")
    assert error == ("ResourceNotFoundException", "The specified log group does not exist.")


def test_a_stream_needs_its_group(logs):
    error = _error(logs.create_log_stream, logGroupName="/none", logStreamName="s")

    assert error == ("ResourceNotFoundException", "The specified log group does not exist.")


def test_a_stream_is_described_by_the_name_or_the_arn_of_its_group(aws, logs):
    logs.create_log_group(logGroupName="/a")
    logs.create_log_stream(logGroupName="/a", logStreamName="s")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/a"

    by_name = logs.describe_log_streams(logGroupIdentifier="/a")["logStreams"]
    by_arn = logs.describe_log_streams(logGroupIdentifier=arn)["logStreams"]

    assert by_name == by_arn
    assert by_name[0]["arn"] == f"{arn}:log-stream:s"
    assert by_name[0]["storedBytes"] == 0
    error = _error(logs.describe_log_streams, logGroupName="/a", logGroupIdentifier="/a")
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


def test_retention_is_one_of_a_few_numbers_of_days(logs):
    logs.create_log_group(logGroupName="/a")

    code, message = _error(logs.put_retention_policy, logGroupName="/a", retentionInDays=2)

    assert code == "InvalidParameterException"
    assert message.startswith("1 validation error detected: Value '2' at 'retentionInDays' failed")


def test_tags_have_two_ways_in(aws, logs):
    logs.create_log_group(logGroupName="/a")
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/a"

    logs.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.untag_resource(resourceArn=arn, tagKeys=["b"])

    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1"}
