"""Ranges of bytes: of an object that is read, of a source that is copied."""

from __future__ import annotations

import re

from emulator.errors import AwsError
from emulator.services.s3.model.errors import invalid_argument, invalid_request

_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")


def find_range(header: str | None, size: int) -> tuple[int, int] | None:
    """(offset, length) that a Range header asks for; None for the whole object.

    A header that is not one range of bytes is ignored (RFC 7233 section 3.1). Raises InvalidRange where nothing of
    the object is in it.
    """
    match = _RANGE.match(header) if header else None
    if match is None or header is None:
        return None
    first, last = match.groups()
    if first and last and int(first) > int(last):
        return None
    if not first and not last:
        return None
    if first:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        raise AwsError(
            "InvalidRange",
            "The requested range is not satisfiable",
            status=416,
            fields={"ActualObjectSize": size, "RangeRequested": header},
        )
    return start, end - start + 1


def require_copy_range(header: str, size: int) -> tuple[int, int]:
    """(offset, length) of x-amz-copy-source-range, which has both ends; raises InvalidArgument, InvalidRequest."""
    match = _RANGE.match(header)
    if match is None or not (match[1] and match[2]) or int(match[1]) > int(match[2]):
        raise invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are "
            "the zero-based offsets of the first and last bytes to copy",
            "x-amz-copy-source-range",
            header,
        )
    start, end = int(match[1]), int(match[2])
    if start >= size:
        raise invalid_request("The specified copy range is invalid for the source object size")
    if end >= size:
        raise invalid_argument(
            f"Range specified is not valid for source object of size: {size}", "x-amz-copy-source-range", header
        )
    return start, end - start + 1
