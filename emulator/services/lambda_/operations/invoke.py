"""Invoke: now and answered when it has ended, or as an event."""

from __future__ import annotations

import base64
from dataclasses import asdict
from functools import partial
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import PENDING, Result, Wait
from emulator.services.lambda_.model.errors import function_not_found
from emulator.services.lambda_.model.invocations import INVOKE, Ended, require_client_context, require_payload
from emulator.services.lambda_.model.names import LATEST, Qualified, resolve
from emulator.services.lambda_.operations.answers import take_answer, wake_key
from emulator.services.lambda_.operations.lookup import Target, find_target
from emulator.services.lambda_.operations.permissions import allows_invoke

# How long a caller is kept beyond the function's own time limit: it may have to wait for a free worker.
_QUEUE_SECONDS = 600.0


def invoke(
    ctx: Context,
    *,
    function_name: str,
    invocation_type: str | None = None,
    log_type: str | None = None,
    client_context: str | None = None,
    payload: Any = None,
    qualifier: str | None = None,
) -> Result:
    """Run a function: RequestResponse (the default) answers when it has ended, Event at once, DryRun not at all.

    Errors: ResourceNotFoundException, RequestEntityTooLargeException, InvalidRequestContentException,
    InvalidRuntimeException (a runtime that Stepwell cannot run), TooManyRequestsException.
    """
    wanted = resolve(function_name, qualifier, ctx.account, ctx.region)
    target = _require_target(ctx, wanted)
    kind = invocation_type or "RequestResponse"
    text = require_payload(payload or b"", kind)
    if kind == "DryRun":
        return _at_once(ctx, {"StatusCode": 204})
    item: dict[str, Any] = {
        "name": wanted.name,
        "qualifier": wanted.qualifier,
        "version": target.function.version,
        "request": _request_id(ctx),
        "payload": text,
    }
    if client_context and (decoded := require_client_context(client_context)):
        item["client_context"] = decoded
    if kind == "Event":
        item["since"] = ctx.micros
        _add(ctx, wanted, item)
        return _at_once(ctx, {"StatusCode": 202})
    tail = log_type == "Tail"
    if tail:
        item["tail"] = True
    if ctx.reply is not None:
        item["reply"] = asdict(ctx.reply)
        _add(ctx, wanted, item)
        return PENDING
    # The caller lives and dies with the process that serves it: see work.run.
    item["waiting"] = ctx.house.work.owner
    _add(ctx, wanted, item)
    return _wait(item["request"], tail=tail, seconds=target.function.timeout_seconds + _QUEUE_SECONDS)


def _wait(request: str, *, tail: bool, seconds: float) -> Wait:
    again = partial(_collect, request=request, tail=tail)
    return Wait(keys=(wake_key(request),), seconds=seconds, again=again)


def _request_id(ctx: Context) -> str:
    """The id of the call where the call is an Invoke from outside; others may invoke several times in one."""
    outside = ctx.reply is None and ctx.origin.cause == "lambda:Invoke" and len(ctx.request_id) == 36
    return ctx.request_id if outside else ids.new_uuid()


def _add(ctx: Context, wanted: Qualified, item: dict[str, Any]) -> None:
    ctx.add_work(INVOKE, item, account=wanted.account, region=wanted.region)


def _at_once(ctx: Context, answer: dict[str, Any]) -> Result:
    """The answer of what takes no time; who gave a Reply hears it there, as always."""
    if ctx.reply is None:
        return answer
    ctx.answer(ctx.reply, result={**answer, "Payload": "", "ExecutedVersion": LATEST})
    return PENDING


def _require_target(ctx: Context, wanted: Qualified) -> Target:
    if wanted.account != ctx.account and not allows_invoke(ctx, wanted):
        raise AwsError(
            "AccessDeniedException",
            f"User: arn:aws:iam::{ctx.account}:root is not authorized to perform: lambda:InvokeFunction on resource: "
            f"{wanted.arn} because no resource-based policy allows the lambda:InvokeFunction action",
            status=403,
        )
    target = find_target(ctx, wanted.account, wanted.region, wanted.name, wanted.qualifier)
    if target is None:
        raise function_not_found(wanted.of(wanted.qualifier or LATEST).arn)
    if target.others:
        target = _drawn(target)
    if not target.runnable:
        function = target.function
        raise AwsError(
            "InvalidRuntimeException",
            f"Stepwell runs functions of Python 3 only: {function.name} has the runtime {function.runtime}.",
        )
    return target


def _drawn(target: Target) -> Target:
    """The version that an alias with weights takes this time."""
    point = ids.new_seed() / 2**63
    for weight, other in target.others:
        if point < weight:
            return other
        point -= weight
    return target


def _collect(ctx: Context, *, request: str, tail: bool) -> Result:
    """The answer of an invocation that has ended, or that its caller will not hear of any more."""
    ended = take_answer(ctx, request)
    if ended is None:
        if not ctx.expired:
            return _wait(request, tail=tail, seconds=_QUEUE_SECONDS)
        raise AwsError("ServiceException", "Stepwell stopped waiting for this invocation.", status=500)
    if ended.error is not None:
        raise _raised(*ended.error)
    return _answer(ended, tail=tail)


def _raised(code: str, message: str) -> AwsError:
    fields = {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}
    return AwsError(code, message, fields=fields if code == "TooManyRequestsException" else None)


def _answer(ended: Ended, *, tail: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "StatusCode": 200,
        "ExecutedVersion": ended.version,
        "Payload": ended.payload.encode(errors="surrogatepass"),
    }
    if ended.function_error is not None:
        answer["FunctionError"] = ended.function_error
    if tail:
        answer["LogResult"] = base64.b64encode(ended.tail).decode()
    return answer
