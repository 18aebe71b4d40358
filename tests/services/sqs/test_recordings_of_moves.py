"""Message move tasks, held against what AWS answered."""

import base64
import json

import pytest


@pytest.fixture
def dead_letters(sqs, queue, arn_of):
    """Queues whose dead-letter queue has received `each` messages from each: (dead-letter URL, its ARN, URLs)."""

    def make(sources, each):
        dead = queue("dead")
        arn = arn_of(dead)
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
        urls = [queue(f"source-{at}", RedrivePolicy=policy, VisibilityTimeout=0) for at in range(sources)]
        for url in urls:
            for number in range(each):
                sqs.send_message(QueueUrl=url, MessageBody=f"message-{number}")
            for _ in range(2 * each):
                sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return dead, arn, urls

    return make


def settled(sqs, arn):
    """The tasks once none is running; the work is done between the calls."""
    while True:
        answer = sqs.list_message_move_tasks(SourceArn=arn)
        if answer["Results"][0]["Status"] != "RUNNING":
            return answer


@pytest.mark.recording("sqs", "test_move_task_workflow_with_default_destination")
def test_messages_go_back_to_their_source(sqs, arn_of, dead_letters, bodies, recorded):
    _, arn, urls = dead_letters(1, 2)

    started = sqs.start_message_move_task(SourceArn=arn)
    listed = settled(sqs, arn)

    recorded.agree(
        "test_move_task_workflow_with_default_destination",
        source_arn=arn,
        original_source=arn_of(urls[0]),
        start_message_move_task_response=started,
        list_message_move_task_response=listed,
    )
    assert sorted(bodies(urls[0])) == ["message-0", "message-1"]


@pytest.mark.recording("sqs", "test_move_task_workflow_with_multiple_sources_as_default_destination")
def test_messages_go_back_to_several_sources(sqs, arn_of, dead_letters, bodies, recorded):
    _, arn, urls = dead_letters(2, 2)

    started = sqs.start_message_move_task(SourceArn=arn)
    listed = settled(sqs, arn)

    recorded.agree(
        "test_move_task_workflow_with_multiple_sources_as_default_destination",
        source_arn=arn,
        original_source_1=arn_of(urls[0]),
        original_source_2=arn_of(urls[1]),
        start_message_move_task_response=started,
        list_message_move_task_response=listed,
    )
    assert [len(bodies(url)) for url in urls] == [2, 2]


@pytest.mark.recording("sqs", "test_move_task_with_throughput_limit", "test_move_task_cancel")
def test_a_task_with_a_rate_can_be_cancelled(sqs, queue, arn_of, dead_letters, aws, recorded):
    aws("stepwell").set_clock(Mode="frozen")
    _, arn, _ = dead_letters(1, 10)
    target = arn_of(queue("target"))

    started = sqs.start_message_move_task(SourceArn=arn, DestinationArn=target, MaxNumberOfMessagesPerSecond=1)
    aws.advance(1)
    running = sqs.list_message_move_tasks(SourceArn=arn)
    cancelled = sqs.cancel_message_move_task(TaskHandle=started["TaskHandle"])
    aws.advance(6)
    after = sqs.list_message_move_tasks(SourceArn=arn)

    recorded.agree("test_move_task_with_throughput_limit", start_message_move_task_response=started)
    recorded.agree("test_move_task_cancel", list_while=running, cancel=cancelled)
    recorded.unchecked |= {"ApproximateNumberOfMessagesMoved"}  # AWS went on for a while: here a task ends at once.
    recorded.agree("test_move_task_cancel", list_after=after)
    assert after["Results"][0]["Status"] == "CANCELLED"
    assert after["Results"][0]["ApproximateNumberOfMessagesMoved"] == 2
    assert "TaskHandle" not in after["Results"][0]


@pytest.mark.recording("sqs", "test_source_needs_redrive_policy")
def test_only_a_dead_letter_queue_can_be_the_source(sqs, queue, arn_of, recorded, error_of):
    error = error_of(sqs.start_message_move_task, SourceArn=arn_of(queue("plain")))

    recorded.agree("test_source_needs_redrive_policy", error=error)


@pytest.mark.recording(
    "sqs",
    "test_cancel_with_invalid_task_handle",
    "test_cancel_with_invalid_source_arn_in_task_handle",
)
def test_handles_of_tasks_are_checked(sqs, queue, recorded, error_of):
    said = {"taskId": "x", "sourceArn": "arn:aws:sqs:us-east-1:000000000000:nowhere"}
    elsewhere = base64.b64encode(json.dumps(said).encode()).decode()

    nonsense = error_of(sqs.cancel_message_move_task, TaskHandle="foobared")
    nowhere = error_of(sqs.cancel_message_move_task, TaskHandle=elsewhere)

    recorded.agree("test_cancel_with_invalid_task_handle", error=nonsense)
    recorded.agree("test_cancel_with_invalid_source_arn_in_task_handle", error=nowhere)
