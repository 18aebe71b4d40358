"""Objects of S3 as item readers read them: chunk by chunk, decompressed, the same object from first to last."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.dressing import to_api
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.wire import models

LARGEST = 10 * 1024**3  # bytes of an object (AWS: ItemReader, "maximum size of an individual file")
CHUNK = 32 * 1024  # bytes: what a few items need
PIECE = 16 * 1024  # of compressed bytes: one may become a thousand
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

Entries = Iterator[tuple[Any, Any]]
"""Items, each with the position that follows it (plain JSON)."""


class Bytes(Protocol):
    """The body of an object that is not in memory."""

    def chunks(self) -> Iterator[bytes]: ...


@dataclass(slots=True)
class Bucket:
    """The S3 calls of an ItemReader, in the transaction of `ctx`; `parameters` are those of its Resource.

    `source` is where the last item is from, as `$$.Map.Item.Source` has it (Step Functions Developer Guide, "Context
    object data for Map states").
    """

    ctx: Context
    account: str
    parameters: dict[str, Any]
    source: str = ""

    def call(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        """An operation of S3 by its API's own names. AwsError as S3 answers."""
        shape = models.service("s3").operations[name].input
        return self.ctx.call("s3", name, to_api(shape, params), account=self.account)

    def named(self, bucket: Any, key: str) -> Object:
        """Another object than that of the parameters."""
        return Object(self, {"Bucket": bucket, "Key": key})


class Object:
    """One object; `etag` pins it: an object that has changed since cannot be read on."""

    __slots__ = ("_bucket", "_params", "etag", "size")

    def __init__(self, bucket: Bucket, params: dict[str, Any], etag: str | None = None) -> None:
        self._bucket = bucket
        self._params = params
        self.etag = etag
        self.size = 0

    @property
    def key(self) -> str:
        return str(self._params.get("Key"))

    @property
    def versioned(self) -> bool:
        """Is it one version of an object that is named?"""
        return "VersionId" in self._params

    def begin(self) -> None:
        """The items that follow are this object's."""
        self._bucket.source = f"S3://{self._params.get('Bucket')}/{self.key}"

    def describe(self) -> None:
        """Learn `etag` and `size`."""
        self._known(self._bucket.call("HeadObject", self._pinned()), "ContentLength")

    def read(self, offset: int, length: int) -> bytes:
        """So many bytes of it, as they are stored."""
        span = {"Range": f"bytes={offset}-{offset + length - 1}"}
        body = self._bucket.call("GetObject", {**self._pinned(), **span})["Body"]
        return body if isinstance(body, bytes) else b"".join(body.chunks())

    def chunks(self, offset: int = 0) -> Iterator[bytes]:
        """The bytes from `offset` on, counted after decompression."""
        answer = self._bucket.call("GetObject", self._pinned())
        self._known(answer, "ContentLength")
        raw = _chunks(answer["Body"])
        first = next(raw, b"")
        inflate = _decompressor(first)
        if inflate is not None:
            return _from(_inflated(inflate, first, raw), offset)
        if offset:
            span = {"Range": f"bytes={offset}-"}
            if offset >= self.size:
                return iter(())
            return _chunks(self._bucket.call("GetObject", {**self._pinned(), **span})["Body"])
        return _joined(first, raw)

    def _pinned(self) -> dict[str, Any]:
        return self._params if self.etag is None else {**self._params, "IfMatch": self.etag}

    def _known(self, answer: dict[str, Any], size: str) -> None:
        self.etag, self.size = answer["ETag"], answer[size]
        if self.size > LARGEST:
            raise UnreadableError(f"The object {self.key} is larger than 10 GB, the most that an item reader reads.")


def _chunks(body: bytes | Bytes) -> Iterator[bytes]:
    for large in (body,) if isinstance(body, bytes) else body.chunks():
        for start in range(0, len(large), CHUNK):
            yield large[start : start + CHUNK]


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _from(chunks: Iterator[bytes], offset: int) -> Iterator[bytes]:
    for chunk in chunks:
        if offset < len(chunk):
            yield chunk[offset:]
        offset = max(0, offset - len(chunk))


def _decompressor(first: bytes) -> Any:
    """What makes decompressors for bytes that begin so; None where they are not compressed."""
    if first.startswith(GZIP):
        return lambda: zlib.decompressobj(wbits=31)
    if not first.startswith(ZSTD):
        return None
    try:
        from compression import zstd  # Python 3.14 and later
    except ImportError:
        from backports import zstd
    return zstd.ZstdDecompressor


def _inflated(make: Any, first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """The decompressed bytes; one member or frame may follow the other."""
    engine = make()
    for chunk in _joined(first, rest):
        while chunk:
            if engine.eof:
                engine = make()
            try:
                made = engine.decompress(chunk[:PIECE])
            except Exception as error:  # each library has an error of its own
                raise UnreadableError(f"The object cannot be decompressed: {error}") from None
            yield from _chunks(made)
            chunk = (engine.unused_data if engine.eof else b"") + chunk[PIECE:]
    if not engine.eof:
        raise UnreadableError("The object cannot be decompressed: it ends too early.")
