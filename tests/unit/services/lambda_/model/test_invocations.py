from __future__ import annotations

import base64

import pytest

from emulator.errors import AwsError
from emulator.services.lambda_.model.invocations import (
    Ended,
    error_message,
    invocation_record,
    require_client_context,
    require_payload,
)


@pytest.mark.parametrize(
    "payload",
    [b"{}", b"null", b'"\\ud800"', b"1e400", b"123456789012345678901234567890", b' [1, "\xc3\xa4"] '],
)
def test_a_payload_is_kept_as_it_was_written(payload: bytes) -> None:
    assert require_payload(payload, "RequestResponse").encode() == payload


@pytest.mark.parametrize("payload", [b"{", b"NaN", b"\xff", b"{'a': 1}", b"1 2", b"[" * 100_000])
def test_a_payload_that_is_no_json_is_refused(payload: bytes) -> None:
    with pytest.raises(AwsError) as caught:
        require_payload(payload, "RequestResponse")

    assert caught.value.code == "InvalidRequestContentException"


def test_an_event_without_payload_is_an_empty_object() -> None:
    assert require_payload(b"", "Event") == "{}"
    assert require_payload(b"", "RequestResponse") == ""


@pytest.mark.parametrize(("kind", "most"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
def test_a_payload_has_a_largest_size(kind: str, most: int) -> None:
    fitting = b'"%s"' % (b"x" * (most - 2))

    assert len(require_payload(fitting, kind)) == most
    with pytest.raises(AwsError) as caught:
        require_payload(fitting + b" ", kind)
    assert caught.value.code == "RequestEntityTooLargeException"


def test_the_client_context_is_json_in_base_64() -> None:
    assert require_client_context(base64.b64encode(b'{"a":1}').decode()) == '{"a":1}'
    assert require_client_context("") is None
    with pytest.raises(AwsError):
        require_client_context("no base 64")


@pytest.mark.parametrize(
    "ended",
    [
        Ended("$LATEST", '"\udc80"', "Unhandled", b"\xff\n"),
        Ended("1", error=("ServiceException", "lost")),
    ],
)
def test_an_end_survives_being_a_row(ended: Ended) -> None:
    assert Ended.load(ended.dump()) == ended


def test_a_record_of_an_event_that_was_lost_has_no_response() -> None:
    record = invocation_record(
        arn="arn",
        version="$LATEST",
        request_id="id",
        condition="RetriesExhausted",
        tries=3,
        request='{"a":1}',
        response=None,
        function_error=None,
        timestamp="2026-01-01T00:00:00.000Z",
    )

    assert record["requestPayload"] == {"a": 1}
    assert record.keys().isdisjoint({"responseContext", "responsePayload"})


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ('{"errorMessage": "no"}', "no"),
        ('{"errorMessage": null}', ""),
        ("[]", ""),
        (None, ""),
        ('{"errorMessage": "%s"}' % ("ä" * 600), "ä" * 512),
    ],
)
def test_an_error_message_is_cut_at_a_kilobyte(response: str | None, expected: str) -> None:
    assert error_message(response) == expected
