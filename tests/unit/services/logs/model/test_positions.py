from __future__ import annotations

import pytest

from emulator.errors import AwsError
from emulator.services.logs.model.names import group_name, name_of
from emulator.services.logs.model.positions import END, START, Position, event_id, read_token, token


@pytest.mark.parametrize("position", [Position(0, 0), Position(1_767_225_600_000, 42), END])
def test_a_token_leads_back_to_its_position(position: Position) -> None:
    assert read_token(token("f", position)) == ("f", position)
    assert len(token("b", position)) == 58


def test_the_start_has_a_token_too() -> None:
    assert read_token(token("f", START)) == ("f", Position(0, 0))


def test_event_ids_are_ordered_as_their_events() -> None:
    assert event_id(Position(9, 1)) < event_id(Position(10, 0)) < event_id(Position(10, 2))


@pytest.mark.parametrize("text", ["", "f/1", "x/" + "0" * 56])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(AwsError):
        read_token(text)


@pytest.mark.parametrize("suffix", ["", ":*"])
def test_an_arn_names_its_group(suffix: str) -> None:
    arn = f"arn:aws:logs:us-east-1:123456789012:log-group:/a/b{suffix}"

    assert name_of(arn) == "/a/b"
    assert group_name(None, arn) == "/a/b"
