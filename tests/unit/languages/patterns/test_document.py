"""The structure of a pattern: objects, arrays, $or, dotted keys, keys named twice, text that is not JSON."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.languages.patterns import InvalidPattern, compile


def test_all_fields_must_match() -> None:
    pattern = compile({"source": ["a"], "detail": {"state": ["on", "off"]}})

    assert pattern.matches({"source": "a", "detail": {"state": "off"}})
    assert not pattern.matches({"source": "a", "detail": {"state": "idle"}})
    assert not pattern.matches({"source": "a"})


def test_an_object_is_not_a_leaf() -> None:
    absent = compile({"a": [{"exists": False}]})
    present = compile({"a": [{"exists": True}]})

    assert absent.matches({"a": {"b": 1}})
    assert not present.matches({"a": {"b": 1}})
    assert absent.matches({"a": []})
    assert present.matches({"a": None})


def test_a_key_named_twice_keeps_its_last_value() -> None:
    pattern = compile('{"a": {"b": [1]}, "a.b": [2], "a": {"c": [3]}}')

    assert pattern.matches({"a": {"b": 2, "c": 3}})
    assert not pattern.matches({"a": {"b": 1, "c": 3}})
    assert not pattern.matches({"a": {"b": 2}})


@pytest.mark.parametrize("event", [{"a": {"b": {"c": 1}}}, {"a.b": {"c": 1}}, {"a": {"b.c": 1}}, {"a.b.c": 1}])
@pytest.mark.parametrize("pattern", [{"a": {"b": {"c": [1]}}}, {"a.b": {"c": [1]}}, {"a.b.c": [1]}])
def test_dots_in_keys_are_steps_on_both_sides(pattern: dict[str, Any], event: dict[str, Any]) -> None:
    assert compile(pattern).matches(event)


def test_a_path_that_occurs_dotted_and_nested_has_both_values() -> None:
    pattern = compile({"a": {"b": [1]}})

    assert pattern.matches({"a": {"b": 2}, "a.b": 1})
    assert pattern.matches({"a": {"b": 1}, "a.b": 2})


def test_or_multiplies_and_its_branches_replace_what_stood_before() -> None:
    pattern = compile({"s": ["x"], "$or": [{"a": [1]}, {"s": ["y"]}], "d": {"$or": [{"b": [1]}, {"c": [1], "e": [1]}]}})

    assert pattern.matches({"s": "x", "a": 1, "d": {"b": 1}})
    assert pattern.matches({"s": "y", "d": {"c": 1, "e": 1}})
    assert not pattern.matches({"s": "x", "d": {"b": 1}})
    assert not pattern.matches({"s": "x", "a": 1, "d": {"c": 1}})


def test_or_that_unfolds_too_far_is_refused() -> None:
    branches = {"$or": [{"a": [1]}, {"b": [1]}]}
    nested = {f"k{level}": branches for level in range(10)}

    with pytest.raises(InvalidPattern):
        compile(nested)


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("[]", "Filter is not an object", 2),
        ("", "Filter is not an object", 1),
        ("{}", "Empty objects are not allowed", 3),
        ('{"a": {}}', "Empty objects are not allowed", 9),
        ('{"a": []}', "Empty arrays are not allowed", 9),
        ('{"a": 12}', '"a" must be an object or an array', 9),
        ('{"a": [[1]]}', "Match value must be String, number, true, false, or null", 9),
        ('{"$or": {"a": [1]}}', "It must be an Array followed with $or.", 10),
        ('{"$or": [1]}', "Only JSON object is allowed in array of $or relationship.", 11),
        ('{"$or": [{"a": [1]}]}', "There must have at least 2 Objects in $or relationship.", 21),
        (
            '{"$or": [{"prefix": ["a"]}]}',
            "prefix is Ruler reserved fieldName which cannot be used inside $or.",
            22,
        ),
    ],
)
def test_a_wrong_structure_gets_the_reason_and_the_column(text: str, reason: str, column: int) -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile(text)

    assert caught.value.reason == reason
    assert caught.value.location.endswith(f'[Source: (String)"{text}"; line: 1, column: {column}]')
    assert not caught.value.syntax


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Unexpected end-of-input: expected close marker for Object (start marker at "),
        ('{"a"', "Unexpected end-of-input within/between Object entries"),
        ('{"a', "Unexpected end-of-input in field name"),
        ('{"a": ["b', "Unexpected end-of-input: was expecting closing quote for a string value"),
        (
            '{"a" 1}',
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
        ),
        (
            '{"a": [1 2]}',
            "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries",
        ),
        (
            '{"a": [1], }',
            "Unexpected character ('}' (code 125)): was expecting double-quote to start field name",
        ),
        ('{"a": [1}}', "Unexpected close marker '}': expected ']' (for Array starting at "),
        ('{"a": [01]}', "Invalid numeric value: Leading zeroes not allowed"),
        ('{"a": [?]}', "Unexpected character ('?' (code 63)): expected a valid value (JSON String, "),
        ('{"a": [nul]}', "Unrecognized token 'nul': was expecting (JSON String, "),
        ('{"a": ["\\x"]}', "Unrecognized character escape 'x' (code 120)"),
        ('{"a": ["\n"]}', "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped"),
    ],
)
def test_text_that_is_not_json_gets_the_parsers_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile(text)

    assert caught.value.reason.startswith(reason)
    assert caught.value.syntax


def test_a_position_counts_lines_and_a_long_text_is_quoted_in_part() -> None:
    text = '{\n "a": ["' + "x" * 600 + '"],\n "b": 1\n}'

    with pytest.raises(InvalidPattern) as caught:
        compile(text)

    assert caught.value.location.endswith(f'"[truncated {len(text) - 500} chars]; line: 3, column: 8]')
