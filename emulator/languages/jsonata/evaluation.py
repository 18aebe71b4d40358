"""JSONata expressions: compiled once, then evaluated against an input, bindings, a time and a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from jsonata2py import MISSING, JsonataEvaluationError
from jsonata2py.errors import JsonataError as LibraryError
from jsonata2py.runtime.context import begin_evaluation, end_evaluation, get_state

from emulator.languages.jsonata import budget
from emulator.languages.jsonata.functions import functions_for
from emulator.languages.jsonata.names import BUILT_IN, DRAWING, PROVIDED, REPLACED
from emulator.languages.jsonata.syntax import compile_syntax, error_of, problems, read, spelled, unspelled
from emulator.languages.jsonata.values import UNDEFINED, JsonataError, plain

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NOTHING: frozenset[str] = frozenset()


class _Bindings:
    """Names for one evaluation, in the shape the library reads them."""

    __slots__ = ("_functions", "_values", "draws")

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
    """A compiled expression; `text` is as written, without its delimiters.

    `draws`: its value may depend on the seed.
    """

    __slots__ = ("_functions", "_hideable", "_nests", "_programs", "_syntax", "draws", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._syntax = read(text)
        self._functions = self._syntax.names & (PROVIDED | REPLACED)
        self._hideable = self._syntax.names & (PROVIDED | BUILT_IN)
        self._nests = "eval" in self._syntax.names
        self.draws = not self._syntax.names.isdisjoint(DRAWING)
        self._programs = {_NOTHING: compile_syntax(self._syntax, REPLACED)}

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def evaluate(self, input: Any, bindings: Mapping[str, Any], *, now: datetime, seed: int) -> Any:
        """The value as plain JSON, or UNDEFINED.

        `bindings` are the variables, without their `$`; one with the name of a function hides it. `now`
        (aware) is what `$now()` and `$millis()` tell, `seed` decides `$random()`, `$uuid()` and
        `$shuffle()`. Values may be shared with the input and the bindings. Raises JsonataError; what recurses
        or goes on without end is U1001, a runaway range D2014.
        """
        milliseconds = (now - _EPOCH) // _MILLISECOND
        budget.begin()
        try:
            return plain(self._run(MISSING if input is UNDEFINED else input, bindings, seed, milliseconds))
        except LibraryError as error:
            only = next(iter(self._hideable)) if len(self._hideable) == 1 else ""
            raise error_of(error, only) from None
        except RecursionError:
            raise JsonataError("U1001", "Stack overflow error: check for too many function calls") from None
        except JsonataError:
            raise
        except Exception as error:  # whatever the library did not foresee is the expression's failure
            raise JsonataError("", f"The expression cannot be evaluated: {error}") from error

    def _run(self, input: Any, bindings: Mapping[str, Any], seed: int, milliseconds: int | None) -> Any:
        """The value as the library has it; inside another evaluation (`$eval`) the time is that one's."""
        program = self._program(self._hideable & bindings.keys() if self._hideable else _NOTHING)
        functions = functions_for(self._functions - bindings.keys(), seed, spelled) if self._functions else {}

        inner = _Inner(bindings, seed) if self._nests else None
        begin_evaluation(_Bindings(bindings, functions), None, 0, inner)  # type: ignore[arg-type]
        try:
            if milliseconds is not None:
                state = get_state()
                assert state is not None
                state.millis = milliseconds
            return program(input)
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
        """What Step Functions refuses at creation: `$`, `$$` and field names outside any path, and `$eval`."""
        found = list(dict.fromkeys(problems(self._syntax.tree)))
        return found + (["$eval is not supported; use $parse"] if self._nests else [])


@lru_cache(maxsize=4096)
def expression(text: str) -> Expression:
    """The compiled expression of a text without `{%` and `%}`, cached. Raises JsonataError.

    JSONata 2.0.6 with `$partition`, `$range`, `$hash`, `$random`, `$uuid` and `$parse` (AWS: transforming data
    with JSONata, which takes `$eval` away: see `Expression.problems`).
    """
    return Expression(text)


class _Inner:
    """`$eval`: evaluates an expression that another one has made. Raises the library's errors."""

    __slots__ = ("_bindings", "_seed")

    def __init__(self, bindings: Mapping[str, Any], seed: int) -> None:
        self._bindings = bindings
        self._seed = seed

    def __call__(self, text: str, context: Any, local: dict[str, Any] | None = None) -> Any:
        try:
            inner = expression(text)
        except JsonataError as error:
            # A field that is called is no error of syntax; the library sees it before it evaluates anything.
            code, kind = ("D3121", "Dynamic") if error.code == "T1005" else ("D3120", "Syntax")
            raise JsonataEvaluationError(code, f"{kind} error in expression passed to function eval: {error}") from None
        try:
            return inner._run(context, {**self._bindings, **(local or {})}, self._seed, None)
        except LibraryError as error:
            if error.error_code == "U1001":
                raise
            message = f"Dynamic error evaluating the expression passed to function eval: {error_of(error)}"
            raise JsonataEvaluationError("D3121", message) from None
