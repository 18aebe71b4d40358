"""Filter policies: which are refused, and what of a message they look at."""

import json

import pytest

from emulator.errors import AwsError
from emulator.services.sns.model.filters import (
    combinations,
    event_of_attributes,
    event_of_body,
    require_policy,
)


def passes(policy, **attributes):
    pattern = require_policy(json.dumps(policy), on_body=False, prefix="")
    return pattern.matches(event_of_attributes(attributes))


def text(value):
    return {"DataType": "String", "StringValue": value}


def number(value):
    return {"DataType": "Number", "StringValue": value}


def array(*values):
    return {"DataType": "String.Array", "StringValue": json.dumps(values)}


@pytest.mark.parametrize(
    ("policy", "attributes", "expected"),
    [
        ({"kind": ["order"]}, {"kind": text("order")}, True),
        ({"kind": ["order"]}, {"kind": text("Order")}, False),
        ({"kind": ["order"]}, {}, False),
        ({"price": [100]}, {"price": number("100.0")}, True),
        ({"price": ["100"]}, {"price": number("100")}, False),
        ({"price": [{"numeric": [">", 50]}]}, {"price": number("51")}, True),
        ({"price": [{"numeric": [">", 50]}]}, {"price": text("51")}, False),
        ({"kind": [{"anything-but": ["a", "b"]}]}, {"kind": text("c")}, True),
        ({"kind": [{"anything-but": ["a", "b"]}]}, {"kind": text("a")}, False),
        ({"tags": ["blue"]}, {"tags": array("red", "blue")}, True),
        ({"tags": ["green"]}, {"tags": array("red", "blue")}, False),
        ({"tags": [True]}, {"tags": array(True, None)}, True),
        ({"kind": [{"exists": False}]}, {"other": text("x")}, True),
        ({"kind": [{"exists": False}]}, {"kind": text("x")}, False),
        ({"a": ["1"], "b": ["2"]}, {"a": text("1"), "b": text("2")}, True),
        ({"a": ["1"], "b": ["2"]}, {"a": text("1")}, False),
        ({"$or": [{"a": ["1"]}, {"b": ["2"]}]}, {"b": text("2")}, True),
    ],
)
def test_attributes_are_matched(policy, attributes, expected):
    assert passes(policy, **attributes) is expected


def test_binary_attributes_are_not_looked_at():
    assert event_of_attributes({"a": {"DataType": "Binary", "BinaryValue": b"x"}}) == {}


def test_only_an_object_can_be_looked_into():
    assert event_of_body('{"a": 1}') == {"a": 1}
    assert event_of_body("[1]") is None
    assert event_of_body("plain text") is None


@pytest.mark.parametrize(
    ("policy", "count"),
    [
        ({"a": ["1", "2"], "b": ["1", "2", "3"]}, 6),
        # The developer guide's own example of a nested policy: 4 x 3, 3 x 2 and 3 x 1.
        ({"a": {"b": {"c": [1, 2, 3, 4]}}, "d": {"e": [1, 2, 3]}, "f": [1, 2, 3]}, 216),
        ({"$or": [{"a": ["1", "2"]}, {"b": ["1"]}], "c": ["1", "2"]}, 6),
        ({"a": [{"anything-but": ["x", "y", "z"]}]}, 3),
    ],
)
def test_combinations_are_counted(policy, count):
    assert combinations(policy) == count


def test_a_nested_policy_needs_the_message():
    nested = '{"a":{"b":["c"]}}'

    require_policy(nested, on_body=True, prefix="")
    with pytest.raises(AwsError, match="does not support nested filter policy"):
        require_policy(nested, on_body=False, prefix="")


def test_text_that_is_no_json_is_not_shown_again():
    with pytest.raises(AwsError) as caught:
        require_policy("{secret}", on_body=False, prefix="")

    assert caught.value.message == (
        "Invalid parameter: FilterPolicy: failed to parse JSON. Unexpected character ('s' (code 115)): was "
        "expecting double-quote to start field name\n at [Source: REDACTED "
        "(`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"
    )


def test_five_keys_are_allowed_and_six_are_not():
    require_policy(json.dumps({key: ["x"] for key in "abcde"}), on_body=False, prefix="")

    with pytest.raises(AwsError, match="can not have more than 5 keys"):
        require_policy(json.dumps({key: ["x"] for key in "abcdef"}), on_body=False, prefix="")
