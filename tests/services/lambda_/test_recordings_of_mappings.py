"""Event source mappings of queues, held against what AWS answered and what functions were given."""

import json

import pytest

# What the function was given goes to the queue "seen" with what becomes of it: a message fails as often as it says.
TELLING = """
import json
import boto3

sqs = boto3.client("sqs")


def tell(**what):
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="seen")["QueueUrl"], MessageBody=json.dumps(what))


def fails(record):
    return json.loads(record["body"])["fail_attempts"] >= int(record["attributes"]["ApproximateReceiveCount"])


def raising(event, context):
    error = "failed attempt" if any(map(fails, event["Records"])) else None
    tell(error=error, event=event)
    if error:
        raise Exception(error)


def reporting(event, context):
    failed = [{"itemIdentifier": record["messageId"]} for record in event["Records"] if fails(record)]
    result = {"batchItemFailures": failed}
    tell(event=event, result=result)
    return result


def empty(event, context):
    tell(event=event, result={})
    return {}


def invalid(event, context):
    result = {"batchItemFailures": [{"foo": "notvalid"}]}
    tell(event=event, result=result)
    return result


def reading(event, context):
    results = [json.loads(record["body"]) for record in event["Records"]]
    raise Exception("failed")
"""


class Mapped:
    """Queues of the account, and a function `f` that is mapped to one of them."""

    def __init__(self, aws, made):
        self.aws = aws
        self.sqs = aws("sqs")
        self.client = aws("lambda")
        self._made = made
        self.seen = self.queue("seen")
        self.asked = self.sqs.get_queue_url(QueueName="seen")

    def queue(self, name, **attributes):
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, name):
        return f"arn:aws:sqs:us-east-1:{self.aws.account}:{name}"

    def redriven(self, dead, times=1, **more):
        """Attributes of a queue whose messages go to the queue `dead` when they were received so often."""
        policy = {"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": times}
        return {"VisibilityTimeout": "30", "RedrivePolicy": json.dumps(policy), **more}

    def map(self, queue, handler="raising", **settings):
        self._made(source=TELLING, Handler=f"handler.{handler}", Timeout=10)
        return self.client.create_event_source_mapping(FunctionName="f", EventSourceArn=self.arn(queue), **settings)

    def received(self, url):
        """One receive; its messages are gone afterwards."""
        answer = self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20, MaxNumberOfMessages=10)
        for message in answer["Messages"]:
            self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return answer

    def told(self):
        """What the function has told in one message, its body read."""
        answer = self.received(self.seen)
        for message in answer["Messages"]:
            message["Body"] = json.loads(message["Body"])
        return answer

    def tried_twice(self, dead):
        """What the function told at the first try and at the second, and what is then in a dead-letter queue."""
        first = self.told()
        self.aws.advance(30)
        second = self.told()
        self.aws.advance(30)
        return first, second, self.received(dead)

    def settle(self):
        """Wait until nothing of the account is in hand."""
        assert self.aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)["Reached"]


@pytest.fixture
def mapped(aws, made):
    return Mapped(aws, made)


@pytest.mark.recording("lambda", "TestLambdaEventSourceMappings::test_function_name_variations")
def test_a_mapping_names_its_function_in_many_ways(aws, client, made, recorded):
    arn = made()["FunctionArn"]
    aws("sqs").create_queue(QueueName="q")
    client.publish_version(FunctionName="f")
    client.create_alias(FunctionName="f", Name="myalias", FunctionVersion="1")
    partial = f"{aws.account}:function:f"
    names = {
        "name_only": "f",
        "partial_arn_latest": f"{partial}:$LATEST",
        "partial_arn_version": f"{partial}:1",
        "partial_arn_alias": f"{partial}:myalias",
        "full_arn_latest": arn,
        "full_arn_version": f"{arn}:1",
        "full_arn_alias": f"{arn}:myalias",
    }
    for variation, name in names.items():
        answer = client.create_event_source_mapping(
            FunctionName=name, EventSourceArn=f"arn:aws:sqs:us-east-1:{aws.account}:q"
        )
        recorded.agree(**{f"{variation}_create_esm": answer})
        client.delete_event_source_mapping(UUID=answer["UUID"])
        aws.advance(0.001)


