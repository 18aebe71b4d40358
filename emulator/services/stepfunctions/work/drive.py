"""Running executions: events in, the burst that follows, its effects and its traces, in one transaction."""

from __future__ import annotations

import dataclasses
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.languages.asl import answers, machine
from emulator.languages.asl.effects import CancelTask, Outcome, Step
from emulator.languages.asl.texts import load
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.model import Execution
from emulator.services.stepfunctions.work import deleting, endings, logs, store
from emulator.services.stepfunctions.work.performing import parent_key, perform
from emulator.services.stepfunctions.work.store import SQL, Burst, Live

ADVANCE = "stepfunctions.advance"

RUNNING = Outcome("RUNNING")
INLINE_TASKS = 25  # tasks answered within one slice; the rest have their turn in the next


def enqueue(ctx: Context, execution: int, event: answers.Event, account: str, region: str) -> None:
    """Give an event to an execution as a work item of its own."""
    ctx.add_work(ADVANCE, {"execution": execution, "event": body_of(event)}, account=account, region=region)


def body_of(event: answers.Event) -> dict[str, Any]:
    """An event as JSON can have it."""
    # Not asdict: that copies what a task gave, however large, and fails where it is deep.
    fields = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    return {"type": type(event).__name__, **fields}


def event_of(body: dict[str, Any]) -> answers.Event:
    """The event that `body_of` wrote."""
    fields = {name: value for name, value in body.items() if name != "type"}
    event: answers.Event = getattr(answers, body["type"])(**fields)
    return event


def stop(ctx: Context, execution: int, error: str | None, cause: str | None) -> None:
    """End an execution from outside, now; one that stops itself in one of its tasks, as soon as that is over."""
    event = answers.StopRequested(error, cause)
    if (id(ctx.tx), execution) in _in_hand(ctx):
        enqueue(ctx, execution, event, ctx.account, ctx.region)
    else:
        advance(ctx, execution, event)


def advance(ctx: Context, id: int, event: answers.Event | None) -> None:
    """Run an execution from `event` on (None: from its start, or from where a crash left it) and keep the result.

    An event for an execution that has ended is late: nothing happens.
    """
    live = store.find_live(ctx, id)
    if live is None:
        return
    deleted = deleting.is_deleted(ctx, live.execution)
    budget = 0 if deleted else limits.BUDGET
    waiting = deque[answers.Event]()
    if live.state is None:
        waiting.extend([event] if event is not None else [])
        endings.tell(ctx, live.execution, RUNNING)
        step = begin(ctx, live, budget)
    else:
        step = _next(ctx, live, event or answers.Continue(), budget)
    if deleted and step.more:
        waiting.append(answers.MachineDeleted(live.execution.machine))
    outcome = follow(ctx, live, step, waiting)
    if deleted and outcome is not None:
        deleting.one_ended(ctx, live.execution)


def may_begin(ctx: Context) -> bool:
    """Whether a new execution may have its first burst in the transaction that starts it.

    Where this process alone does the work, one execution of a transaction may; what that one starts in turn, and
    every other, has its turn later (an execution that starts itself would never end).
    """
    return ctx.tx.exclusive and ctx.reply is None and not ctx.origin.bursting and "runner" in ctx.house.work.roles


def begin(ctx: Context, live: Live, budget: int = limits.BUDGET) -> Step:
    """The first burst of an execution, of at most `budget` transitions."""
    execution = live.execution
    ctx.origin.bursting = True
    return machine.start(
        live.machine,
        input=execution.input,
        context=_context_object(execution),
        now=ctx.now,
        seed=execution.seed,
        budget=budget,
        pause=_pause(ctx, limits.FIRST_SLICE_MICROS),
        silent=_silent(execution),
    )


def _silent(execution: Execution) -> bool:
    """Whether nobody reads the history: Express executions have a log alone."""
    return execution.kind == "EXPRESS" and execution.logging is None


def _pause(ctx: Context, micros: int = limits.SLICE_MICROS) -> Callable[[], bool] | None:
    """Says when a slice of the loop is over; None where the loop does not wait for this transaction."""
    if not ctx.tx.exclusive:
        return None
    clock = ctx.house.wall
    until = clock.micros() + micros
    return lambda: clock.micros() > until


def born(ctx: Context, live: Live, step: Step, *, heard: bool) -> None:
    """Keep what the first burst of a new execution brought; if that ended it, its row has its history and outcome.

    Where its status changes are not `heard`, its row has these too (endings.unheard).
    """
    if step.outcome is None:
        if heard:
            endings.tell(ctx, live.execution, RUNNING)
        follow(ctx, live, step, deque())
        return
    for effect in step.effects:  # a Map Run that was given up at once
        perform(ctx, live.execution, effect)
    logs.write(ctx, live.execution, step.history)
    if heard:
        endings.tell(ctx, live.execution, RUNNING, step.outcome)


