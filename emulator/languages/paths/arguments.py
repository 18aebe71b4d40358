"""How the arguments of a JSONPath function are written: JSON values and paths, separated by commas."""

from __future__ import annotations

import json
from typing import Any

from emulator.languages.paths.errors import InvalidPath

Argument = tuple[bool, str, Any]


def read_arguments(text: str, opening: int, name: str) -> tuple[list[Argument], int]:
    """The arguments after the parenthesis at `opening`, each `(is a path, its source, its JSON value)`.

    Also where reading goes on: on the ')' of an empty list, after that of a full one. What is neither JSON
    nor a path (a single-quoted string, for one) is passed over, as in Jayway. Raises InvalidPath.
    """
    if text[opening + 1 : opening + 2] == ")":
        return [], opening + 1
    sources, end = _split(text, opening + 1, name)
    return [argument for source in sources if (argument := _argument(source))], end


def _split(text: str, start: int, name: str) -> tuple[list[str], int]:
    sources: list[str] = []
    depth = 0
    quoted = False
    begin = at = start
    while at < len(text):
        character = text[at]
        if quoted and character == "\\":
            at += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted and character in "([{":
            depth += 1
        elif not quoted and character in ")]}":
            depth -= 1
            if depth < 0:
                sources.append(text[begin:at])
                return sources, at + 1
        elif not quoted and character == "," and depth == 0:
            sources.append(text[begin:at])
            begin = at + 1
        at += 1
    raise InvalidPath(f"Arguments to function: '{name}' are not closed properly.")


def _argument(source: str) -> Argument | None:
    source = source.strip()
    if source[:1] in ("$", "@") and source:
        return True, source, None
    if source[:1] in ("{", '"', "-") or source[:1].isdigit():
        try:
            return False, source, json.loads(source)
        except ValueError:
            raise InvalidPath(f"Not a JSON value: {source}") from None
    return None
