"""The functions that Step Functions adds to JSONata, and those it must answer without chance of its own."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from typing import Any

from jsonata2py import MISSING, JsonataEvaluationError, JsonataFunctionArguments
from jsonata2py.runtime.values import PackedArgs, is_number

from emulator.languages.jsonata.chance import Chance
from emulator.languages.jsonata.messages import mismatch

ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}

# The limit of the range operator, for the same reason.
LONGEST_RANGE = 10_000_000


class Function:
    """One of our functions, in the shape the library calls it.

    `types` has a letter for each argument, as in JSONata's signatures: a(rray), n(umber), s(tring). Of
    these `required` must be given; one that is given but undefined makes the result undefined.
    """

    __slots__ = ("_call", "_name", "_required", "_types")

    def __init__(self, name: str, types: str, call: Callable[..., Any], *, required: int | None = None) -> None:
        self._name = name
        self._types = types
        self._call = call
        self._required = len(types) if required is None else required

    def get_function_signature(self) -> str | None:
        """None: the library would convert where JSONata refuses, so the checks are made here."""
        return None

    def apply(self, given: JsonataFunctionArguments) -> Any:
        """The result, or the library's MISSING. Raises JsonataEvaluationError (T0410)."""
        arguments = given.as_list()
        if len(arguments) == 1 and isinstance(arguments[0], PackedArgs):
            arguments = list(arguments[0])
        elif not self._required and len(arguments) == 1 and (arguments[0] is MISSING or arguments[0] is None):
            arguments = []
        if not self._required <= len(arguments) <= len(self._types):
            raise self._mismatch(min(len(arguments), len(self._types)) + 1)
        values = [self._checked(place, argument) for place, argument in enumerate(arguments)]
        return MISSING if any(value is MISSING for value in values) else self._call(*values)

    def _checked(self, place: int, value: Any) -> Any:
        wanted = self._types[place]
        if value is MISSING:
            return value
        if wanted == "a":
            return value if isinstance(value, list | range) else [value]
        if not (is_number(value) if wanted == "n" else isinstance(value, str)):
            raise self._mismatch(place + 1)
        return value

    def _mismatch(self, argument: int) -> JsonataEvaluationError:
        return JsonataEvaluationError("T0410", mismatch(argument, self._name))


def _whole(value: float) -> int:
    """The number rounded down (AWS: JSONata functions provided by Step Functions)."""
    if not math.isfinite(value):
        raise JsonataEvaluationError("T0410", f"{value} is not an integer")
    return math.floor(value)


def partition(array: list[Any], size: Any) -> list[Any]:
    """The array in pieces of `size`, the last one shorter (States.ArrayPartition)."""
    length = _whole(size)
    if length < 1:
        raise JsonataEvaluationError("T0410", "The size must be a positive integer")
    return [array[start : start + length] for start in range(0, len(array), length)]


def number_range(first: Any, last: Any, step: Any) -> list[int] | int:
    """The whole numbers from `first` to `last`, both included where the step allows (States.ArrayRange).

    One number alone is no array: a sequence of one is its value, as everywhere in JSONata (recorded on AWS).
    """
    start, stop, stride = _whole(first), _whole(last), _whole(step)
    if stride == 0:
        raise JsonataEvaluationError("T0410", "The increment must not be zero")
    numbers = range(start, stop + (1 if stride > 0 else -1), stride)
    if (stop - start) // stride >= LONGEST_RANGE:
        raise JsonataEvaluationError("D2014", f"The size of the sequence must not exceed {LONGEST_RANGE}")
    return numbers[0] if len(numbers) == 1 else list(numbers)


def digest(data: str, algorithm: str) -> str:
    """The hash in hexadecimal (States.Hash)."""
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise JsonataEvaluationError("T0410", f"The algorithm {algorithm} is none of {known}")
    return hashlib.new(ALGORITHMS[algorithm], data.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def parse(text: str) -> Any:
    """The value of a JSON text (States.StringToJson)."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise JsonataEvaluationError("D3120", f"Not a JSON text: {error}") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_PURE = {
    "partition": Function("partition", "an", partition),
    "range": Function("range", "nnn", number_range),
    "hash": Function("hash", "ss", digest),
    "parse": Function("parse", "s", parse),
}


def functions_for(names: frozenset[str], seed: int, spelled: Callable[[str], str]) -> dict[str, Any]:
    """The functions of these names; `spelled` gives the name under which a replaced one is bound."""
    chance = Chance(seed)
    functions: dict[str, Any] = {name: _PURE[name] for name in names & _PURE.keys()}
    if "uuid" in names:
        functions["uuid"] = Function("uuid", "", chance.identifier)
    if "random" in names:
        functions[spelled("random")] = Function("random", "n", lambda *own: _draw(chance, *own), required=0)
    if "shuffle" in names:
        functions[spelled("shuffle")] = Function("shuffle", "a", chance.order)
    return functions


def _draw(chance: Chance, *seed: float) -> float:
    """With a seed of its own, the same number each time; without, the next of this evaluation."""
    return Chance(_whole(seed[0])).number() if seed else chance.number()
