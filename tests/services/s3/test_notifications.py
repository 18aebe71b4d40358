"""Notifications: to EventBridge, queues and topics."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def queue(aws: Any) -> dict[str, str]:
    """A queue of the test's account: its URL and its ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return {"url": url, "arn": attributes["QueueArn"]}


def receive(aws: Any, queue: dict[str, str], count: int = 1) -> list[Any]:
    """The bodies of `count` messages, waited for."""
    found: list[Any] = []
    while len(found) < count:
        answer = aws("sqs").receive_message(QueueUrl=queue["url"], WaitTimeSeconds=10, MaxNumberOfMessages=10)
        assert answer.get("Messages"), f"{len(found)} of {count} messages came"
        for message in answer["Messages"]:
            found.append(json.loads(message["Body"]))
            aws("sqs").delete_message(QueueUrl=queue["url"], ReceiptHandle=message["ReceiptHandle"])
    return found


def notify(s3: Any, arn: str, events: list[str], rules: list[dict[str, str]] | None = None) -> None:
    entry: dict[str, Any] = {"Id": "the-id", "QueueArn": arn, "Events": events}
    if rules:
        entry["Filter"] = {"Key": {"FilterRules": rules}}
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"QueueConfigurations": [entry]}
    )


def test_a_new_destination_hears_a_test_event(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    notify(s3, queue["arn"], ["s3:ObjectCreated:*"])

    (message,) = receive(aws, queue)

    assert (message["Service"], message["Event"], message["Bucket"]) == ("Amazon S3", "s3:TestEvent", "bucket")


def test_a_queue_hears_of_the_objects_that_it_asked_for(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    notify(s3, queue["arn"], ["s3:ObjectCreated:*"], [{"Name": "prefix", "Value": "in/"}])
    receive(aws, queue)

    s3.put_object(Bucket="bucket", Key="out/x", Body=b"no")
    s3.put_object(Bucket="bucket", Key="in/a b@", Body=b"hello")

    (message,) = receive(aws, queue)
    (record,) = message["Records"]
    assert (record["eventVersion"], record["eventName"], record["awsRegion"]) == (
        "2.1",
        "ObjectCreated:Put",
        "us-east-1",
    )
    assert record["s3"]["configurationId"] == "the-id"
    assert record["s3"]["bucket"]["arn"] == "arn:aws:s3:::bucket"
    thing = record["s3"]["object"]
    assert (thing["key"], thing["size"], thing["eTag"]) == ("in/a+b%40", 5, "5d41402abc4b2a76b9719d911017c592")


def test_later_events_have_greater_sequencers(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    notify(s3, queue["arn"], ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"])
    receive(aws, queue)

    s3.put_object(Bucket="bucket", Key="k", Body=b"1")
    s3.copy_object(Bucket="bucket", Key="k2", CopySource="bucket/k")
    s3.delete_object(Bucket="bucket", Key="k")

    records = [message["Records"][0] for message in receive(aws, queue, 3)]
    records.sort(key=lambda record: record["s3"]["object"]["sequencer"])
    assert [record["eventName"] for record in records] == [
        "ObjectCreated:Put",
        "ObjectCreated:Copy",
        "ObjectRemoved:Delete",
    ]


def test_event_bridge_hears_of_every_event(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["bucket"]}}}
    aws("events").put_rule(Name="r", EventPattern=json.dumps(pattern))
    aws("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": queue["arn"]}])
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    s3.put_object(Bucket="bucket", Key="a b", Body=b"test")
    s3.delete_object(Bucket="bucket", Key="a b")

    created, deleted = sorted(receive(aws, queue, 2), key=lambda event: event["detail-type"])
    assert (created["detail-type"], created["resources"]) == ("Object Created", ["arn:aws:s3:::bucket"])
    assert created["detail"]["object"] == {
        "key": "a b",
        "size": 4,
        "etag": "098f6bcd4621d373cade4e832627b4f6",
        "sequencer": created["detail"]["object"]["sequencer"],
    }
    assert (created["detail"]["reason"], created["detail"]["requester"]) == ("PutObject", aws.account)
    assert (deleted["detail-type"], deleted["detail"]["reason"]) == ("Object Deleted", "DeleteObject")
    assert deleted["detail"]["deletion-type"] == "Permanently Deleted"


def test_events_of_a_bucket_elsewhere_are_on_the_bus_of_its_region(aws: Any, queue: dict[str, str]) -> None:
    west = {"LocationConstraint": "us-west-2"}
    aws("s3").create_bucket(Bucket="west", CreateBucketConfiguration=west)
    aws("events", "us-west-2").put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.s3"]}))
    aws("events", "us-west-2").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": queue["arn"]}])
    aws("s3").put_bucket_notification_configuration(
        Bucket="west", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    aws("s3").put_object(Bucket="west", Key="k", Body=b"x")

    (event,) = receive(aws, queue)
    assert event["region"] == "us-west-2"


def test_a_configuration_is_shown_as_it_was_put_and_goes_with_an_empty_one(s3: Any, queue: dict[str, str]) -> None:
    notify(s3, queue["arn"], ["s3:ObjectCreated:*"], [{"Name": "suffix", "Value": ".x"}])

    shown = s3.get_bucket_notification_configuration(Bucket="bucket")
    s3.put_bucket_notification_configuration(Bucket="bucket", NotificationConfiguration={})
    after = s3.get_bucket_notification_configuration(Bucket="bucket")

    assert shown["QueueConfigurations"] == [
        {
            "Id": "the-id",
            "QueueArn": queue["arn"],
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "Suffix", "Value": ".x"}]}},
        }
    ]
    assert "QueueConfigurations" not in after


def test_a_destination_that_is_not_there_is_refused_unless_validation_is_skipped(aws: Any, s3: Any) -> None:
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:none"
    configuration = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}

    with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
        s3.put_bucket_notification_configuration(Bucket="bucket", NotificationConfiguration=configuration)
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration=configuration, SkipDestinationValidation=True
    )

    assert s3.get_bucket_notification_configuration(Bucket="bucket")["QueueConfigurations"][0]["QueueArn"] == arn


def test_tagging_is_told_without_size(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"x")
    notify(s3, queue["arn"], ["s3:ObjectTagging:*"])
    receive(aws, queue)

    s3.put_object_tagging(Bucket="bucket", Key="k", Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})

    (message,) = receive(aws, queue)
    assert message["Records"][0]["eventName"] == "ObjectTagging:Put"
    assert set(message["Records"][0]["s3"]["object"]) == {"key", "eTag"}


def test_a_topic_hears_of_objects_with_the_subject_that_s3_gives(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    topic = aws("sns").create_topic(Name="t")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["arn"])
    s3.put_bucket_notification_configuration(
        Bucket="bucket",
        NotificationConfiguration={"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]},
    )
    receive(aws, queue)

    s3.put_object(Bucket="bucket", Key="k", Body=b"x")

    (envelope,) = receive(aws, queue)
    assert (envelope["Type"], envelope["Subject"]) == ("Notification", "Amazon S3 Notification")
    assert json.loads(envelope["Message"])["Records"][0]["s3"]["object"]["key"] == "k"


def test_versions_are_named_in_events(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    notify(s3, queue["arn"], ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"])
    receive(aws, queue)

    put = s3.put_object(Bucket="bucket", Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket="bucket", Key="k")["VersionId"]

    records = [message["Records"][0] for message in receive(aws, queue, 2)]
    told = {record["eventName"]: record["s3"]["object"]["versionId"] for record in records}
    assert told == {"ObjectCreated:Put": put, "ObjectRemoved:DeleteMarkerCreated": marker}
