"""Each operator on its own: what passes, what does not, what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.patterns import InvalidPattern, compile

PASSES: list[tuple[Any, list[Any], list[Any]]] = [
    # test, values that pass, values that do not
    ("a", ["a"], ["A", "ab", None, 1]),
    ("", [""], [" ", None]),
    (1, [1, 1.0, 1.0000001], [True, "1", 1.00001, 2]),
    (0, [0, -0.0], [False, None, ""]),
    (123456789012, [123456789012], [123456789013, "123456789012"]),
    (True, [True], [1, "true", False]),
    (None, [None], ["null", 0, False]),
    ("::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2", "x::1"]),
    ({"exactly": "a"}, ["a"], ["b"]),
    ({"prefix": "eu-"}, ["eu-", "eu-west-1"], ["EU-1", "us-eu-", 5, None]),
    ({"prefix": ""}, ["", "x"], [1, None]),
    ({"prefix": {"equals-ignore-case": "EU"}}, ["eu-west-1", "Eu"], ["us", 1]),
    ({"suffix": ".png"}, [".png", "a.png"], ["a.PNG", 1]),
    ({"suffix": {"equals-ignore-case": ".PNG"}}, ["a.png", "a.pNg"], ["png", None]),
    ({"equals-ignore-case": "Alice"}, ["alice", "ALICE"], ["alic", 1]),
    ({"wildcard": "*"}, ["", "x"], [1, None]),
    ({"wildcard": "a*"}, ["a", "ab"], ["ba"]),
    ({"wildcard": "*/lib/*"}, ["/lib/", "a/lib/b"], ["/lib", "lib/"]),
    ({"wildcard": "a*b*a"}, ["aba", "axbxa", "abba"], ["aa", "ab", "a"]),
    ({"wildcard": "ab*ba"}, ["abba", "abxba"], ["aba"]),
    ({"wildcard": "a\\*b"}, ["a*b"], ["axb"]),
    ({"wildcard": "a\\\\*"}, ["a\\", "a\\b"], ["a"]),
    ({"numeric": ["=", 3]}, [3, 3.0], [3.000001, "3", True]),
    ({"numeric": [">", 0]}, [0.000001, 5e9], [0, -1, 5_000_000_001]),
    ({"numeric": [">=", 0]}, [0, 1], [-0.000001]),
    ({"numeric": ["<", 0]}, [-1, -5e9], [0, -5_000_000_001]),
    ({"numeric": ["<=", 0]}, [0], [0.000001]),
    ({"numeric": [">", 0, "<=", 5]}, [0.5, 5], [0, 5.1]),
    ({"numeric": [">=", 0, "<", 5]}, [0, 4.999999], [5]),
    ({"exists": True}, ["", 0, None, False], []),
    ({"cidr": "10.0.0.0/24"}, ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "host", "10.0.0.256", 10, "::1"]),
    ({"cidr": "10.0.0.77/24"}, ["10.0.0.1"], ["10.0.1.77"]),
    ({"cidr": "2001:db8::/32"}, ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]),
    ({"anything-but": "a"}, ["b", 1, None, True], ["a"]),
    ({"anything-but": 1}, [2, "1", None, True], [1, 1.0]),
    ({"anything-but": ["a", "b"]}, ["c"], ["a", "b"]),
    ({"anything-but": [1, 2]}, [3, "1"], [1, 2.0]),
    ({"anything-but": {"prefix": "a"}}, ["b", 1], ["a", "ab"]),
    ({"anything-but": {"suffix": ["a", "b"]}}, ["ac"], ["xa", "xb"]),
    ({"anything-but": {"wildcard": "a*c"}}, ["ab"], ["ac", "abc"]),
    ({"anything-but": {"equals-ignore-case": ["a", "B"]}}, ["c"], ["A", "b"]),
]


@pytest.mark.parametrize(("test", "passing", "failing"), PASSES, ids=[json.dumps(case[0]) for case in PASSES])
def test_an_operator_tells_values_apart(test: Any, passing: list[Any], failing: list[Any]) -> None:
    pattern = compile({"f": [test]})

    assert [value for value in passing if not pattern.matches({"f": value})] == []
    assert [value for value in failing if pattern.matches({"f": value})] == []


@pytest.mark.parametrize("test", [case[0] for case in PASSES], ids=[json.dumps(case[0]) for case in PASSES])
def test_no_operator_but_exists_false_accepts_an_absent_field(test: Any) -> None:
    pattern = compile({"f": [test]})

    assert not pattern.matches({"g": "a"})


REFUSED: list[tuple[Any, str]] = [
    ({"prefix": 1}, "prefix match pattern must be a string"),
    ({"prefix": {"suffix": "a"}}, "Unsupported prefix pattern: suffix"),
    ({"prefix": {"equals-ignore-case": 1}}, "equals-ignore-case match pattern must be a string"),
    ({"prefix": {}}, "Prefix expression name not found"),
    ({"suffix": {"wildcard": "a"}}, "Unsupported suffix pattern: wildcard"),
    ({"prefix": "a", "suffix": "b"}, "Only one key allowed in match expression"),
    ({}, "Match expression name not found"),
    ({"regex": "a"}, "Unrecognized match type regex"),
    ({"wildcard": "a\\b"}, "Invalid escape character at pos 2"),
    ({"wildcard": "é**"}, "Consecutive wildcard characters at pos 3"),
    ({"exists": 1}, "exists match pattern must be either true or false."),
    ({"exists": True, "prefix": "a"}, "Only one key allowed in match expression"),
    ({"numeric": []}, "Invalid member in numeric match: ]"),
    ({"numeric": ["=="]}, "Unrecognized numeric range operator: =="),
    ({"numeric": ["=", "1"]}, "Value of equals must be numeric"),
    ({"numeric": ["<", "1"]}, "Value of < must be numeric"),
    ({"numeric": ["=", 1, "<", 2]}, "Too many elements in numeric expression"),
    ({"numeric": [">", 1, 2]}, "Bad value in numeric range: 2"),
    ({"numeric": [">", 1, "<", "2"]}, "Value of < must be numeric"),
    ({"numeric": [">", 1, "<", 2, "<"]}, "Too many terms in numeric range expression"),
    ({"numeric": [">", 2, "<", 1]}, "Bottom must be less than top"),
    ({"numeric": ["<", 5_000_000_001]}, "Value must be between -5.0E9 and 5.0E9, inclusive"),
    ({"numeric": ["=", 1], "prefix": "a"}, "Too many elements in numeric expression"),
    ({"cidr": "10.0.0.0"}, "Malformed CIDR, one '/' required"),
    ({"cidr": "10.0.0.0/-1"}, "Malformed CIDR, mask bits must not be negative"),
    ({"cidr": "10.0.0.0/32"}, "IPv4 mask bits must be < 32"),
    ({"cidr": "::/128"}, "IPv6 mask bits must be < 128"),
    ({"cidr": "300.0.0.0/8"}, "Invalid IP address: 300.0.0.0"),
    ({"anything-but": None}, "Value of anything-but must be an array or single string/number value."),
    ({"anything-but": {"cidr": "::/8"}}, "Unsupported anything-but pattern: cidr"),
    ({"anything-but": {}}, "Anything-But expression name not found"),
    (
        {"anything-but": []},
        "Inside anything but list, either all values are number or string, mixed type is not supported",
    ),
    (
        {"anything-but": [1, "a"]},
        "Inside anything but list, either all values are number or string, mixed type is not supported",
    ),
    ({"anything-but": [True]}, "Inside anything but list, start|null|boolean is not supported."),
    ({"anything-but": {"prefix": ""}}, "Null prefix/suffix not allowed"),
    ({"anything-but": {"wildcard": "**"}}, "Consecutive wildcard characters at pos 1"),
    ({"anything-but": {"wildcard": [1]}}, "wildcard match pattern must be a string"),
    ({"anything-but": 6e9}, "Value must be between -5.0E9 and 5.0E9, inclusive"),
    ({"anything-but": "a", "prefix": "b"}, "Too many elements in numeric expression"),
    ({"anything-but": {"prefix": "a", "suffix": "b"}}, "Too many elements in numeric expression"),
]


@pytest.mark.parametrize(("test", "reason"), REFUSED, ids=[json.dumps(case[0]) for case in REFUSED])
def test_a_wrong_operand_gets_the_reason_aws_gives(test: Any, reason: str) -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile({"f": [test]})

    assert caught.value.reason == reason
    assert caught.value.message.startswith(f"Event pattern is not valid. Reason: {reason}")


def test_a_failure_inside_an_anything_but_list_gives_its_position_twice() -> None:
    with pytest.raises(InvalidPattern) as caught:
        compile('{"f": [{"anything-but": [null]}]}')

    place = '\n at [Source: (String)"{"f": [{"anything-but": [null]}]}"; line: 1, column: 30]'
    assert caught.value.location == place * 2
