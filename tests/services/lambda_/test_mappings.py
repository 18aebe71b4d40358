from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

# What a function was given goes to the queue "seen"; a message "bad" fails as the setting FAIL says.
SOURCE = """
import json
import os
import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    url = sqs.get_queue_url(QueueName="seen")["QueueUrl"]
    for part in range(0, len(event["Records"]), 5):
        text = {**event, "Records": event["Records"][part : part + 5], "count": len(event["Records"])}
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(text))
    bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
    how = os.environ.get("FAIL")
    if how == "report":
        return {"batchItemFailures": [{"itemIdentifier": one} for one in bad]}
    if how == "null":
        return {"batchItemFailures": [{"itemIdentifier": None}]}
    if how == "key":
        return {"batchItemFailures": [{"foo": "x"}]}
    if how == "raise" and bad:
        raise ValueError("bad")
"""

# Tells the queue "began" that it was called, and ends when the queue "gate" has a message for it.
GATED = """
import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="began")["QueueUrl"], MessageBody="began")
    gate = sqs.get_queue_url(QueueName="gate")["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=gate, WaitTimeSeconds=20)["Messages"]
    sqs.delete_message(QueueUrl=gate, ReceiptHandle=message["ReceiptHandle"])
"""


class Mapped:
    """A queue "work" and a function "f" that tells the queue "seen" what it was given."""

    def __init__(self, aws: Any, create: Callable[..., Any]) -> None:
        self.aws = aws
        self._create = create
        self.seen = aws("sqs").create_queue(QueueName="seen")["QueueUrl"]
        self.url = ""

    def __call__(self, queue: dict[str, str] | None = None, fail: str = "", name: str = "work", **settings: Any) -> str:
        self.url = self.aws("sqs").create_queue(QueueName=name, Attributes=queue or {})["QueueUrl"]
        self.arn = f"arn:aws:sqs:us-east-1:{self.aws.account}:{name}"
        self._create(SOURCE, Environment={"Variables": {"FAIL": fail}})
        made = self.aws("lambda").create_event_source_mapping(
            **{"EventSourceArn": self.arn, "FunctionName": "f", **settings}
        )
        uuid: str = made["UUID"]
        return uuid

    def send(self, *bodies: str, **more: Any) -> list[str]:
        return [
            self.aws("sqs").send_message(QueueUrl=self.url, MessageBody=body, **more)["MessageId"] for body in bodies
        ]

    def settle(self, seconds: float = 0) -> None:
        """Wait until nothing of the account is in hand, and skip no further than `seconds`."""
        assert self.aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=seconds)["Reached"]

    def batches(self) -> list[list[dict[str, Any]]]:
        """The records of each call of the function since the last time, each at most five."""
        found = []
        while messages := self.aws("sqs").receive_message(QueueUrl=self.seen, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"])["Records"] for message in messages]
            for message in messages:
                self.aws("sqs").delete_message(QueueUrl=self.seen, ReceiptHandle=message["ReceiptHandle"])
        return found

    def bodies(self) -> list[str]:
        return sorted(record["body"] for records in self.batches() for record in records)

    def left(self) -> tuple[int, int]:
        """How many messages are visible, and how many hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        shown = self.aws("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(shown[names[0]]), int(shown[names[1]])


@pytest.fixture
def mapped(aws, create):
    return Mapped(aws, create)


def test_a_message_is_handed_to_the_function_and_deleted(aws, mapped):
    mapped()
    attribute = {
        "Author": {"DataType": "String", "StringValue": "Grisham"},
        "B": {"DataType": "Binary", "BinaryValue": b"x"},
    }

    (id,) = mapped.send("hello", MessageAttributes=attribute)

    mapped.settle()
    ((record,),) = mapped.batches()
    assert record["messageId"] == id
    assert record["body"] == "hello"
    assert record["md5OfBody"] == "5d41402abc4b2a76b9719d911017c592"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["Author"] == {
        "stringValue": "Grisham",
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": "String",
    }
    assert record["messageAttributes"]["B"]["binaryValue"] == "eA=="
    assert (record["eventSource"], record["eventSourceARN"], record["awsRegion"]) == (
        "aws:sqs",
        mapped.arn,
        "us-east-1",
    )
    assert mapped.left() == (0, 0)


def test_messages_that_were_there_before_are_handed_over_too(aws, mapped):
    mapped.url = aws("sqs").create_queue(QueueName="work")["QueueUrl"]
    mapped.send(*"abc")

    mapped()

    mapped.settle()
    assert mapped.bodies() == ["a", "b", "c"]


def test_many_messages_are_handed_over_each_once(mapped):
    mapped()

    mapped.send(*(f"{n:02}" for n in range(40)))

    mapped.settle()
    assert mapped.bodies() == [f"{n:02}" for n in range(40)]
    assert mapped.left() == (0, 0)


def test_an_idle_mapping_has_nothing_pending(aws, mapped):
    mapped()
    mapped.send("a")

    mapped.settle(1_000_000)

    assert aws("stepwell").list_work()["Work"] == []


def test_a_failed_batch_is_seen_again_after_the_visibility_timeout(aws, mapped):
    mapped(fail="raise")
    mapped.send("bad")
    mapped.settle()
    assert mapped.left() == (0, 1)

    aws.advance(31)
    mapped.settle()

    counts = [record["attributes"]["ApproximateReceiveCount"] for (record,) in mapped.batches()]
    assert sorted(counts) == ["1", "2"]


def test_what_fails_too_often_goes_to_the_dead_letter_queue_while_time_is_skipped(aws, mapped):
    dead = aws("sqs").create_queue(QueueName="dead")["QueueUrl"]
    redrive = {"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{aws.account}:dead", "maxReceiveCount": 2}
    mapped(queue={"RedrivePolicy": json.dumps(redrive)}, fail="raise")

    mapped.send("bad")

    mapped.settle(3600)
    assert len(mapped.batches()) == 2
    assert mapped.left() == (0, 0)
    assert aws("sqs").receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "bad"


def test_only_the_messages_that_a_function_reports_are_kept(aws, mapped):
    mapped(fail="report", FunctionResponseTypes=["ReportBatchItemFailures"], Enabled=False)
    mapped.send("good", "bad", "fine")
    (uuid,) = [one["UUID"] for one in aws("lambda").list_event_source_mappings()["EventSourceMappings"]]

    aws("lambda").update_event_source_mapping(UUID=uuid, Enabled=True)

    mapped.settle()
    assert [len(batch) for batch in mapped.batches()] == [3]
    assert mapped.left() == (0, 1)


@pytest.mark.parametrize("how", ["null", "key"])
def test_a_report_that_cannot_be_understood_fails_the_whole_batch(mapped, how):
    mapped(fail=how, FunctionResponseTypes=["ReportBatchItemFailures"])

    mapped.send("a")

    mapped.settle()
    assert mapped.left() == (0, 1)


def test_no_report_is_success(mapped):
    mapped(FunctionResponseTypes=["ReportBatchItemFailures"])

    mapped.send("a")

    mapped.settle()
    assert mapped.left() == (0, 0)


def test_messages_that_no_filter_wants_are_deleted(mapped):
    patterns = [{"body": {"kind": ["order"]}}, {"body": ["plain"]}]
    mapped(FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]})

    mapped.send('{"kind": "order"}', '{"kind": "other"}', "plain", "text")

    mapped.settle()
    assert mapped.bodies() == ["plain", '{"kind": "order"}']
    assert mapped.left() == (0, 0)


def test_a_batching_window_gathers_messages_until_it_ends(aws, mapped):
    aws("stepwell").set_clock(Mode="frozen")
    mapped(BatchSize=100, MaximumBatchingWindowInSeconds=10)
    mapped.send("a", "b")
    mapped.settle()
    assert mapped.batches() == []
    assert mapped.left() == (0, 2)

    mapped.send("c")
    aws.advance(11)
    mapped.settle()

    assert [[record["body"] for record in batch] for batch in mapped.batches()] == [["a", "b", "c"]]
    assert mapped.left() == (0, 0)


def test_a_full_batch_does_not_wait_for_its_window(aws, mapped):
    aws("stepwell").set_clock(Mode="frozen")
    mapped(BatchSize=12, MaximumBatchingWindowInSeconds=300)

    mapped.send(*(f"{n:02}" for n in range(13)))

    mapped.settle()
    assert mapped.bodies() == [f"{n:02}" for n in range(12)]
    assert mapped.left() == (0, 1)


def test_each_group_of_a_fifo_queue_is_handed_over_in_order(mapped):
    mapped(queue={"FifoQueue": "true", "ContentBasedDeduplication": "true"}, name="work.fifo", BatchSize=1)

    for n in range(4):
        for group in "xy":
            mapped.send(f"{group}{n}", MessageGroupId=group)

    mapped.settle()
    firsts = {"x": [], "y": []}
    for (record,) in mapped.batches():
        firsts[record["body"][0]].append(record["body"])
    assert firsts == {"x": ["x0", "x1", "x2", "x3"], "y": ["y0", "y1", "y2", "y3"]}


def test_a_disabled_mapping_leaves_the_messages_alone(aws, mapped):
    uuid = mapped()
    answer = aws("lambda").update_event_source_mapping(UUID=uuid, Enabled=False)
    mapped.settle()

    mapped.send("a")

    mapped.settle()
    assert answer["State"] == "Disabling"
    assert aws("lambda").get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    assert mapped.left() == (1, 0)


def test_a_deleted_mapping_is_gone(aws, mapped):
    uuid = mapped()

    answer = aws("lambda").delete_event_source_mapping(UUID=uuid)

    mapped.settle()
    mapped.send("a")
    mapped.settle()
    assert answer["State"] == "Deleting"
    assert mapped.left() == (1, 0)
    with pytest.raises(ClientError, match="The resource you requested does not exist"):
        aws("lambda").get_event_source_mapping(UUID=uuid)


def test_no_more_batches_are_at_the_function_than_the_maximum_concurrency(aws, create):
    url = aws("sqs").create_queue(QueueName="work")["QueueUrl"]
    gate = aws("sqs").create_queue(QueueName="gate")["QueueUrl"]
    create(GATED, Timeout=30)
    aws("lambda").create_event_source_mapping(
        EventSourceArn=f"arn:aws:sqs:us-east-1:{aws.account}:work",
        FunctionName="f",
        BatchSize=1,
        ScalingConfig={"MaximumConcurrency": 2},
    )
    began = aws("sqs").create_queue(QueueName="began")["QueueUrl"]
    for n in range(4):
        aws("sqs").send_message(QueueUrl=url, MessageBody=str(n))

    for _ in range(2):
        assert aws("sqs").receive_message(QueueUrl=began, WaitTimeSeconds=20)["Messages"]

    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    shown = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert [shown[name] for name in names] == ["2", "2"]
    for _ in range(4):
        aws("sqs").send_message(QueueUrl=gate, MessageBody="go")
    aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=25, Skip=False)
    assert aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"] == {
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
    }


def test_a_mapping_is_shown_as_aws_shows_it(aws, create):
    aws("sqs").create_queue(QueueName="work")
    function = create(SOURCE)["FunctionArn"]
    arn = f"arn:aws:sqs:us-east-1:{aws.account}:work"

    made = aws("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName="f", ScalingConfig={"MaximumConcurrency": 2}
    )

    status = made.pop("ResponseMetadata")["HTTPStatusCode"]
    uuid = made["UUID"]
    del made["LastModified"]
    assert status == 202
    assert made == {
        "UUID": uuid,
        "BatchSize": 10,
        "MaximumBatchingWindowInSeconds": 0,
        "EventSourceArn": arn,
        "EventSourceMappingArn": f"arn:aws:lambda:us-east-1:{aws.account}:event-source-mapping:{uuid}",
        "FunctionArn": function,
        "FunctionResponseTypes": [],
        "ScalingConfig": {"MaximumConcurrency": 2},
        "State": "Creating",
        "StateTransitionReason": "USER_INITIATED",
    }
    aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)
    assert aws("lambda").get_event_source_mapping(UUID=uuid)["State"] == "Enabled"


def test_a_mapping_moves_to_another_function(aws, create, mapped):
    uuid = mapped(fail="raise")
    create(SOURCE, name="g")

    changed = aws("lambda").update_event_source_mapping(UUID=uuid, FunctionName="g", BatchSize=1)

    mapped.settle()
    mapped.send("bad")
    mapped.settle()
    assert (changed["State"], changed["BatchSize"]) == ("Updating", 1)
    assert changed["FunctionArn"].endswith(":function:g")
    assert mapped.left() == (0, 0)


def test_mappings_are_listed_by_function_and_source_and_page_by_page(aws, create):
    create(SOURCE)
    for name in "abc":
        aws("sqs").create_queue(QueueName=name)
        arn = f"arn:aws:sqs:us-east-1:{aws.account}:{name}"
        aws("lambda").create_event_source_mapping(EventSourceArn=arn, FunctionName="f")
    listed = aws("lambda").list_event_source_mappings

    first = listed(FunctionName="f", MaxItems=2)
    second = listed(FunctionName="f", MaxItems=2, Marker=first["NextMarker"])

    found = [one["EventSourceArn"][-1] for page in (first, second) for one in page["EventSourceMappings"]]
    assert found == ["a", "b", "c"]
    assert len(listed(EventSourceArn=arn)["EventSourceMappings"]) == 1
    assert listed(FunctionName="g")["EventSourceMappings"] == []


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        ({"FunctionName": "nobody"}, "InvalidParameterValueException", "Function does not exist"),
        ({"EventSourceArn": "arn:aws:s3:::b"}, "InvalidParameterValueException", "Unrecognized event source."),
        (
            {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:none"},
            "InvalidParameterValueException",
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist.",
        ),
        (
            {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "StartingPosition": "LATEST"},
            "NotImplementedException",
            "Stepwell does not emulate lambda:CreateEventSourceMapping with a source in kinesis.",
        ),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:x"}}},
            "InvalidParameterValueException",
            "Unsupported DestinationConfig parameter for given event source mapping type.",
        ),
        (
            {"MaximumRetryAttempts": 1},
            "InvalidParameterValueException",
            "Unsupported MaximumRetryAttempts parameter for given event source mapping type.",
        ),
        (
            {"BatchSize": 11},
            "InvalidParameterValueException",
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"body": "x"}'}]}},
            "InvalidParameterValueException",
            "Invalid filter pattern definition.",
        ),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(aws, create, settings, code, message):
    create(SOURCE)
    aws("sqs").create_queue(QueueName="work")
    wanted = {"EventSourceArn": f"arn:aws:sqs:us-east-1:{aws.account}:work", "FunctionName": "f", **settings}

    with pytest.raises(ClientError) as refused:
        aws("lambda").create_event_source_mapping(**wanted)

    assert refused.value.response["Error"] == {"Code": code, "Message": message}


def test_a_second_mapping_of_the_same_queue_and_function_is_refused(aws, mapped):
    uuid = mapped()

    with pytest.raises(ClientError) as refused:
        aws("lambda").create_event_source_mapping(EventSourceArn=mapped.arn, FunctionName="f")

    error = refused.value.response["Error"]
    assert error["Code"] == "ResourceConflictException"
    assert error["Message"].endswith(f"Please update or delete the existing mapping with UUID {uuid}")


def test_a_queue_that_hides_messages_for_less_than_the_function_may_run_is_refused(aws, create):
    create(SOURCE, Timeout=60)
    aws("sqs").create_queue(QueueName="work")

    with pytest.raises(ClientError, match="visibility timeout: 30 seconds is less than Function timeout: 60 seconds"):
        aws("lambda").create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:us-east-1:{aws.account}:work", FunctionName="f"
        )
