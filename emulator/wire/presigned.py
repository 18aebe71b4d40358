"""Whether a presigned URL of S3 is complete and has not expired; its signature is not checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from emulator.errors import AwsError

_SIGNED_AT = "%Y%m%dT%H%M%SZ"
_SHOWN = "%Y-%m-%dT%H:%M:%SZ"
_V4 = frozenset(
    {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"}
)
_V2 = frozenset({"Signature", "Expires", "AWSAccessKeyId"})


def require_valid(query: str, now: datetime) -> None:
    """Raise AuthorizationQueryParametersError or AccessDenied where the query is that of a presigned URL of S3
    (signature version 4 or 2) which lacks something or has expired.

    `now` is wall time, as the signer's: a link made after an account's time was advanced must work.
    """
    if "X-Amz-" not in query and "Signature=" not in query and "Expires=" not in query:
        return
    given = dict(parse_qsl(query, keep_blank_values=True))
    _require_complete(given)
    expires = _expiry(given)
    if expires is None or now < expires:
        return
    fields = {"Expires": expires.strftime(_SHOWN), "ServerTime": now.strftime(_SHOWN)}
    if "X-Amz-Expires" in given:
        fields["X-Amz-Expires"] = given["X-Amz-Expires"]
    raise AwsError("AccessDenied", "Request has expired", status=403, fields=fields)


def _require_complete(given: Mapping[str, str]) -> None:
    if given.keys() & _V4:
        if not given.keys() >= _V4:
            raise _wrong(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            )
        scope = given["X-Amz-Credential"].rsplit("/", 4)
        if len(scope) != 5 or scope[4] != "aws4_request":
            raise _wrong(
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
            )
    elif given.keys() & _V2 and not given.keys() >= _V2:
        raise AwsError(
            "AccessDenied",
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
            status=403,
        )


def _wrong(message: str) -> AwsError:
    return AwsError("AuthorizationQueryParametersError", message, status=400)


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
