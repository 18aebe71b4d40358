"""What holds for every batch: how many entries, which ids, how a failed entry reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.errors import AwsError
from emulator.services.sqs.limits import BATCH_ENTRIES_MOST
from emulator.services.sqs.model.errors import entry_code
from emulator.services.sqs.model.messages import is_entry_id


def require_batch(kind: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Raise what AWS raises for a batch as a whole; `kind` is the model's name of an entry.

    Errors: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct.
    """
    if not entries:
        raise AwsError("EmptyBatchRequest", f"There should be at least one {kind} in the request.")
    if len(entries) > BATCH_ENTRIES_MOST:
        raise AwsError(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {BATCH_ENTRIES_MOST}. You have sent {len(entries)}.",
        )
    seen = set()
    for entry in entries:
        id = entry["Id"]
        if not is_entry_id(id):
            raise AwsError(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                "It can be at most 80 letters long.",
            )
        if id in seen:
            raise AwsError("BatchEntryIdsNotDistinct", f"Id {id} repeated.")
        seen.add(id)


def failed(id: str, error: AwsError) -> dict[str, Any]:
    """A BatchResultErrorEntry."""
    return {
        "Id": id,
        "Code": entry_code(error),
        "Message": error.message,
        "SenderFault": error.fault == "Sender",
    }
