"""Function URLs, served below /_stepwell/urls: a request becomes an event, the function's answer the response."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from emulator import ids
from emulator.clock import SystemClock, from_micros
from emulator.errors import AwsError
from emulator.services.lambda_.model import urls
from emulator.services.lambda_.model.urls import UrlRequest, UrlResponse

if TYPE_CHECKING:
    from emulator.front.web import Calls

PREFIX = "/_stepwell/urls/<account>/<region>/<name>"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def make_blueprint(calls: Calls) -> Blueprint:
    """The routes of function URLs; `name` is a function's name, with `:alias` behind it where that has the URL."""
    blueprint = Blueprint("function_urls", __name__)

    def serve(account: str, region: str, name: str, path: str = "") -> Response:
        found = _answer(calls, account, region, name)
        response = Response(found.body, found.status)
        for header, _ in found.headers:
            response.headers.pop(header, None)
        for header, value in found.headers:
            response.headers.add(header, value)
        return response

    for rule in (f"{PREFIX}", f"{PREFIX}/", f"{PREFIX}/<path:path>"):
        blueprint.add_url_rule(rule, "serve", serve, methods=METHODS, provide_automatic_options=False)
    return blueprint


def _answer(calls: Calls, account: str, region: str, name: str) -> UrlResponse:
    def call(operation: str, **params: Any) -> dict[str, Any]:
        return calls.call("lambda", operation, params, account=account, region=region, request_id=asked.id)

    asked = _asked()
    try:
        config = call("GetFunctionUrlConfig", FunctionName=name)
    except AwsError:
        return urls.refusal(404, None, "ResourceNotFoundException")
    try:
        policy = "" if config["AuthType"] == "AWS_IAM" else call("GetPolicy", FunctionName=name)["Policy"]
        allowed = urls.is_open(policy, config["AuthType"], asked.headers.get("authorization", ""))
        if not allowed:
            return urls.refusal(403, urls.FORBIDDEN, "AccessDeniedException")
        event = json.dumps(urls.event_of(asked)).encode()
        found = urls.response_of(call("Invoke", FunctionName=name, Payload=event))
    except AwsError as error:
        if error.code == "ResourceNotFoundException":  # no policy, or the alias is gone
            return urls.refusal(403, urls.FORBIDDEN, "AccessDeniedException")
        return urls.refusal(error.status or 400, error.message, error.code)
    return UrlResponse(found.status, found.body, [*found.headers, ("x-amzn-RequestId", asked.id)])


def _asked() -> UrlRequest:
    scope = request.environ.get("asgi.scope", {})
    raw = scope.get("raw_path", quote(request.path).encode()).decode("latin-1")
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers |= {"x-forwarded-for": request.remote_addr or "", "x-forwarded-proto": request.scheme}
    headers |= {"x-forwarded-port": str(request.environ.get("SERVER_PORT", ""))}
    headers.setdefault("x-amzn-trace-id", f"Root=1-{ids.new_hex(8)}-{ids.new_hex(24)}")
    return UrlRequest(
        id=ids.new_uuid(),
        method=request.method,
        path="/" + "/".join(raw.split("/")[6:]),
        query=request.query_string.decode("latin-1"),
        protocol=request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
        headers=headers,
        body=request.get_data(),
        source_ip=request.remote_addr or "",
        at=from_micros(SystemClock().micros()),
    )
