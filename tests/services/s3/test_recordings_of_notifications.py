"""Notifications and their configuration, held against what AWS answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

KEY = "test-key"


@pytest.fixture
def queue(aws: Any) -> dict[str, str]:
    """A queue of the test's account: its URL and its ARN."""
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    return {"url": url, "arn": attributes["QueueArn"]}


@pytest.fixture
def received(aws: Any, queue: dict[str, str]) -> Callable[[], list[Any]]:
    """The bodies that the queue has, once every delivery of this moment is done."""

    def receive() -> list[Any]:
        aws.advance(0.001)
        found: list[Any] = []
        while messages := aws("sqs").receive_message(QueueUrl=queue["url"], MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                aws("sqs").delete_message(QueueUrl=queue["url"], ReceiptHandle=message["ReceiptHandle"])
        return found

    return receive


def configure(s3: Any, *, skip: bool = True, **configuration: Any) -> None:
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration=configuration, SkipDestinationValidation=skip
    )


def to_queue(s3: Any, arn: str, *events: str) -> None:
    configure(s3, QueueConfigurations=[{"QueueArn": arn, "Events": list(events)}])


def records(bodies: list[Any]) -> list[Any]:
    return [record for body in bodies for record in body["Records"]]


def shown(s3: Any) -> Any:
    return s3.get_bucket_notification_configuration(Bucket="bucket")


@pytest.mark.recording("s3", "test_key_encoding")
def test_the_key_of_a_record_is_escaped(s3: Any, queue: Any, received: Any, recorded: Any) -> None:
    to_queue(s3, queue["arn"], "s3:ObjectCreated:*")
    s3.put_object(Bucket="bucket", Key="a@b", Body="something")

    recorded(receive_messages={"messages": records(received())})


@pytest.mark.recording("s3", "test_object_created_complete_multipart_upload")
def test_a_complete_upload_is_told(s3: Any, queue: Any, received: Any, recorded: Any) -> None:
    recorded.only.unknown("8eabe9d6b43316e840b079170916c079-1")
    to_queue(s3, queue["arn"], "s3:ObjectCreated:*")
    upload = s3.create_multipart_upload(Bucket="bucket", Key=KEY)["UploadId"]
    which = {"Bucket": "bucket", "Key": KEY, "UploadId": upload}
    etag = s3.upload_part(**which, PartNumber=1, Body="x" * 6144)["ETag"]
    s3.complete_multipart_upload(**which, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": etag}]})

    recorded(receive_messages={"messages": records(received())})


@pytest.mark.recording("s3", "test_object_tagging_put_event")
def test_tags_are_told(s3: Any, queue: Any, received: Any, recorded: Any) -> None:
    recorded.only.unknown("f3e6da48d914f3f04f6bd9cb092c044d")
    to_queue(s3, queue["arn"], "s3:ObjectTagging:Put")
    s3.put_object(Bucket="bucket", Key=KEY, Body="content")
    s3.put_object_tagging(Bucket="bucket", Key=KEY, Tagging={"TagSet": [{"Key": "tag1", "Value": "tag1"}]})

    recorded(receive_messages={"messages": records(received())})


@pytest.mark.recording("s3", "test_object_put_acl")
def test_access_control_lists_are_told(s3: Any, queue: Any, received: Any, recorded: Any) -> None:
    s3.delete_bucket_ownership_controls(Bucket="bucket")
    to_queue(s3, queue["arn"], "s3:ObjectAcl:Put")
    where = {"Bucket": "bucket", "Key": "my_key_acl"}
    s3.put_object(**where, Body="something")
    owner = s3.get_object_acl(**where)["Owner"]
    for given in (
        {"ACL": "public-read"},
        {"GrantRead": 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"'},
        {"AccessControlPolicy": {"Owner": owner, "Grants": []}},
    ):
        s3.put_object_acl(**where, **given)

    recorded(receive_messages={"messages": records(received())})


@pytest.mark.recording("s3", "TestS3NotificationsToSQS::test_object_created_put_versioned")
def test_versions_are_told(versioned: Any, queue: Any, received: Any, recorded: Any) -> None:
    s3 = versioned
    to_queue(s3, queue["arn"], "s3:ObjectCreated:*", "s3:ObjectRemoved:*")
    where = {"Bucket": "bucket", "Key": KEY}
    first = s3.put_object(**where, Body="data")
    second = s3.put_object(**where, Body="data-version2")
    marker = s3.delete_object(**where)
    deleted = s3.delete_object(**where, VersionId=first["VersionId"])
    # In the order of the recording: by name, and of two of a name the latest first.
    active = records(received())[::-1]
    active.sort(key=lambda record: record["eventName"])
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})
    null = s3.put_object(**where, Body="data-version3")
    unmarked = s3.delete_object(**where, VersionId=marker["VersionId"])
    suspended = sorted(records(received()), key=lambda record: record["eventName"])

    recorded(
        {
            "obj-ver1": first,
            "obj-ver2": second,
            "delete-marker": marker,
            "delete-version": deleted,
            "message-versioning-active": active,
            "add-null-version": null,
            "del-delete-marker": unmarked,
            "message-versioning-suspended": suspended,
        }
    )


