"""How XML bodies carry the shapes: element writers and readers compiled per shape, for query and rest-xml."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from emulator.errors import AwsError
from emulator.wire import timestamps
from emulator.wire.models import Shape

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Write: TypeAlias = Callable[[str, Any], str]
Read: TypeAlias = Callable[[list["Element"]], Any]
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_TEXT_ESCAPES = str.maketrans(_TEXT)
_ATTRIBUTE_ESCAPES = str.maketrans({**_TEXT, '"': "&quot;", "\n": "&#xA;", "\t": "&#x9;"})
_WORDS = {math.inf: "Infinity", -math.inf: "-Infinity"}
NOT_WELL_FORMED = "The XML you provided was not well-formed or did not validate against our published schema"
"""What S3 says of a document that does not parse, and of one that is not what it should be."""


def malformed_xml() -> AwsError:
    """What S3 answers to a body that is no XML, or not that of the operation."""
    return AwsError("MalformedXML", NOT_WELL_FORMED, status=400)


def escaped(value: object) -> str:
    """Text as it stands between two tags."""
    return str(value).translate(_TEXT_ESCAPES)


def scalar_text(shape: Shape, value: Any, form: str = "iso8601") -> str:
    """The text of a scalar in XML, query strings and headers; `form` is the form of a moment by default."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if shape.type == "timestamp":
        return str(timestamps.write(value, shape.traits.get("timestampFormat", form)))
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else _WORDS.get(value) or repr(value)
    return str(value)


def scalar_of(shape: Shape, text: str) -> Any:
    """The scalar that a text means. Raises ValueError."""
    kind = shape.type
    if kind in ("integer", "long"):
        return int(text)
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError(f"not a boolean: {text!r}")
        return text == "true"
    if kind in ("float", "double"):
        return float(text)
    if kind == "timestamp":
        return timestamps.parse(text)
    if kind == "blob":
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("not base64") from error
    return text


def list_item_name(shape: Shape, default: str) -> str:
    """The name of a list's items; a flattened list has them in place of its own name."""
    if shape.traits.get("flattened"):
        return shape.member.wire_name(default)
    return shape.member.wire_name("member")


class XmlWriters:
    """Compiled element writers by shape."""

    def __init__(self, moments: str = "iso8601") -> None:
        self._moments = moments
        self._known: dict[Shape, Write] = {}

    def writer(self, shape: Shape) -> Write:
        """The writer of a shape: (tag, value) -> the text of its element, or elements."""
        if shape not in self._known:
            if shape.type == "structure":
                return self._structure(shape)
            if shape.type == "list":
                self._known[shape] = self._list(shape)
            elif shape.type == "map":
                self._known[shape] = self._map(shape)
            else:
                self._known[shape] = _scalar_writer(shape, self._moments)
        return self._known[shape]

    def _structure(self, shape: Shape) -> Write:
        children: list[tuple[str, str, Write]] = []
        attributes: list[tuple[str, str]] = []

        def write(tag: str, value: Any) -> str:
            opening = tag + namespace
            for name, attribute in attributes:
                if (text := value.get(name)) is not None:
                    opening += f' {attribute}="{str(text).translate(_ATTRIBUTE_ESCAPES)}"'
            parts = [child(wire, item) for name, wire, child in children if (item := value.get(name)) is not None]
            return f"<{opening}>{''.join(parts)}</{tag}>"

        namespace = _namespace(shape)
        self._known[shape] = write
        for name, member in shape.members.items():
            if member.traits.get("xmlAttribute"):
                attributes.append((name, member.wire_name(name)))
            elif member.location is None:
                children.append((name, member.wire_name(name), self.writer(member)))
        return write

    def _list(self, shape: Shape) -> Write:
        item = self.writer(shape.member)
        if shape.traits.get("flattened"):
            return lambda tag, value: "".join(item(list_item_name(shape, tag), each) for each in value)
        name = list_item_name(shape, "member")
        return lambda tag, value: f"<{tag}>{''.join(item(name, each) for each in value)}</{tag}>"

    def _map(self, shape: Shape) -> Write:
        key, value_of = self.writer(shape.key), self.writer(shape.value)
        key_name, value_name = shape.key.wire_name("key"), shape.value.wire_name("value")

        def entries(tag: str, value: dict[str, Any]) -> str:
            return "".join(
                f"<{tag}>{key(key_name, name)}{value_of(value_name, item)}</{tag}>" for name, item in value.items()
            )

        if shape.traits.get("flattened"):
            return entries
        return lambda tag, value: f"<{tag}>{entries('entry', value)}</{tag}>"


