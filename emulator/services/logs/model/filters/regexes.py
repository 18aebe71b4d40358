"""Regular expressions of filter patterns, found anywhere in a text, and given up when that takes too long.

CloudWatch Logs takes few signs in them, and no parentheses; here they are as in ECMAScript, which have these alike.
"""

from __future__ import annotations

from collections.abc import Callable

from emulator.errors import AwsError
from emulator.languages import dialects
from emulator.languages.searching import find

SECONDS = 1.0  # of processor time for one expression in all messages of one call
LEAST_SECONDS = 1e-5  # of the shortest search, which may take ten times as long


class SearchGivenUp(Exception):
    """Whether the text matches is not known; its words name the expression."""

    def __init__(self, source: str) -> None:
        super().__init__(f"The regular expression %{source}% cannot be matched in reasonable time")


def compile_regex(source: str) -> Callable[[str], bool]:
    """What tells whether the expression is found in a text; it raises SearchGivenUp.

    Its time is that of all texts together. Errors: InvalidParameterException.
    """
    try:
        search = dialects.compiled(dialects.ecmascript(source)).search
    except (dialects.Refused, RecursionError) as error:
        raise AwsError("InvalidParameterException", f"Invalid filter pattern: {error}") from error
    left = SECONDS

    def pay(seconds: float) -> None:
        nonlocal left
        left -= seconds
        if left < 0:
            raise SearchGivenUp(source)

    def found(text: str) -> bool:
        pay(LEAST_SECONDS)
        try:
            return find(search, pay, text) is not None
        except TimeoutError:
            raise SearchGivenUp(source) from None

    return found
