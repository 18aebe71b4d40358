"""What may be published: the message, its subject, its attributes, its structure, its ids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.errors import AwsError
from emulator.kit.attributes import is_number
from emulator.services.sns.limits import ATTRIBUTE_NAME_MOST, BATCH_ENTRIES_MOST, SUBJECT_MOST
from emulator.services.sns.model.errors import invalid, invalid_message_attribute
from emulator.services.sns.model.topics import Topic

Attributes = Mapping[str, Mapping[str, Any]]

_NAME_CHARACTER = re.compile(r"[A-Za-z0-9_.-]", re.ASCII)
_SUBJECT = re.compile(r"[!-~][ -~]*", re.ASCII)
_ID = re.compile(r"[!-~]{1,128}", re.ASCII)
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_TYPES = ("String", "Number", "Binary")


def require_message(topic: Topic, message: str, subject: str | None, attributes: Attributes) -> None:
    """Raise for a message that cannot be published. Errors: InvalidParameter, ParameterValueInvalid."""
    if not message:
        raise invalid("Empty message")
    if size(message, attributes) > topic.size_most:
        raise invalid("Message too long")
    if subject is not None and (len(subject) > SUBJECT_MOST or not _SUBJECT.fullmatch(subject)):
        raise invalid("Subject")
    if attributes:
        require_attributes(attributes)


def size(message: str, attributes: Attributes) -> int:
    """The bytes of a message, its attributes included."""
    return len(message.encode(errors="surrogatepass")) + sum(
        len(name.encode())
        + len(value["DataType"])
        + len(value.get("BinaryValue") or value.get("StringValue", "").encode())
        for name, value in attributes.items()
    )


def require_attributes(attributes: Attributes) -> None:
    """Raise ParameterValueInvalid for message attributes that SNS refuses."""
    for name, value in attributes.items():
        _require_name(name)
        kind = value["DataType"].split(".", 1)[0]
        if kind not in _TYPES:
            raise invalid_message_attribute(
                f"The message attribute '{name}' has an invalid message attribute type, the set of supported "
                "type prefixes is Binary, Number, and String."
            )
        _require_value(name, kind, value)


def _require_value(name: str, kind: str, value: Mapping[str, Any]) -> None:
    right, wrong = ("BinaryValue", "StringValue") if kind == "Binary" else ("StringValue", "BinaryValue")
    if value.get(wrong):
        raise invalid_message_attribute(
            f"The message attribute '{name}' with type '{value['DataType']}' must use field "
            f"'{'Binary' if kind == 'Binary' else 'String'}'."
        )
    if not value.get(right):
        raise invalid_message_attribute(
            f"The message attribute '{name}' must contain non-empty message attribute value for message "
            f"attribute type '{value['DataType']}'."
        )
    if kind == "Number" and not is_number(value["StringValue"]):
        raise invalid_message_attribute(f"Could not cast message attribute '{name}' value to number.")
    if value["DataType"] == "String.Array" and not _is_array(value["StringValue"]):
        raise invalid_message_attribute(
            f"The message attribute '{name}' with type 'String.Array' must be a JSON array of strings, "
            "numbers, true, false or null."
        )


def _is_array(text: str) -> bool:
    try:
        found = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, list) and not any(isinstance(value, (dict, list)) for value in found)


def _require_name(name: str) -> None:
    if len(name.encode()) > ATTRIBUTE_NAME_MOST:
        raise invalid_message_attribute(
            f"Length of message attribute name must be less than {ATTRIBUTE_NAME_MOST} bytes."
        )
    for character in name:
        if not _NAME_CHARACTER.match(character):
            raise invalid_message_attribute(
                f"Invalid non-alphanumeric character '#x{ord(character):X}' was found in the message "
                "attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            )
    if name.startswith("."):
        raise invalid_message_attribute("Invalid message attribute name starting with character '.' was found.")
    if name.endswith("."):
        raise invalid_message_attribute("Invalid message attribute name ending with character '.' was found.")
    if ".." in name:
        raise invalid_message_attribute("Message attribute name can not have successive '.' character.")


def by_protocol(message: str, structure: str | None) -> Mapping[str, str]:
    """The text for each protocol that has its own, and `default` for the others. Error: InvalidParameter."""
    if structure is None:
        return {"default": message}
    if structure != "json":
        raise invalid("MessageStructure")
    try:
        found = json.loads(message)
    except ValueError:
        raise invalid("Message Structure - JSON message body failed to parse") from None
    if not isinstance(found, dict) or not isinstance(found.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")
    return {protocol: text for protocol, text in found.items() if isinstance(text, str)}


def require_ids(topic: Topic, group_id: str | None, deduplication_id: str | None) -> None:
    """Raise InvalidParameter for ids that are missing, wrong, or not for this kind of topic."""
    if topic.fifo and group_id is None:
        raise invalid("The MessageGroupId parameter is required for FIFO topics")
    if group_id is not None and not _ID.fullmatch(group_id):
        raise invalid("MessageGroupId")
    if deduplication_id is None:
        if topic.fifo and not topic.content_based:
            raise invalid(
                "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
                "provided explicitly"
            )
        return
    if not topic.fifo:
        raise invalid(
            "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is "
            "not valid for this topic type"
        )
    if not _ID.fullmatch(deduplication_id):
        raise invalid("MessageDeduplicationId")


def require_batch(topic: Topic, entries: Sequence[Mapping[str, Any]]) -> None:
    """Raise what AWS raises for a batch as a whole.

    Errors: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct,
    BatchRequestTooLong.
    """
    if not entries:
        raise AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    if len(entries) > BATCH_ENTRIES_MOST:
        raise AwsError("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
    for entry in entries:
        _require_entry_id(entry["Id"])
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
    total = sum(size(entry["Message"], entry.get("MessageAttributes") or {}) for entry in entries)
    if total > topic.size_most:
        raise AwsError("BatchRequestTooLong", "The length of all the messages put together is more than the limit.")


def _require_entry_id(id: str) -> None:
    if not _ENTRY_ID.fullmatch(id):
        raise AwsError(
            "InvalidBatchEntryId",
            f"The Id of a batch entry in the batch request contains an impermissible character: {id}",
        )
    if len(id) > 80:
        raise AwsError("InvalidBatchEntryId", f"The Id of a batch entry in the batch request is too long: {id}")


def sequence_number(position: int) -> str:
    """The SequenceNumber of the message at a position of its FIFO topic: 20 digits, ascending."""
    return str(10_000_000_000_000_000_000 + position * 1_000)