@pytest.mark.recording("s3", "test_notifications_with_filter")
def test_a_queue_hears_of_the_keys_that_it_asked_for(s3: Any, queue: Any, received: Any, recorded: Any) -> None:
    recorded.only.unknown("f527a5c9f427867aeaf091c134949aa0")

    def filtered(**rules: str) -> dict[str, Any]:
        return {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in rules.items()]}}

    wanted = filtered(Prefix="testupload/", Suffix="testfile.txt")
    entry = {"QueueArn": queue["arn"]}
    configure(
        s3,
        QueueConfigurations=[
            {**entry, "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"], "Filter": wanted},
            {**entry, "Events": ["s3:ObjectTagging:*"], "Filter": wanted, "Id": "id0002"},
        ],
    )
    s3.put_object(Bucket="bucket", Key="testupload/dir1/testfile.txt", Body="x" * 32)
    s3.put_object(Bucket="bucket", Key="testupload/file.txt", Body="y")
    (message,) = records(received())
    recorded(config=shown(s3), message=message)
    configure(s3)
    recorded(config_empty=shown(s3))
    entry |= {"Id": "id123456", "Events": ["s3:ObjectCreated:*"]}
    configure(s3, QueueConfigurations=[entry])
    recorded(config_updated=shown(s3))
    configure(s3, QueueConfigurations=[{**entry, "Filter": filtered(Prefix="testupload/")}])
    recorded(config_updated_filter=shown(s3))


