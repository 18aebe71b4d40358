"""The numbers of a state that may be given by value, by path or as an expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from emulator.languages.asl import templates
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.failures import runtime
from emulator.languages.asl.texts import text_of

Number = int | float


def find_number(
    definition: dict[str, Any],
    field: str,
    kind: str,
    jsonata: bool,
    *,
    of_path: Callable[[Any], Number],
    of_query: Callable[[Number], Number],
) -> Read | None:
    """A field, or the field of its path, as a function; None where neither is there.

    `of_path` makes the number of what a path leads to and raises ValueError for what is no number of this `kind`
    (AWS's word for it), which is States.Runtime. `of_query` makes it of the number that an expression gives, and raises
    StateFailure. A value that is written down was checked with the definition.
    """
    if f"{field}Path" in definition:
        return _by_path(definition[f"{field}Path"], f"{field}Path", kind, of_path)
    if field not in definition:
        return None
    value = definition[field]
    if not jsonata or not is_expression(value):
        return lambda env: value
    from emulator.languages.asl import queries  # loaded by the first machine that uses it

    read = queries.typed(value, field, (int, float), "number")
    return lambda env: of_query(read(env))


def _by_path(text: str, field: str, kind: str, of_path: Callable[[Any], Number]) -> Read:
    read = templates.path(text, field)

    def number(env: Env) -> Any:
        value = read(env)
        try:
            return of_path(value)
        except (ValueError, OverflowError) as error:
            message = f'The {field} field refers to value "{text_of(value)}" which is not a valid {kind}: {text}'
            raise runtime(message) from error

    return number
