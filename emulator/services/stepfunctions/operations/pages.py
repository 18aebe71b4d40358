"""Lists in pages: a token says where the next page of one list begins, for a day."""

from __future__ import annotations

import base64
import hashlib
import re

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits

_TOKEN = re.compile("([0-9]{1,18})/([0-9]{1,18})/([0-9a-f]{16})")
NEWEST = 2**62  # where a list begins that has the newest first: above every number


def page_start(ctx: Context, token: str | None, *listed: object, default: int = 0) -> int:
    """The number that a token of ours holds, `default` without one; raises InvalidToken for one that is none, is a
    day old, or is of another list (API reference: each expires after 24 hours; all other arguments stay unchanged).

    `listed` is what is listed: the operation, and its arguments but for the size of a page.
    """
    if token is None:
        return default
    try:
        found = _TOKEN.fullmatch(base64.b64decode(token, validate=True).decode())
    except ValueError:
        found = None
    if found is None or found[3] != _list(ctx, listed) or ctx.micros - int(found[2]) > limits.DAY_MICROS:
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    return int(found[1])


def page_token(ctx: Context, number: int, *listed: object) -> str:
    """The token of a page that begins with `number`; `listed` as for `page_start`."""
    return base64.b64encode(f"{number}/{ctx.micros}/{_list(ctx, listed)}".encode()).decode()


def _list(ctx: Context, listed: tuple[object, ...]) -> str:
    """The name of a list, short enough for a token."""
    return hashlib.sha256(repr((ctx.account, ctx.region, *listed)).encode(errors="surrogatepass")).hexdigest()[:16]
