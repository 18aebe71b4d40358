"""Filter patterns: which log events FilterLogEvents finds and filters take.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

from collections.abc import Callable

from emulator.services.logs.model.filters import fields, properties, terms
from emulator.services.logs.model.filters.regexes import SearchGivenUp

__all__ = ["Matches", "SearchGivenUp", "compile_filter"]

Matches = Callable[[str], bool]


def compile_filter(pattern: str) -> Matches:
    """What tells whether a message matches; it raises SearchGivenUp. It is for the messages of one call.

    Errors: InvalidParameterException.
    """
    text = pattern.strip()
    if not text:
        return lambda message: True
    if text.startswith("["):
        return fields.compile_fields(text)
    if text.startswith("{"):
        return properties.compile_properties(text)
    return terms.compile_terms(text)
