"""Queues and who may have them."""

import json
from urllib.parse import urlsplit


def test_the_url_names_account_and_queue(aws, queue, running):
    url = queue("named")

    assert url == f"{running.url}/{aws.account}/named"


def test_any_host_is_accepted_in_a_queue_url(aws, sqs, queue, bodies):
    queue("named")
    elsewhere = f"https://sqs.us-east-1.amazonaws.com/{aws.account}/named"

    sqs.send_message(QueueUrl=elsewhere, MessageBody="hello")

    assert bodies(elsewhere) == ["hello"]


def test_a_url_of_no_queue_is_refused(sqs, error_of):
    error = error_of(sqs.purge_queue, QueueUrl="nonsense")["Error"]

    assert error["Code"] == "InvalidAddress"


def test_the_same_queue_again_is_no_error(sqs, queue):
    first = queue("same", DelaySeconds=5)

    assert queue("same", DelaySeconds=5) == first
    assert queue("same") == first


def test_regions_do_not_see_each_other(aws, sqs, queue, error_of):
    queue("named")

    error = error_of(aws("sqs", region="eu-west-1").get_queue_url, QueueName="named")["Error"]

    assert error["QueryErrorCode"] == "QueueDoesNotExist"


def test_another_account_reaches_a_queue_by_its_url(running, sqs, queue, bodies):
    url = queue("shared")
    other = running.client("sqs", "999999999999")

    other.send_message(QueueUrl=url, MessageBody="from abroad")
    message = sqs.receive_message(QueueUrl=url, AttributeNames=["SenderId"])["Messages"][0]

    assert message["Body"] == "from abroad"
    assert message["Attributes"]["SenderId"] == "999999999999"


def test_names_are_checked(sqs, error_of):
    def message(name, **attributes):
        return error_of(sqs.create_queue, QueueName=name, Attributes=attributes)["Error"]["Message"]

    assert message("a b") == ("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
    assert message("plain.fifo") == message("a b")
    assert "must end with .fifo suffix" in message("plain", FifoQueue="true")


def test_values_of_attributes_are_checked(sqs, error_of):
    def error(**attributes):
        return error_of(sqs.create_queue, QueueName="wrong", Attributes=attributes)["Error"]

    for name, value in (
        ("DelaySeconds", "901"),
        ("VisibilityTimeout", "43201"),
        ("MessageRetentionPeriod", "59"),
        ("MaximumMessageSize", "1023"),
        ("ReceiveMessageWaitTimeSeconds", "21"),
        ("SqsManagedSseEnabled", "perhaps"),
    ):
        assert error(**{name: value})["Code"] == "InvalidAttributeValue"
        assert error(**{name: value})["Message"] == f"Invalid value for the parameter {name}."
    assert error(Nonsense="1")["Message"] == "Unknown Attribute Nonsense."


def test_a_deleted_queue_takes_its_messages_along(sqs, queue, bodies):
    url = queue("brief")
    sqs.send_message(QueueUrl=url, MessageBody="lost")
    sqs.delete_queue(QueueUrl=url)

    assert bodies(queue("brief")) == []


def test_a_purge_deletes_messages_in_flight_too(sqs, queue, bodies, aws):
    url = queue()
    for body in ("a", "b"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    bodies(url, MaxNumberOfMessages=1)

    sqs.purge_queue(QueueUrl=url)
    aws.advance(61)

    assert bodies(url) == []
    sqs.purge_queue(QueueUrl=url)


def test_permissions_are_statements_of_the_policy(sqs, queue, arn_of, error_of):
    url = queue()
    sqs.add_permission(QueueUrl=url, Label="friends", AWSAccountIds=["111122223333"], Actions=["SendMessage"])

    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    sqs.remove_permission(QueueUrl=url, Label="friends")

    assert json.loads(answer["Attributes"]["Policy"])["Statement"] == [
        {
            "Sid": "friends",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "SQS:SendMessage",
            "Resource": arn_of(url),
        }
    ]
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    assert error_of(sqs.remove_permission, QueueUrl=url, Label="friends")["Error"]["Code"] == "InvalidParameterValue"


def test_an_unknown_attribute_name_is_refused(sqs, queue, error_of):
    error = error_of(sqs.get_queue_attributes, QueueUrl=queue(), AttributeNames=["Nonsense"])["Error"]

    assert error["Message"] == "Unknown Attribute Nonsense."


def test_the_query_protocol_is_served_as_well(running, aws, queue):
    from urllib.request import Request, urlopen

    url = queue("old-clients")
    scope = f"Credential={aws.account}/20260101/us-east-1/sqs/aws4_request"
    request = Request(
        running.url + urlsplit(url).path,
        data=b"Action=SendMessage&Version=2012-11-05&MessageBody=hello",
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=x",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )

    with urlopen(request) as response:
        text = response.read().decode()

    assert "<MD5OfMessageBody>5d41402abc4b2a76b9719d911017c592</MD5OfMessageBody>" in text