@pytest.mark.recording("lambda", "TestLambdaEventSourceMappings::test_event_source_mapping_exceptions")
def test_mappings_are_checked(aws, client, made, recorded, error_of):
    unknown = {"UUID": "7b9a1b2c-0000-4000-8000-000000000000"}
    create = client.create_event_source_mapping
    source = {"EventSourceArn": f"arn:aws:sqs:us-east-1:{aws.account}:q"}
    no_source = error_of(create, FunctionName="unknown")
    no_function = error_of(create, FunctionName="unknown", **source)
    made()
    aws("sqs").create_queue(QueueName="q")
    ends = {"OnSuccess": {"Destination": f"arn:aws:sqs:us-east-1:{aws.account}:q"}}

    recorded.agree(
        get_unknown_uuid=error_of(client.get_event_source_mapping, **unknown),
        delete_unknown_uuid=error_of(client.delete_event_source_mapping, **unknown),
        update_unknown_uuid=error_of(client.update_event_source_mapping, **unknown, Enabled=False),
        create_no_event_source_arn=no_source,
        create_unknown_params=no_function,
        destination_config_failure=error_of(create, FunctionName="f", DestinationConfig=ends, **source),
    )


@pytest.mark.recording("lambda", "TestLambdaEventSourceMappings::test_create_event_source_validation")
def test_the_starting_position_of_a_stream_is_checked(aws, client, made, recorded, error_of):
    made()
    arn = f"arn:aws:dynamodb:us-east-1:{aws.account}:table/t/stream/2026-01-01T00:00:00.000"

    def refused(**position):
        return error_of(client.create_event_source_mapping, FunctionName="f", EventSourceArn=arn, **position)

    recorded.agree(
        no_starting_position=refused(),
        invalid_starting_position=refused(StartingPosition="invalid"),
        incompatible_starting_position=refused(StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1.0),
    )


@pytest.mark.recording("lambda", "test_esm_with_not_existing_sqs_queue")
def test_the_queue_must_be_there(mapped, made, recorded, error_of):
    error = error_of(mapped.map, "unknown")

    recorded.agree(error=error)


@pytest.mark.recording("lambda", "test_fifo_message_group_parallelism")
def test_a_disabled_mapping_is_enabled(aws, client, mapped, recorded):
    mapped.queue("work.fifo", FifoQueue="true")
    created = mapped.map("work.fifo", BatchSize=1, Enabled=False)
    changed = client.update_event_source_mapping(UUID=created["UUID"], Enabled=True)
    aws.advance(0.001)

    recorded.agree(
        create_esm_disabled=created,
        update_esm_enabling=changed,
        get_esm_enabled=client.get_event_source_mapping(UUID=created["UUID"]),
    )


@pytest.mark.recording("lambda", "TestSQSEventSourceMapping::test_sqs_event_source_mapping")
def test_a_function_is_given_the_messages_of_a_queue(aws, mapped, recorded):
    url = mapped.queue("work")
    created = mapped.map("work", "empty", MaximumBatchingWindowInSeconds=1)
    mapped.sqs.send_message(QueueUrl=url, MessageBody='{"foo": "bar"}')
    aws.advance(1)

    (message,) = mapped.told()["Messages"]

    recorded.agree(create_event_source_mapping_response=created, events=[message["Body"]["event"]])


@pytest.mark.recording("lambda", "test_message_body_and_attributes_passed_correctly")
def test_a_function_is_given_the_attributes_of_a_message(mapped, recorded):
    url = mapped.queue("work")
    mapped.map("work", BatchSize=1)
    mapped.sqs.send_message(
        QueueUrl=url,
        MessageBody=json.dumps({"destination": mapped.seen, "fail_attempts": 0}),
        MessageAttributes={
            "Title": {"DataType": "String", "StringValue": "The Whistler"},
            "Author": {"DataType": "String", "StringValue": "John Grisham"},
            "WeeksOn": {"DataType": "Number", "StringValue": "6"},
        },
    )

    recorded.agree(get_destination_queue_url=mapped.asked, first_attempt=mapped.told())


