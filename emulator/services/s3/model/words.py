"""Characters beyond ASCII in headers: encoded words (RFC 2047) as Amazon S3 reads and writes them."""

from __future__ import annotations

import base64
import binascii
import quopri
import re

_WORD = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")
_SPECIAL = frozenset("=_?")


def from_header(text: str) -> str:
    """What the bytes of a header, which HTTP hands on as ISO 8859-1, mean in UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def representable(text: str) -> str:
    """A header's text with a space for each character that ISO 8859-1 does not have."""
    return "".join(char if ord(char) < 256 else " " for char in text)


def received(text: str) -> str:
    """A value of user metadata as it is shown, from the header that brought it; encoded words are read first."""
    return encoded(decoded(text if text.isascii() else from_header(text)))


def decoded(text: str) -> str:
    """A text with its encoded words read; one in a character set that nobody knows stays."""
    if "=?" not in text:
        return text
    return _WORD.sub(_read, _BETWEEN.sub("", text))


def _read(word: re.Match[str]) -> str:
    charset, form, content = word.groups()
    try:
        if form in "Qq":
            data = quopri.decodestring(content.replace("_", " ").encode())
        else:
            data = base64.b64decode(content + "=" * (-len(content) % 4))
        return data.decode(charset, "replace")
    except (LookupError, binascii.Error, UnicodeEncodeError):
        return word[0]


def encoded(text: str) -> str:
    """A text of printable ASCII as it is, another as one word: Q where most of it is printable, else B.

    (S3 User Guide, "Working with object metadata": non-printable characters come back so.)
    """
    strange = sum(not _printable(char) for char in text)
    if not strange:
        return text
    data = text.encode("utf-8", "replace")
    if len(text) - strange > strange:
        return f"=?UTF-8?Q?{''.join(_q(byte) for byte in data)}?="
    return f"=?UTF-8?B?{base64.b64encode(data).decode()}?="


def _printable(char: str) -> bool:
    return " " <= char < "\x7f" or char in "\r\n\t"


def _q(byte: int) -> str:
    char = chr(byte)
    if char == " ":
        return "_"
    return char if " " < char < "\x7f" and char not in _SPECIAL else f"={byte:02X}"
