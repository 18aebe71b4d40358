"""Errors on the wire, as AWS sends them."""

import json

from emulator.errors import AwsError
from emulator.wire import models
from emulator.wire.codec import encode_error

ID = "c2ae1b2f-5b7a-4b1e-9d5c-000000000000"


def test_an_sqs_error_carries_its_query_code_in_a_header() -> None:
    operation = models.service("sqs").operations["SendMessage"]

    response = encode_error(operation, "json", AwsError("QueueDoesNotExist", "The specified queue does not exist."), ID)

    assert response.status == 400
    assert ("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender") in response.headers
    assert json.loads(response.body) == {  # type: ignore[arg-type]
        "__type": "com.amazonaws.sqs#QueueDoesNotExist",
        "message": "The specified queue does not exist.",
    }


def test_an_error_may_be_raised_by_its_query_code() -> None:
    operation = models.service("sqs").operations["SendMessage"]

    response = encode_error(operation, "json", AwsError("MissingParameter", "m"), ID)

    assert json.loads(response.body)["__type"] == "com.amazonaws.sqs#MissingRequiredParameterException"  # type: ignore[arg-type]
    assert ("x-amzn-query-error", "MissingParameter;Sender") in response.headers


def test_the_query_protocol_of_sqs_says_the_same_in_xml() -> None:
    operation = models.service("sqs").over("query").operations["SendMessage"]

    response = encode_error(operation, "query", AwsError("PurgeQueueInProgress", "gone & <away>"), ID)

    assert response.body == (
        b'<ErrorResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><Error><Type>Sender</Type>'
        b"<Code>AWS.SimpleQueueService.PurgeQueueInProgress</Code>"
        b"<Message>gone &amp; &lt;away&gt;</Message></Error>"
        b"<RequestId>" + ID.encode() + b"</RequestId></ErrorResponse>"
    )


def test_a_text_that_a_protocol_has_for_itself_is_said() -> None:
    error = AwsError("QueueDoesNotExist", "The specified queue does not exist.")
    operations = {name: models.service("sqs").over(name).operations["SendMessage"] for name in ("json", "query")}

    texts = {name: encode_error(operation, name, error, ID).body for name, operation in operations.items()}

    assert b'"The specified queue does not exist."' in texts["json"]  # type: ignore[operator]
    assert b">The specified queue does not exist for this wsdl version.<" in texts["query"]  # type: ignore[operator]


def test_a_lambda_error_says_whose_fault_it_is() -> None:
    operation = models.service("lambda").operations["GetFunction"]

    response = encode_error(operation, "rest-json", AwsError("ResourceNotFoundException", "Function not found"), ID)

    assert response.status == 404
    assert ("x-amzn-ErrorType", "ResourceNotFoundException") in response.headers
    assert json.loads(response.body) == {"Type": "User", "Message": "Function not found"}  # type: ignore[arg-type]


def test_an_s3_error_keeps_the_fields_that_no_model_has() -> None:
    operation = models.service("s3").operations["GetObject"]
    error = AwsError("NoSuchKey", "The specified key does not exist.", fields={"Key": "a&b"})

    response = encode_error(operation, "rest-xml", error, ID)

    assert response.status == 404
    assert b"<Error><Code>NoSuchKey</Code>" in response.body  # type: ignore[operator]
    assert b"<Key>a&amp;b</Key>" in response.body  # type: ignore[operator]


def test_a_head_request_gets_an_error_without_a_body() -> None:
    operation = models.service("s3").operations["HeadObject"]

    response = encode_error(operation, "rest-xml", AwsError("404", "Not Found", status=404), ID)

    assert (response.status, response.body) == (404, b"")


def test_an_error_of_ours_is_a_500() -> None:
    response = encode_error(None, "json", AwsError("InternalFailure", "oops", fault="Receiver"), ID)

    assert response.status == 500
    assert json.loads(response.body) == {"__type": "InternalFailure", "message": "oops"}  # type: ignore[arg-type]
