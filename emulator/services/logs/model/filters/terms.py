"""Terms: `ERROR "out of memory" ?WARN -debug %regular expression%`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from emulator.errors import AwsError
from emulator.services.logs.model.filters.regexes import compile_regex

_TERM = re.compile(
    r"\s*(?P<mark>[?-]?)(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|%(?P<regex>[^%]+)%|(?P<plain>[^\s\"%?-][^\s\"]*))(?=\s|$)"
)
_PLAIN = re.compile(r"[\w.@/$:=*#&+!~<>,;|^'-]+")


class _Term(NamedTuple):
    mark: str
    found: Callable[[str], bool]


def compile_terms(text: str) -> Callable[[str], bool]:
    """All plain terms, none of the excluded; optional ones (`?`) count only where no other is required.

    Errors: InvalidParameterException.
    """
    every = list(_terms(text))
    required = [term.found for term in every if not term.mark]
    excluded = [term.found for term in every if term.mark == "-"]
    optional = [term.found for term in every if term.mark == "?"]

    def matches(message: str) -> bool:
        if any(found(message) for found in excluded) or not all(found(message) for found in required):
            return False
        return bool(required) or not optional or any(found(message) for found in optional)

    return matches


def _terms(text: str) -> list[_Term]:
    terms, at = [], 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None:
            raise AwsError("InvalidParameterException", "Invalid filter pattern")
        terms.append(_Term(match["mark"], _finder(match)))
        at = match.end()
    return terms


def _finder(match: re.Match[str]) -> Callable[[str], bool]:
    if match["regex"] is not None:
        return compile_regex(match["regex"])
    if match["quoted"] is not None:
        wanted = re.sub(r"\\(.)", r"\1", match["quoted"])
    else:
        wanted = match["plain"]
        if _PLAIN.fullmatch(wanted) is None:
            raise AwsError("InvalidParameterException", f"Invalid character(s) in term '{wanted}'")
    return lambda message: wanted in message
