"""Bodies, attributes, MD5 sums, receipt handles."""

import pytest

from emulator.errors import AwsError
from emulator.services.sqs.model.messages import (
    Receipt,
    attributes_md5,
    attributes_size,
    dump_attributes,
    encoded_body,
    is_entry_id,
    load_attributes,
    require_attributes,
    require_id,
    require_receipt,
    selected,
    sequence_number,
)

HELLO = {"DataType": "String", "StringValue": "There"}
GENERAL = {"DataType": "String", "StringValue": "Kenobi"}
HELP = {"DataType": "String", "StringValue": "Me"}
TRACE = b"traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"


# Sums that AWS gave.
@pytest.mark.parametrize(
    ("attributes", "md5"),
    [
        ({"Foo": {"DataType": "String", "StringValue": "Bar"}}, "ae7155c6026991b6d54b11589678bf9c"),
        ({"Help.Me": HELP, "Hello": HELLO, "General": GENERAL}, "4c360f3fdafd970e05fae2f149d997f5"),
        ({"Hello": HELLO}, "a311262e065454b75da111d535b8dacd"),
        ({"attr1": {"DataType": "Number", "StringValue": "99.12"}}, "d302007e9aa062660afc85fd0a482472"),
        ({"attr1": {"DataType": "Binary", "BinaryValue": TRACE}}, "8cbe4db156db8a94db8b801b7addb984"),
    ],
)
def test_the_sum_of_attributes_is_that_of_aws(attributes, md5):
    assert attributes_md5(attributes) == md5


def test_attributes_survive_being_kept():
    attributes = {"text": HELLO, "bytes": {"DataType": "Binary.png", "BinaryValue": b"\x00\xff"}}

    assert load_attributes(dump_attributes(attributes)) == attributes


def test_the_size_counts_names_types_and_values():
    assert attributes_size({"Hello": HELLO, "b": {"DataType": "Binary", "BinaryValue": b"123"}}) == 26


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["All"], {"Help.Me", "Hello", "General"}),
        ([".*"], {"Help.Me", "Hello", "General"}),
        (["Hel.*"], {"Help.Me", "Hello"}),
        (["Hello", "Foo"], {"Hello"}),
        (["Hel"], set()),
    ],
)
def test_attributes_are_selected_by_name_and_prefix(names, found):
    attributes = {"Help.Me": HELP, "Hello": HELLO, "General": GENERAL}

    assert set(selected(attributes, names)) == found


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "a",
            {"DataType": "Strange", "StringValue": "x"},
            "The message attribute 'a' has an invalid message attribute type, the set of supported type "
            "prefixes is Binary, Number, and String.",
        ),
        (
            "a",
            {"DataType": "String", "StringValue": ""},
            "The message attribute 'a' must contain non-empty message attribute value for message attribute "
            "type 'String'.",
        ),
        (
            "a",
            {"DataType": "", "StringValue": "x"},
            "The message attribute 'a' must contain non-empty message attribute type.",
        ),
        (
            "a",
            {"DataType": "Number", "StringValue": "many"},
            "Can't cast the value of message (user) attribute 'a' to a number.",
        ),
    ],
)
def test_a_wrong_attribute_is_refused(name, value, message):
    with pytest.raises(AwsError) as caught:
        require_attributes({name: value})

    assert caught.value.message == message


@pytest.mark.parametrize("name", ["", ".a", "a.", "a..b", "a b", "AWS.a", "amazon.a", "a" * 257])
def test_a_wrong_attribute_name_is_refused(name):
    with pytest.raises(AwsError):
        require_attributes({name: HELLO})


def test_ten_attributes_are_allowed_and_eleven_are_not():
    require_attributes({f"a{at}": HELLO for at in range(10)})

    with pytest.raises(AwsError, match=r"\[11\] exceeds the allowed maximum \[10\]"):
        require_attributes({f"a{at}": HELLO for at in range(11)})


def test_a_label_may_follow_the_type():
    require_attributes({"a": {"DataType": "Number.float", "StringValue": "1.5"}})


@pytest.mark.parametrize("body", ["plain", "tab\tand\nline\r", "\ud7ff", "\ue000", "\ufffd", "\U0001f600"])
def test_characters_of_xml_are_allowed(body):
    assert encoded_body(body) == body.encode()


@pytest.mark.parametrize("body", ["\x00", "a\x0b", "\x1f", "\ufffe", "\ud800"])
def test_other_characters_are_not(body):
    with pytest.raises(AwsError) as caught:
        encoded_body(body)

    assert caught.value.code == "InvalidMessageContents"


def test_a_receipt_survives_its_handle():
    receipt = Receipt(3, 14, 2, "9f1d6a6c-0000-4000-8000-000000000000")

    assert require_receipt(str(receipt)) == receipt


@pytest.mark.parametrize("handle", ["", "nonsense", "QVFFQg==", "////", "ä"])
def test_what_is_no_handle_is_refused(handle):
    with pytest.raises(AwsError) as caught:
        require_receipt(handle)

    assert caught.value.code == "ReceiptHandleIsInvalid"


def test_ids_are_printable_and_short():
    require_id("MessageGroupId", "!~" * 64)

    for wrong in ("", "a b", "a" * 129, "ä"):
        with pytest.raises(AwsError, match="1 to 128 in length"):
            require_id("MessageGroupId", wrong)


def test_ids_of_entries():
    assert is_entry_id("a-b_C9")
    assert not is_entry_id("a.b")
    assert not is_entry_id("a" * 81)


def test_sequence_numbers_have_twenty_digits_and_ascend():
    assert [len(sequence_number(at)) for at in (1, 10**9)] == [20, 20]
    assert sequence_number(2) > sequence_number(1)
