"""Lifecycle rules: which a bucket may have, and when they say that an object expires."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from emulator import ids
from emulator.clock import from_micros, in_millis, to_micros
from emulator.services.s3.model.errors import invalid_argument, invalid_request, malformed_xml

MOMENT = "$micros"
_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)
_DAY = timedelta(days=1)
Rule = dict[str, Any]


def checked(rules: list[Rule] | None) -> list[Rule]:
    """The rules as they are kept, each with an ID. Raises MalformedXML, InvalidArgument, InvalidRequest."""
    if not rules:
        raise malformed_xml()
    for rule in rules:
        _check(rule)
    return [{**rule, "ID": rule.get("ID") or ids.new_hex(48)} for rule in rules]


def _check(rule: Rule) -> None:
    if rule.get("Status") not in ("Enabled", "Disabled") or ("Filter" not in rule and "Prefix" not in rule):
        raise malformed_xml()
    if not any(rule.get(action) is not None for action in _ACTIONS):
        raise malformed_xml()
    _check_filter(rule.get("Filter") or {})
    expiration = rule.get("Expiration")
    if expiration is not None:
        if len(expiration) != 1:
            raise malformed_xml()
        _check_midnight(expiration.get("Date"))
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent is not None and "NoncurrentDays" not in noncurrent:
        raise malformed_xml()
    for transition in rule.get("Transitions") or []:
        _check_midnight(transition.get("Date"))


def _check_filter(filter: Rule) -> None:
    """One condition, or `And` with several (API reference, LifecycleRuleFilter)."""
    if len(filter) > 1:
        raise malformed_xml()
    tags = (filter.get("And") or {}).get("Tags") or []
    if len({tag.get("Key") for tag in tags}) < len(tags):
        raise invalid_request("Duplicate Tag Keys are not allowed.")


def _check_midnight(moment: datetime | None) -> None:
    if moment is not None and to_micros(moment) % 86_400_000_000:
        raise invalid_argument("'Date' must be at midnight GMT", "Date", in_millis(moment))


@lru_cache(maxsize=256)
def expiring(text: str | None) -> tuple[Rule, ...]:
    """The rules of a bucket's configuration (JSON; None: it has none) by which current objects expire."""
    rules = [] if text is None else json.loads(text)["Rules"]
    return tuple(rule for rule in rules if rule["Status"] == "Enabled" and _shown(rule.get("Expiration") or {}))


def _shown(expiration: Rule) -> bool:
    return "Days" in expiration or "Date" in expiration


def expiration(rules: tuple[Rule, ...], key: str, size: int, tags: Mapping[str, str], modified: datetime) -> str | None:
    """The x-amz-expiration header of an object, None where no rule takes it; of several the soonest counts.

    (S3 User Guide, "Expiring objects": days are counted from the object's creation, up to the next midnight UTC.)
    """
    taking = [(_expiry(rule["Expiration"], modified), rule["ID"]) for rule in rules if _takes(rule, key, size, tags)]
    if not taking:
        return None
    moment, id = min(taking)
    return f'expiry-date="{format_datetime(moment, usegmt=True)}", rule-id="{quote(id, safe="")}"'


def _expiry(expiration: Rule, modified: datetime) -> datetime:
    if "Date" in expiration:
        return from_micros(expiration["Date"][MOMENT])
    due = modified + timedelta(days=expiration["Days"])
    midnight = due.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == due else midnight + _DAY


def _takes(rule: Rule, key: str, size: int, tags: Mapping[str, str]) -> bool:
    filter = rule.get("Filter") or {}
    wanted = filter.get("And") or filter
    labels = wanted.get("Tags") or ([wanted["Tag"]] if "Tag" in wanted else [])
    return (
        key.startswith(wanted.get("Prefix") or rule.get("Prefix") or "")
        and size > wanted.get("ObjectSizeGreaterThan", -1)
        and ("ObjectSizeLessThan" not in wanted or size < wanted["ObjectSizeLessThan"])
        and all(tags.get(tag["Key"]) == tag["Value"] for tag in labels)
    )
