"""The parts a JSONPath is made of, as plain nouns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from emulator.languages.paths.criteria import Expression


@dataclass(frozen=True, slots=True)
class Property:
    """`.a`, `['a']` or `['a','b']`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`.*` or `[*]`."""


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]` or `[0,2]`."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """`[1:3]`, `[1:]` or `[:3]`; a step is accepted and has no effect (Jayway)."""

    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(...)]`; `objects`: of the elements of an array it looks at objects alone."""

    criteria: Expression
    objects: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """`..`: the token after it is tried at every depth."""


@dataclass(frozen=True, slots=True)
class Function:
    """`.length()`, `.sum(1, $.more)`: an argument is a JSON value or a parsed path."""

    name: str
    arguments: tuple[Any, ...]


Token: TypeAlias = Property | Wildcard | Index | Slice | Filter | Scan | Function


@dataclass(frozen=True, slots=True)
class Parsed:
    """A path as read: `root` is '$', '@', '$$' (context object) or '$name' (variable)."""

    root: str
    tokens: tuple[Token, ...]


def is_definite(tokens: tuple[Token, ...]) -> bool:
    """Whether the path can lead to at most one place: no wildcard, slice, list of indexes, filter or scan."""
    last = len(tokens) - 1
    return all(token_is_definite(token, leaf=place == last) for place, token in enumerate(tokens))


def token_is_definite(token: Token, *, leaf: bool) -> bool:
    """Several names at the end give one merged object, elsewhere one branch each (Jayway)."""
    if isinstance(token, Property):
        return leaf or len(token.names) == 1
    if isinstance(token, Index):
        return len(token.positions) == 1
    return isinstance(token, Function)


def plain_keys(parsed: Parsed) -> tuple[str | int, ...] | None:
    """The keys of a path of single names and indexes, else None."""
    keys: list[str | int] = []
    for token in parsed.tokens:
        if isinstance(token, Property) and len(token.names) == 1:
            keys.append(token.names[0])
        elif isinstance(token, Index) and len(token.positions) == 1:
            keys.append(token.positions[0])
        else:
            return None
    return tuple(keys)
