"""Invocations: what is asked of a function, how it ended, and what is told of an event that was handled."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from emulator.errors import AwsError
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.errors import too_large

INVOKE = "lambda.invoke"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a synchronous invocation ended; `error` is set where the function was not run to its end by us.

    `payload` is JSON text; `function_error` is `Unhandled` or None; `tail` the last 4 KB of the log.
    """

    version: str
    payload: str = ""
    function_error: str | None = None
    tail: bytes = b""
    error: tuple[str, str] | None = None

    def dump(self) -> str:
        """As text for a row."""
        return json.dumps(
            [self.version, self.payload, self.function_error, base64.b64encode(self.tail).decode(), self.error]
        )

    @staticmethod
    def load(text: str) -> Ended:
        """What `dump` wrote."""
        version, payload, function_error, tail, error = json.loads(text)
        return Ended(version, payload, function_error, base64.b64decode(tail), tuple(error) if error else None)


def require_payload(payload: bytes, invocation_type: str) -> str:
    """The payload as text, checked. Errors: RequestEntityTooLargeException, InvalidRequestContentException."""
    event = invocation_type == "Event"
    if event and len(payload) > limits.ASYNC_PAYLOAD_BYTES:
        raise too_large(
            f"{len(payload)} byte payload is too large for the Event invocation type "
            f"(limit {limits.ASYNC_PAYLOAD_BYTES} bytes)"
        )
    if len(payload) > limits.SYNC_PAYLOAD_BYTES:
        raise too_large(
            f"Request must be smaller than {limits.SYNC_PAYLOAD_BYTES} bytes for the InvokeFunction operation"
        )
    if not payload:
        return "{}" if event else ""
    try:
        text = payload.decode(errors="surrogatepass")
        orjson.loads(payload)
    except ValueError:
        return _require_json(payload)
    return text


def _require_json(payload: bytes) -> str:
    """What orjson refuses may still be JSON: a lone surrogate, a number beyond its range."""
    try:
        text = payload.decode(errors="surrogatepass")
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise AwsError("InvalidRequestContentException", f"Could not parse request body into json: {error}") from error
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Unrecognized token '{name}': was expecting a JSON value")


def require_client_context(text: str | None) -> str | None:
    """The JSON text that X-Amz-Client-Context carries in base 64. Errors: InvalidRequestContentException."""
    if not text:
        return None
    try:
        decoded = base64.b64decode(text, validate=True).decode()
        json.loads(decoded)
    except (binascii.Error, ValueError) as error:
        raise AwsError(
            "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object."
        ) from error
    return decoded


def invocation_record(
    *,
    arn: str,
    version: str,
    request_id: str,
    condition: str,
    tries: int,
    request: str,
    response: str | None,
    function_error: str | None,
    timestamp: str,
) -> dict[str, Any]:
    """What a destination receives (Lambda Developer Guide, "Capturing records"; shape recorded).

    `request` and `response` are JSON texts; `response` is None where the function gave none.
    """
    context: dict[str, Any] = {"statusCode": 200, "executedVersion": version}
    if function_error is not None:
        context["functionError"] = function_error
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": timestamp,
        "requestContext": {
            "requestId": request_id,
            "functionArn": arn,
            "condition": condition,
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(request or "null"),
    }
    if response is not None:
        record["responseContext"] = context
        record["responsePayload"] = json.loads(response or "null")
    return record


def error_message(response: str | None) -> str:
    """The errorMessage of an error document, at most 1 KB, for a dead-letter message."""
    try:
        document = json.loads(response or "")
    except ValueError:
        return ""
    text = document.get("errorMessage") if isinstance(document, dict) else None
    return str(text or "").encode()[:1024].decode(errors="ignore")
