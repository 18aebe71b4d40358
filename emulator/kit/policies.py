"""Statements of resource policies, as AWS's AddPermission operations write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def allow(label: str, accounts: Sequence[str], actions: Sequence[str], resource: str) -> dict[str, Any]:
    """The statement that lets accounts do some actions; what is one stands without a list, as AWS shows it."""
    principals = [f"arn:aws:iam::{account}:root" for account in accounts]
    return {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": principals[0] if len(principals) == 1 else principals},
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": resource,
    }
