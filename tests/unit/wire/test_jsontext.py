"""JSON text: the user's numbers and strings survive."""

import json
from datetime import UTC, datetime

import pytest

from emulator.wire import jsontext


@pytest.mark.parametrize("text", ["1", '"a"', "[1,2.5,null]", '{"a":{"b":true}}', '"\\ud800"', "1e400"])
def test_what_json_reads_we_read_the_same(text: str) -> None:
    assert jsontext.loads(text.encode()) == json.loads(text)


def test_integers_beyond_64_bits_are_exact_when_asked() -> None:
    assert jsontext.exact_loads(b"18446744073709551616") == 2**64


@pytest.mark.parametrize("text", [b"NaN", b"Infinity", b"{", b"\xff", b"", b"[" * 100_000])
def test_what_is_not_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        jsontext.loads(text)


@pytest.mark.parametrize("value", [2**70, "\ud800", {"a": [1, "ä"]}, 1.5, None])
def test_what_we_write_json_reads_back(value: object) -> None:
    assert json.loads(jsontext.dumps(value)) == value


def test_blobs_and_moments_are_written_as_the_json_protocols_do() -> None:
    moment = datetime(2026, 11, 20, 6, 0, 0, 250_000, tzinfo=UTC)

    assert jsontext.dumps([b"hi", moment, moment.replace(microsecond=0)]) == b'["aGk=",1795154400.25,1795154400]'


def test_what_no_model_has_is_refused() -> None:
    with pytest.raises(TypeError):
        jsontext.dumps({"a": object()})
