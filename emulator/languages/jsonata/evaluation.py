"""JSONata expressions: compiled once, then evaluated against an input, bindings, a time and a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from jsonata2py import MISSING
from jsonata2py.errors import JsonataError as LibraryError
from jsonata2py.runtime.context import begin_evaluation, end_evaluation, get_state

from emulator.languages.jsonata.functions import functions_for
from emulator.languages.jsonata.names import BUILT_IN, PROVIDED, REPLACED
from emulator.languages.jsonata.syntax import compile_syntax, error_of, problems, read, spelled, unspelled
from emulator.languages.jsonata.values import UNDEFINED, JsonataError, plain

# Real time, as the last resort: recursion and ranges have limits of their own (U1001, D2014),
# loops inside loops do not.
LONGEST_MILLISECONDS = 5_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NOTHING: frozenset[str] = frozenset()


class _Bindings:
    """Names for one evaluation, in the shape the library reads them."""

    __slots__ = ("_functions", "_values")

    def __init__(self, values: Mapping[str, Any], functions: dict[str, Any]) -> None:
        self._values = values
        self._functions = functions

    def is_empty(self) -> bool:
        return not self._values and not self._functions

    def get_values(self) -> Mapping[str, Any]:
        return self._values

    def get_functions(self) -> dict[str, Any]:
        return self._functions

    def get_value(self, name: str) -> Any:
        value = self._values.get(unspelled(name), MISSING)
        return MISSING if value is UNDEFINED else value

    def get_function(self, name: str) -> Any:
        return self._functions.get(name)


class Expression:
    """A compiled expression; `text` is as written, without its delimiters."""

    __slots__ = ("_functions", "_hideable", "_programs", "_syntax", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._syntax = read(text)
        self._functions = self._syntax.names & (PROVIDED | REPLACED)
        self._hideable = self._syntax.names & (PROVIDED | BUILT_IN)
        self._programs = {_NOTHING: compile_syntax(self._syntax, REPLACED)}

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, input: Any, bindings: Mapping[str, Any], *, now: datetime, seed: int) -> Any:
        """The value as plain JSON, or UNDEFINED.

        `bindings` are the variables, without their `$`; one with the name of a function hides it. `now`
        (aware) is what `$now()` and `$millis()` tell, `seed` decides `$random()`, `$uuid()` and
        `$shuffle()`. Values may be shared with the input and the bindings. Raises JsonataError; runaway
        recursion is U1001, a runaway range D2014.
        """
        milliseconds = (now - _EPOCH) // _MILLISECOND
        program = self._program(self._hideable & bindings.keys() if self._hideable else _NOTHING)
        functions = functions_for(self._functions - bindings.keys(), seed, spelled) if self._functions else {}
        begin_evaluation(_Bindings(bindings, functions), None, LONGEST_MILLISECONDS)  # type: ignore[arg-type]
        try:
            state = get_state()
            assert state is not None
            state.millis = milliseconds
            return plain(program(MISSING if input is UNDEFINED else input))
        except LibraryError as error:
            raise error_of(error) from None
        except RecursionError:
            raise JsonataError("U1001", "Stack overflow error: check for too many function calls") from None
        except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise JsonataError("", f"The expression cannot be evaluated: {error}") from error
        finally:
            end_evaluation()

    def _program(self, hidden: Set[str]) -> Callable[[Any], Any]:
        """The program in which these names are variables, whatever functions there are."""
        names = frozenset(hidden)
        program = self._programs.get(names)
        if program is None:
            program = self._programs[names] = compile_syntax(self._syntax, REPLACED | names)
        return program

    def problems(self) -> list[str]:
        """What Step Functions refuses at creation: `$`, `$$` and field names outside any path."""
        return list(dict.fromkeys(problems(self._syntax.tree)))


@lru_cache(maxsize=4096)
def expression(text: str) -> Expression:
    """The compiled expression of a text without `{%` and `%}`, cached. Raises JsonataError.

    JSONata 2.0.6 with `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse`, and without
    `$eval` (AWS: transforming data with JSONata).
    """
    return Expression(text)
