"""Objects of JSON: the elements of an array, the whole or the one that ItemsPointer names.

A small object is read at once and a place is an index; a large one is taken apart as it comes, and a place is the
number of the byte where the next element begins.
"""

from __future__ import annotations

from typing import Any

from emulator.services.stepfunctions.integrations.items.errors import UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Entries, Object
from emulator.services.stepfunctions.integrations.items.rows import value_of
from emulator.services.stepfunctions.integrations.items.scanner import Scanner

SMALL = 128 * 1024  # bytes, after decompression
NOT_ITERABLE = "Attempting to map over non-iterable node."


def of_json(found: Object, config: dict[str, Any], at: list[Any] | None) -> Entries:
    """The elements of the array. A place is ["index", n] or ["byte", n]."""
    pointer = _steps(config.get("ItemsPointer", ""))
    if at is not None and at[0] == "byte":
        yield from _scanned(Scanner(found.chunks(at[1]), at[1]))
        return
    scanner = Scanner(found.chunks())
    whole = scanner.small(SMALL)
    if whole is None:
        _enter(scanner, pointer)
        yield from _scanned(scanner)
        return
    elements = _pointed(value_of(whole), pointer)
    for index in range(at[1] if at else 0, len(elements)):
        yield elements[index], ["index", index + 1]


def _scanned(scanner: Scanner) -> Entries:
    """The elements from the scanner's place on, up to the end of the array."""
    while scanner.peek() != "]":
        value = value_of(scanner.value())
        if scanner.peek() == ",":
            scanner.take(",")
            if scanner.peek() == "]":
                raise scanner.wrong()
        elif scanner.peek() != "]":
            raise scanner.wrong()
        yield value, ["byte", scanner.at]


def _steps(pointer: str) -> list[str]:
    """The names and indexes of a JSON Pointer (RFC 6901)."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _pointed(value: Any, steps: list[str]) -> list[Any]:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise _nowhere(steps)
    if not isinstance(value, list):
        raise UnreadableError(NOT_ITERABLE)
    return value


def _nowhere(steps: list[str]) -> UnreadableError:
    return UnreadableError(f"ItemsPointer /{'/'.join(steps)} does not point to anything in the object.")


def _enter(scanner: Scanner, steps: list[str]) -> None:
    """Go to the first element of the array, over everything that lies before it."""
    for step in steps:
        first = scanner.peek()
        found = _member(scanner, step) if first == "{" else first == "[" and _element(scanner, step)
        if not found:
            raise _nowhere(steps)
    if scanner.peek() != "[":
        raise UnreadableError(NOT_ITERABLE)
    scanner.take("[")


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
    for _ in range(int(index) if index.isdigit() else 0):
        if scanner.peek() == "]":
            return False
        scanner.skip()
        if scanner.peek() != ",":
            return False
        scanner.take(",")
    return index.isdigit() and scanner.peek() != "]"