def _namespace(shape: Shape) -> str:
    namespace = shape.traits.get("xmlNamespace")
    if isinstance(namespace, str):
        return f' xmlns="{namespace}"'
    if not namespace:
        return ""
    prefix = f":{namespace['prefix']}" if namespace.get("prefix") else ""
    return f' xmlns{prefix}="{namespace["uri"]}"'


def _scalar_writer(shape: Shape, moments: str) -> Write:
    if shape.type == "string":
        return lambda tag, value: f"<{tag}>{escaped(value)}</{tag}>"
    return lambda tag, value: f"<{tag}>{scalar_text(shape, value, moments)}</{tag}>"


class XmlReaders:
    """Compiled element readers by shape; a reader takes all elements of its name."""

    def __init__(self) -> None:
        self._known: dict[Shape, Read] = {}

    def reader(self, shape: Shape) -> Read:
        if shape not in self._known:
            if shape.type == "structure":
                return self._structure(shape)
            if shape.type == "list":
                self._known[shape] = self._list(shape)
            elif shape.type == "map":
                self._known[shape] = self._map(shape)
            else:
                self._known[shape] = lambda found: scalar_of(shape, found[0].text or "")
        return self._known[shape]

    def _structure(self, shape: Shape) -> Read:
        children: dict[str, tuple[str, Read]] = {}
        attributes: dict[str, str] = {}

        def read(found: list[Element]) -> dict[str, Any]:
            out = {
                attributes[local_name(name)]: text
                for name, text in found[0].attrib.items()
                if local_name(name) in attributes
            }
            for wire, elements in _by_name(found[0]):
                if (entry := children.get(wire)) is not None:
                    name, child = entry
                    out[name] = child(elements)
            return out

        self._known[shape] = read
        for name, member in shape.members.items():
            if member.traits.get("xmlAttribute"):
                attributes[member.wire_name(name).rpartition(":")[2]] = name
            elif member.location is None:
                child = (name, self.reader(member))
                children[member.wire_name(name)] = child
                if member.type == "list" and member.traits.get("flattened"):
                    children.setdefault(list_item_name(member, member.wire_name(name)), child)
        return read

    def _list(self, shape: Shape) -> Read:
        item = self.reader(shape.member)
        if shape.traits.get("flattened"):
            return lambda found: [item([element]) for element in found]
        return lambda found: [item([element]) for element in found[0]]

    def _map(self, shape: Shape) -> Read:
        key, value = self.reader(shape.key), self.reader(shape.value)
        key_name, value_name = shape.key.wire_name("key"), shape.value.wire_name("value")

        def read(found: list[Element]) -> dict[str, Any]:
            out = {}
            for entry in found if shape.traits.get("flattened") else found[0]:
                parts = dict(_by_name(entry))
                if key_name not in parts or value_name not in parts:
                    raise ValueError("a map entry without key or value")
                out[key(parts[key_name])] = value(parts[value_name])
            return out

        return read


def local_name(name: str) -> str:
    """A qualified name without its namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def _by_name(element: Element) -> Iterable[tuple[str, list[Element]]]:
    groups: dict[str, list[Element]] = {}
    for child in element:
        groups.setdefault(local_name(child.tag), []).append(child)
    return groups.items()
