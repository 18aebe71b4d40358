"""A request that is no AWS call, handed to uvicorn's ASGI path."""

from __future__ import annotations

import asyncio
import logging
import urllib.parse
from typing import TYPE_CHECKING

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from emulator.front.answers import SERVER

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

    from emulator.front.call import Call
    from emulator.front.protocol import Connection


log = logging.getLogger("stepwell.front")


def find_cycle(connection: Connection, call: Call) -> RequestResponseCycle | None:
    """The ASGI side of a call; None when its target is no URL."""
    scope = _find_scope(connection, call)
    if scope is None:
        return None
    date = connection.front.stamp.fresh().date
    return RequestResponseCycle(
        scope=scope,
        transport=connection.transport,
        flow=connection.flow,
        logger=log,
        access_logger=connection.access_logger,
        access_log=False,
        default_headers=[(b"server", SERVER.encode()), (b"date", date.encode())],
        message_event=asyncio.Event(),
        expect_100_continue=False,  # answered by the connection, for both kinds of calls
        keep_alive=call.keep_alive and not call.http_1_0,
        on_response=connection.on_response_complete,
    )


def _find_scope(connection: Connection, call: Call) -> HTTPScope | None:
    """See asgi.readthedocs.io, HTTP connection scope."""
    try:
        parsed = httptools.parse_url(call.url)
        raw_path = parsed.path or b"/"
        path = urllib.parse.unquote(raw_path.decode("ascii"))
    except (httptools.HttpParserError, UnicodeDecodeError):
        return None
    return {
        "type": "http",
        "asgi": {"version": connection.asgi_version, "spec_version": "2.3"},
        "http_version": "1.0" if call.http_1_0 else "1.1",
        "server": connection.server,
        "client": connection.client,
        "scheme": connection.scheme or "http",
        "root_path": "",
        "headers": call.raw,
        "state": {},
        "method": call.method,
        "path": path,
        "raw_path": raw_path,
        "query_string": parsed.query or b"",
    }
