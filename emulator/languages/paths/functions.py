"""The functions at the end of a JSONPath: `.length()`, `.sum()`, `.keys()` and so on, as Jayway has them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

from emulator.languages.paths.errors import EvaluationFailed

Evaluation: TypeAlias = Callable[[Any, list[Any]], Any]

_NO_NUMBERS = "Aggregation function attempted to calculate value using empty array"
_TOO_LARGE = "A number is too large to be calculated with"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(node: Any, arguments: list[Any]) -> list[float]:
    """The numbers of the array and of the arguments; none at all is an error."""
    values: list[Any] = list(node) if isinstance(node, list) else []
    for argument in arguments:
        values.extend(argument if isinstance(argument, list) else [argument])
    try:
        numbers = [float(value) for value in values if _is_number(value)]
    except OverflowError:
        raise EvaluationFailed(_TOO_LARGE) from None
    if not numbers:
        raise EvaluationFailed(_NO_NUMBERS)
    return numbers


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise EvaluationFailed(_TOO_LARGE)
    return value


def _average(node: Any, arguments: list[Any]) -> float:
    numbers = _numbers(node, arguments)
    return _finite(sum(numbers) / len(numbers))


def _deviation(node: Any, arguments: list[Any]) -> float:
    numbers = _numbers(node, arguments)
    count, total = len(numbers), sum(numbers)
    variance = _finite(sum(number * number for number in numbers) / count - total * total / count / count)
    return math.sqrt(max(variance, 0.0))


def _length(node: Any, arguments: list[Any]) -> int | None:
    subject = arguments[0] if arguments else node
    return len(subject) if isinstance(subject, list | dict) else None


def _keys(node: Any, arguments: list[Any]) -> list[str] | None:
    return list(node) if isinstance(node, dict) else None


def _append(node: Any, arguments: list[Any]) -> Any:
    return [*node, *arguments] if isinstance(node, list) else node


def _concat(node: Any, arguments: list[Any]) -> str:
    values: list[Any] = [value for value in node if isinstance(value, str)] if isinstance(node, list) else []
    for argument in arguments:
        values.extend(argument if isinstance(argument, list) else [argument])
    return "".join(_as_text(value) for value in values if value is not None)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _element(node: Any, position: int) -> Any:
    """Counting from the end never reaches the first element, so last() of one element fails (Jayway)."""
    if not isinstance(node, list):
        raise EvaluationFailed(_NO_NUMBERS)
    if not -len(node) < position < len(node):
        raise EvaluationFailed(f"Target index:{position} larger than object count:{len(node)}")
    return node[position]


def _index(node: Any, arguments: list[Any]) -> Any:
    if not arguments or not isinstance(arguments[0], int):
        raise EvaluationFailed("index() needs a position")
    return _element(node, arguments[0])


FUNCTIONS: dict[str, Evaluation] = {
    "avg": _average,
    "stddev": _deviation,
    "sum": lambda node, arguments: _finite(sum(_numbers(node, arguments))),
    "min": lambda node, arguments: min(_numbers(node, arguments)),
    "max": lambda node, arguments: max(_numbers(node, arguments)),
    "concat": _concat,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": lambda node, arguments: _element(node, 0),
    "last": lambda node, arguments: _element(node, -1),
    "index": _index,
}
