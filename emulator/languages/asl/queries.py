"""JSONata fields of states: which strings are expressions, and what AWS says when one of them fails."""

from __future__ import annotations

import re
from typing import Any

from emulator.languages import jsonata
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.expressions import is_expression, require_closed
from emulator.languages.asl.failures import query
from emulator.languages.asl.problems import InvalidQuery
from emulator.languages.asl.texts import dump

# `$states` in any other use than for its input, result or error output.
_WHOLE = re.compile(r"\$states(?!\.(?:input|result|errorOutput)\b)")
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "boolean"),
    ((int, float), "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def kind_of(value: Any) -> str:
    """The JSON type of a value, in AWS's words."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return "null"


def expression(text: str, location: str) -> Read:
    """One `{% ... %}` string, compiled. Raises InvalidQuery when it cannot be parsed."""
    inner = text[2:-2].strip()
    try:
        compiled = jsonata.expression(inner)
    except jsonata.JsonataError as error:
        raise InvalidQuery(f"The JSONata expression '{inner}' in '{location}' is invalid: {error}") from error
    for problem in compiled.problems():
        raise InvalidQuery(f"The JSONata expression '{inner}' in '{location}' is invalid: {problem}")

    whole = _WHOLE.search(inner) is not None

    def read(env: Env) -> Any:
        bindings = {**env.variables, "states": states(env, whole)}
        run = env.run
        try:
            found = compiled.evaluate(None, bindings, now=run.now, seed=env.chance() if compiled.draws else 0)
        except jsonata.JsonataError as error:
            raise query(
                f"The JSONata expression '{inner}' specified for the field '{location}'"
                f" threw an error during evaluation. {error}",
                location,
            ) from error
        if found is jsonata.UNDEFINED:
            raise query(
                f"The JSONata expression '{inner}' specified for the field '{location}' returned nothing (undefined).",
                location,
            )
        return found

    return read


def states(env: Env, whole: bool) -> dict[str, Any]:
    """The reserved variable `$states`; its context is made only where the expression speaks of it."""
    bound: dict[str, Any] = {"input": env.document, "context": env.context if whole else {}}
    if env.result is not None:
        bound[env.result[0]] = env.result[1]
    return bound


def template(value: Any, location: str) -> tuple[bool, Any]:
    """Any JSON with expressions in it: (True, constant) or (False, Read)."""
    if is_expression(value):
        return False, expression(value, location)
    if isinstance(value, str):
        require_closed(value, location)
    if isinstance(value, dict):
        fields = [(key, *template(item, f"{location}/{key}")) for key, item in value.items()]
        if all(constant for _, constant, _ in fields):
            return True, value
        return False, lambda env: {key: made if constant else made(env) for key, constant, made in fields}
    if isinstance(value, list):
        parts = [template(item, f"{location}[{index}]") for index, item in enumerate(value)]
        if all(constant for constant, _ in parts):
            return True, value
        return False, lambda env: [made if constant else made(env) for constant, made in parts]
    return True, value


def typed(value: Any, location: str, kinds: tuple[type, ...], expected: str) -> Read:
    """A field that must be of a type: a constant, or an expression whose result is checked."""
    if not is_expression(value):
        return lambda env: value
    read = expression(value, location)
    inner = value[2:-2].strip()

    def checked(env: Env) -> Any:
        found = read(env)
        if not isinstance(found, kinds) or (isinstance(found, bool) and bool not in kinds):
            raise query(
                f"The JSONata expression '{inner}' specified for the field '{location}' returned an"
                f" unexpected result type. Expected '{expected}', but was '{kind_of(found)}'"
                f" for value: {dump(found)}",
                location,
            )
        return found

    return checked
