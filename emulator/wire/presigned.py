"""When a presigned URL has expired; its signature is not checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from emulator.errors import AwsError

_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_SHOWN = "%Y-%m-%dT%H:%M:%SZ"


def require_fresh(query: str, now: datetime) -> None:
    """Raise AccessDenied where the query is that of an expired presigned URL of S3 (signature version 4 or 2).

    `now` is wall time, as the signer's: a link made after an account's time was advanced must work. A query
    that has no expiry, or one that cannot be read, is none of ours to refuse.
    """
    if "Expires=" not in query:
        return
    given = dict(parse_qsl(query))
    expires = _expiry(given)
    if expires is None or now < expires:
        return
    fields = {"Expires": expires.strftime(_SHOWN), "ServerTime": now.strftime(_SHOWN)}
    if "X-Amz-Expires" in given:
        fields["X-Amz-Expires"] = given["X-Amz-Expires"]
    raise AwsError("AccessDenied", "Request has expired", status=403, fields=fields)


def _expiry(given: Mapping[str, str]) -> datetime | None:
    try:
        if "X-Amz-Signature" in given:
            signed = datetime.strptime(given["X-Amz-Date"], _SIGNED_AT).replace(tzinfo=UTC)
            return signed + timedelta(seconds=int(given["X-Amz-Expires"]))
        if "Signature" in given and "AWSAccessKeyId" in given:
            return datetime.fromtimestamp(int(given["Expires"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    return None
