"""Bodies of objects: kept as blobs, read in parts, shared by copies, dropped with the last object."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from emulator.kit.context import Context
from emulator.services.s3.model.checksums import CHUNK
from emulator.services.s3.operations.statements import SQL
from emulator.storage import FileRange, Row, Spooled

Piece = bytes | FileRange


@dataclass(frozen=True, slots=True)
class Sent:
    """A body that came with a request, as checksums read it."""

    data: bytes | Spooled
    size: int
    md5hex: str

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.data, bytes):
            yield self.data
            return
        with self.data.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def keep(ctx: Context, body: Any) -> tuple[int, Sent]:
    """Store a request's body; the number of its blob, and what it is."""
    data: bytes | Spooled = b"" if body is None else body
    if isinstance(data, (bytearray, memoryview)):
        data = bytes(data)
    blob = ctx.house.blobs.keep(ctx.tx, data)
    return blob.id, Sent(data, blob.size, blob.md5hex)


class Chain:
    """A body in several pieces, one after the other; an asynchronous iterator, as the front sends it."""

    __slots__ = ("_chunks", "_pieces", "length")

    def __init__(self, pieces: list[Piece], length: int) -> None:
        self._pieces = pieces
        self.length = length
        self._chunks = self.chunks()

    def chunks(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from piece.chunks()

    def read(self) -> bytes:
        """All of the bytes."""
        return b"".join(self.chunks())

    def __aiter__(self) -> Chain:
        return self

    async def __anext__(self) -> bytes:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        """Let go of the files."""
        for piece in self._pieces:
            if not isinstance(piece, bytes):
                piece.close()


@dataclass(frozen=True, slots=True)
class Stored:
    """The body of a stored object, read from its row."""

    ctx: Context
    row: Row

    @property
    def size(self) -> int:
        return int(self.row["size"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Of a body in several blobs: `blob`, `size` and `number` of each part; otherwise nothing."""
        return parts_of(self.row)

    @property
    def md5hex(self) -> str:
        if "-" not in self.row["etag"]:
            return str(self.row["etag"])
        sum = hashlib.md5(usedforsecurity=False)
        for chunk in self.chunks():
            sum.update(chunk)
        return sum.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        body = self.open()
        if isinstance(body, bytes):
            yield body
        else:
            yield from body.chunks()

    def read(self) -> bytes:
        """All of the bytes."""
        return b"".join(self.chunks())

    def open(self, offset: int = 0, length: int | None = None) -> bytes | FileRange | Chain:
        """The bytes from `offset` on, `length` of them or all."""
        blobs, tx = self.ctx.house.blobs, self.ctx.tx
        if self.row["blob"] is not None:
            return blobs.open(tx, self.row["blob"], offset, length)
        end = self.size if length is None else offset + length
        pieces: list[Piece] = []
        at = 0
        for part in self.parts:
            first, last = max(offset, at), min(end, at + part["size"])
            if first < last:
                pieces.append(blobs.open(tx, part["blob"], first - at, last - first))
            at += part["size"]
        return pieces[0] if len(pieces) == 1 else Chain(pieces, end - offset)


def parts_of(row: Row) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [] if row["parts"] is None else json.loads(row["parts"])
    return parts


def blobs_of(row: Row) -> list[int]:
    """The numbers of an object's blobs; a delete marker has none."""
    return [row["blob"]] if row["blob"] is not None else [part["blob"] for part in parts_of(row)]


def share(ctx: Context, bucket_id: int, row: Row) -> None:
    """One more object has the body of this one."""
    which = {"bucket": bucket_id, "key": row["key"], "version": row["version"]}
    if not ctx.tx.execute(SQL.share_object, **which):
        ctx.tx.execute(SQL.share_version, **which)
    for blob in blobs_of(row):
        ctx.tx.execute(SQL.add_copy, blob=blob)


def drop(ctx: Context, row: Row) -> None:
    """An object gives up its body, which goes unless another has it too."""
    for blob in blobs_of(row):
        if row["shared"]:
            if ctx.tx.execute(SQL.remove_copy, blob=blob):
                continue
            ctx.tx.execute(SQL.forget_copies, blob=blob)
        ctx.house.blobs.drop(ctx.tx, blob)
