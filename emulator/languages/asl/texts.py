"""JSON text and JSON values, one made from the other only when somebody asks; numbers stay as written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson

LONGEST_EXPONENT = 4000
# Digits become 0 and some letters small: what orjson reads otherwise than JSON means is found without an expression.
_FOLDED = bytes.maketrans(b"123456789EDU", b"000000000edu")
_LONG = b"0" * 19
_UNREAD: Any = object()


def _number(text: str) -> float | int:
    value = float(text)
    if value not in (float("inf"), float("-inf")):
        return value
    exact = Decimal(text)
    if exact.adjusted() > LONGEST_EXPONENT:
        raise ValueError(f"number out of range: {text[:40]}")
    return int(exact)


def _refused(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def load(text: str) -> Any:
    """The value of a JSON text. Integers of any size and 1e400 survive. Raises ValueError."""
    folded = text.encode("utf-8", "surrogatepass").translate(_FOLDED)
    # What comes first is rare, or found fast: each look at 256 KiB takes a tenth of a millisecond.
    if not (
        _LONG in folded
        or (b"0e" in folded and (b"0e000" in folded or b"0e+000" in folded))
        or (b"\\" in folded and b"\\ud" in folded)
    ):
        return orjson.loads(text)
    try:
        return json.loads(text, parse_float=_number, parse_constant=_refused)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def dump(value: Any) -> str:
    """The shortest JSON text of a value; keys keep their order, 1.0 stays 1.0."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, UnicodeEncodeError):
        pass
    try:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def utf8(text: str) -> bytes:
    """The bytes of a text; half of a surrogate pair, which UTF-8 does not have, is a `?`, as Java writes it."""
    return text.encode("utf-8", "replace")


def encodable(text: str) -> str:
    """The text with a `?` for each half of a surrogate pair, which nobody could store or send."""
    return text if text.isascii() else utf8(text).decode()


def size_of(text: str) -> int:
    """The bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(utf8(text))


def text_of(value: Any) -> str:
    """A string as it is, anything else as its JSON text."""
    return value if isinstance(value, str) else dump(value)


class Data:
    """A JSON datum as text, as value, or both. The value is shared: nobody may change it in place.

    One that is nested too deeply for either raises RecursionError.
    """

    __slots__ = ("_text", "_value")

    def __init__(self, text: str | None = None, value: Any = _UNREAD) -> None:
        self._text = text
        self._value = value

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = dump(self._value)
        return self._text

    @property
    def value(self) -> Any:
        if self._value is _UNREAD:
            try:
                self._value = load(self._text or "null")
            except ValueError as error:  # it was JSON before it was put into other JSON
                raise RecursionError(str(error)) from error
        return self._value

    def exceeds(self, limit: int) -> bool:
        """Is the UTF-8 text longer than `limit` bytes?"""
        text = self._text
        if text is None:
            text = self.text
        return len(text) > limit or (len(text) * 3 > limit and size_of(text) > limit)


def of(value: Any) -> Data:
    """Data of a JSON value."""
    return Data(None, value)


EMPTY = Data("{}", {})
NULL = Data("null", None)
