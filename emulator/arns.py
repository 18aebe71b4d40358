"""Amazon Resource Names: taken apart and put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

PARTITION = "aws"
_SEPARATOR = re.compile("[:/]")


@dataclass(frozen=True, slots=True)
class Arn:
    """`arn:partition:service:region:account:resource`; `resource` keeps its own colons and slashes."""

    service: str
    region: str
    account: str
    resource: str
    partition: str = PARTITION
    kind: str = field(init=False, compare=False, repr=False)
    """The resource's type: `stateMachine` of `stateMachine:x`, `role` of `role/x`, `` where there is none."""
    name: str = field(init=False, compare=False, repr=False)
    """What follows the type: `x` of `stateMachine:x`; the whole resource where there is no type."""

    def __post_init__(self) -> None:
        head = _SEPARATOR.split(self.resource, maxsplit=1)
        object.__setattr__(self, "kind", head[0] if len(head) == 2 else "")
        object.__setattr__(self, "name", head[-1])

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"


@lru_cache(maxsize=4096)
def find_arn(text: str) -> Arn | None:
    """The parts of an ARN, or None where `text` is none."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn" or not parts[2] or not parts[5]:
        return None
    return Arn(parts[2], parts[3], parts[4], parts[5], parts[1])
