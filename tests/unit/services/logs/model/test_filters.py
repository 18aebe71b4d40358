from __future__ import annotations

import json

import pytest

from emulator.errors import AwsError
from emulator.services.logs.model.filters import SearchGivenUp, compile_filter, regexes


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),
        ("ERROR disk", "disk ERROR", True),
        ("ERROR disk", "ERROR", False),
        ('"disk full"', "the disk full again", True),
        ('"disk full"', "the disk was full", False),
        ('"say \\"no\\""', 'they say "no"', True),
        ("?ERROR ?WARN", "WARN", True),
        ("?ERROR ?WARN", "INFO", False),
        ("ERROR ?WARN", "ERROR", True),
        ("ERROR -debug", "ERROR", True),
        ("ERROR -debug", "ERROR debug", False),
        ("%4[0-9]{2}%", "status 404", True),
        ("%4[0-9]{2}%", "status 504", False),
    ],
)
def test_terms(pattern: str, message: str, expected: bool) -> None:
    assert compile_filter(pattern)(message) is expected


@pytest.mark.parametrize(
    ("pattern", "document", "expected"),
    [
        ('{ $.a = "x" }', {"a": "x"}, True),
        ('{ $.a = "x" }', {"a": "y"}, False),
        ('{ $.a != "x" }', {"a": "y"}, True),
        ('{ $.a != "x" }', {}, False),
        ('{ $.a = "x*" }', {"a": "xyz"}, True),
        ("{ $.a = x }", {"a": "x"}, True),
        ("{ $.a = 1 }", {"a": 1.0}, True),
        ("{ $.a > 1 }", {"a": 2}, True),
        ("{ $.a > 1 }", {"a": "2"}, False),
        ("{ $.a <= 1.5e1 }", {"a": 15}, True),
        ("{ $.a.b[1] = 2 }", {"a": {"b": [1, 2]}}, True),
        ("{ $.a[*].b = 2 }", {"a": [{"b": 1}, {"b": 2}]}, True),
        ("{ $['a b'] = 1 }", {"a b": 1}, True),
        ("{ $.a IS NULL }", {"a": None}, True),
        ("{ $.a IS TRUE }", {"a": True}, True),
        ("{ $.a IS FALSE }", {"a": 0}, False),
        ("{ $.a NOT EXISTS }", {}, True),
        ("{ $.a NOT EXISTS }", {"a": None}, False),
        ("{ $.a EXISTS }", {"a": None}, True),
        ("{ ($.a = 1) || ($.b = 2 && $.c = 3) }", {"b": 2, "c": 3}, True),
        ("{ ($.a = 1 || $.b = 2) && $.c = 3 }", {"a": 1}, False),
        ("{ $.a = %^x.z$% }", {"a": "xyz"}, True),
    ],
)
def test_properties(pattern: str, document: object, expected: bool) -> None:
    assert compile_filter(pattern)(json.dumps(document)) is expected


def test_a_message_that_is_no_json_has_no_properties() -> None:
    assert compile_filter("{ $.a NOT EXISTS }")("plain") is False


@pytest.mark.parametrize("pattern", ["{ $.a", "{ a = 1 }", "{ $.a = }", "{ $.a > x }", '"open', "{ $.a = 1 ) }"])
def test_a_malformed_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError) as caught:
        compile_filter(pattern)

    assert caught.value.code == "InvalidParameterException"


REQUEST = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("[ip, id, user, time, request, status, bytes]", True),
        ("[ip, id, user, time, request, status]", False),
        ("[ip, id, user, time, request, status = 4*, bytes]", True),
        ("[ip, id, user, time, request, status = 404, bytes > 1000]", True),
        ("[ip, id, user, time, request, status, bytes > 2000]", False),
        ("[ip, id, user = frank || user = joe, ...]", True),
        ("[..., status != 404, bytes]", False),
        ("[..., status >= 400 && status < 500, bytes]", True),
        ("[ip, ..., request = %index[.]html%, status, bytes]", True),
        ('[ip, id, user, time, request = "GET /index.html HTTP/1.0", ...]', True),
        ("[ip, id, user > 4, ...]", False),
    ],
)
def test_fields_between_spaces(pattern: str, wanted: bool) -> None:
    assert compile_filter(pattern)(REQUEST) is wanted


@pytest.mark.parametrize("pattern", ["[a, b", "[a, ..., b, ...]", "[a,, b]", "[a = ]", "[a > x]", "[a = %(%]"])
def test_what_are_no_fields_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError) as caught:
        compile_filter(pattern)

    assert caught.value.code == "InvalidParameterException"


@pytest.mark.parametrize("pattern", ["%(a|aa)+$%", "{ $.a = %(a|aa)+$% }", "[a, b = %(a|aa)+$%]"])
def test_a_regular_expression_that_takes_too_long_is_given_up(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regexes, "SECONDS", 0.02)
    text = "a" * 60 + "b"
    matches = compile_filter(pattern)

    with pytest.raises(SearchGivenUp, match="cannot be matched in reasonable time"):
        matches(json.dumps({"a": text}) if "{" in pattern else f"a {text}")


@pytest.mark.parametrize("pattern", ["%(a{1000}){1000}%", "%(?R)?%", "{ $.a = %[% }", "%(?L)a%"])
def test_a_regular_expression_that_cannot_be_compiled_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError) as caught:
        compile_filter(pattern)

    assert caught.value.code == "InvalidParameterException"
