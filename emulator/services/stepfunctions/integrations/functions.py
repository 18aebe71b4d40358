"""Lambda: a function's ARN as the resource, or `lambda:invoke`."""

from __future__ import annotations

import json
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.texts import dump, load, text_of
from emulator.services.stepfunctions.integrations.dressing import dressed
from emulator.services.stepfunctions.integrations.naming import optimized_failure
from emulator.services.stepfunctions.integrations.task import CAN_BE_MOCKED, Failed, Task, require_only

SERVICE = "lambda"
ACTIONS = frozenset({"invoke", ""})
_UNKNOWN = "Lambda.Unknown"
_SHOWN = 1000  # characters of an answer that is no JSON
_NO_TYPE = "The cause could not be determined because Lambda did not return an error type."
_PARAMETERS = frozenset({"FunctionName", "Qualifier", "InvocationType", "ClientContext", "LogType", "Payload"})


def call(ctx: Context, task: Task) -> None:
    """Invoke the function; its answer comes as work."""
    direct = not task.action
    if direct:
        params: dict[str, Any] = {"FunctionName": task.resource, "Payload": _bytes(dump(task.parameters))}
    else:
        params = require_only(task, _PARAMETERS)
        if "Payload" in params:
            params["Payload"] = _bytes(dump(params["Payload"]))
        if "ClientContext" in params:
            params["ClientContext"] = text_of(params["ClientContext"])
    try:
        ctx.call(SERVICE, "Invoke", params, account=task.account, reply=task.reply(ctx, direct=direct))
    except AwsError as error:
        if error.code != "InvalidRuntimeException":
            raise
        raise AwsError(error.code, f"{error.message} {CAN_BE_MOCKED}", status=error.status) from None


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def answered(ctx: Context, task: dict[str, Any], outcome: dict[str, Any]) -> Any:
    """The function's result, or its error with the error document as the cause."""
    error = outcome.get("error")
    if error is not None:
        return optimized_failure(SERVICE, AwsError(error["code"].rpartition(".")[2], error["message"]))
    result = outcome["result"]
    text = result.get("Payload") or ""
    if result.get("FunctionError"):
        return _function_error(text if task["direct"] else _compact(text))
    try:
        value = load(text) if text else {} if task["direct"] else None
    except ValueError:
        return Failed(_UNKNOWN, f"The function returned what is no JSON: {text[:_SHOWN]}")
    return value if task["direct"] else _dressed(ctx, result, value, text)


def _dressed(ctx: Context, result: dict[str, Any], value: Any, text: str) -> dict[str, Any]:
    """The answer of the API; `value` is the payload, `text` as it was sent."""
    version = result.get("ExecutedVersion", "$LATEST")
    answer = {"ExecutedVersion": version, "Payload": value, "StatusCode": result["StatusCode"]}
    extra = {
        "X-Amz-Executed-Version": version,
        "x-amzn-Remapped-Content-Length": "0",
        "X-Amzn-Trace-Id": f"root={ctx.origin.trace_id};sampled=0",
    }
    if "LogResult" in result:
        answer["LogResult"] = extra["X-Amz-Log-Result"] = result["LogResult"]
    return dressed(ctx, answer, "application/json", len(_bytes(text)), extra)


def _compact(text: str) -> str:
    """`lambda:invoke` writes the error document anew; a function's own ARN as the resource leaves it as it is."""
    try:
        return dump(load(text))
    except ValueError:
        return text


def _function_error(text: str) -> Failed:
    """The error's name is the document's errorType; what Lambda itself reports is Lambda.Unknown
    (Step Functions Developer Guide, "Handling errors": unhandled Lambda errors)."""
    try:
        document = json.loads(text)
    except ValueError:
        document = {}
    name = document.get("errorType") if isinstance(document, dict) else None
    if name is None:
        return Failed(_UNKNOWN, f"{_NO_TYPE} Returned payload: {text}")
    return Failed(str(name), text)
