"""Whether a call's parameters are what the operation's model demands, answered as each service answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from emulator.errors import AwsError
from emulator.wire.constraints import Problem, has_type, matches, problems
from emulator.wire.json_body import serialization_error
from emulator.wire.models import Operation, Shape
from emulator.wire.names import xform_name
from emulator.wire.xml_body import NOT_WELL_FORMED

Accepts: TypeAlias = Callable[[Any], bool]
ALL = frozenset({"required", "length", "range", "pattern", "enum"})
REQUIRED = frozenset({"required"})


class Rules(NamedTuple):
    """How a service answers: the kinds of constraint it leaves to the model, its code, its text.

    `one` writes the message of the first problem alone; None gives Coral's "N validation errors detected".
    `document` is the code and text where the first problem lies within a document, not in the call itself.
    """

    code: str = "ValidationException"
    kinds: frozenset[str] = ALL
    one: Callable[[Problem], str] | None = None
    document: tuple[str, str] | None = None


def _missing(problem: Problem) -> str:
    return f"The request must contain the parameter {problem.member}."


RULES: Mapping[str, Rules] = {
    "apigateway": Rules("BadRequestException"),
    "apigatewayv2": Rules("BadRequestException"),
    "batch": Rules("ClientException", REQUIRED, lambda problem: f"{problem.member} must not be null."),
    "cloudformation": Rules("ValidationError"),
    "cloudwatch": Rules("MissingParameter", REQUIRED, lambda it: f"The parameter {it.member} is required."),
    "iam": Rules("ValidationError"),
    "logs": Rules("InvalidParameterException"),
    "s3": Rules(
        "InvalidRequest",
        REQUIRED,
        lambda problem: f"Missing required parameter {problem.member}",
        ("MalformedXML", NOT_WELL_FORMED),
    ),
    "sns": Rules("ValidationError", REQUIRED),
    "sqs": Rules("MissingParameter", REQUIRED, _missing),
    "sts": Rules("ValidationError"),
}
"""Services that differ from Coral's default. sqs, sns and s3 check lengths, patterns and values in the
service, with texts of their own; an API checks here what Coral checks before the service is called."""


def validate(operation: Operation, params: Mapping[str, Any]) -> None:
    """Raise what AWS answers to parameters that break the model: wrong types first, then constraints.

    `params` is keyed as `decode` gives it. A wrong type is a SerializationException; the rest is in `RULES`.
    """
    try:
        if accepts(operation)(params):
            return
        found = explain(operation, params)
    except RecursionError as error:
        raise serialization_error("The request is nested too deeply") from error
    rules = RULES.get(operation.service, Rules())
    for problem in found:
        if problem.kind == "type":
            raise serialization_error(problem.text)
    if found and rules.document is not None and "." in found[0].path:
        raise AwsError(*rules.document, status=400)
    if found:
        raise AwsError(rules.code, _message(found, rules), status=400)


def explain(operation: Operation, params: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a call's parameters, in the model's order."""
    shape = operation.input
    if shape is None:
        return []
    kinds = RULES.get(operation.service, Rules()).kinds
    named = {name: params[py] for name in shape.members if (py := xform_name(name)) in params}
    return list(problems(shape, named, "", "", kinds))


def _message(found: list[Problem], rules: Rules) -> str:
    if rules.one is not None:
        return rules.one(found[0])
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: {'; '.join(problem.text for problem in found)}"


@lru_cache(maxsize=4096)
def accepts(operation: Operation) -> Accepts:
    """The compiled check of a whole call; it says only yes or no, `explain` says why."""
    shape = operation.input
    if shape is None:
        return lambda params: True
    kinds = RULES.get(operation.service, Rules()).kinds
    checks = _Checks(kinds)
    required = tuple(xform_name(name) for name in shape.required) if "required" in kinds else ()
    table = {xform_name(name): checks.of(member) for name, member in shape.members.items()}

    def accepted(params: Any) -> bool:
        for name in required:
            if params.get(name) is None:
                return False
        for name, value in params.items():
            if value is not None and (check := table.get(name)) is not None and not check(value):
                return False
        return True

    return accepted


