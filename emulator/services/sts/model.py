"""Temporary credentials and whom they stand for; pure."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from emulator.arns import find_arn
from emulator.errors import AwsError

ROLE_SECONDS = 3600
CHAINED_SECONDS_MOST = 3600
SESSION_SECONDS = 43_200
KEPT = timedelta(days=7)
"""Keys do not expire here, so what they stand for is known for longer than they would last."""

_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls, or for whom a key is; `session` where the key is a temporary one."""

    arn: str
    user_id: str
    session: bool = False


@dataclass(frozen=True, slots=True)
class RoleArn:
    """The account and the name of a role; the path of its ARN is not part of a session's."""

    arn: str
    account: str
    name: str

    def session(self, name: str) -> str:
        """The ARN of a session of this role."""
        return f"arn:aws:sts::{self.account}:assumed-role/{self.name}/{name}"

    def derived_id(self) -> str:
        """An id for a role that IAM does not know: the same each time."""
        digest = hashlib.sha256(self.arn.encode()).digest()
        return "AROA" + base64.b32encode(digest).decode()[:17]


def require_role_arn(text: str) -> RoleArn:
    """The parts of a role's ARN; raises ValidationError as AssumeRole does."""
    arn = find_arn(text)
    if arn is None or arn.service != "iam" or arn.kind != "role" or not _ACCOUNT.fullmatch(arn.account):
        raise AwsError("ValidationError", f"{text} is invalid")
    return RoleArn(text, arn.account, arn.name.rsplit("/", 1)[-1])
