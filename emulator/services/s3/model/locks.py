"""Object lock: how long a version is kept from being removed (S3 User Guide, "Locking objects with Object Lock")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from emulator.clock import to_micros
from emulator.errors import AwsError
from emulator.services.s3.model.errors import invalid_argument, invalid_request, malformed_xml
from emulator.services.s3.model.params import Described

GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
_MODE, _UNTIL, _HOLD = "ObjectLockMode", "ObjectLockRetainUntilDate", "ObjectLockLegalHoldStatus"
_MODE_HEADER, _UNTIL_HEADER = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"
Lock = dict[str, Any]


@lru_cache(maxsize=256)
def lock_of(text: str | None) -> Lock | None:
    """The configuration of a bucket with object lock, from JSON; None for one without."""
    lock: Lock | None = None if text is None else json.loads(text)
    return lock


def check_configuration(configuration: Lock) -> None:
    """Raise MalformedXML for what is no configuration of object lock."""
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise malformed_xml()
    if "Rule" in configuration:
        default = configuration["Rule"].get("DefaultRetention") or {}
        if default.get("Mode") not in (GOVERNANCE, COMPLIANCE) or ("Days" in default) == ("Years" in default):
            raise malformed_xml()
        if (default.get("Days") or default.get("Years") or 0) <= 0:
            raise invalid_argument("Default retention period must be a positive integer value.", "DefaultRetention")


def of_new(params: Described, lock: Lock | None, now: datetime) -> dict[str, Any]:
    """The members that lock a new object, as asked or as its bucket does by default. Raises InvalidArgument,
    InvalidRequest.
    """
    mode, until = params.get("object_lock_mode"), params.get("object_lock_retain_until_date")
    hold = params.get("object_lock_legal_hold_status")
    if lock is None:
        if mode is not None or until is not None or hold is not None:
            raise invalid_request("Bucket is missing Object Lock Configuration")
        return {}
    if (mode is None) != (until is None):
        raise invalid_argument(
            f"{_UNTIL_HEADER} and {_MODE_HEADER} must both be supplied",
            _UNTIL_HEADER if until is None else _MODE_HEADER,
        )
    members: dict[str, Any] = {}
    if mode is not None and until is not None:
        if mode not in (GOVERNANCE, COMPLIANCE):
            raise invalid_argument("Unknown wormMode directive.", _MODE_HEADER, mode)
        if until <= now:
            raise invalid_argument("The retain until date must be in the future!", _UNTIL_HEADER, f"{until:%c}")
        members = {_MODE: mode, _UNTIL: until}
    elif default := (lock.get("Rule") or {}).get("DefaultRetention"):
        days = default.get("Days") or 365 * default["Years"]
        members = {_MODE: default["Mode"], _UNTIL: now + timedelta(days=days)}
    return members if hold is None else {**members, _HOLD: hold}


def locked() -> AwsError:
    return AwsError("AccessDenied", "Access Denied because object protected by object lock.", status=403)


def check_removal(headers: Mapping[str, Any], now: int, bypass: bool) -> None:
    """Raise AccessDenied for a version that must not be removed yet; `headers` as its row keeps them."""
    if headers.get(_HOLD) == "ON" or (_retained(headers, now) and not (bypass and headers[_MODE] == GOVERNANCE)):
        raise locked()


def _retained(headers: Mapping[str, Any], now: int) -> bool:
    return bool(headers.get(_UNTIL, 0) > now)


def retained(headers: dict[str, Any], retention: Lock, now: datetime, bypass: bool) -> dict[str, Any]:
    """The headers of a version with another retention. Raises AccessDenied, InvalidArgument, MalformedXML."""
    mode, until = retention.get("Mode"), retention.get("RetainUntilDate")
    if (mode is None) != (until is None) or mode not in (None, GOVERNANCE, COMPLIANCE):
        raise malformed_xml()
    if until is not None and until <= now:
        raise invalid_argument("The retain until date must be in the future!", "RetainUntilDate", f"{until:%c}")
    if _retained(headers, to_micros(now)):
        longer = until is not None and to_micros(until) >= headers[_UNTIL]
        stricter = mode == COMPLIANCE or mode == headers[_MODE]
        if not (longer and stricter) and not (bypass and headers[_MODE] == GOVERNANCE):
            raise locked()
    rest = {name: value for name, value in headers.items() if name not in (_MODE, _UNTIL)}
    return rest if mode is None else {**rest, _MODE: mode, _UNTIL: until}


def missing_of_object() -> AwsError:
    return AwsError(
        "NoSuchObjectLockConfiguration",
        "The specified object does not have a ObjectLock configuration",
        status=404,
    )
