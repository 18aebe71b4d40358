"""Positions between log events, as the tokens of GetLogEvents and FilterLogEvents carry them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from emulator.errors import AwsError

_TOKEN = re.compile(r"(?P<way>[fb])/(?P<at>\d{20})(?P<id>\d{36})")
FOREVER = 2**62


class Position(NamedTuple):
    """Right after (reading forward) or before (backward) the event with that time and row."""

    at: int
    id: int


START = Position(-1, 0)
END = Position(FOREVER, 0)


def token(way: Literal["f", "b"], position: Position) -> str:
    """A token, 56 digits as AWS's have."""
    return f"{way}/{max(position.at, 0):020d}{position.id:036d}"


def read_token(text: str) -> tuple[str, Position]:
    """The direction and position of a token. Errors: InvalidParameterException."""
    match = _TOKEN.fullmatch(text)
    if match is None:
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    return match["way"], Position(int(match["at"]), int(match["id"]))


def event_id(position: Position) -> str:
    """The eventId of a log event: 56 digits."""
    return f"{position.at:020d}{position.id:036d}"
