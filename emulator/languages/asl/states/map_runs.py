"""A distributed Map as its own execution sees it: a Map Run that is asked for, and ends."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from emulator.languages.asl import answers, redriving
from emulator.languages.asl import history as events
from emulator.languages.asl.effects import RedriveMapRun, StartMapRun
from emulator.languages.asl.failures import DATA_LIMIT, QUERY, RUNTIME, StateFailure, query, runtime
from emulator.languages.asl.intrinsics.unique import uuid_of
from emulator.languages.asl.texts import Data, dump, of, utf8

if TYPE_CHECKING:
    from emulator.languages.asl.environment import Env
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run
    from emulator.languages.asl.states.map import MapState

REDRIVES_MAX = 1_000  # of one Map Run (Step Functions Developer Guide, "Redriving Map Runs")


def label_of(name: str) -> str:
    """The label of a Map state that has none: always the same UUID of its name (AWS: in the form of version 3)."""
    digest = hashlib.md5(utf8(name), usedforsecurity=False).digest()
    return uuid_of(int.from_bytes(digest), version=3)


def start(state: MapState, run: Run, frame: Frame, env: Env, limits: dict[str, Any], items: Any) -> None:
    """Ask for a Map Run. Raises StateFailure."""
    machine = run.top["context"].get("StateMachine", {}).get("Id", "")
    arn = f"{machine.replace(':stateMachine:', ':mapRun:')}/{state.label}:{uuid_of(run.chance())}"
    frame.prev = run.record(frame, "MapRunStarted", frame.prev, "mapRunStartedEventDetails", {"mapRunArn": arn})
    plan = {
        "label": state.label,
        "machine": {"definition": _definition(state, run), "kind": state.children_kind},
        "limits": limits,
        "feed": _feed(state, run, frame, env),
        "reader": None,
        "writer": None,
    }
    if state.reader is not None:
        reader = state.reader
        plan["reader"] = {
            "resource": reader.resource,
            "parameters": reader.parameters(env),
            "config": reader.config(env),
        }
    if state.writer is not None:
        writer = state.writer
        plan["writer"] = {
            "resource": writer.resource,
            "parameters": writer.parameters(env),
            "config": writer.config,
        }
    task_id = f"{frame.id}#{run.number()}"
    frame.work = {"task": task_id, "attempt": 1, "run": arn, "redrives": 0}
    run.effects.append(StartMapRun(task_id, 1, arn, None if state.reader is not None else dump(items), plan))
    run.wait_for_long()


def _definition(state: MapState, run: Run) -> str:
    """The item processor as the definition of a machine of its own (JSON text)."""
    inner = state.processor
    return dump({"QueryLanguage": run.machine.query_language, "StartAt": inner["StartAt"], "States": inner["States"]})


def _feed(state: MapState, run: Run, frame: Frame, env: Env) -> dict[str, Any]:
    """What `MapFeed` needs to make the children's inputs, as plain JSON."""
    feed: dict[str, Any] = {"scope": frame.scope, "state": state.name, "batch": None, "seen": None}
    if state.batcher is not None:
        feed["batch"] = state.batcher.bounds(env)
    if state.selector is not None:
        feed["seen"] = {
            "input": frame.input.text,
            "time": frame.entered_time,
            "retries": frame.retries,
            "variables": {name: dump(value) for name, value in run.variables(frame).items()},
            "context": run.top["context"],
        }
    return feed


def redrive(run: Run, frame: Frame) -> None:
    """Ask for the Map Run of the earlier attempt to go on. Raises StateFailure."""
    kept = frame.work[redriving.LEFT]
    count = kept["redrives"] + 1
    if count > REDRIVES_MAX:
        frame.work = {}  # after States.Runtime it begins anew
        raise runtime(f"The Map Run was redriven {REDRIVES_MAX} times and cannot be redriven again.")
    details = {"mapRunArn": kept["run"], "redriveCount": count}
    frame.prev = run.record(frame, "MapRunRedriven", frame.prev, "mapRunRedrivenEventDetails", details)
    task_id = f"{frame.id}#{run.number()}"
    frame.work = {"task": task_id, "attempt": 1, "run": kept["run"], "redrives": count}
    run.effects.append(RedriveMapRun(task_id, 1, kept["run"]))
    run.wait_for_long()


def result(run: Run, frame: Frame, event: answers.TaskSucceeded | answers.TaskFailed) -> Data:
    """The result of the Map Run; raises StateFailure where it failed."""
    frame.work = {name: frame.work[name] for name in ("run", "redrives")}
    if isinstance(event, answers.TaskSucceeded):
        return of(event.output)
    details = events.failure(event.error, event.cause)
    frame.prev = run.record(frame, "MapRunFailed", frame.prev, "mapRunFailedEventDetails", details)
    if event.error == QUERY:
        raise query(event.cause or "", "ItemSelector")
    if event.error == RUNTIME:
        raise runtime(event.cause or "")
    raise StateFailure(event.error, event.cause, terminal=event.error == DATA_LIMIT)