def _is_str(value: Any) -> bool:
    return type(value) is str


def _is_integer(value: Any) -> bool:
    return type(value) is int and -(2**31) <= value < 2**31


def _is_long(value: Any) -> bool:
    return type(value) is int and -(2**63) <= value < 2**63


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_datetime(value: Any) -> bool:
    return isinstance(value, datetime)


def _all_of(tests: list[Accepts]) -> Accepts:
    """One check for several, without a generator at each call."""
    first, *others = tests
    if not others:
        return first
    rest = _all_of(others)
    return lambda value: first(value) and rest(value)


_PLAIN: dict[str, Accepts] = {
    "string": _is_str,
    "integer": _is_integer,
    "long": _is_long,
    "boolean": _is_bool,
    "timestamp": _is_datetime,
}


class _Checks:
    """Compiled checks by shape; recursive shapes find themselves."""

    def __init__(self, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._known: dict[Shape, Accepts] = {}

    def of(self, shape: Shape) -> Accepts:
        if shape not in self._known:
            if shape.type == "structure" and not shape.is_document:
                return self._structure(shape)
            if shape.type in ("list", "map") and not shape.is_document:
                self._known[shape] = self._collection(shape)
            else:
                self._known[shape] = self._scalar(shape)
        return self._known[shape]

    def _structure(self, shape: Shape) -> Accepts:
        required = shape.required if "required" in self._kinds else ()
        table: dict[str, Accepts] = {}

        def accepts(value: Any) -> bool:
            if not isinstance(value, dict):
                return False
            for name in required:
                if value.get(name) is None:
                    return False
            for name, item in value.items():
                if item is not None and (check := table.get(name)) is not None and not check(item):
                    return False
            return True

        self._known[shape] = accepts
        table.update({name: self.of(member) for name, member in shape.members.items()})
        return accepts

    def _collection(self, shape: Shape) -> Accepts:
        is_map = shape.type == "map"
        kind = dict if is_map else (list, tuple)
        item = self.of(shape.value if is_map else shape.member)
        key = self.of(shape.key) if is_map else None
        nulls = shape.traits.get("sparse") or "required" not in self._kinds
        sized = self._sized(shape)

        def accepts(value: Any) -> bool:
            if not isinstance(value, kind) or (sized is not None and not sized(value)):
                return False
            if key is not None and not all(key(name) for name in value):
                return False
            every: Iterable[Any] = value.values() if isinstance(value, dict) else value
            return all(nulls if each is None else item(each) for each in every)

        return accepts

    def _sized(self, shape: Shape) -> Accepts | None:
        if "length" not in self._kinds or not {"min", "max"} & shape.traits.keys():
            return None
        low, high = shape.traits.get("min", 0), shape.traits.get("max", float("inf"))
        return lambda value: bool(low <= len(value) <= high)

    def _scalar(self, shape: Shape) -> Accepts:
        plain = _PLAIN.get(shape.type)
        if plain is None or shape.is_document or shape.is_stream:
            return lambda value: has_type(shape, value) and not any(problems(shape, value, "", "", self._kinds))
        return _all_of([plain, *self._tests(shape)])

    def _tests(self, shape: Shape) -> list[Accepts]:
        traits, kinds, tests = shape.traits, self._kinds, list[Accepts]()
        if shape.type in ("integer", "long"):
            if "range" in kinds and {"min", "max"} & traits.keys():
                low, high = traits.get("min", float("-inf")), traits.get("max", float("inf"))
                tests.append(lambda value: low <= value <= high)
            return tests
        if sized := self._sized(shape):
            tests.append(sized)
        if "pattern" in kinds and "pattern" in traits and shape.type == "string":
            tests.append(lambda value: matches(traits["pattern"], value))
        if "enum" in kinds and "enum" in traits:
            tests.append(frozenset(traits["enum"]).__contains__)
        return tests
