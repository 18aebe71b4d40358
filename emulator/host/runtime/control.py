"""The records between the host and the zygote; descriptors travel beside a FORK record."""

from __future__ import annotations

import struct

FORK = b"F"  # host to zygote: start a worker on the two descriptors that come with it
KILL = b"K"  # host to zygote: end a worker and everything it started
PRELOAD = b"P"  # host to zygote: import the AWS SDK, for the workers to come
STARTED = b"S"  # zygote to host: the number is the process id
EXITED = b"X"  # zygote to host: the number is the wait status

_REQUEST = struct.Struct("!cI")
_REPORT = struct.Struct("!cIIq")
REQUEST_BYTES = _REQUEST.size
REPORT_BYTES = _REPORT.size


def encode_request(kind: bytes, token: int) -> bytes:
    """A record to the zygote about the worker the host calls `token`."""
    return _REQUEST.pack(kind, token)


def decode_request(data: bytes) -> tuple[bytes, int]:
    """Kind and token of a record to the zygote."""
    kind, token = _REQUEST.unpack(data)
    return kind, token


def encode_report(kind: bytes, token: int, number: int, peak_kib: int = 0) -> bytes:
    """A record to the host; `peak_kib` is the worker's largest resident size."""
    return _REPORT.pack(kind, token, number, peak_kib)


def decode_report(data: bytes) -> tuple[bytes, int, int, int]:
    """Kind, token, number and peak resident KiB of a record to the host."""
    kind, token, number, peak_kib = _REPORT.unpack(data)
    return kind, token, number, peak_kib
