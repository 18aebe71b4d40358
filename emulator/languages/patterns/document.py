"""The text of a pattern to its alternatives: each a conjunction of fields, with every error AWS gives."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from emulator.languages.patterns.fields import Field, field
from emulator.languages.patterns.operators import OPERATORS, Operator
from emulator.languages.patterns.tokens import InvalidPattern, Tokens

Fields: TypeAlias = dict[str, Field]

# Each $or multiplies the alternatives. The limit is ours, it keeps a short text from filling the memory.
MOST_ALTERNATIVES: Final = 1000

# event-ruler keeps these names for itself inside $or, the last line for operators it may get.
_RESERVED_IN_OR: Final = frozenset(
    {
        *OPERATORS,
        *("=", "<", "<=", ">", ">="),
        *("regex", "not-wildcard", "not-equals-ignore-case", "date-after", "date-on-or-after", "date-before"),
        *("date-on-or-before", "in-date-range", "ip-address-in-range", "ip-address-not-in-range"),
    }
)


def parse(source: str | dict[str, object]) -> list[Fields]:
    """The alternatives of a pattern, each a map of dotted path to field.

    A path that occurs twice keeps the last: within an object, across dotted and nested spellings, and in a
    branch of $or over what stood before it. Raises InvalidPattern.
    """
    tokens = Tokens(source if isinstance(source, str) else json.dumps(source, ensure_ascii=False))
    if tokens.next() != "{":
        tokens.fail("Filter is not an object")
    return _read_object(tokens, [{}], "", inside_or=False)


def _read_object(tokens: Tokens, alternatives: list[Fields], path: str, *, inside_or: bool) -> list[Fields]:
    empty = True
    while tokens.next() != "}":
        empty = False
        name = tokens.name
        if name == "$or":
            alternatives = _read_or(tokens, alternatives, path)
            continue
        if inside_or and name in _RESERVED_IN_OR:
            tokens.fail(f"{name} is Ruler reserved fieldName which cannot be used inside $or.")
        below = f"{path}.{name}" if path else name
        kind = tokens.next()
        if kind == "{":
            alternatives = _read_object(tokens, alternatives, below, inside_or=inside_or)
        elif kind == "[":
            leaf = _read_field(tokens, below)
            alternatives = [{**fields, below: leaf} for fields in alternatives]
        else:
            tokens.fail(f'"{name}" must be an object or an array')
    if empty:
        tokens.fail("Empty objects are not allowed")
    return alternatives


def _read_or(tokens: Tokens, alternatives: list[Fields], path: str) -> list[Fields]:
    if tokens.next() != "[":
        tokens.fail("It must be an Array followed with $or.")
    branches: list[list[Fields]] = []
    while tokens.next() != "]":
        if tokens.kind != "{":
            tokens.fail("Only JSON object is allowed in array of $or relationship.")
        branches.append(_read_object(tokens, alternatives, path, inside_or=True))
        if sum(map(len, branches)) > MOST_ALTERNATIVES:
            raise InvalidPattern(f"$or unfolds into more than {MOST_ALTERNATIVES} rule combinations")
    if len(branches) < 2:
        tokens.fail("There must have at least 2 Objects in $or relationship.")
    return [fields for branch in branches for fields in branch]


def _read_field(tokens: Tokens, path: str) -> Field:
    values: list[object] = []
    operators: list[Operator] = []
    while (kind := tokens.next()) != "]":
        if kind == "{":
            operators.append(_read_expression(tokens))
        elif kind == "[":
            tokens.fail("Match value must be String, number, true, false, or null")
        else:
            values.append(tokens.value)
    if not values and not operators:
        tokens.fail("Empty arrays are not allowed")
    return field(path, values, operators)


def _read_expression(tokens: Tokens) -> Operator:
    if tokens.next() != "name":
        tokens.fail("Match expression name not found")
    read = OPERATORS.get(tokens.name)
    if read is None:
        tokens.fail(f"Unrecognized match type {tokens.name}")
    return read(tokens)
