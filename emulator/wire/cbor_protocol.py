"""smithy-rpc-v2-cbor: the operation in the path, one CBOR map each way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cbor2

from emulator.wire.http import Request, Response
from emulator.wire.json_body import Convert, serialization_error
from emulator.wire.models import Operation, Shape
from emulator.wire.names import xform_name

HEADERS = [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor")]


def dumps(value: Any) -> bytes:
    """CBOR with moments as epoch seconds (tag 1)."""
    return cbor2.dumps(value, datetime_as_timestamp=True, timezone=UTC)


def _loads(text: bytes) -> dict[str, Any]:
    if not text:
        return {}
    try:
        value = cbor2.loads(text)
    except (cbor2.CBORDecodeError, ValueError, OverflowError, TypeError, RecursionError) as error:
        raise serialization_error("The request body is not valid CBOR") from error
    if type(value) is not dict:
        raise serialization_error("The request body must be a CBOR map")
    return value


class _Converters:
    """Readers (and, with `strict` off, writers) of CBOR values by shape."""

    def __init__(self, strict: bool) -> None:
        self._strict = strict
        self._known: dict[Shape, Convert | None] = {}

    def of(self, shape: Shape) -> Convert | None:
        if shape not in self._known:
            if shape.type == "structure" and not shape.is_document:
                return self._structure(shape)
            self._known[shape] = self._other(shape)
        return self._known[shape]

    def _require(self, value: Any, kind: type, what: str) -> None:
        if self._strict and not isinstance(value, kind):
            raise serialization_error(f"Expected {what} or null")

    def _structure(self, shape: Shape) -> Convert:
        table: dict[str, Convert | None] = {}

        def convert(value: Any) -> Any:
            self._require(value, dict, "structure")
            return {
                name: item if (each := table[name]) is None else each(item)
                for name, item in value.items()
                if item is not None and name in table
            }

        self._known[shape] = convert
        table.update({name: self.of(member) for name, member in shape.members.items()})
        return convert

    def _other(self, shape: Shape) -> Convert | None:
        if shape.type == "list":
            item = self.of(shape.member)
            return None if item is None else lambda value: self._list(value, item)
        if shape.type == "map":
            each = self.of(shape.value)
            return None if each is None else lambda value: self._map(value, each)
        if shape.type == "timestamp":
            return self._moment if self._strict else _to_the_millisecond
        return None

    def _list(self, value: Any, item: Convert) -> Any:
        self._require(value, list, "list")
        return [None if each is None else item(each) for each in value]

    def _map(self, value: Any, each: Convert) -> Any:
        self._require(value, dict, "map")
        return {key: None if item is None else each(item) for key, item in value.items()}

    def _moment(self, value: Any) -> Any:
        self._require(value, datetime, "timestamp")
        return value.astimezone(UTC)


def _to_the_millisecond(value: datetime) -> datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def decoder(operation: Operation) -> Callable[[Request, bytes], dict[str, Any]]:
    """Compile (request, body) -> parameters."""
    read = _Converters(strict=True).of(operation.input) if operation.input else None

    def decode(request: Request, body: bytes) -> dict[str, Any]:
        value = _loads(body)
        return {} if read is None else {xform_name(name): item for name, item in read(value).items()}

    return decode


def encoder(operation: Operation) -> Callable[[dict[str, Any], str], Response]:
    """Compile (result, request id) -> answer."""
    write = _Converters(strict=False).of(operation.output) if operation.output else None

    def encode(result: dict[str, Any], request_id: str) -> Response:
        headers = [("x-amzn-RequestId", request_id), *HEADERS]
        return Response(operation.status, headers, dumps({} if write is None else write(result)))

    return encode
