"""Which members of a REST operation travel in path, query and headers, and how they read and write there."""

from __future__ import annotations

from typing import Any, NamedTuple

from emulator.wire.models import Shape
from emulator.wire.xml_body import scalar_of, scalar_text


class Bound(NamedTuple):
    """A member bound to a place: `name` of the member, `wire` its label, parameter or header."""

    name: str
    wire: str
    shape: Shape


class Bindings:
    """The members of a structure by where they travel; `uri` names query parameters that are no member's."""

    def __init__(self, shape: Shape | None, uri: str = "") -> None:
        places: dict[str | None, list[Bound]] = {}
        for name, member in (shape.members if shape else {}).items():
            places.setdefault(member.location, []).append(Bound(name, member.wire_name(name), member))
        self.uri = places.get("uri", [])
        self.query = [each for each in places.get("querystring", []) if each.shape.type != "map"]
        self.query_maps = [each for each in places.get("querystring", []) if each.shape.type == "map"]
        self.literals = frozenset(part.partition("=")[0] for part in uri.partition("?")[2].split("&"))
        self.headers = {each.wire.lower(): each for each in places.get("header", [])}
        self._by_name = {each.name: each for each in self.headers.values()}
        self.prefixes = places.get("headers", [])
        self.status = next((each.name for each in places.get("statusCode", [])), None)
        payload = shape.traits.get("payload") if shape else None
        self.payload = next((each for each in places.get(None, []) if each.name == payload), None)
        self.body = [each for each in places.get(None, []) if self.payload is None]

    def read(self, path: dict[str, str], query: dict[str, list[str]], headers: dict[str, str]) -> dict[str, Any]:
        """The members outside the body, by name. Raises ValueError for text that is not of its type."""
        out: dict[str, Any] = {}
        for name, wire, shape in self.uri:
            if (text := path.get(wire)) is not None:
                out[name] = scalar_of(shape, text)
        for name, wire, shape in self.query:
            if (found := query.get(wire)) is not None and not (found[0] == "" and shape.type == "integer"):
                out[name] = _from_query(shape, found)  # an empty number is none (recorded: S3, ListParts)
        for key in self.headers.keys() & headers.keys():
            name, _, shape = self.headers[key]
            out[name] = _from_header(shape, headers[key])
        for name, wire, _ in self.prefixes:
            prefix = wire.lower()
            if kept := {key[len(prefix) :]: text for key, text in headers.items() if key.startswith(prefix)}:
                out[name] = kept
        self._read_query_maps(query, out)
        return out

    def _read_query_maps(self, query: dict[str, list[str]], out: dict[str, Any]) -> None:
        taken = {each.wire for each in self.query} | self.literals
        for name, _, shape in self.query_maps:
            one = shape.value.type != "list"
            rest = {key: texts[0] if one else texts for key, texts in query.items() if key not in taken}
            if rest:
                out[name] = rest

    def write_headers(self, result: dict[str, Any]) -> list[tuple[str, str]]:
        """The headers of a result."""
        out = []
        for name, value in result.items():  # an answer has few of the many members that an operation may answer
            if value is not None and (bound := self._by_name.get(name)) is not None:
                out.append((bound.wire, _to_header(bound.shape, value)))
        for name, prefix, _ in self.prefixes:
            out += [(prefix + key, str(text)) for key, text in (result.get(name) or {}).items()]
        return out


def _from_query(shape: Shape, found: list[str]) -> Any:
    if shape.type == "list":
        return [scalar_of(shape.member, text) for text in found]
    return scalar_of(shape, found[0])


def _from_header(shape: Shape, text: str) -> Any:
    if shape.type == "list":
        return [scalar_of(shape.member, part) for part in split_list(text)]
    return scalar_of(shape, text)


def split_list(text: str) -> list[str]:
    """The items of a header list; an item with a comma or a quote in it is quoted."""
    items, current, quoted, characters = [], "", False, iter(text)
    for char in characters:
        if quoted and char == "\\":
            current += next(characters, "")
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            items.append(current.strip())
            current = ""
        else:
            current += char
    return [*items, current.strip()]


def _to_header(shape: Shape, value: Any) -> str:
    if shape.type == "list":
        return ",".join(_quoted(scalar_text(shape.member, item, "rfc822")) for item in value)
    return scalar_text(shape, value, "rfc822")


def _quoted(text: str) -> str:
    if '"' in text or "," in text:
        return '"' + text.replace('"', '\\"') + '"'
    return text
