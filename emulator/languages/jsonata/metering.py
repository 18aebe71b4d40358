"""The library's functions as expressions call them here: charged for what they go over (see `budget`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jsonata2py import JsonataEvaluationError
from jsonata2py import runtime as library
from jsonata2py.errors import JsonataError as LibraryError
from jsonata2py.runtime.values import JRegex

from emulator.languages import dialects
from emulator.languages.jsonata import budget
from emulator.languages.jsonata.budget import charge
from emulator.languages.jsonata.functions import LONGEST_RANGE
from emulator.languages.searching import find

CHARACTERS = 64  # of a text that count as one operation
ELEMENTS = 8  # of a range that count as one
PATTERN = 8  # characters of a regular expression, its repeats written out, that count as one
A_SEARCH = 2  # operations of a search that tries nothing twice
A_TRYING_SEARCH = 20  # of any other that ends in its first attempt: up to 0.1 ms


def _metered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, charged for the elements and characters it is given."""

    def call(*arguments: Any) -> Any:
        for value in arguments:
            kind = type(value)
            if kind is list:
                charge(len(value))
            elif kind is str and len(value) > CHARACTERS:
                charge(len(value) // CHARACTERS)
        return function(*arguments)

    return call


def _pair(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a function of two, the first of them what it goes over; these are called most."""

    def call(value: Any, other: Any) -> Any:
        if type(value) is list:
            charge(len(value))
        return function(value, other)

    return call


def _called(function: Callable[..., Any]) -> Callable[..., Any]:
    """A call of a function of the user's, each of them an operation."""

    def call(called: Any, argument: Any) -> Any:
        charge(1)
        return function(called, argument)

    return call


def _range(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(first: Any, last: Any) -> Any:
        if isinstance(first, int | float) and isinstance(last, int | float) and 0 < last - first < LONGEST_RANGE:
            charge(int(last - first) // ELEMENTS)
        return function(first, last)

    return call


def _pad(text: Any, width: Any, *more: Any) -> Any:
    if isinstance(width, int | float) and abs(width) < 2**53:
        charge(int(abs(width)) // CHARACTERS)
    return library.fn_pad(text, width, *more)


def _replace(text: Any, pattern: Any, replacement: Any, *more: Any) -> Any:
    if isinstance(text, str):
        length = len(replacement) if isinstance(replacement, str) else CHARACTERS
        charge(len(text) * max(1, length) // CHARACTERS)
    return library.fn_replace(text, pattern, replacement, *more)


def _decoding(name: str) -> Callable[..., Any]:
    """The function of that name, which says what it cannot decode in JSONata's own words."""
    function = getattr(library, f"fn_{name}")

    def call(text: Any) -> Any:
        try:
            return function(text)
        except LibraryError as error:
            if error.error_code != "D3140":
                raise
            raise JsonataEvaluationError("D3140", f'Malformed URL passed to ${name}(): "{text}"') from None

    return call


class _Pattern:
    """A compiled regular expression; what of a search cannot be counted is paid for by its time."""

    __slots__ = ("_least", "_search")

    def __init__(self, pattern: Any, least: int) -> None:
        self._search = pattern.search
        self._least = least

    def search(self, text: str, start: int = 0) -> Any:
        charge(self._least)
        try:
            return find(self._search, _pay, text, start)
        except TimeoutError:
            raise _given_up("takes too long") from None


def _pay(seconds: float) -> None:
    try:
        charge(int(seconds * budget.OPERATIONS))
    except JsonataEvaluationError:
        raise _given_up("takes too long") from None


def _given_up(why: str) -> JsonataEvaluationError:
    return JsonataEvaluationError("U1001", f"Expression evaluation timeout: a regular expression {why}")


def _regex(pattern: str, flags: str) -> JRegex:
    try:
        read = dialects.ecmascript(pattern)
    except dialects.TooLarge:
        raise _given_up("is too large") from None
    charge(max(len(pattern), read.size) // PATTERN)
    return JRegex(pattern, flags, _compiled(read.text, flags, A_TRYING_SEARCH if read.tries else A_SEARCH))


@lru_cache(maxsize=128)
def _compiled(text: str, flags: str, least: int) -> _Pattern:
    return _Pattern(library.regex_value(text, flags).compiled, least)


_CALLS = ("fn_apply", "fn_apply_tco", "fn_pipe")
_GROWING = (
    *("array_of", "concat", "fn_append", "fn_append_all", "fn_base64encode", "fn_clone", "fn_encodeUrl"),
    *("fn_encodeUrlComponent", "fn_join", "fn_map", "fn_merge", "fn_reduce", "fn_split", "fn_spread", "fn_string"),
    *("fn_zip", "force_array", "range_subscript"),
)
_PAIRS = ("field", "filter_", "map_group_step", "map_step", "step_final")
_GOING_OVER = (
    *("apply_step", "collect_pos_tuples", "constructor_step_final", "context_step", "descendant", "descendant_final"),
    *("dynamic_filter", "each_indexed", "eq", "field_final", "filter_field_eq", "fn_average"),
    *("fn_average_field", "fn_collect_pairs", "fn_collect_triples", "fn_contains", "fn_count_field"),
    *("fn_count_field_eq", "fn_count_filter", "fn_distinct", "fn_each", "fn_filter", "fn_filter_indexed"),
    *("fn_flatten", "fn_lookup", "fn_lowercase", "fn_map_indexed", "fn_match", "fn_max", "fn_max_field", "fn_min"),
    *("fn_min_field", "fn_reduce_dynamic", "fn_reverse", "fn_shuffle", "fn_sift", "fn_single", "fn_single_indexed"),
    *("fn_sort", "fn_sort_by_ordering_key", "fn_sort_comparator", "fn_substring", "fn_sum", "fn_sum_field"),
    *("fn_transform", "fn_trim", "fn_uppercase", "group_by_tuples", "group_context", "in_", "map_consarray_step"),
    *("map_constructor_step", "map_constructor_step_flat", "ne", "sort_tuples"),
    *("step_context", "step_context_bind", "step_descendant", "step_expr", "step_field"),
    *("step_flatten", "step_parent", "step_position_bind", "step_predicate", "step_subscript", "step_variable"),
    *("step_wildcard", "wildcard", "wildcard_context", "wildcard_final"),
)


def _named(names: tuple[str, ...], dressed: Callable[[Callable[..., Any]], Callable[..., Any]]) -> dict[str, Any]:
    return {name: dressed(getattr(library, name)) for name in names}


_ONCE = {
    **_named(_GROWING, _metered),
    "range_": _range(library.range_),
    "fn_pad": _pad,
    "fn_replace": _replace,
    "fn_decodeUrl": _decoding("decodeUrl"),
    "fn_decodeUrlComponent": _decoding("decodeUrlComponent"),
    "regex_value": _regex,
}
"""What can make much of little, metered; where nothing is done twice, the rest is bounded by the data."""

_OFTEN = {**_ONCE, **_named(_GOING_OVER, _metered), **_named(_PAIRS, _pair), **_named(_CALLS, _called)}


def meter(program: Any, source: str) -> None:
    """Let a compiled program use the metered functions: in its own namespace, others do not see them."""
    repeats = "lambda" in source or source.count("\ndef ") > 1
    program.__globals__.update(_OFTEN if repeats else _ONCE)
