"""Lambda: a function's ARN as the resource, or `lambda:invoke`."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.services.stepfunctions.integrations.task import ANSWER, Failed, Task, dressed


def call(ctx: Context, task: Task) -> None:
    """Invoke the function; its answer comes as work."""
    direct = not task.action
    params: dict[str, Any]
    if direct:
        params = {"FunctionName": task.resource, "Payload": _dump(task.parameters)}
    else:
        given = task.parameters or {}
        params = {name: given[name] for name in ("FunctionName", "Qualifier", "InvocationType", "ClientContext") if name in given}
        if "Payload" in given:
            params["Payload"] = _dump(given["Payload"])
    reply = ctx.reply_here(ANSWER, task.reply_payload(direct=direct))
    ctx.call("lambda", "Invoke", params, reply=reply)


def _dump(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """The function's result, or its error with the error document as the cause."""
    error = outcome.get("error")
    if error is not None:
        return Failed(error["code"], error["message"])
    result = outcome["result"]
    text = result.get("Payload") or ""
    if result.get("FunctionError"):
        return _function_error(text)
    value = json.loads(text) if text else {} if task["direct"] else None
    if task["direct"]:
        return value
    answer = {"ExecutedVersion": result.get("ExecutedVersion", "$LATEST"), "Payload": value, "StatusCode": result["StatusCode"]}
    answer = dressed(ctx, answer, "application/json", len(text))
    extra = {
        "X-Amz-Executed-Version": answer["ExecutedVersion"],
        "x-amzn-Remapped-Content-Length": "0",
        "X-Amzn-Trace-Id": f"root={ctx.origin.trace_id};sampled=0",
    }
    metadata = answer["SdkHttpMetadata"]
    headers = metadata["HttpHeaders"]
    headers["Connection"] = headers.pop("connection")
    headers |= extra
    metadata["AllHttpHeaders"] = {name: [text] for name, text in headers.items()}
    return answer


def _function_error(text: str) -> Failed:
    """The error's name is the document's errorType; what Lambda itself reports is Lambda.Unknown
    (Step Functions Developer Guide, "Handling errors": unhandled Lambda errors)."""
    try:
        document = json.loads(text)
    except ValueError:
        document = {}
    name = document.get("errorType") if isinstance(document, dict) else None
    if name is None:
        return Failed("Lambda.Unknown", text)
    return Failed(str(name), text)
