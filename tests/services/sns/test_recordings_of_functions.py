"""Functions as subscribers, held against what AWS answered."""

import json

import pytest

ECHO = "def handler(event, context):\n    return event\n"


@pytest.mark.recording("sns", "test_python_lambda_subscribe_sns_topic")
def test_a_function_is_called_with_the_notification(aws, sns, sqs, topic, queue, recorded):
    arn, (url, queue_arn) = topic(), queue()
    sns.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=aws.function(ECHO))
    aws("lambda").put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnSuccess": {"Destination": queue_arn}}
    )

    sns.publish(TopicArn=arn, Subject="[Subject] Test subject", Message="Hello world.")
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]

    (record,) = json.loads(message["Body"])["requestPayload"]["Records"]
    recorded.agree("test_python_lambda_subscribe_sns_topic", notification=record["Sns"])


@pytest.mark.recording("sns", "test_sns_topic_as_lambda_dead_letter_queue")
def test_a_topic_gets_the_dead_letters_of_a_function(aws, sns, sqs, topic, queue, recorded):
    source, letters, (url, queue_arn) = topic("source"), topic("letters"), queue()
    arn = aws.function(
        "def handler(event, context):\n    raise Exception('Test exception (this is intentional)')\n",
        DeadLetterConfig={"TargetArn": letters},
    )
    aws("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
    sns.subscribe(TopicArn=source, Protocol="lambda", Endpoint=arn)
    sns.subscribe(TopicArn=letters, Protocol="sqs", Endpoint=queue_arn)

    sns.publish(TopicArn=source, Message=json.dumps({"raise_error": 1}))
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)

    recorded.agree(
        "test_sns_topic_as_lambda_dead_letter_queue",
        lambda_response_dlq_config=aws("lambda").get_function(FunctionName="f")["Configuration"]["DeadLetterConfig"],
        messages=received,
    )
