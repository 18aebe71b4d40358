"""Filter patterns: which log events FilterLogEvents finds.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

from collections.abc import Callable

from emulator.errors import not_implemented
from emulator.services.logs.model.filters import properties, terms

Matches = Callable[[str], bool]


def compile_filter(pattern: str) -> Matches:
    """What tells whether a message matches. Errors: InvalidParameterException; 501 for space-delimited patterns."""
    text = pattern.strip()
    if not text:
        return lambda message: True
    if text.startswith("["):
        raise not_implemented("logs", "FilterLogEvents", "with a space-delimited filter pattern")
    if text.startswith("{"):
        return properties.compile_properties(text)
    return terms.compile_terms(text)
