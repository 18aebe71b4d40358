"""Handlers, results and error documents of the runtime."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from emulator.host.runtime.handlers import FaultError, error_document, error_event, event_of, payload_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ({"a": (1, 2)}, '{"a": [1, 2]}'),
        ("é", '"é"'),
        ("\ud800", '"\\ud800"'),
        (Decimal("3"), "3"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1e400"), "1" + "0" * 400),
        (float("inf"), "Infinity"),
    ],
)
def test_a_result_becomes_json_as_the_runtime_writes_it(value: Any, text: str) -> None:
    assert payload_of(value, ascii_only=False) == text.encode()


def test_an_older_runtime_writes_ascii() -> None:
    assert payload_of("é", ascii_only=True) == b'"\\u00e9"'


@pytest.mark.parametrize("value", [{1}, object(), b"x", {(1, 2): 3}])
def test_a_result_without_a_json_form_is_a_fault(value: Any) -> None:
    with pytest.raises(FaultError, match=r"^Unable to marshal response: ") as caught:
        payload_of(value, ascii_only=False)

    assert caught.value.error_type == "Runtime.MarshalError"


def test_a_result_that_contains_itself_is_a_fault() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(FaultError, match="Circular reference"):
        payload_of(value, ascii_only=False)


def test_a_payload_that_is_not_json_is_a_fault() -> None:
    with pytest.raises(FaultError, match=r"^Unable to unmarshal input: ") as caught:
        event_of(b"{")

    assert caught.value.error_type == "Runtime.UnmarshalError"


def test_an_error_whose_text_cannot_be_had_is_reported_still() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    document = error_document(MuteError(), "r")

    assert document["errorType"] == "MuteError"
    assert document["errorMessage"] == "<no text: RuntimeError>"


def test_the_log_event_of_an_error_indents_with_no_break_spaces() -> None:
    document = {
        "errorMessage": "m",
        "errorType": "E",
        "requestId": "r",
        "stackTrace": ['  File "a.py", line 1, in f\n    raise E\n'],
    }

    event = error_event(json.loads(json.dumps(document)))

    assert event == (
        '[ERROR] E: m\nTraceback (most recent call last):\n\xa0\xa0File "a.py", line 1, in f\n\xa0\xa0\xa0\xa0raise E'
    )
