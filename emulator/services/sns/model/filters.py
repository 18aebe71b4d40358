"""Filter policies: which SNS accepts, and what of a message they look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.languages.patterns import InvalidPattern, Pattern, compile
from emulator.services.sns.limits import FILTER_COMBINATIONS_MOST, FILTER_KEYS_MOST
from emulator.services.sns.model.errors import invalid

_HIDDEN = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"


def require_policy(text: str, *, on_body: bool, prefix: str) -> Pattern:
    """The compiled policy. Error: InvalidParameter, its text beginning with `prefix`.

    AWS: "Filter policy constraints": five keys, 150 combinations; nested keys only on the message.
    """
    try:
        pattern = compile(text)
    except InvalidPattern as error:
        raise invalid(f"{prefix}FilterPolicy: {_worded(error)}") from None
    policy = json.loads(text)
    if not on_body and _nested(policy):
        raise invalid(f"{prefix}Filter policy scope MessageAttributes does not support nested filter policy")
    if _keys(policy) > FILTER_KEYS_MOST:
        raise invalid(f"{prefix}FilterPolicy: Filter policy can not have more than {FILTER_KEYS_MOST} keys")
    if combinations(policy) > FILTER_COMBINATIONS_MOST:
        raise invalid(f"{prefix}FilterPolicy: Filter policy is too complex")
    return pattern


def _worded(error: InvalidPattern) -> str:
    """The reason as SNS gives it: text that is no JSON is not shown again."""
    if not error.syntax:
        return error.reason + error.location
    place = error.location.rfind("; line:")
    where = f"\n at {_HIDDEN}{error.location[place:]}" if place >= 0 else ""
    return f"failed to parse JSON. {error.reason.removeprefix('failed to parse JSON. ')}{where}"


def _nested(policy: Mapping[str, Any]) -> bool:
    return any(
        any(_nested(branch) for branch in value) if key == "$or" else isinstance(value, dict)
        for key, value in policy.items()
    )


def _keys(policy: Mapping[str, Any]) -> int:
    return sum(
        max(map(_keys, value)) if key == "$or" else _keys(value) if isinstance(value, dict) else 1
        for key, value in policy.items()
    )


def combinations(policy: Mapping[str, Any], depth: int = 1) -> int:
    """How many combinations of values the policy has; values count once for each level they are nested."""
    product = 1
    for key, value in policy.items():
        if key == "$or":
            product *= sum(combinations(branch, depth) for branch in value)
        elif isinstance(value, dict):
            product *= combinations(value, depth + 1)
        else:
            product *= _values(value) * depth
    return product


def _values(values: list[Any]) -> int:
    """A list inside anything-but counts with each of its values."""
    return sum(
        len(value["anything-but"]) if isinstance(value, dict) and isinstance(value.get("anything-but"), list) else 1
        for value in values
    )


def event_of_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Message attributes as an event: texts, numbers, the values of a String.Array; no binary ones."""
    event = {}
    for name, value in attributes.items():
        kind = value["DataType"]
        text = value.get("StringValue", "")
        if kind == "String.Array" or kind.startswith("Number"):
            event[name] = _json(text)
        elif not kind.startswith("Binary"):
            event[name] = text
    return event


def event_of_body(message: str) -> dict[str, Any] | None:
    """The message as an event, None where it is no JSON object."""
    found = _json(message)
    return found if isinstance(found, dict) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
