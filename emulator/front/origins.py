"""Requests of web pages to S3: an answer carries what the rules of its bucket let another origin see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from emulator.kit.calls import Answer, Call, Calls
from emulator.wire import codec, models

if TYPE_CHECKING:
    from emulator.wire.http import Request, Response

_OURS = ("access-control-", "vary")


def is_of_page(call: Call) -> bool:
    """Whether the answer to a call is for a page of some origin, and the rules of a bucket decide about it."""
    return call.service == "s3" and "bucket" in call.params and call.operation.http_method != "OPTIONS"


def add_allowed(
    calls: Calls, call: Call, request: Request, response: Response, respond: Callable[[Response], None]
) -> None:
    """Respond with the headers that the bucket's rules add to this answer; none where they do not allow it."""
    operation = models.service("s3").operations["PreflightBucket"]
    params = {
        "bucket": call.params["bucket"],
        "origin": request.headers["origin"],
        "access_control_request_method": request.method,
        "access_control_request_headers": request.headers.get("access-control-request-headers"),
    }

    def done(answer: Answer) -> None:
        if not isinstance(answer, dict):
            respond(response)
            return
        told = codec.encode(operation, answer, call.request_id).headers
        allowed = [(name, value) for name, value in told if name.lower().startswith(_OURS)]
        respond(response._replace(headers=[*response.headers, *allowed]))

    calls.begin(replace(call, operation=operation, params=params), done)
