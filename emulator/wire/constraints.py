"""What a model demands of a value, explained as AWS explains it: value, path and constraint."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from emulator.wire.models import Shape

_SUPPLEMENTARY = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\u10000-\u10FFFF")
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "bigInteger": (int,),
    "float": (float, int),
    "double": (float, int),
    "boolean": (bool,),
    "blob": (bytes, bytearray, memoryview),
    "timestamp": (datetime,),
    "structure": (dict,),
    "list": (list, tuple),
    "map": (dict,),
}
_BITS = {"integer": 31, "long": 63}
_NOUNS = {"integer": "an Integer", "long": "a Long", "string": "a String", "boolean": "a Boolean"}


class Problem(NamedTuple):
    """One unmet constraint: `kind` is required, type, length, range, pattern or enum."""

    kind: str
    path: str
    member: str
    text: str


def problems(shape: Shape, value: Any, path: str, member: str, kinds: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a value: the given kinds of constraint and every wrong type, in model order."""
    if not has_type(shape, value):
        yield Problem("type", path, member, wrong_type(shape, value))
        return
    yield from _own(shape, value, path, member, kinds)
    if shape.is_document:
        return
    if shape.type == "structure":
        yield from _of_members(shape, value, path, kinds)
    elif shape.type in ("list", "map"):
        yield from _of_items(shape, value, path, member, kinds)


def has_type(shape: Shape, value: Any) -> bool:
    """Whether a value has the type of its shape; a streaming blob may be anything."""
    if shape.is_document or shape.is_stream:
        return True
    allowed = _TYPES.get(shape.type, (object,))
    if not isinstance(value, allowed) or (type(value) is bool and shape.type != "boolean"):
        return False
    bits = _BITS.get(shape.type)
    return bits is None or -(2**bits) <= value < 2**bits


def wrong_type(shape: Shape, value: Any) -> str:
    """How Coral's JSON parser complains of a token of another kind."""
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected"
    if shape.type in ("structure", "map"):
        return "Unexpected token: a structure was expected"
    if shape.type == "list":
        return "Expected list or null"
    if (bits := _BITS.get(shape.type)) and type(value) is int:
        return f"Numeric value ({value}) out of range of {shape.type} ({-(2**bits)} - {2**bits - 1})"
    token = "STRING_VALUE" if isinstance(value, str) else f"{value}".upper() + "_VALUE"
    token = "NUMBER_VALUE" if isinstance(value, int | float) and not isinstance(value, bool) else token
    return f"{token} can not be converted to {_NOUNS.get(shape.type, 'a ' + shape.type.capitalize())}"


def _of_members(shape: Shape, value: dict[str, Any], path: str, kinds: Collection[str]) -> Iterator[Problem]:
    for name, member in shape.members.items():
        below = f"{path}.{camel(name)}" if path else camel(name)
        item = value.get(name)
        if item is not None:
            yield from problems(member, item, below, name, kinds)
        elif name in shape.required and "required" in kinds:
            yield _null(below, name)


def _of_items(shape: Shape, value: Any, path: str, member: str, kinds: Collection[str]) -> Iterator[Problem]:
    items = value.items() if shape.type == "map" else ((index, item) for index, item in enumerate(value, 1))
    of = shape.value if shape.type == "map" else shape.member
    scalars = of.type not in ("structure", "list", "map")
    if shape.type == "map" and any(any(_unmet(shape.key, key, kinds)) for key in value):
        every = [*(text for _, text in _demands(shape.key, kinds))]
        yield Problem("pattern", path, member, _failed(_shown(shape, value), path, "Map keys", every))
    for key, item in items:
        below = f"{path}.{key}.member"
        if item is None:
            if "required" in kinds and not shape.traits.get("sparse"):
                yield _null(below, member)
        elif not has_type(of, item):
            yield Problem("type", below, member, wrong_type(of, item))
        elif not scalars:
            yield from problems(of, item, below, member, kinds)
        elif any(_unmet(of, item, kinds)):
            what = "Map value" if shape.type == "map" else "Member"
            every = [*(text for _, text in _demands(of, kinds)), "Member must not be null"]
            yield Problem("pattern", path, member, _failed(_shown(shape, value), path, what, every))
            return


