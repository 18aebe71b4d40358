"""Conditions of requests: on the object that is read or copied, and on the one that is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emulator.clock import to_micros
from emulator.services.s3.model.errors import (
    header_not_implemented,
    no_such_key,
    not_modified,
    precondition_failed,
)

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Conditions:
    """The four conditions of a read, all optional; moments are aware."""

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: datetime | None = None
    if_unmodified_since: datetime | None = None

    def check_read(self, etag: str, modified: int, now: int) -> None:
        """Raise PreconditionFailed or NotModified (API reference, GetObject; RFC 7232 section 6).

        `modified` and `now` are microseconds; an HTTP date knows seconds only, so does the comparison.
        """
        failed = self._failed(etag, modified, now)
        if failed in ("If-Match", "If-Unmodified-Since"):
            raise precondition_failed(failed)
        if failed is not None:
            raise not_modified()

    def check_copy(self, etag: str, modified: int, now: int) -> None:
        """Raise PreconditionFailed where a copy's source is not as asked (API reference, CopyObject)."""
        failed = self._failed(etag, modified, now)
        if failed is not None:
            raise precondition_failed(f"x-amz-copy-source-{failed}")

    def _failed(self, etag: str, modified: int, now: int) -> str | None:
        second = modified // _SECOND * _SECOND
        if self.if_match is not None:
            if not _names(self.if_match, etag):
                return "If-Match"
        elif self.if_unmodified_since is not None and second > to_micros(self.if_unmodified_since):
            return "If-Unmodified-Since"
        if self.if_none_match is not None:
            if _names(self.if_none_match, etag):
                return "If-None-Match"
        elif self.if_modified_since is not None and second <= to_micros(self.if_modified_since) <= now:
            return "If-Modified-Since"
        return None


def check_write_headers(if_match: str | None, if_none_match: str | None) -> None:
    """Raise S3's NotImplemented for conditions of a write that it does not have."""
    if if_match is not None and if_none_match is not None:
        raise header_not_implemented(
            "If-Match,If-None-Match", "Multiple conditional request headers present in the request"
        )
    for header, value, wrong in (
        ("If-None-Match", if_none_match, if_none_match not in (None, "*")),
        ("If-Match", if_match, if_match == "*"),
    ):
        if value is not None and wrong:
            raise header_not_implemented(header, f"We don't accept the provided value of {header} header for this API")


def check_write(key: str, etag: str | None, if_match: str | None, if_none_match: str | None) -> None:
    """Raise where the object now under `key` (its `etag`, None: no object) is not as the writer wants it."""
    if if_none_match is not None and etag is not None:
        raise precondition_failed("If-None-Match")
    if if_match is not None:
        if etag is None:
            raise no_such_key(key)
        if not _names(if_match, etag):
            raise precondition_failed("If-Match")


def _names(header: str, etag: str) -> bool:
    """Whether a list of ETags, quoted or not, or `*`, names this one."""
    return header.strip() == "*" or any(part.strip().strip('"') == etag for part in header.split(","))
