"""Resource policies of functions: statements as AddPermission writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from emulator.errors import AwsError

Statement = dict[str, Any]

_SERVICE = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com|amazon\.com|internal)(?:\.cn)?")
_ACCOUNT = re.compile(r"\d{12}")
_ARN = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::(\d{12}|cloudfront):.+")


def statement(
    *,
    sid: str,
    action: str,
    principal: str,
    resource: str,
    conditions: Mapping[str, str | None],
) -> Statement:
    """A statement; `conditions` are AddPermission's members that narrow it, None where not given.

    Errors: InvalidParameterValueException for a principal that is none.
    """
    made: Statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": _principal(principal),
        "Action": action,
        "Resource": resource,
    }
    condition: dict[str, dict[str, str]] = {}
    for member, (operator, key) in _CONDITIONS.items():
        value = conditions.get(member)
        if value:
            condition.setdefault(operator, {})[key] = value
    if condition:
        made["Condition"] = condition
    return made


_CONDITIONS = {
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
}


def _principal(text: str) -> str | dict[str, str]:
    if text == "*":
        return "*"
    if _SERVICE.fullmatch(text):
        return {"Service": text}
    if _ACCOUNT.fullmatch(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if _ARN.fullmatch(text):
        return {"AWS": text}
    raise AwsError(
        "InvalidParameterValueException",
        "The provided principal was invalid. Please check the principal and try again.",
    )


def allows_account(statements: Iterable[Statement], account: str) -> bool:
    """Whether a statement lets another account's identities invoke; conditions on them are not evaluated."""
    for each in statements:
        if each["Action"] not in ("lambda:InvokeFunction", "lambda:*", "*") or "Condition" in each:
            continue
        principal = each["Principal"]
        if principal == "*":
            return True
        named = principal.get("AWS", "")
        match = _ARN.fullmatch(named)
        if match is not None and match[1] == account:
            return True
    return False
