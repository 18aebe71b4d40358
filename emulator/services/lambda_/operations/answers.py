"""How synchronous invocations ended, between their end and their caller's fetching it."""

from __future__ import annotations

from emulator.kit.context import Context
from emulator.services.lambda_.model.invocations import Ended
from emulator.services.lambda_.operations.statements import SQL

# A caller is woken the moment its answer is there; one that has not come by then went away.
_KEPT_MICROS = 60_000_000


def wake_key(request: str) -> str:
    """What the caller of a synchronous invocation waits for."""
    return f"lambda:invocation:{request}"


def keep_answer(ctx: Context, request: str, ended: Ended) -> None:
    """Keep an answer for its caller, and wake that.

    Where this process is the only one the answer stays in memory: its caller is a connection of this process.
    """
    now = ctx.wall
    if ctx.tx.exclusive:
        answers: dict[str, tuple[int, Ended]] = ctx.memory("lambda").setdefault("answers", {})
        for old in [id for id, (at, _) in answers.items() if at < now - _KEPT_MICROS]:
            del answers[old]
        ctx.tx.after_commit(lambda: answers.__setitem__(request, (now, ended)))
    else:
        ctx.tx.execute(SQL.forget_answers, before=now - _KEPT_MICROS)
        ctx.tx.execute(
            SQL.keep_answer,
            id=request,
            account=ctx.account,
            region=ctx.region,
            answer=ended.dump(),
            ended=now,
        )
    ctx.wake(wake_key(request))


def take_answer(ctx: Context, request: str) -> Ended | None:
    """The answer to a request, which is forgotten with this."""
    if ctx.tx.exclusive:
        kept = ctx.memory("lambda").get("answers", {}).pop(request, None)
        return None if kept is None else kept[1]
    row = ctx.tx.one(SQL.take_answer, id=request)
    return None if row is None else Ended.load(row["answer"])
