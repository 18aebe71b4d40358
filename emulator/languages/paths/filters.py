"""What a filter accepts: an expression tree -> a predicate over a node, with Jayway's coercions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol, TypeAlias

from emulator.languages.paths.criteria import (
    Exists,
    Expression,
    Literal,
    Logical,
    Operand,
    PathOperand,
    Relation,
)
from emulator.languages.paths.errors import EvaluationFailed, InvalidPath, PathNotFound
from emulator.languages.paths.regexes import Regex


class Readable(Protocol):
    """A compiled path, as far as a filter needs it."""

    def read(self, node: Any, root: Any, *, strict: bool = False) -> Any:
        """The value or list; raises PathNotFound."""


class _Undefined:
    """The value of a path that leads nowhere: equal to nothing, itself included."""


UNDEFINED = _Undefined()

Predicate: TypeAlias = Callable[[Any, Any], bool]
Comparison: TypeAlias = Callable[[Any, Any], bool]


def compile_filter(expression: Expression, compile_path: Callable[[PathOperand], Readable]) -> Predicate:
    """A predicate `(node, root) -> accepted`; a comparison of what cannot be compared accepts nothing."""
    evaluate = _compile(expression, compile_path)

    def accepts(node: Any, root: Any) -> bool:
        try:
            return evaluate(node, root)
        except InvalidPath:
            return False

    return accepts


def _compile(expression: Expression, compile_path: Callable[[PathOperand], Readable]) -> Predicate:
    if isinstance(expression, Exists):
        return _exists(compile_path(expression.path), expected=not expression.path.negated)
    if isinstance(expression, Relation):
        return _relation(expression, compile_path)
    return _logical(expression, [_compile(part, compile_path) for part in expression.parts])


def _logical(expression: Logical, parts: list[Predicate]) -> Predicate:
    if expression.operator == "!":
        return lambda node, root: not parts[0](node, root)
    if expression.operator == "||":
        return lambda node, root: any(part(node, root) for part in parts)
    return lambda node, root: all(part(node, root) for part in parts)


def _exists(path: Readable, *, expected: bool) -> Predicate:
    def evaluate(node: Any, root: Any) -> bool:
        try:
            path.read(node, root, strict=True)
        except PathNotFound:
            return not expected
        return expected

    return evaluate


def _relation(relation: Relation, compile_path: Callable[[PathOperand], Readable]) -> Predicate:
    left = _operand(_left(relation), compile_path)
    right = _operand(relation.right, compile_path)
    compare = COMPARISONS[relation.operator]
    return lambda node, root: compare(left(node, root), right(node, root))


def _left(relation: Relation) -> Operand:
    """A list or object written on the left of an equality equals nothing (Jayway)."""
    left = relation.left
    written = isinstance(left, Literal) and isinstance(left.value, list | dict)
    return Literal(UNDEFINED) if written and relation.operator in ("==", "===", "!=", "!==") else left


def _operand(operand: Operand, compile_path: Callable[[PathOperand], Readable]) -> Callable[[Any, Any], Any]:
    if isinstance(operand, Literal):
        return lambda node, root: operand.value
    path = compile_path(operand)

    def read(node: Any, root: Any) -> Any:
        try:
            return path.read(node, root)
        except PathNotFound:
            return UNDEFINED

    return read


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def equal(left: Any, right: Any) -> bool:
    """Jayway's `==`: "5" and 5 are equal; UNDEFINED equals nothing, itself included."""
    if _is_number(left) and _is_number(right):
        return _decimal(left) == _decimal(right)
    if isinstance(left, str) and _is_number(right):
        return left == str(right)
    if _is_number(left) and isinstance(right, str):
        try:
            return _decimal(left) == Decimal(right)
        except InvalidOperation:
            return False
    return identical(left, right)


