"""rest-json and rest-xml: members in path, query, headers and one body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from emulator.errors import AwsError
from emulator.wire.http import Request, Response, host_id
from emulator.wire.http_bindings import Bindings
from emulator.wire.json_body import Readers, serialization_error
from emulator.wire.json_protocol import body_writer, parsed
from emulator.wire.models import Operation, Shape
from emulator.wire.names import xform_name
from emulator.wire.xml_body import XmlReaders, XmlWriters, malformed_xml
from emulator.wire.xml_roots import NAMESPACES, UNWRAPPED, root_name

ReadBody: TypeAlias = Callable[[bytes], Any]
WriteBody: TypeAlias = Callable[[Any], bytes]
_SCALARS = ("blob", "string")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PAYLOAD_TYPES = {("lambda", "Invoke"): "application/json", ("s3", "GetObject"): "binary/octet-stream"}
"""The content type of a payload of bytes, where the service does not say it in a member."""


def decoder(operation: Operation) -> Callable[[Request, dict[str, str]], dict[str, Any]]:
    """Compile (request, path parameters) -> parameters."""
    shape = operation.input
    bindings = Bindings(shape, operation.uri)
    names = {name: xform_name(name) for name in (shape.members if shape else {})}
    read_body = _body_decoder(operation, bindings)

    def decode(request: Request, path_params: dict[str, str]) -> dict[str, Any]:
        if shape is None:
            return {}
        _, _, query = request.target.partition("?")
        try:
            pairs = parse_qs(query, keep_blank_values=True, errors="strict") if query else {}
            found = bindings.read(path_params, pairs, request.headers)
        except ValueError as error:
            raise _bad_text(operation, str(error)) from error
        found.update(read_body(request))
        return {names[name]: value for name, value in found.items()}

    return decode


def _bad_text(operation: Operation, reason: str) -> AwsError:
    if operation.protocol == "rest-xml":
        return AwsError("InvalidArgument", f"Invalid argument: {reason}", status=400)
    return serialization_error(f"A parameter is not of its type: {reason}")


def _body_decoder(operation: Operation, bindings: Bindings) -> Callable[[Request], dict[str, Any]]:
    """Compile request -> the members in the body."""
    payload = bindings.payload
    if payload is None:
        if not bindings.body or operation.input is None:
            return lambda request: {}
        read = _document_reader(operation, operation.input)
        return lambda request: (read(text) if (text := _bytes(request)) else {}) or {}
    if payload.shape.is_stream:
        return lambda request: {payload.name: request.body}
    if payload.shape.type in _SCALARS:
        text_of = bytes if payload.shape.type == "blob" else _utf8
        return lambda request: {payload.name: text_of(text)} if (text := _bytes(request)) else {}
    read = _document_reader(operation, payload.shape)
    return lambda request: {payload.name: read(text)} if (text := _bytes(request)) else {}


def _bytes(request: Request) -> bytes:
    return request.body if isinstance(request.body, bytes) else request.body.read()


def _utf8(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise serialization_error("The payload is not UTF-8 text") from error


def _document_reader(operation: Operation, shape: Shape) -> ReadBody:
    if operation.protocol == "rest-json":
        read = Readers().reader(shape)
        return lambda text: parsed(text) if read is None else read(parsed(text))
    return _xml_reader(shape)


def _xml_reader(shape: Shape) -> ReadBody:
    read = XmlReaders().reader(shape)

    def read_document(text: bytes) -> Any:
        from xml.etree import ElementTree

        if b"<!DOCTYPE" in text:
            raise malformed_xml()
        try:
            return read([ElementTree.fromstring(text)])
        except (ElementTree.ParseError, ValueError, RecursionError, LookupError) as error:
            raise malformed_xml() from error

    return read_document


def encoder(operation: Operation) -> Callable[[dict[str, Any], str], Response]:
    """Compile (result, request id) -> answer."""
    bindings = Bindings(operation.output)
    write_body = _body_encoder(operation, bindings)
    is_xml = operation.protocol == "rest-xml"

    def encode(result: dict[str, Any], request_id: str) -> Response:
        if is_xml:
            ids = [("x-amz-request-id", request_id), ("x-amz-id-2", host_id(request_id))]
        else:
            ids = [("x-amzn-RequestId", request_id)]
        headers = ids + bindings.write_headers(result)
        body, content_type = write_body(result)
        if content_type and not any(name.lower() == "content-type" for name, _ in headers):
            headers.append(("Content-Type", content_type))
        return Response(_status(operation, bindings, result), headers, body)

    return encode


def _status(operation: Operation, bindings: Bindings, result: dict[str, Any]) -> int:
    """What the output says, else the model; a part of an object is 206 (RFC 9110 section 15.3.7)."""
    if bindings.status and (said := result.get(bindings.status)) is not None:
        return int(said)
    return 206 if result.get("ContentRange") else operation.status


def _body_encoder(
    operation: Operation, bindings: Bindings
) -> Callable[[dict[str, Any]], tuple[bytes | object, str | None]]:
    """Compile result -> body and its content type (None: nothing to type)."""
    shape, payload = operation.output, bindings.payload
    media = "application/json" if operation.protocol == "rest-json" else "application/xml"
    if shape is None:
        return lambda result: (b"", None)
    if payload is None:
        if not bindings.body:
            empty = b"{}" if operation.protocol == "rest-json" and operation.status != 204 else b""
            return lambda result: (empty, media if empty else None)
        write = _document_writer(operation, shape)
        return lambda result: (write(result), media)
    if payload.shape.traits.get("eventstream"):
        from emulator.wire import eventstream

        write_events = eventstream.body_encoder(operation, payload.shape)
        return lambda result: (write_events(result.get(payload.name)), eventstream.CONTENT_TYPE)
    if payload.shape.is_stream or payload.shape.type in _SCALARS:
        default = _PAYLOAD_TYPES.get((operation.service, operation.name), "application/octet-stream")
        return lambda result: (_raw(result.get(payload.name)), default)
    write = _document_writer(operation, payload.shape, payload.wire)

    def write_payload(result: dict[str, Any]) -> tuple[bytes, str | None]:
        value = result.get(payload.name)
        return (b"", None) if value is None else (write(value), media)

    return write_payload


def _raw(value: Any) -> bytes | object:
    if value is None:
        return b""
    return value.encode() if isinstance(value, str) else value


def _document_writer(operation: Operation, shape: Shape, payload: str | None = None) -> WriteBody:
    if operation.protocol == "rest-json":
        return body_writer(shape)
    write = XmlWriters("iso8601ms").writer(shape)
    root = root_name(shape, payload)
    namespace = NAMESPACES.get(operation.service) or operation.model.metadata.get("xmlNamespace", "")
    opening = f'<{root} xmlns="{namespace}"' if namespace and "xmlNamespace" not in shape.traits else f"<{root}"

    def write_document(value: Any) -> bytes:
        if (unwrapped := UNWRAPPED.get(shape.name)) is not None:
            text = f"<{unwrapped}>{value.get(unwrapped) or ''}</{unwrapped}>"
            text = text.replace(f"<{unwrapped}", f'<{unwrapped} xmlns="{namespace}"', 1)
        else:
            text = opening + write(root, value)[len(root) + 1 :]
        return (_DECLARATION + text).encode("utf-8", "xmlcharrefreplace")

    return write_document
