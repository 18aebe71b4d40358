"""Requests into parameters and results into answers: picks what each protocol compiles for an operation."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from emulator.wire import chunked
from emulator.wire.failures import encode_error
from emulator.wire.http import Request, Response
from emulator.wire.json_body import serialization_error
from emulator.wire.models import Operation
from emulator.wire.routing import Match

__all__ = ["decode", "encode", "encode_error"]


class _Codec(NamedTuple):
    decode: Callable[[Request, dict[str, str]], dict[str, Any]]
    encode: Callable[[dict[str, Any], str], Response]


def decode(match: Match, request: Request) -> dict[str, Any]:
    """The parameters of a call, keyed by `xform_name` of the input's members; below, names are the model's.

    Timestamps are aware UTC datetimes, blobs bytes, a streaming blob the request's body as given.
    Raises AwsError (SerializationException, MalformedInput, MalformedXML) for what does not parse.
    """
    if chunked.is_chunked(request.headers):
        request = request._replace(headers=chunked.decoded_headers(request.headers))
    try:
        return _codec(match.operation).decode(request, match.path_params)
    except RecursionError as error:
        raise serialization_error("The request is nested too deeply") from error


def encode(operation: Operation, result: dict[str, Any] | None, request_id: str) -> Response:
    """The answer that carries a result, keyed by the output's members; a member that is None is absent."""
    return _codec(operation).encode(result or {}, request_id)


@lru_cache(maxsize=4096)
def _codec(operation: Operation) -> _Codec:
    protocol = operation.protocol
    if protocol in ("rest-json", "rest-xml"):
        from emulator.wire import rest_protocol

        return _Codec(rest_protocol.decoder(operation), rest_protocol.encoder(operation))
    if protocol == "json":
        from emulator.wire import json_protocol as rpc
    elif protocol == "query":
        from emulator.wire import query_protocol as rpc  # type: ignore[no-redef]
    elif protocol == "smithy-rpc-v2-cbor":
        from emulator.wire import cbor_protocol as rpc  # type: ignore[no-redef]
    else:
        raise NotImplementedError(f"{operation} is carried by a protocol that the wire does not speak")
    return _Codec(_with_body(rpc.decoder(operation)), rpc.encoder(operation))


def _with_body(
    decoder: Callable[[Request, bytes], dict[str, Any]],
) -> Callable[[Request, dict[str, str]], dict[str, Any]]:
    def decode_body(request: Request, path_params: dict[str, str]) -> dict[str, Any]:
        body = request.body
        return decoder(request, body if isinstance(body, bytes) else body.read())

    return decode_body
