"""Resource policies of functions: statements as AddPermission writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from emulator.services.lambda_.model.errors import conflict, invalid, not_found

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
    raise invalid("The provided principal was invalid. Please check the principal and try again.")


def document(statements: list[Statement]) -> str:
    """The policy that has these statements."""
    return json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements}, separators=(",", ":"))


def with_statement(statements: list[Statement], made: Statement) -> list[Statement]:
    """One statement more. Errors: ResourceConflictException."""
    if any(each["Sid"] == made["Sid"] for each in statements):
        raise conflict(
            f"The statement id ({made['Sid']}) provided already exists. Please provide a new statement id, or remove "
            "the existing statement."
        )
    return [*statements, made]


def without_statement(statements: list[Statement], sid: str) -> list[Statement]:
    """One statement less. Errors: ResourceNotFoundException."""
    left = [each for each in statements if each["Sid"] != sid]
    if len(left) == len(statements):
        raise not_found(f"Statement {sid} is not found in resource policy.")
    return left


def opens_layer(statements: Iterable[Statement], account: str) -> bool:
    """Whether a statement lets another account use a layer version; conditions are not evaluated."""
    return any(_names(each, account) for each in statements)


def allows_account(statements: Iterable[Statement], account: str) -> bool:
    """Whether a statement lets another account's identities invoke; conditions on them are not evaluated."""
    actions = ("lambda:InvokeFunction", "lambda:*", "*")
    return any(each["Action"] in actions and _names(each, account) for each in statements)


def _names(statement: Statement, account: str) -> bool:
    principal = statement["Principal"]
    if "Condition" in statement:
        return False
    match = None if principal == "*" else _ARN.fullmatch(principal.get("AWS", ""))
    return principal == "*" or (match is not None and match[1] == account)
