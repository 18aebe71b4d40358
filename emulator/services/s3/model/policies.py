"""The policy of a form's upload: what its fields must be (API reference, "Creating a POST Policy")."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from emulator.errors import AwsError
from emulator.services.s3.model.forms import missing_field

_V4 = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_V2 = ("awsaccesskeyid", "signature")
_SHOWN = {
    "x-amz-algorithm": "X-Amz-Algorithm",
    "x-amz-credential": "X-Amz-Credential",
    "x-amz-date": "X-Amz-Date",
    "x-amz-signature": "X-Amz-Signature",
    "awsaccesskeyid": "AWSAccessKeyId",
    "signature": "Signature",
}
# Fields that a policy need not mention.
_FREE = frozenset({"awsaccesskeyid", "signature", "x-amz-signature", "policy", "file"})
_IGNORED = "x-ignore-"


def signer_of(fields: Mapping[str, str]) -> str:
    """The access key of a signed form; raises AccessDenied for one without a signature, InvalidArgument for one that
    lacks a field. The signature itself is not checked.
    """
    for known in (_V4, _V2):
        if any(name in fields for name in known):
            for name in (*known, "policy"):
                if not fields.get(name):
                    raise missing_field(_SHOWN.get(name, name))
            return fields.get("awsaccesskeyid") or fields["x-amz-credential"].partition("/")[0]
    raise AwsError("AccessDenied", "Access Denied", status=403)


def check(text: str, fields: Mapping[str, str], size: int, bucket: str, now: datetime) -> None:
    """Raise InvalidPolicyDocument, AccessDenied, EntityTooLarge or EntityTooSmall where the policy, in base 64, is
    none, has expired or does not allow the form; `size` is that of the file.
    """
    policy = _read(text)
    if _expiration(policy) <= now:
        raise _denied("Policy expired.")
    values = {**fields, "bucket": bucket}
    mentioned = {"bucket"}
    for condition in policy["conditions"]:
        name, _ = _named(condition)
        mentioned.add(name)
        _hold(condition, values, size)
    extra = [name for name in fields if name not in _FREE | mentioned and not name.startswith(_IGNORED)]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def _read(text: str) -> dict[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text))
    except (binascii.Error, ValueError):
        policy = None
    if not isinstance(policy, dict) or not isinstance(policy.get("conditions"), list):
        raise _invalid("Invalid JSON.")
    policy["conditions"] = [_normal(condition) for condition in policy["conditions"]]
    return policy


def _normal(condition: Any) -> list[Any]:
    """`{"acl": "private"}` as `["eq", "$acl", "private"]`."""
    if isinstance(condition, dict):
        if len(condition) != 1:
            raise _invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
        ((name, value),) = condition.items()
        return ["eq", f"${name}", value]
    if not isinstance(condition, list) or len(condition) != 3 or not isinstance(condition[0], str):
        raise _invalid("Invalid Condition.")
    return condition


def _expiration(policy: dict[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(policy["expiration"])
    except (KeyError, TypeError, ValueError):
        raise _invalid("Policy missing expiration.") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _named(condition: list[Any]) -> tuple[str, bool]:
    """The field that a condition is about, and whether it is named as a field is."""
    text = str(condition[1])
    return text.removeprefix("$").lower(), text.startswith("$")


def _hold(condition: list[Any], values: Mapping[str, str], size: int) -> None:
    kind = condition[0].lower()
    if kind == "content-length-range":
        _check_size(size, int(condition[1]), int(condition[2]))
        return
    name, proper = _named(condition)
    value, wanted = values.get(name, ""), str(condition[2])
    if kind not in ("eq", "starts-with"):
        raise _invalid(f"Invalid Condition: unknown operation '{condition[0]}'.")
    if not proper or not (value == wanted if kind == "eq" else value.startswith(wanted)):
        raise _denied(f"Policy Condition failed: {json.dumps(condition, ensure_ascii=False)}")


def _check_size(size: int, least: int, most: int) -> None:
    if size > most:
        raise AwsError(
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            status=400,
            fields={"ProposedSize": size, "MaxSizeAllowed": most},
        )
    if size < least:
        raise AwsError(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            status=400,
            fields={"ProposedSize": size, "MinSizeAllowed": least},
        )


def _denied(reason: str) -> AwsError:
    return AwsError("AccessDenied", f"Invalid according to Policy: {reason}", status=403)


def _invalid(reason: str) -> AwsError:
    return AwsError("InvalidPolicyDocument", f"Invalid Policy: {reason}", status=400)
