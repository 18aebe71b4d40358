"""Archived objects: how long a restore takes, and how long its copy stays (S3 User Guide, "Restoring objects")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from emulator.errors import AwsError
from emulator.services.s3.model.errors import invalid_argument, malformed_xml

# The shortest times that AWS names ("Understanding archive retrieval options").
_TIMES = {
    ("GLACIER", "Expedited"): timedelta(minutes=1),
    ("GLACIER", "Standard"): timedelta(hours=3),
    ("GLACIER", "Bulk"): timedelta(hours=5),
    ("DEEP_ARCHIVE", "Standard"): timedelta(hours=12),
    ("DEEP_ARCHIVE", "Bulk"): timedelta(hours=48),
}
CLASSES = frozenset(storage_class for storage_class, _ in _TIMES)
_DAY = timedelta(days=1)
ONGOING = 'ongoing-request="true"'


def is_readable(headers: Mapping[str, Any]) -> bool:
    """Whether an object can be read: it is not archived, or a copy of it is restored."""
    return headers.get("StorageClass") not in CLASSES or headers.get("Restore", ONGOING) != ONGOING


def invalid_state(storage_class: str) -> AwsError:
    return AwsError(
        "InvalidObjectState",
        "The operation is not valid for the object's storage class",
        status=403,
        fields={"StorageClass": storage_class},
    )


def days_of(request: Mapping[str, Any]) -> int:
    """For how many days a copy is asked for. Raises MalformedXML, InvalidArgument."""
    days = request.get("Days")
    if not isinstance(days, int):
        raise malformed_xml()
    if days < 1:
        raise invalid_argument("restoration days should be at least 1", "Days", days)
    return days


def time_of(storage_class: str, request: Mapping[str, Any]) -> timedelta:
    """How long a restore takes, by its tier. Raises InvalidArgument."""
    tier = (request.get("GlacierJobParameters") or {}).get("Tier") or request.get("Tier") or "Standard"
    found = _TIMES.get((storage_class, tier))
    if found is None:
        raise invalid_argument("Retrieval option is not supported by this storage class", "Tier", tier)
    return found


def expiry(restored: datetime, days: int) -> datetime:
    """When a restored copy goes: so many days later, at the next midnight UTC."""
    due = restored + timedelta(days=days)
    return due.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def until(moment: datetime) -> str:
    """The x-amz-restore header of an object of which a copy is restored."""
    return f'ongoing-request="false", expiry-date="{format_datetime(moment, usegmt=True)}"'