def _next(ctx: Context, live: Live, event: answers.Event, budget: int = limits.BUDGET) -> Step:
    assert live.state is not None
    return machine.advance(
        live.machine,
        live.state,
        event,
        now=ctx.now,
        seed=live.execution.seed,
        budget=budget,
        pause=_pause(ctx),
        silent=_silent(live.execution),
    )


def follow(ctx: Context, live: Live, step: Step, waiting: deque[answers.Event]) -> Outcome | None:
    """Perform what a step asks for, take in what is answered at once, and keep where the execution then stands.

    Returns how the execution ended, if it has. `waiting` are events that came before those answers; what has no place
    in this slice becomes work.
    """
    ctx.origin.bursting = True
    burst, tasks, hand = Burst(), 0, (id(ctx.tx), live.execution.id)
    over = _pause(ctx)
    _in_hand(ctx).add(hand)
    try:
        _count(ctx, live, burst, waiting, step)
        while step.outcome is None and waiting and tasks < INLINE_TASKS and not (over and over()):
            step = _next(ctx, live, waiting.popleft())
            _count(ctx, live, burst, waiting, step)
            tasks += 1
    finally:
        _in_hand(ctx).discard(hand)
    _settle(ctx, live, burst, step)
    if step.outcome is None:
        if step.more:
            waiting.append(answers.Continue())
        for late in waiting:
            enqueue(ctx, live.execution.id, late, live.execution.account, live.execution.region)
    return step.outcome


def _in_hand(ctx: Context) -> set[tuple[int, int]]:
    """The executions whose tasks are being performed, each with its transaction."""
    hands: set[tuple[int, int]] = ctx.memory("stepfunctions").setdefault("in hand", set())
    return hands


def _count(ctx: Context, live: Live, burst: Burst, waiting: deque[answers.Event], step: Step) -> None:
    """Take in a step: its traces, its effects, and the answers that came at once."""
    live.state = step.state
    burst.add(step)
    for effect in step.effects:
        waiting.extend(perform(ctx, live.execution, effect))
        if isinstance(effect, CancelTask):
            _stop_nested(ctx, live.execution, effect)


def _stop_nested(ctx: Context, execution: Execution, effect: CancelTask) -> None:
    """Stop the executions that an attempt waits for, as `.sync` does."""
    parent = parent_key(execution.id, effect.task_id, effect.attempt)
    for row in ctx.tx.all(SQL.nested, parent=parent):
        stop(ctx, row["id"], None, None)


def ending(ctx: Context, step: Step | None) -> dict[str, Any]:
    """What the row of an execution tells of how it ended; `step` None where it has not begun."""
    outcome = (step and step.outcome) or RUNNING
    return {
        "status": outcome.status,
        "stopped": None if outcome is RUNNING else ctx.micros // 1000 * 1000,
        "output": outcome.output,
        "error": outcome.error,
        "cause": outcome.cause,
        "resume": _left(step) if step and step.outcome else None,
    }


def _settle(ctx: Context, live: Live, burst: Burst, step: Step) -> None:
    outcome = step.outcome
    store.write_history(ctx, live.execution, burst.history)
    if outcome is None:
        store.keep(ctx, live, burst)
        return
    execution = live.execution
    store.drop(ctx, live)
    nobody_asks = not execution.sync or execution.reply is not None
    if execution.kind == "EXPRESS" and nobody_asks and execution.map_run is None:
        ctx.tx.execute(SQL.remove_execution, id=execution.id)  # nobody can ask for it
    else:
        ctx.tx.execute(SQL.end_execution, id=execution.id, **ending(ctx, step))
    endings.tell(ctx, execution, outcome)
    endings.answer_askers(ctx, execution, outcome)
    if execution.map_run is not None:
        endings.tell_map_run(ctx, execution, outcome)
    ctx.wake(endings.ended_key(execution.arn))


def _left(step: Step) -> str | None:
    """What RedriveExecution needs of an execution that has not succeeded."""
    if "resume" not in step.state:
        return None
    return store.dump({name: step.state[name] for name in ("resume", "last", "next", "draws")})


def redrive(ctx: Context, execution: Execution, left: str) -> None:
    """Let an execution that has ended go on; `execution` counts this redrive already."""
    endings.tell(ctx, execution, RUNNING)
    live = Live(execution, store.compiled(ctx, execution.definition), None, False)
    step = machine.redrive(
        live.machine,
        left=json.loads(left),
        context=_context_object(execution),
        count=execution.redrives,
        now=ctx.now,
        seed=execution.seed,
        budget=limits.BUDGET,
        pause=_pause(ctx),
    )
    follow(ctx, live, step, deque())


def _context_object(execution: Execution) -> dict[str, Any]:
    """The `$$` object as far as the execution alone decides it."""
    started = from_micros(execution.started)
    return {
        "Execution": {
            "Id": execution.arn,
            "Input": load(execution.input),
            "StartTime": stamp(started),
            "Name": execution.name,
            "RoleArn": execution.role_arn,
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": execution.machine_arn, "Name": execution.machine},
    }
