"""What a message may hold: its body, its attributes and their MD5 sums, its ids, its receipt handle."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.errors import AwsError
from emulator.kit.attributes import is_number
from emulator.services.sqs.limits import ATTRIBUTE_NAME_MOST, ATTRIBUTES_MOST
from emulator.services.sqs.model.errors import invalid_parameter, invalid_value

Attributes = Mapping[str, Mapping[str, Any]]

_BAD_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", re.ASCII)
_TYPES = ("String", "Number", "Binary")
_ID = re.compile(r"[!-~]{1,128}", re.ASCII)
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)


def encoded_body(body: str) -> bytes:
    """The body as UTF-8. Error: InvalidMessageContents for a character that XML 1.0 cannot carry."""
    if not body.isprintable() and _BAD_CHARACTER.search(body):
        raise AwsError(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | "
            "#xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    return body.encode()


def attributes_md5(attributes: Attributes) -> str:
    """The sum over name, type and value of each attribute, ordered by name.

    Source: developer guide, "Calculating the MD5 message digest for message attributes": each part after its
    length as four bytes, big-endian; one byte says whether the value is text (1) or binary (2).
    """
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        binary = value["DataType"].startswith("Binary")
        parts = name.encode(), value["DataType"].encode()
        for part in parts:
            digest.update(struct.pack("!I", len(part)) + part)
        raw: bytes = value["BinaryValue"] if binary else value["StringValue"].encode()
        digest.update((b"\x02" if binary else b"\x01") + struct.pack("!I", len(raw)) + raw)
    return digest.hexdigest()


def attributes_size(attributes: Attributes) -> int:
    """The bytes that the attributes add to a message: names, types and values."""
    return sum(
        len(name.encode())
        + len(value["DataType"].encode())
        + len(value.get("BinaryValue") or value.get("StringValue", "").encode())
        for name, value in attributes.items()
    )


def require_attributes(attributes: Attributes) -> None:
    """Raise InvalidParameterValue (or UnsupportedOperation, for lists) for attributes that SQS refuses."""
    if len(attributes) > ATTRIBUTES_MOST:
        raise invalid_value(f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [10].")
    for name, value in attributes.items():
        _require_attribute_name(name)
        _require_attribute_value(name, value)


def _require_attribute_name(name: str) -> None:
    if not name:
        raise invalid_value("The message attribute name must not be empty.")
    if len(name) > ATTRIBUTE_NAME_MOST:
        raise invalid_value(
            f"The message attribute name '{name}' is too long, it can be at most {ATTRIBUTE_NAME_MOST} letters long."
        )
    if not _ATTRIBUTE_NAME.fullmatch(name) or name.lower().startswith(("aws.", "amazon.")):
        raise invalid_value(
            f"The message attribute name '{name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, "
            "underscore (_), hyphen (-), and period (.), and cannot start with AWS. or Amazon., start or end "
            "with a period, or have periods in succession."
        )


def _require_attribute_value(name: str, value: Mapping[str, Any]) -> None:
    if value.get("StringListValues") or value.get("BinaryListValues"):
        raise AwsError(
            "UnsupportedOperation",
            "Message attribute list values in SendMessage operation are not supported.",
        )
    data_type = value.get("DataType", "")
    if not data_type:
        raise invalid_value(f"The message attribute '{name}' must contain non-empty message attribute type.")
    kind = data_type.split(".", 1)[0]
    if kind not in _TYPES:
        raise invalid_value(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported "
            "type prefixes is Binary, Number, and String."
        )
    text = value.get("StringValue")
    if not (value.get("BinaryValue") if kind == "Binary" else text):
        raise invalid_value(
            f"The message attribute '{name}' must contain non-empty message attribute value for message "
            f"attribute type '{kind}'."
        )
    if kind == "Number" and not is_number(str(text)):
        raise invalid_value(f"Can't cast the value of message (user) attribute '{name}' to a number.")


def dump_attributes(attributes: Attributes) -> str:
    """Attributes as they are kept: JSON, binary values in base 64."""
    return json.dumps(
        {
            name: {
                "DataType": value["DataType"],
                **(
                    {"BinaryValue": base64.b64encode(value["BinaryValue"]).decode()}
                    if value["DataType"].startswith("Binary")
                    else {"StringValue": value["StringValue"]}
                ),
            }
            for name, value in attributes.items()
        }
    )


def load_attributes(text: str) -> dict[str, dict[str, Any]]:
    """Attributes from the form in which they are kept."""
    loaded: dict[str, dict[str, Any]] = json.loads(text)
    for value in loaded.values():
        if "BinaryValue" in value:
            value["BinaryValue"] = base64.b64decode(value["BinaryValue"])
    return loaded


def selected(attributes: dict[str, dict[str, Any]], names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Those that a receive asks for: by name, by `prefix.*`, or by `All` or `.*`."""
    exact = set()
    prefixes = []
    for name in names:
        if name in ("All", ".*", "*"):
            return attributes
        if name.endswith(".*"):
            prefixes.append(name[:-2])
        else:
            exact.add(name)
    return {
        name: value
        for name, value in attributes.items()
        if name in exact or any(name.startswith(prefix) for prefix in prefixes)
    }


def require_id(parameter: str, value: str) -> None:
    """Raise InvalidParameterValue where `value` is no MessageGroupId or MessageDeduplicationId."""
    if not _ID.fullmatch(value):
        raise invalid_parameter(
            value,
            parameter,
            f"{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.",
        )


def is_entry_id(text: str) -> bool:
    """Whether an entry of a batch may have this id."""
    return _ENTRY_ID.fullmatch(text) is not None


def sequence_number(position: int) -> str:
    """The SequenceNumber of the message at a position of its FIFO queue: 20 digits, ascending."""
    return str(18_850_000_000_000_000_000 + position * 256)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt handle says: which message, in which queue, at which of its receives."""

    queue: int
    id: int
    received: int
    message_id: str

    def __str__(self) -> str:
        return base64.b64encode(f"AQEB {self.queue} {self.id} {self.received} {self.message_id}".encode()).decode()


def require_receipt(handle: str) -> Receipt:
    """The receipt that a handle stands for. Error: ReceiptHandleIsInvalid."""
    try:
        mark, queue, id, received, message_id = base64.b64decode(handle, validate=True).decode("ascii").split(" ")
        if mark == "AQEB":
            return Receipt(int(queue), int(id), int(received), message_id)
    except (binascii.Error, ValueError):
        pass
    raise AwsError("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.')
