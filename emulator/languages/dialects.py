"""Regular expressions as users write them, Java's or ECMAScript's, put so that `regex` reads the same in them.

What one dialect and `regex` read differently is rewritten, what `regex` alone has is refused. And it is told how large
an expression is with its repeats written out, as `regex` does when it compiles it (docs/decisions/0013).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

LARGEST = 100_000  # characters of an expression whose repeats are written out

# Each part is read once, whatever follows: no part may make the whole take the square of its length.
_PART = re.compile(
    r"\\[pP]\{\^?[A-Za-z][\w &.-]*(?:[:=]\w[\w &./-]*)?\}|\\N\{[A-Za-z][A-Za-z0-9 -]*\}"
    r"|\\[^gL]"
    r"|(?P<set>\[\^?(?:\\.|[^\]\\])*\])"
    r"|(?P<group>\(\?(?:[:=!>]|<[=!]|<[A-Za-z_]\w*>|(?=[imsu-])[imsu]*(?:-[ims]+)?:))"
    r"|(?P<flags>\(\?[imsux]+\))"
    r"|(?P<refused>\\[gL]|\([*?]|\[)"  # a group, a list, a verb or another form of `regex`; a set that is not closed
    r"|\{(?P<least>\d+)(?:,\d*)?\}"
    r"|.",
    re.DOTALL | re.ASCII,
)
_SET_FROM_BRACKET = re.compile(r"\[\^?\](?:\\.|[^\]\\])*\]", re.DOTALL)  # `[]a]`, whose first bracket is a member
_UNSEEN = re.compile(r"\s+|#[^\n]*")
_VERBOSE = re.compile(r"\(\?[imsu]*x[imsux]*\)")
_REPEATING = re.compile(r"[?*+{|]")


class Refused(ValueError):
    """The dialect has no such expression."""


class TooLarge(Refused):
    """It would take too long to compile."""


class Read(NamedTuple):
    """`text` is for `regex`; `size` in characters, with the repeats written out; `tries`: more than one way at once."""

    text: str
    size: int
    tries: bool


def java(expression: str, *, verbose: bool = False) -> Read:
    """An expression of java.util.regex, whose braces are repeats and nothing else. `verbose`: it has the flag x.

    Java's sets in sets and their `&&` are refused, for `regex` has its own. Raises Refused.
    """
    return _Reader(expression, java=True, verbose=verbose or _VERBOSE.match(expression) is not None).read()


@lru_cache(maxsize=256)
def ecmascript(expression: str) -> Read:
    """An expression of ECMAScript without its flag u: a brace that is no repeat stands for itself. Raises Refused."""
    return _Reader(expression, java=False, verbose=False).read()


def compiled(read: Read, flags: int = 0) -> Any:
    """The expression as `regex` has it, in its version 0, whose sets have no operators. Raises Refused."""
    import regex  # type: ignore[import-untyped]  # loaded by the first regular expression

    try:
        return regex.compile(read.text, flags | regex.VERSION0)
    except (regex.error, ValueError) as error:
        raise Refused(str(error)) from None


class _Reader:
    """One expression, part by part."""

    def __init__(self, expression: str, *, java: bool, verbose: bool) -> None:
        self.expression = expression
        self.java = java
        self.verbose = verbose
        self.sizes = [0]  # of the groups that are open, the outermost first
        self.last = 0  # the size of what a repeat would repeat
        self.text: list[str] = []

    def read(self) -> Read:
        """Raises Refused."""
        if len(self.expression) > LARGEST:
            raise TooLarge("The regular expression is too large")
        at = 0
        while at < len(self.expression):
            part = self._next(at)
            self.text.append(self._written(part))
            at = part.end()
        if sum(self.sizes) > LARGEST:
            raise TooLarge("The regular expression is too large")
        text = "".join(self.text)
        return Read(text, sum(self.sizes), _REPEATING.search(text) is not None)

    def _next(self, at: int) -> re.Match[str]:
        found = _UNSEEN.match(self.expression, at) if self.verbose else None
        if found is None and self.java:
            found = _SET_FROM_BRACKET.match(self.expression, at)
        found = found or _PART.match(self.expression, at)
        assert found is not None
        return found

    def _written(self, part: re.Match[str]) -> str:
        """The part for `regex`, counted. Raises Refused."""
        text = part[0]
        if part.re is _UNSEEN:
            return text
        if part.re is _SET_FROM_BRACKET or part["set"]:
            self._count()
            return self._set(text)
        flag_x = part["flags"] and "x" in text and not (self.verbose and part.start() == 0)
        if part["refused"] or flag_x:
            raise Refused(f"{self.expression[part.start() : part.start() + 8]!r} has no meaning here")
        if part["least"]:
            self._repeat(int(part["least"].lstrip("0")[:9] or 0))
        elif text == "{":
            self._count()
            return self._brace(part.start())
        elif part["group"] or text == "(":
            self.sizes.append(0)
        elif text == ")" and len(self.sizes) > 1:
            self.last = max(1, self.sizes.pop())
            self.sizes[-1] += self.last
        elif text in ("?", "*", "+"):
            self.sizes[-1] += 1
        elif not part["flags"]:  # after which `regex` repeats what is before them
            self._count()
        return text

    def _count(self) -> None:
        self.last = 1
        self.sizes[-1] += 1

    def _repeat(self, least: int) -> None:
        self.sizes[-1] += self.last * (max(1, least) - 1)
        self.last *= max(1, least)

    def _brace(self, at: int) -> str:
        if self.java:
            raise Refused(f"{self.expression[at : at + 8]!r} repeats nothing")
        return r"\{"

    def _set(self, text: str) -> str:
        """The set of characters, in which `regex` would read `[:alpha:]` and Java other sets."""
        if not self.java and text in ("[]", "[^]"):
            return "(?:(?!))" if text == "[]" else r"[\s\S]"
        inner = re.sub(r"\\.", "", text[1:], flags=re.DOTALL)
        if self.java and ("[" in inner or "&&" in inner):
            raise Refused(f"Sets of characters within a set are not supported: {text}")
        return text if self.java else "[" + re.sub(r"(\\.)|\[", _escaped, text[1:], flags=re.DOTALL)


def _escaped(found: re.Match[str]) -> str:
    return found[1] or r"\["
