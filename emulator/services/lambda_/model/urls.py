"""Function URLs: the event that a request becomes, and the response that a function's answer becomes.

Lambda Developer Guide, "Invoking Lambda function URLs" (payload format version 2.0).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)
_TEXTS = ("application/json", "application/javascript", "application/xml", "text/")


@dataclass(frozen=True, slots=True)
class UrlRequest:
    """A request to a function URL; `path` and `query` are as sent, header names in lower case, values joined."""

    id: str
    method: str
    path: str
    query: str
    protocol: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UrlResponse:
    """What the client of a function URL receives."""

    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = field(default_factory=list)


def event_of(request: UrlRequest) -> dict[str, Any]:
    """The event that the function gets."""
    host = request.headers.get("host", "")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": request.query,
    }
    if cookie := request.headers.get("cookie"):
        event["cookies"] = [each.strip() for each in cookie.split(";")]
    event["headers"] = dict(request.headers)
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    if parameters:
        event["queryStringParameters"] = parameters
    event["requestContext"] = {
        "accountId": "anonymous",
        "apiId": request.id,
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": request.id,
        "routeKey": "$default",
        "stage": "$default",
        "time": f"{request.at:%d/%b/%Y:%H:%M:%S} +0000",
        "timeEpoch": int(request.at.timestamp() * 1000),
    }
    return event | _body_of(request)


def _body_of(request: UrlRequest) -> dict[str, Any]:
    if not request.body:
        return {"isBase64Encoded": False}
    if request.headers.get("content-type", "").lower().startswith(_TEXTS):
        try:
            return {"body": request.body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}


def response_of(answer: Mapping[str, Any]) -> UrlResponse:
    """The response to what Invoke answered: of the form that the function gave it, or its result as JSON."""
    failed = UrlResponse(502, b"Internal Server Error")
    if "FunctionError" in answer:
        return failed
    payload = bytes(answer.get("Payload", b""))
    try:
        result = json.loads(payload or b"null")
        if not isinstance(result, dict) or "statusCode" not in result:
            return UrlResponse(200, payload, [("Content-Type", "application/json")])
        return _formed(result)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return failed


def _formed(result: dict[str, Any]) -> UrlResponse:
    headers = [(str(name), str(value)) for name, value in (result.get("headers") or {}).items()]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    headers += [("Set-Cookie", str(cookie)) for cookie in result.get("cookies") or ()]
    body = result.get("body") or ""
    text = body if isinstance(body, str) else json.dumps(body)
    data = base64.b64decode(text) if result.get("isBase64Encoded") else text.encode(errors="surrogatepass")
    return UrlResponse(int(result["statusCode"]), data, headers)


def refusal(status: int, message: str | None, error: str) -> UrlResponse:
    """A response of Lambda's own."""
    body = json.dumps({"Message": message}, separators=(",", ":")).encode()
    return UrlResponse(status, body, [("Content-Type", "application/json"), ("x-amzn-ErrorType", error)])


def is_open(policy: str, auth_type: str, authorization: str) -> bool:
    """Whether a request may invoke: the resource policy must open a URL without authentication to everybody.

    With AWS_IAM a signature must be there; whose it is, is not looked at.
    """
    if auth_type == "AWS_IAM":
        return authorization.startswith("AWS4-HMAC-SHA256")
    return any(
        each["Principal"] == "*" and each["Action"] in ("lambda:InvokeFunctionUrl", "lambda:*", "*")
        for each in json.loads(policy)["Statement"]
        if each.get("Condition", {}).get("StringEquals", {}).get("lambda:FunctionUrlAuthType", "NONE") == "NONE"
    )
