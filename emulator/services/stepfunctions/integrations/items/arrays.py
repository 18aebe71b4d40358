"""Objects of JSON: the elements of an array or the members of an object, the whole or the one that ItemsPointer names.

A small text is read at once and a place is an index; a large one is taken apart as it comes, and a place is the
number of the byte where the next element or member begins.
"""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.environment import Pair, listed
from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Entries, Object
from emulator.services.stepfunctions.integrations.items.rows import value_of
from emulator.services.stepfunctions.integrations.items.scanner import Scanner

SMALL = 128 * 1024  # bytes, after decompression
_DIGITS = 15  # of an index that an array can have, at most
NOT_ITERABLE = "Attempting to map over non-iterable node."


def of_json(found: Object, config: dict[str, Any], at: list[Any] | None) -> Entries:
    """The items. A place is ["index", n], or the byte of an element or a member: ["byte", n] or ["member", n]."""
    pointer = _steps(config.get("ItemsPointer", ""))
    if at is not None and at[0] != "index":
        yield from _scanned(Scanner(found.chunks(at[1]), at[1]), at[0])
        return
    scanner = Scanner(found.chunks())
    whole = scanner.small(SMALL)
    if whole is None:
        yield from _scanned(scanner, _enter(scanner, pointer))
        return
    elements = _pointed(value_of(whole), pointer)
    for index in range(at[1] if at else 0, len(elements)):
        yield elements[index], ["index", index + 1]


def _scanned(scanner: Scanner, kind: str) -> Entries:
    """What follows the scanner's place, up to the end of the array or the object."""
    end = "]" if kind == "byte" else "}"
    while scanner.peek() != end:
        item = value_of(scanner.value()) if kind == "byte" else _pair(scanner)
        if scanner.peek() == ",":
            scanner.take(",")
            if scanner.peek() == end:
                raise scanner.wrong()
        elif scanner.peek() != end:
            raise scanner.wrong()
        yield item, [kind, scanner.at]


def _pair(scanner: Scanner) -> Pair:
    if scanner.peek() != '"':
        raise scanner.wrong()
    key = value_of(scanner.value())
    scanner.take(":")
    return Pair(Key=key, Value=value_of(scanner.value()))


def _steps(pointer: str) -> list[str]:
    """The names and indexes of a JSON Pointer (RFC 6901)."""
    if pointer and not pointer.startswith("/"):
        raise UnreadableError(f"ItemsPointer {pointer} is no JSON Pointer: it must begin with a slash.")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _is_index(step: str) -> bool:
    """Whether a step of a JSON Pointer is an index of an array (RFC 6901, section 4)."""
    return step.isascii() and step.isdigit() and (step == "0" or step[0] != "0") and len(step) <= _DIGITS


def _pointed(value: Any, steps: list[str]) -> list[Any]:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and _is_index(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise _nowhere(steps)
    if not isinstance(value, list | dict):
        raise UnreadableError(NOT_ITERABLE)
    return listed(value)


def _nowhere(steps: list[str]) -> UnreadableError:
    return UnreadableError(f"ItemsPointer /{'/'.join(steps)} does not point to anything in the object.")


def _enter(scanner: Scanner, steps: list[str]) -> str:
    """Go to the first element or member, which of them is the answer, over everything that lies before it."""
    for step in steps:
        first = scanner.peek()
        found = _member(scanner, step) if first == "{" else first == "[" and _element(scanner, step)
        if not found:
            raise _nowhere(steps)
    first = scanner.peek()
    if first not in ("[", "{"):
        raise UnreadableError(NOT_ITERABLE)
    scanner.take(first)
    return "byte" if first == "[" else "member"


def _member(scanner: Scanner, name: str) -> bool:
    scanner.take("{")
    while scanner.peek() == '"':
        key = value_of(scanner.value())
        scanner.take(":")
        if key == name:
            return True
        scanner.skip()
        if scanner.peek() != ",":
            return False
        scanner.take(",")
    return False


def _element(scanner: Scanner, index: str) -> bool:
    scanner.take("[")
    if not _is_index(index):
        return False
    for _ in range(int(index)):
        if scanner.peek() == "]":
            return False
        scanner.skip()
        if scanner.peek() != ",":
            return False
        scanner.take(",")
    return scanner.peek() != "]"
