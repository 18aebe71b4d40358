"""Whether a presigned URL is complete, and when it has expired."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emulator.errors import AwsError
from emulator.wire.presigned import require_valid

REST = "X-Amz-Algorithm=A&X-Amz-Credential=test/20260101/us-east-1/s3/aws4_request&X-Amz-SignedHeaders=host"
SIGNED = f"{REST}&X-Amz-Signature=0"
V4 = f"{SIGNED}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60"
V2 = "AWSAccessKeyId=test&Signature=0&Expires=1767225660"


@pytest.mark.parametrize("query", [V4, V2])
def test_a_link_holds_until_its_last_second(query: str) -> None:
    require_valid(query, datetime(2026, 1, 1, 0, 0, 59, tzinfo=UTC))

    with pytest.raises(AwsError, match="Request has expired") as refused:
        require_valid(query, datetime(2026, 1, 1, 0, 1, tzinfo=UTC))

    assert refused.value.fields["Expires"] == refused.value.fields["ServerTime"] == "2026-01-01T00:01:00Z"


@pytest.mark.parametrize(
    "query",
    [
        "response-expires=Thu&list-type=2",
        f"{SIGNED}&X-Amz-Date=today&X-Amz-Expires=60",
        f"{SIGNED}&X-Amz-Date=20260101T000000Z&X-Amz-Expires=9999999999999999",
        "AWSAccessKeyId=test&Signature=0&Expires=soon",
    ],
)
def test_what_names_no_time_does_not_expire(query: str) -> None:
    require_valid(query, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Expires=1", "AccessDenied"),
        ("X-Amz-Expires=60&X-Amz-Signature=0", "AuthorizationQueryParametersError"),
        (V4.replace("/s3/", "%252Fs3%252F"), "AuthorizationQueryParametersError"),
    ],
)
def test_a_link_that_lacks_something_is_refused(query: str, code: str) -> None:
    with pytest.raises(AwsError) as refused:
        require_valid(query, datetime(2026, 1, 1, tzinfo=UTC))

    assert refused.value.code == code
