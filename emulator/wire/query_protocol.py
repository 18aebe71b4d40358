"""query: the operation and a flattened tree of parameters as a form, the answer in XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from emulator.errors import AwsError
from emulator.wire.http import Request, Response
from emulator.wire.models import Operation, Shape
from emulator.wire.names import xform_name
from emulator.wire.xml_body import XmlWriters, list_item_name, scalar_of

Tree: TypeAlias = dict[str, Any]
_LEAF = ""
_INDEX = re.compile(r"[0-9]{1,6}$")
CONTENT_TYPE = ("Content-Type", "text/xml")


def malformed(message: str) -> AwsError:
    """What a query service answers to a parameter that is not of its type."""
    return AwsError("MalformedInput", message, status=400)


def form_of(request: Request, body: bytes) -> dict[str, str]:
    """The parameters of a query call, of its URL and of its form body. Raises MalformedInput."""
    _, _, query = request.target.partition("?")
    try:
        text = body.decode("utf-8") if body else ""
        return dict(parse_qsl(f"{query}&{text}" if query else text, keep_blank_values=True, errors="strict"))
    except ValueError as error:
        raise malformed("The form is not valid UTF-8 text") from error


def _tree(form: dict[str, str]) -> Tree:
    """The parameters as a tree: `A.entry.1.key=x` -> {"A": {"entry": {"1": {"key": {"": "x"}}}}}."""
    root: Tree = {}
    for name, text in form.items():
        node = root
        for part in name.split("."):
            if part == _LEAF:
                raise malformed(f"The parameter name {name} is not valid")
            node = node.setdefault(part, {})
        node[_LEAF] = text
    return root


class _Readers:
    """Readers of the tree by shape."""

    def structure(self, shape: Shape, node: Tree) -> Tree:
        out = {}
        for name, member in shape.members.items():
            wire = member.wire_name(name)
            if member.type == "list" and member.traits.get("flattened"):
                wire = member.member.wire_name(wire) if member.member.wire_name(wire) in node else wire
            if (below := node.get(wire)) is not None:
                out[name] = self.read(member, below)
        return out

    def read(self, shape: Shape, node: Tree) -> Any:
        if shape.type == "structure":
            return self.structure(shape, node)
        if shape.type == "list":
            return self._list(shape, node)
        if shape.type == "map":
            return self._map(shape, node)
        text = node.get(_LEAF)
        if text is None:
            raise malformed(f"A {shape.type} was expected, but a structure was found")
        try:
            return scalar_of(shape, text)
        except ValueError as error:
            raise malformed(f"'{text}' can not be converted to {shape.type}") from error

    def _list(self, shape: Shape, node: Tree) -> list[Any]:
        if not shape.traits.get("flattened"):
            node = node.get(list_item_name(shape, "member"), {})
        return [self.read(shape.member, below) for below in _in_order(node)]

    def _map(self, shape: Shape, node: Tree) -> dict[str, Any]:
        if not shape.traits.get("flattened"):
            node = node.get("entry", {})
        key_name, value_name = shape.key.wire_name("key"), shape.value.wire_name("value")
        out = {}
        for entry in _in_order(node):
            if key_name not in entry or value_name not in entry:
                raise malformed("A map entry needs both a key and a value")
            out[self.read(shape.key, entry[key_name])] = self.read(shape.value, entry[value_name])
        return out


def _in_order(node: Tree) -> list[Tree]:
    numbered = [name for name in node if name != _LEAF]
    if not all(_INDEX.match(name) for name in numbered):
        raise malformed("A list is numbered from 1")
    return [node[name] for name in sorted(numbered, key=int)]


def decoder(operation: Operation) -> Callable[[Request, bytes], dict[str, Any]]:
    """Compile (request, body) -> parameters."""
    shape, readers = operation.input, _Readers()

    def decode(request: Request, body: bytes) -> dict[str, Any]:
        if shape is None:
            return {}
        params = readers.structure(shape, _tree(form_of(request, body)))
        path = urlsplit(request.target).path
        if path not in ("", "/") and "QueueUrl" in shape.members:
            params.setdefault("QueueUrl", f"http://{request.headers.get('host', 'localhost')}{path}")
        return {xform_name(name): value for name, value in params.items()}

    return decode


def encoder(operation: Operation) -> Callable[[dict[str, Any], str], Response]:
    """Compile (result, request id) -> answer."""
    name, shape = operation.name, operation.output
    namespace = operation.model.metadata.get("xmlNamespace", "")
    opening = f'<{name}Response xmlns="{namespace}">' if namespace else f"<{name}Response>"
    write = None if shape is None else XmlWriters().writer(shape)
    wrapper = f"{name}Result" if shape is None else shape.traits.get("resultWrapper", f"{name}Result")

    def encode(result: dict[str, Any], request_id: str) -> Response:
        inner = "" if write is None else write(wrapper, result)
        text = (
            f"{opening}{inner}<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>"
        )
        headers = [("x-amzn-RequestId", request_id), CONTENT_TYPE]
        return Response(operation.status, headers, text.encode("utf-8", "xmlcharrefreplace"))

    return encode
