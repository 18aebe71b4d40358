"""A template as text with placeholders, and how a value is put into it, in quotes or bare."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MISSING: Final = object()


class InvalidTemplate(ValueError):
    """A template AWS refuses; `for_target(id)` is the text of PutTargets' ValidationException."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"InputTemplate {reason}")

    def for_target(self, target_id: str) -> str:
        """The message as AWS gives it for one target of a rule."""
        return f"InputTemplate for target {target_id} {self.reason}"


class TemplateFailed(ValueError):
    """A JSON template made `output`, which is not JSON (a delivery's INVALID_JSON)."""

    def __init__(self, message: str, output: str) -> None:
        self.output = output
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A variable in a template, and whether it stands inside a JSON string."""

    name: str
    quoted: bool


class Template:
    """A template cut at its placeholders. One that begins with a brace or bracket is JSON, any other is text.

    `name` is the regular expression of a placeholder's name and `known` says which names have a value. Raises
    InvalidTemplate: a placeholder nobody knows, or a JSON template that no values can make JSON.
    """

    def __init__(self, text: str, name: str, known: Callable[[str], bool]) -> None:
        self.text = text
        self._pieces = tuple(_cut(text, re.compile(rf'\\.|"|<({name})>', re.DOTALL)))
        self._json = text.lstrip()[:1] in ("{", "[")
        for placeholder in self.placeholders():
            if not known(placeholder.name):
                raise InvalidTemplate(f"contains invalid placeholder {placeholder.name}.")
        if self._json and not _reads_as_json(self._join(lambda piece: "" if piece.quoted else "0")):
            raise InvalidTemplate("is not a valid JSON text.")

    def placeholders(self) -> Iterator[Placeholder]:
        """The placeholders in order."""
        return (piece for piece in self._pieces if isinstance(piece, Placeholder))

    def fill(self, values: Mapping[str, object], whole: frozenset[str]) -> str:
        """The text with the values in it; those named in `whole` are JSON even inside quotes.

        A bare string gets quotes; one inside quotes is taken as it is, nothing in it is escaped. A bare
        object or array is JSON; inside quotes its own quotes are dropped. MISSING is empty. (EventBridge user
        guide, "Common issues with transforming input".)

        Raises TemplateFailed when a JSON template does not make JSON.
        """
        output = self._join(lambda piece: _insert(values[piece.name], piece, piece.name in whole))
        if self._json and not _reads_as_json(output):
            raise TemplateFailed("The output of the InputTemplate is not valid JSON.", output)
        return output

    def _join(self, insert: Callable[[Placeholder], str]) -> str:
        return "".join(piece if isinstance(piece, str) else insert(piece) for piece in self._pieces)


def dump(value: object) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _cut(text: str, marks: re.Pattern[str]) -> Iterator[str | Placeholder]:
    at, quoted = 0, False
    for mark in marks.finditer(text):
        if mark.group() == '"':
            quoted = not quoted
        elif name := mark.group(1):
            yield text[at : mark.start()]
            yield Placeholder(name, quoted)
            at = mark.end()
    yield text[at:]


def _insert(value: object, placeholder: Placeholder, whole: bool) -> str:
    if value is MISSING:
        return "" if placeholder.quoted else '""'
    if not placeholder.quoted:
        return dump(value)
    if isinstance(value, str):
        return value
    return dump(value) if whole else dump(value).replace('"', "")


def _reads_as_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
