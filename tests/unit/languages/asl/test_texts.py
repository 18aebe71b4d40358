"""JSON text and value: numbers and strings that orjson alone would lose."""

from typing import Any

import pytest

from emulator.languages.asl import texts


@pytest.mark.parametrize(
    "text", ["1.0", "18446744073709551616", "-170141183460469231731687303715884105728", '"\\ud800"', "[1e-7]"]
)
def test_a_value_prints_as_it_was_read(text: str) -> None:
    assert texts.load(texts.dump(texts.load(text))) == texts.load(text)
    assert texts.dump(texts.load(text)) == text


def test_a_number_beyond_floats_stays_a_number() -> None:
    assert texts.load("1e400") == 10**400


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "{", "1e99999", "123456789012345678901 NaN"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of three parsers)
        texts.load(text)


@pytest.mark.parametrize("first", ["1", "0.12345678901234567890"])
def test_what_is_nested_too_deeply_is_refused_by_either_parser(first: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of two parsers)
        texts.load(f"[{first},{'[' * 20_000}{']' * 20_000}]")


@pytest.mark.parametrize(("value", "limit", "over"), [("é" * 10, 21, True), ("é" * 10, 22, False), ("x", 3, False)])
def test_size_is_counted_in_bytes(value: Any, limit: int, over: bool) -> None:
    assert texts.of(value).exceeds(limit) is over


@pytest.mark.parametrize(
    ("text", "sent"), [("a", b"a"), ("é", b"\xc3\xa9"), ("a\ud800b", b"a?b"), ("😀", b"\xf0\x9f\x98\x80")]
)
def test_half_of_a_surrogate_pair_is_a_question_mark_in_utf_8(text: str, sent: bytes) -> None:
    assert texts.utf8(text) == sent
    assert texts.encodable(text) == sent.decode()
    assert texts.size_of(text) == len(sent)