def identical(left: Any, right: Any) -> bool:
    """Equality of JSON values without coercion: 1, 1.0 and true differ, at any depth."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(identical(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(identical, left, right))
    return left is not UNDEFINED and bool(left == right)


def _same_kind(left: Any, right: Any) -> bool:
    if _is_number(left) and _is_number(right):
        return True
    if isinstance(left, dict | list) and isinstance(right, dict | list):
        return True
    return type(left) is type(right)


def _ordered(accepts: Callable[[Any, Any], bool]) -> Comparison:
    """Numbers with numbers, else as texts; anything but numbers and strings is not ordered."""

    def compare(left: Any, right: Any) -> bool:
        if _is_number(left) and _is_number(right):
            return accepts(_decimal(left), _decimal(right))
        if isinstance(left, str | int | float | Decimal) and isinstance(right, str | int | float | Decimal):
            if isinstance(left, bool) or isinstance(right, bool):
                return False
            return accepts(str(left), str(right))
        return False

    return compare


def _elements(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise InvalidPath("Expected value list node")
    if any(isinstance(element, list | dict) for element in value):
        raise EvaluationFailed("Could not determine value type")
    return value


def _in(left: Any, right: Any) -> bool:
    if isinstance(right, dict):
        return False
    return any(equal(left, element) for element in _elements(right))


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    return isinstance(left, list) and any(equal(right, element) for element in _elements(left))


def _overlap(left: Any, right: Any) -> tuple[int, int] | None:
    """How many elements of `left` are in `right`, and how many it has; None when one of them is an object."""
    if isinstance(right, dict):
        return None
    others = _elements(right)
    if isinstance(left, dict):
        return None
    values = _elements(left)
    return sum(any(equal(value, other) for other in others) for value in values), len(values)


def _subset(left: Any, right: Any) -> bool:
    overlap = _overlap(left, right)
    return overlap is not None and overlap[0] == overlap[1]


def _any_of(left: Any, right: Any) -> bool:
    overlap = _overlap(left, right)
    return overlap is not None and overlap[0] > 0


def _none_of(left: Any, right: Any) -> bool:
    overlap = _overlap(left, right)
    return overlap is not None and overlap[0] == 0


def _size(left: Any, right: Any) -> bool:
    if not _is_number(right) or not isinstance(left, str | list):
        return False
    return len(left) == int(right)


def _empty(left: Any, right: Any) -> bool:
    if not isinstance(left, str | list | dict):
        return False
    if not isinstance(right, bool):
        raise InvalidPath("Expected boolean node")
    return (len(left) == 0) == right


def _matches(left: Any, right: Any) -> bool:
    if isinstance(left, Regex) == isinstance(right, Regex):
        return False
    expression, subject = (left, right) if isinstance(left, Regex) else (right, left)
    subjects = _elements(subject) if isinstance(subject, list) else [subject]
    return any(expression.matches(_text(value)) for value in subjects)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float | Decimal) else ""


def _never(left: Any, right: Any) -> bool:
    """`all`, `type` and `matches` take operands that cannot be written inside a path."""
    raise InvalidPath("Expected value list, class or predicate node")


def _exists_as(left: Any, right: Any) -> bool:
    if not isinstance(left, bool) and not isinstance(right, bool):
        raise EvaluationFailed("Failed to evaluate exists expression")
    if not isinstance(left, bool) or not isinstance(right, bool):
        raise InvalidPath("Expected boolean node")
    return left is right


COMPARISONS: dict[str, Comparison] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "===": lambda left, right: _same_kind(left, right) and equal(left, right),
    "!==": lambda left, right: not (_same_kind(left, right) and equal(left, right)),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "=~": _matches,
    "IN": _in,
    "NIN": lambda left, right: not _in(left, right),
    "CONTAINS": _contains,
    "ALL": _never,
    "SIZE": _size,
    "EMPTY": _empty,
    "EXISTS": _exists_as,
    "TYPE": _never,
    "MATCHES": _never,
    "SUBSETOF": _subset,
    "ANYOF": _any_of,
    "NONEOF": _none_of,
}