def _failed(shown: str, path: str, what: str, demands: list[str]) -> str:
    return (
        f"Value {shown} at '{path}' failed to satisfy constraint: "
        f"{what} must satisfy constraint: [{', '.join(demands)}]"
    )


def _null(path: str, member: str) -> Problem:
    text = f"Value null at '{path}' failed to satisfy constraint: Member must not be null"
    return Problem("required", path, member, text)


def _own(shape: Shape, value: Any, path: str, member: str, kinds: Collection[str]) -> Iterator[Problem]:
    for kind, demand in _unmet(shape, value, kinds):
        shown = "" if shape.traits.get("sensitive") else f" {_shown(shape, value)}"
        text = f"Value{shown} at '{path}' failed to satisfy constraint: {demand}"
        yield Problem(kind, path, member, text)


def _demands(shape: Shape, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every constraint of a shape in AWS's words, as (kind, text)."""
    traits = shape.traits
    numeric = shape.type in ("integer", "long", "float", "double")
    kind, noun = ("range", "value") if numeric else ("length", "length")
    if kind in kinds:
        if "max" in traits:
            yield f"{kind}:max", f"Member must have {noun} less than or equal to {traits['max']}"
        if "min" in traits:
            yield f"{kind}:min", f"Member must have {noun} greater than or equal to {traits['min']}"
    if "pattern" in traits and "pattern" in kinds:
        yield "pattern", f"Member must satisfy regular expression pattern: {traits['pattern']}"
    if "enum" in traits and "enum" in kinds:
        yield "enum", f"Member must satisfy enum value set: [{', '.join(traits['enum'])}]"


def _unmet(shape: Shape, value: Any, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    for kind, text in _demands(shape, kinds):
        if not _meets(shape, kind, value):
            yield kind.partition(":")[0], text


def _meets(shape: Shape, kind: str, value: Any) -> bool:
    traits = shape.traits
    if shape.is_stream or shape.is_document:
        return True
    if kind == "pattern":
        return not isinstance(value, str) or matches(traits["pattern"], value)
    if kind == "enum":
        return value in traits["enum"]
    size = value if kind.startswith("range") else len(value) if hasattr(value, "__len__") else None
    if size is None:
        return True
    return bool(size <= traits["max"] if kind.endswith("max") else size >= traits["min"])


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A model's pattern (Java's dialect) for Python; None for one that Python's engine cannot say."""
    translated = pattern
    for pair in _SUPPLEMENTARY:
        translated = translated.replace(pair, r"\U00010000-\U0010FFFF")
    if r"\p{" in translated or "[:" in translated:
        return _compiled_wide(translated)
    try:
        return re.compile(translated)
    except (re.error, OverflowError):
        return _compiled_wide(translated)


def _compiled_wide(pattern: str) -> re.Pattern[str] | None:
    import regex  # type: ignore[import-untyped]

    try:
        wide: re.Pattern[str] = regex.compile(pattern)
    except regex.error:
        return None
    return wide


@lru_cache(maxsize=8192)
def matches(pattern: str, value: str) -> bool:
    """Whether the whole of a value fits a model's pattern."""
    expression = compiled(pattern)
    return expression is None or expression.fullmatch(value) is not None


def camel(name: str) -> str:
    """A member's name as validation messages have it: the first letter in lower case."""
    return name[:1].lower() + name[1:]


def _shown(shape: Shape, value: Any) -> str:
    return f"'{_java(shape, value)}'"


def _java(shape: Shape, value: Any) -> str:
    """A value as Java prints it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.type == "list" and isinstance(value, list | tuple):
        return f"[{', '.join(_java(shape.member, item) for item in value)}]"
    if shape.type == "map" and isinstance(value, dict):
        return f"{{{', '.join(f'{key}={_java(shape.value, item)}' for key, item in value.items())}}}"
    if shape.type == "structure" and isinstance(value, dict):
        shown = (f"{camel(name)}={_java(each, value.get(name))}" for name, each in shape.members.items())
        return f"{shape.name}({', '.join(shown)})"
    return str(value)
