"""Managed policies and their versions."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from emulator.services.iam.model.entities import encoded, seconds, tag_list
from emulator.services.iam.model.errors import invalid_input, no_such_entity
from emulator.storage import Row

_AWS_MANAGED = "arn:aws:iam::aws:policy/"
_ARN = re.compile(r"arn:[\w-]+:iam::(\d{12}|aws):policy/(?:[\x21-\x7e]+/)?[\w+=,.@-]+")


@dataclass(frozen=True, slots=True)
class Policy:
    """A customer's managed policy; versions are numbered from 1, times are microseconds."""

    arn: str
    name: str
    path: str
    id: str
    description: str | None
    tags: dict[str, str]
    default_version: int
    last_version: int
    created: int
    changed: int


def policy_of(row: Row) -> Policy:
    """A policy from its row."""
    return Policy(
        row["arn"],
        row["name"],
        row["path"],
        row["id"],
        row["description"],
        json.loads(row["tags"]),
        row["default_version"],
        row["last_version"],
        row["created"],
        row["changed"],
    )


def is_aws_managed(arn: str) -> bool:
    """Whether an ARN is of a policy that AWS itself keeps."""
    return arn.startswith(_AWS_MANAGED)


def require_policy_arn(arn: str) -> None:
    """Raises InvalidInput for what is no ARN of a managed policy."""
    if _ARN.fullmatch(arn) is None:
        raise invalid_input(f"ARN {arn} is not valid.")


def not_found(arn: str) -> Exception:
    return no_such_entity(f"Policy {arn} was not found.")


def version_missing(arn: str, version_id: str) -> Exception:
    return no_such_entity(f"Policy {arn} version {version_id} does not exist or is not attachable.")


def version_number(arn: str, version_id: str) -> int:
    """The number of `v<number>`; raises NoSuchEntity for an id that we never gave."""
    digits = version_id[1:]
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise version_missing(arn, version_id)
    return int(digits)


def attached(arn: str) -> dict[str, str]:
    """How the lists of attached policies show one."""
    return {"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn}


def path_of(arn: str) -> str:
    """The path in the ARN of a policy: `/` or `/a/b/`."""
    return arn.split(":policy", 1)[1].rsplit("/", 1)[0] + "/"


def shown(policy: Policy, attachments: int, boundaries: int) -> dict[str, Any]:
    """What lists tell of a policy that is attached to so many and bounds so many."""
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": f"v{policy.default_version}",
        "AttachmentCount": attachments,
        "PermissionsBoundaryUsageCount": boundaries,
        "IsAttachable": True,
        "CreateDate": seconds(policy.created),
        "UpdateDate": seconds(policy.changed),
    }


def shown_whole(policy: Policy, attachments: int, boundaries: int) -> dict[str, Any]:
    """All there is to tell of a policy."""
    answer = shown(policy, attachments, boundaries)
    if policy.description is not None:
        answer["Description"] = policy.description
    return {**answer, "Tags": tag_list(policy.tags)}


def shown_version(row: Row, default_version: int) -> dict[str, Any]:
    """What lists tell of a version."""
    return {
        "VersionId": f"v{row['version']}",
        "IsDefaultVersion": row["version"] == default_version,
        "CreateDate": seconds(row["created"]),
    }


def shown_version_whole(row: Row, default_version: int) -> dict[str, Any]:
    """A version with its document."""
    return {**shown_version(row, default_version), "Document": encoded(row["document"])}
