"""Values between a workflow and an API."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.services.stepfunctions.integrations.dressing import from_api, text_of, to_api
from emulator.wire import models


def parameters(service: str, operation: str, given: dict[str, Any]) -> Any:
    return to_api(models.service(service).operations[operation].input, given)


def test_members_are_found_by_their_names_in_upper_case() -> None:
    given = {"StateMachineArn": "a", "Name": "n"}

    assert parameters("stepfunctions", "StartExecution", given) == {"stateMachineArn": "a", "name": "n"}


def test_members_keep_their_names_where_the_model_has_upper_case() -> None:
    assert parameters("sqs", "SendMessage", {"QueueUrl": "q"}) == {"QueueUrl": "q"}


def test_members_are_named_at_every_depth_but_not_the_keys_of_maps() -> None:
    given = {"Tags": [{"Key": "k", "Value": "v"}]}

    assert parameters("stepfunctions", "TagResource", given) == {"tags": [{"key": "k", "value": "v"}]}
    assert parameters("sqs", "TagQueue", {"Tags": {"Key": "v"}}) == {"Tags": {"Key": "v"}}


def test_members_that_the_api_does_not_have_are_refused_however_deep() -> None:
    with pytest.raises(AwsError) as refused:
        parameters("sqs", "SendMessage", {"queueUrl": "q", "MessageAttributes": {"n": {"Kind": "String"}}})

    assert refused.value.code == "States.Runtime"
    assert refused.value.message == (
        """The Parameters '{"queueUrl":"q","MessageAttributes":{"n":{"Kind":"String"}}}' could not be used to start """
        """the Task: [The field "queueUrl" is not supported by Step Functions, """
        """The field "Kind" is not supported by Step Functions]"""
    )


def test_what_is_no_unicode_is_sent_as_a_question_mark() -> None:
    given = {"MessageBody": "\ud800é", "MessageAttributes": {"\udc00": {"DataType": "\ud800"}}}

    assert parameters("sqs", "SendMessage", given) == {
        "MessageBody": "?é",
        "MessageAttributes": {"?": {"DataType": "?"}},
    }


def test_a_member_that_is_null_is_not_there_at_any_depth() -> None:
    given = {"DelaySeconds": None, "MessageAttributes": {"n": {"DataType": "String", "StringValue": None}}}

    assert parameters("sqs", "SendMessage", given) == {"MessageAttributes": {"n": {"DataType": "String"}}}


@pytest.mark.parametrize(("given", "sent"), [(5.0, 5), (5, 5), (1.5, 1.5), ("5", "5"), (1e400, 1e400)])
def test_a_whole_number_may_have_a_point(given: Any, sent: Any) -> None:
    params = parameters("sqs", "SendMessage", {"DelaySeconds": given})

    assert (params["DelaySeconds"], type(params["DelaySeconds"])) == (sent, type(sent))


@pytest.mark.parametrize("given", ["soon", 1e30, float("nan"), True])
def test_what_is_no_moment_is_left_to_the_service(given: Any) -> None:
    assert parameters("s3", "PutObject", {"Expires": given})["Expires"] is given


def test_blobs_are_text_or_json_and_moments_are_iso_or_seconds() -> None:
    assert parameters("lambda", "Invoke", {"Payload": {"a": 1}}) == {"Payload": b'{"a":1}'}
    assert parameters("s3", "PutObject", {"Body": "é"}) == {"Body": "é".encode()}
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for given in ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00", moment.timestamp()):
        assert parameters("s3", "PutObject", {"Expires": given}) == {"Expires": moment}


def result(service: str, operation: str, given: dict[str, Any]) -> Any:
    return from_api(models.service(service).operations[operation].output, given)


def test_members_of_a_result_are_named_at_every_depth_but_not_the_keys_of_maps() -> None:
    message = {"MD5OfBody": "m", "Attributes": {"SenderId": "s"}, "MessageAttributes": {"n": {"DataType": "String"}}}

    assert result("sqs", "ReceiveMessage", {"Messages": [message]}) == {
        "Messages": [
            {"Md5OfBody": "m", "Attributes": {"SenderId": "s"}, "MessageAttributes": {"n": {"DataType": "String"}}}
        ]
    }
    assert result("stepfunctions", "ListTagsForResource", {"tags": [{"key": "k", "value": "v"}]}) == {
        "Tags": [{"Key": "k", "Value": "v"}]
    }


def test_moments_and_bytes_of_a_result_are_text() -> None:
    given = {
        "Body": io.BytesIO(b"x"),
        "LastModified": datetime(2026, 1, 1, tzinfo=UTC),
        "ETag": None,
        "Metadata": {"a": "b"},
    }

    assert result("s3", "GetObject", given) == {
        "Body": "x",
        "LastModified": "2026-01-01T00:00:00Z",
        "Metadata": {"a": "b"},
    }
    started = {"startDate": datetime(2026, 1, 1, 0, 0, 1, 5000, tzinfo=UTC)}
    assert result("stepfunctions", "StartExecution", started) == {"StartDate": "2026-01-01T00:00:01.005Z"}


def test_the_status_of_an_answer_is_none_of_its_members() -> None:
    assert result("s3", "GetObject", {"ContentLength": 2, "HttpStatusCode": 206}) == {"ContentLength": 2}


def test_text_stays_text_and_anything_else_becomes_json() -> None:
    assert (text_of("x"), text_of({"a": "é"}), text_of(None)) == ("x", '{"a":"é"}', "null")
