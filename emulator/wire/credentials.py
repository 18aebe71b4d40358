"""Who calls: access key, region and service of a request's credential scope; signatures are not checked."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote


class Credential(NamedTuple):
    """`<access key>/<date>/<region>/<service>/aws4_request`; region and service are None if not signed v4."""

    access_key: str
    region: str | None
    service: str | None


@lru_cache(maxsize=4096)
def parse(scope: str) -> Credential:
    """The credential of a scope text."""
    parts = scope.rsplit("/", 4)
    if len(parts) == 5 and parts[4] == "aws4_request":
        return Credential(parts[0], parts[2], parts[3])
    return Credential(parts[0], None, None)


def find_credential(headers: dict[str, str], query: str) -> Credential | None:
    """The credential of an Authorization header or of a presigned URL; None for an unsigned request."""
    if authorization := headers.get("authorization"):
        start = authorization.find("Credential=")
        if start >= 0:
            end = authorization.find(",", start)
            return parse(authorization[start + 11 : end if end >= 0 else None].strip())
        if authorization.startswith("AWS "):
            return Credential(authorization[4:].partition(":")[0], None, "s3")
    if query and (start := query.find("X-Amz-Credential=")) >= 0:
        return parse(unquote(query[start + 17 :].partition("&")[0]))
    if query and "AWSAccessKeyId=" in query and "Signature=" in query:
        return Credential(unquote(query.partition("AWSAccessKeyId=")[2].partition("&")[0]), None, "s3")
    return None
