"""One invocation: given to the host, and finished when the host has answered."""

from __future__ import annotations

import base64
from typing import Any

from emulator.errors import AwsError
from emulator.host import Answer
from emulator.kit.context import Context
from emulator.kit.effects import InvokeFunction
from emulator.kit.results import Again, Done, Outside, Reply
from emulator.kit.service import Item
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model.invocations import Ended
from emulator.services.lambda_.model.names import arn_of
from emulator.services.lambda_.operations.answers import keep_answer
from emulator.services.lambda_.operations.lookup import Target, find_target
from emulator.services.lambda_.work import concurrency, events, logs

_LOST = "The function was running when its host stopped; it was not run again."
_THROTTLED = ("TooManyRequestsException", "Rate Exceeded.")


def run(ctx: Context, item: Item) -> Done:
    """Give the invocation to the host, unless it has become impossible or is one too many."""
    payload = item.payload
    if ctx.tx.exclusive and payload.get("waiting", ctx.house.work.owner) != ctx.house.work.owner:
        return None  # Its caller was connected to a process that is no more.
    if item.attempts != payload.get("attempts", 0):
        return lost(ctx, item)  # A mistake of ours came after its start: the function may have run.
    target = _find(ctx, payload)
    if target is None:
        arn = arn_of(ctx.account, ctx.region, payload["name"], payload["qualifier"])
        return _refuse(ctx, payload, "ResourceNotFoundException", f"Function not found: {arn}")
    if not target.runnable:
        text = f"Stepwell runs functions of Python 3 only: the runtime is {target.function.runtime}."
        return _refuse(ctx, payload, "InvalidRuntimeException", text)
    if not concurrency.enter(ctx, target, item.id):
        if "since" in payload:
            return _throttled(ctx, item)
        return _refuse(ctx, payload, *_THROTTLED)
    return Outside(
        InvokeFunction(
            function=target.function,
            payload=payload["payload"].encode(errors="surrogatepass"),
            request_id=payload["request"],
            client_context=payload.get("client_context"),
            trace_id=ctx.origin.trace_id,
        )
    )


def _find(ctx: Context, payload: dict[str, Any]) -> Target | None:
    """The target, as the version that an alias with weights took when it was asked."""
    target = find_target(ctx, ctx.account, ctx.region, payload["name"], payload["qualifier"])
    if target is None or target.function.version == payload["version"]:
        return target
    for _, other in target.others:
        if other.function.version == payload["version"]:
            return other
    return target


def _refuse(ctx: Context, payload: dict[str, Any], code: str, message: str) -> Done:
    """The function is not run; who asked hears why."""
    if "since" in payload:
        events.refused(ctx, payload, AwsError(code, message))
    elif "reply" in payload:
        ctx.answer(Reply(**payload["reply"]), error={"code": f"Lambda.{code}", "message": message})
    else:
        keep_answer(ctx, payload["request"], Ended(payload["version"], error=(code, message)))
    return None


def _throttled(ctx: Context, item: Item) -> Done:
    """An event waits for its turn, longer each time."""
    throttles = item.payload.get("throttles", 0)
    seconds = limits.THROTTLE_SECONDS[min(throttles, len(limits.THROTTLE_SECONDS) - 1)]
    due = ctx.after(seconds)
    payload = {**item.payload, "throttles": throttles + 1}
    if events.expires(ctx, payload, due):
        return events.give_up(ctx, payload, "EventAgeExceeded", None)
    return _counted(item, Again(due, payload))


def _counted(item: Item, done: Done) -> Done:
    """Note which attempt the next is, so that one more than we asked for is noticed."""
    if not isinstance(done, Again):
        return done
    assert done.payload is not None
    return Again(done.due, {**done.payload, "attempts": item.attempts + 1})


def finish(ctx: Context, item: Item, answer: Answer) -> Done:
    """Keep the log, tell who asked; an event that failed is tried again."""
    payload = item.payload
    target = _find(ctx, payload)
    concurrency.leave(ctx, target, item.id)
    group = f"/aws/lambda/{payload['name']}" if target is None else target.function.log_group
    logs.write(ctx, group, answer)
    if "since" in payload:
        return _counted(item, events.ended(ctx, payload, answer))
    text = answer.payload.decode(errors="surrogatepass")
    version = payload["version"]
    tail = logs.tail(answer) if "tail" in payload else b""
    if "reply" in payload:
        result = {"StatusCode": 200, "Payload": text, "ExecutedVersion": version}
        if answer.error is not None:
            result["FunctionError"] = answer.error
        if "tail" in payload:
            result["LogResult"] = base64.b64encode(tail).decode()
        ctx.answer(Reply(**payload["reply"]), result=result)
        return None
    keep_answer(ctx, payload["request"], Ended(version, text, answer.error, tail))
    return None


def lost(ctx: Context, item: Item) -> Done:
    """The process that ran the function is no more; what the function did until then is unknown."""
    payload = item.payload
    concurrency.leave(ctx, _find(ctx, payload), item.id)
    if "since" in payload:
        return _counted(item, events.ended(ctx, payload, None))
    if "reply" in payload:
        error = {"code": "Lambda.ServiceException", "message": _LOST}
        ctx.answer(Reply(**payload["reply"]), error=error)
        return None
    keep_answer(ctx, payload["request"], Ended(payload["version"], error=("ServiceException", _LOST)))
    return None
