"""How JSON bodies carry the shapes: readers and writers compiled per shape, shared by json and rest-json.

A reader takes a parsed JSON value and gives the model's; None stands for a reader that changes nothing.
Null members are absent members, unknown members are not read: so AWS treats them.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from typing import Any, TypeAlias

from emulator.errors import AwsError
from emulator.wire import timestamps
from emulator.wire.models import Shape

Convert: TypeAlias = Callable[[Any], Any]
_FLOATS = frozenset({"float", "double"})
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def serialization_error(message: str) -> AwsError:
    """What a JSON service answers to a body that does not parse into the operation's input."""
    return AwsError("SerializationException", message, status=400)


class Readers:
    """Compiled readers by shape; recursive shapes find themselves."""

    def __init__(self) -> None:
        self._known: dict[Shape, Convert | None] = {}

    def reader(self, shape: Shape) -> Convert | None:
        """The reader of a shape, None when JSON's own value is the value."""
        if shape not in self._known:
            build = _READER_BUILDERS.get(shape.type)
            if build is None or shape.is_document:
                self._known[shape] = None
            elif shape.type == "structure":
                return _structure_reader(self, shape)
            else:
                self._known[shape] = build(self, shape)
        return self._known[shape]

    def remember(self, shape: Shape, read: Convert) -> None:
        """The reader of a structure, before those of its members are there: it may be among them."""
        self._known[shape] = read

    def table(self, shape: Shape) -> dict[str, tuple[str, Convert | None]]:
        """Wire name -> (member, reader) of a structure's body members."""
        members = ((name, member) for name, member in shape.members.items() if member.location is None)
        return {member.wire_name(name): (name, self.reader(member)) for name, member in members}


def _structure_reader(readers: Readers, shape: Shape) -> Convert:
    table: dict[str, tuple[str, Convert | None]] = {}

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise serialization_error("Unexpected token: a structure was expected")
        out = {}
        for wire, raw in value.items():
            if raw is not None and (entry := table.get(wire)) is not None:
                name, convert = entry
                out[name] = raw if convert is None else convert(raw)
        return out

    readers.remember(shape, read)
    table.update(readers.table(shape))
    return read


def _list_reader(readers: Readers, shape: Shape) -> Convert | None:
    convert = readers.reader(shape.member)
    if convert is None:
        return None

    def read(value: Any) -> Any:
        if type(value) is not list:
            raise serialization_error("Expected list or null")
        return [None if item is None else convert(item) for item in value]

    return read


def _map_reader(readers: Readers, shape: Shape) -> Convert | None:
    convert = readers.reader(shape.value)
    if convert is None:
        return None

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise serialization_error("Expected map or null")
        return {key: None if item is None else convert(item) for key, item in value.items()}

    return read


def _read_timestamp(value: Any) -> Any:
    try:
        return timestamps.parse(value)
    except ValueError as error:
        raise serialization_error("Unable to parse the value as a timestamp") from error


def _read_blob(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise serialization_error("Invalid base64 in a blob") from error


def _read_float(value: Any) -> Any:
    return _WORDS.get(value, value) if isinstance(value, str) else value


_READER_BUILDERS: dict[str, Callable[[Readers, Shape], Convert | None]] = {
    "structure": _structure_reader,
    "list": _list_reader,
    "map": _map_reader,
    "timestamp": lambda readers, shape: _read_timestamp,
    "blob": lambda readers, shape: _read_blob,
    "float": lambda readers, shape: _read_float,
    "double": lambda readers, shape: _read_float,
}


class Writers:
    """Compiled writers by shape: from a handler's value to one for `jsontext.dumps`."""

    def __init__(self) -> None:
        self._known: dict[Shape, Convert | None] = {}

    def writer(self, shape: Shape) -> Convert | None:
        """The writer of a shape, None when the value goes out as it is."""
        if shape not in self._known:
            if shape.is_document:
                self._known[shape] = None
            elif shape.type == "structure":
                return self._structure(shape)
            else:
                self._known[shape] = self._other(shape)
        return self._known[shape]

    def _structure(self, shape: Shape) -> Convert:
        table: dict[str, tuple[str, Convert | None]] = {}

        def write(value: Any) -> Any:
            out = {}
            for name, (wire, convert) in table.items():
                if (item := value.get(name)) is not None:
                    out[wire] = item if convert is None else convert(item)
            return out

        self._known[shape] = write
        for name, member in shape.members.items():
            if member.location is None:
                table[name] = (member.wire_name(name), self.writer(member))
        return write

    def _other(self, shape: Shape) -> Convert | None:
        if shape.type == "list":
            item = self.writer(shape.member)
            return None if item is None else lambda value: [None if x is None else item(x) for x in value]
        if shape.type == "map":
            each = self.writer(shape.value)
            if each is None:
                return None
            return lambda value: {key: None if x is None else each(x) for key, x in value.items()}
        if shape.type == "timestamp":
            form = shape.traits.get("timestampFormat", "unixTimestamp")
            return None if form == "unixTimestamp" else lambda value: timestamps.write(value, form)
        return _write_float if shape.type in _FLOATS else None


def _write_float(value: Any) -> Any:
    if value - value == 0:
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def goes_out_as_it_is(shape: Shape, seen: set[Shape] | None = None) -> bool:
    """Whether a result of this shape needs no walk: no renamed member, no float, no unusual form of time."""
    seen = set() if seen is None else seen
    if shape in seen or shape.is_document:
        return True
    seen.add(shape)
    if shape.type in _FLOATS:
        return False
    if shape.type == "timestamp":
        return bool(shape.traits.get("timestampFormat", "unixTimestamp") == "unixTimestamp")
    if shape.type == "list":
        return goes_out_as_it_is(shape.member, seen)
    if shape.type == "map":
        return goes_out_as_it_is(shape.value, seen)
    return all(
        member.wire_name(name) == name and goes_out_as_it_is(member, seen) for name, member in shape.members.items()
    )
