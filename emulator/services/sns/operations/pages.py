"""Lists in pages: the token is the id after which the next page begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from emulator.services.sns.limits import PAGE
from emulator.services.sns.model.errors import invalid
from emulator.storage import Row


def after(token: str | None) -> int:
    """The id after which a page begins. Error: InvalidParameter."""
    try:
        return int(base64.b64decode(token, validate=True)) if token else 0
    except (binascii.Error, ValueError):
        raise invalid("NextToken") from None


def page(rows: Sequence[Row]) -> dict[str, str]:
    """`NextToken` where there are more rows than one page shows."""
    if len(rows) <= PAGE:
        return {}
    return {"NextToken": base64.b64encode(str(rows[PAGE - 1]["id"]).encode()).decode()}
