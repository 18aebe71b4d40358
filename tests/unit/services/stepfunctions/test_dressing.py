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


def test_a_member_that_the_api_does_not_have_is_refused() -> None:
    with pytest.raises(AwsError) as refused:
        parameters("sqs", "SendMessage", {"queueUrl": "q"})

    assert refused.value.code == "States.Runtime"
    assert 'The field "queueUrl" is not supported by Step Functions' in refused.value.message


def test_blobs_are_text_or_json_and_moments_are_iso_or_seconds() -> None:
    assert parameters("lambda", "Invoke", {"Payload": {"a": 1}}) == {"Payload": b'{"a":1}'}
    assert parameters("s3", "PutObject", {"Body": "é"}) == {"Body": "é".encode()}
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for given in ("2026-01-01T00:00:00Z", moment.timestamp()):
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


def test_text_stays_text_and_anything_else_becomes_json() -> None:
    assert (text_of("x"), text_of({"a": "é"}), text_of(None)) == ("x", '{"a":"é"}', "null")