@pytest.mark.recording("s3", "test_filter_rules_empty_value")
def test_a_filter_may_be_empty(s3: Any, aws: Any, recorded: Any) -> None:
    rules = {"Key": {"FilterRules": [{"Name": "suffix", "Value": ""}]}}
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:my-queue-1"
    configure(s3, QueueConfigurations=[{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": rules}])

    recorded(bucket_notification_configuration=shown(s3))


@pytest.mark.recording("s3", "test_invalid_topic_arn")
def test_a_destination_is_named_by_its_arn(s3: Any, aws: Any, recorded: Any, error_of: Any) -> None:
    def to_topic(arn: str) -> list[Any]:
        return [{"Id": "id123", "Events": ["s3:ObjectCreated:*"], "TopicArn": arn}]

    recorded(
        invalid_not_skip=error_of(configure, s3, skip=False, TopicConfigurations=to_topic("invalid-topic")),
        invalid_skip=error_of(configure, s3, TopicConfigurations=to_topic("invalid-topic")),
    )
    configure(s3, TopicConfigurations=to_topic(f"arn:aws:sns:us-east-1:{aws.account}:my-topic"))
    recorded(skip_destination_validation=shown(s3))


def heard_of_topic(received: Any) -> list[Any]:
    """What the queue heard of a topic, the record of S3 in it read; the first message first."""
    found = [{**body, "Message": json.loads(body["Message"])} for body in received()]
    return sorted(found, key=lambda body: body["Message"]["Records"][0]["s3"]["object"]["sequencer"])


@pytest.fixture
def topic(aws: Any, queue: dict[str, str]) -> str:
    """The ARN of a topic to which the queue listens."""
    sns = aws("sns")
    arn = str(sns.create_topic(Name="t")["TopicArn"])
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue["arn"])
    return arn


@pytest.mark.recording("s3", "TestS3NotificationsToSns::test_object_created_put")
def test_a_topic_hears_of_objects(s3: Any, topic: str, received: Any, recorded: Any) -> None:
    configure(s3, TopicConfigurations=[{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}])
    for body in ("first event", "second event"):
        s3.put_object(Bucket="bucket", Key="bucket-key", Body=body)

    recorded(receive_messages={"messages": heard_of_topic(received)})


@pytest.mark.recording("s3", "test_bucket_notifications_with_filter")
def test_a_topic_hears_of_the_keys_that_it_asked_for(s3: Any, topic: str, received: Any, recorded: Any) -> None:
    recorded.only.unknown("f5260f0f41af2722d9fe17a57dfa9da5")
    rules = [{"Name": "Prefix", "Value": "testupload/"}, {"Name": "Suffix", "Value": "testfile.txt"}]
    entry = {"TopicArn": topic, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    configure(s3, TopicConfigurations=[entry])
    s3.put_object(Bucket="bucket", Key="testupload/dir1/testfile.txt", Body="x" * 35)
    s3.put_object(Bucket="bucket", Key="testupload/file.txt", Body="y")

    (message,) = heard_of_topic(received)

    recorded(message=message)


@pytest.fixture
def bus(aws: Any, s3: Any, queue: dict[str, str]) -> None:
    """The queue hears of every event that S3 sends to the bus."""
    events = aws("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.s3"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": queue["arn"]}])
    configure(s3, EventBridgeConfiguration={})


@pytest.mark.recording("s3", "TestS3NotificationsToEventBridge::test_object_created_put")
@pytest.mark.usefixtures("bus")
def test_the_bus_hears_of_objects(s3: Any, received: Any, recorded: Any) -> None:
    s3.put_object(Bucket="bucket", Key=KEY, Body="data")
    s3.delete_object(Bucket="bucket", Key=KEY)

    events = {event["detail-type"]: event for event in received()}

    recorded(object_deleted=events["Object Deleted"], object_created=events["Object Created"])


@pytest.mark.recording("s3", "TestS3NotificationsToEventBridge::test_object_created_put_versioned")
@pytest.mark.usefixtures("bus")
def test_the_bus_hears_of_versions(versioned: Any, received: Any, recorded: Any) -> None:
    s3 = versioned
    where = {"Bucket": "bucket", "Key": KEY}
    recorded(
        {
            "obj-ver1": (first := s3.put_object(**where, Body="data")),
            "obj-ver2": s3.put_object(**where, Body="data-version2"),
            "delete-marker": (marker := s3.delete_object(**where)),
            "delete-version": s3.delete_object(**where, VersionId=first["VersionId"]),
        }
    )
    received()
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})
    recorded(
        {
            "add-null-version": s3.put_object(**where, Body="data-version3"),
            "del-delete-marker": s3.delete_object(**where, VersionId=marker["VersionId"]),
        }
    )
    events = sorted(received(), key=lambda event: event["detail-type"])

    # The recording has the events of the suspended bucket twice, under both names.
    recorded({"message-versioning-active": events, "message-versioning-suspended": events})


def restore(s3: Any, aws: Any) -> None:
    """Archive an object, restore it, and let the hours pass that it takes."""
    where = {"Bucket": "bucket", "Key": "my_key_restore"}
    s3.put_object(**where, Body="something", StorageClass="GLACIER")
    s3.restore_object(**where, RestoreRequest={"Days": 1, "GlacierJobParameters": {"Tier": "Expedited"}})
    aws.advance(61)


@pytest.mark.recording("s3", "TestS3NotificationsToSQS::test_restore_object")
def test_a_restore_is_told(s3: Any, aws: Any, queue: Any, received: Any, recorded: Any) -> None:
    to_queue(s3, queue["arn"], "s3:ObjectRestore:*")
    restore(s3, aws)

    recorded(receive_messages={"messages": sorted(records(received()), key=lambda record: record["eventTime"])})


@pytest.mark.recording("s3", "TestS3NotificationsToEventBridge::test_restore_object")
@pytest.mark.usefixtures("bus")
def test_the_bus_hears_of_a_restore(s3: Any, aws: Any, received: Any, recorded: Any) -> None:
    restore(s3, aws)
    events = [event for event in received() if event["detail-type"].startswith("Object Restore")]

    recorded(messages={"messages": sorted(events, key=lambda event: event["time"])})


@pytest.mark.usefixtures("bus")
def test_the_bus_hears_of_access_control_lists(s3: Any, received: Any) -> None:
    s3.delete_bucket_ownership_controls(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key=KEY, Body="data")
    s3.put_object_acl(Bucket="bucket", Key=KEY, ACL="private")

    assert "Object ACL Updated" in [event["detail-type"] for event in received()]