@pytest.mark.recording("lambda", "test_failing_lambda_retries_after_visibility_timeout")
def test_a_failed_message_comes_again(aws, client, mapped, recorded):
    url = mapped.queue("work")
    uuid = mapped.map("work", BatchSize=1)["UUID"]
    aws.advance(0.001)
    shown = client.get_event_source_mapping(UUID=uuid)
    body = json.dumps({"destination": mapped.seen, "fail_attempts": 1})
    mapped.sqs.send_message(QueueUrl=url, MessageBody=body)
    first = mapped.told()
    aws.advance(30)

    recorded.agree(
        get_destination_queue_url=mapped.asked,
        event_source_mapping=shown,
        first_attempt=first,
        second_attempt=mapped.told(),
    )


@pytest.mark.recording("lambda", "test_redrive_policy_with_failing_lambda")
def test_a_message_that_fails_too_often_is_dead_lettered(mapped, recorded):
    dead = mapped.queue("dead")
    url = mapped.queue("work", **mapped.redriven("dead", 2))
    mapped.map("work", BatchSize=1)
    body = json.dumps({"destination": mapped.seen, "fail_attempts": 2})
    mapped.sqs.send_message(QueueUrl=url, MessageBody=body)
    first, second, letters = mapped.tried_twice(dead)

    recorded.agree(
        get_destination_queue_url=mapped.asked,
        first_attempt=first,
        second_attempt=second,
        dlq_response=letters,
    )


@pytest.mark.recording("lambda", "test_report_batch_item_failures")
def test_only_the_messages_that_failed_come_again(mapped, recorded):
    dead = mapped.queue("dead.fifo", FifoQueue="true")
    url = mapped.queue("work.fifo", **mapped.redriven("dead.fifo", 2, FifoQueue="true"))
    bodies = [{"message": number, "fail_attempts": fails} for number, fails in ((1, 0), (2, 1), (3, 1), (4, 2))]
    entries = [
        {
            "Id": f"message-{body['message']}",
            "MessageBody": json.dumps(body),
            "MessageGroupId": "1",
            "MessageDeduplicationId": f"dedup-{body['message']}",
        }
        for body in bodies
    ]
    sent = mapped.sqs.send_message_batch(QueueUrl=url, Entries=entries)
    created = mapped.map("work.fifo", "reporting", BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"])
    first, second, letters = mapped.tried_twice(dead)

    recorded.agree(
        get_destination_queue_url=mapped.asked,
        send_message_batch=sent,
        create_event_source_mapping=created,
        first_invocation=first,
        second_invocation=second,
        dlq_response=letters,
    )


@pytest.mark.recording("lambda", "test_report_batch_item_failures_empty_json_batch_succeeds")
def test_an_empty_answer_is_a_success(mapped, recorded):
    url = mapped.queue("work")
    mapped.map("work", "empty", FunctionResponseTypes=["ReportBatchItemFailures"])
    mapped.sqs.send_message(QueueUrl=url, MessageBody='{"message": 1, "fail_attempts": 0}')

    recorded.agree(get_destination_queue_url=mapped.asked, first_invocation=mapped.told())


@pytest.mark.recording("lambda", "test_report_batch_item_failures_invalid_result_json_batch_fails")
def test_an_answer_that_cannot_be_understood_fails_the_batch(mapped, recorded):
    dead = mapped.queue("dead")
    url = mapped.queue("work", **mapped.redriven("dead", 2))
    mapped.map("work", "invalid", FunctionResponseTypes=["ReportBatchItemFailures"])
    mapped.sqs.send_message(QueueUrl=url, MessageBody='{"message": 1, "fail_attempts": 0}')
    first, second, letters = mapped.tried_twice(dead)

    recorded.agree(
        get_destination_queue_url=mapped.asked,
        first_invocation=first,
        second_invocation=second,
        dlq_response=letters,
    )


@pytest.mark.recording("lambda", "test_report_batch_item_failures_on_lambda_error")
def test_a_function_that_raises_fails_the_batch(aws, mapped, recorded):
    dead = mapped.queue("dead")
    url = mapped.queue("work", **mapped.redriven("dead"))
    for body in ("{not a json body", '{"message": 2, "fail_attempts": 0}'):
        mapped.sqs.send_message(QueueUrl=url, MessageBody=body)
    mapped.map("work", "reading", FunctionResponseTypes=["ReportBatchItemFailures"])
    mapped.settle()
    aws.advance(30)
    mapped.settle()

    messages = sorted(mapped.received(dead)["Messages"], key=lambda message: message["Body"], reverse=True)
    recorded.agree(dlq_messages=messages)
