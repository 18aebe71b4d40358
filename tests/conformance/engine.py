"""Executions recorded on AWS, repeated on the workflow engine by itself: outcome and whole history."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from emulator.languages.asl import answers, document, effects, machine
from emulator.languages.asl.environment import MapItem, listed
from emulator.languages.asl.states.map_feed import MapFeed
from tests.conformance.corpora import Case, Tally, cases, read, same, tally

CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:us-east-1:000000000000:execution:machine:run",
        "Name": "run",
        "RoleArn": "arn:aws:iam::000000000000:role/conformance",
        "StartTime": "2026-01-01T00:00:00.000Z",
    },
    "StateMachine": {
        "Id": "arn:aws:states:us-east-1:000000000000:stateMachine:machine",
        "Name": "machine",
    },
}


def repeated(name: str, *, pure: bool = True) -> Tally:
    """The executions of a file that need no other service, or those that do, answered as recorded."""
    chosen = [case for case in cases(f"stepfunctions/{name}.jsonl") if pure is not bool(case["needs"])]
    return tally((case["name"], judge(case)) for case in chosen)


def drive(
    definition: str, given: str, recorded: Recorded | None = None
) -> tuple[effects.Outcome, list[dict[str, Any]]]:
    """Run an execution to its end: tasks are answered as recorded, time jumps to the next timer."""
    compiled = document.parse(definition)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    step = machine.start(compiled, input=given, context=CONTEXT, now=now, seed=7)
    history = list(step.history)
    timers: dict[str, datetime] = {}
    given_answers: list[answers.Event] = []
    while step.outcome is None:
        for effect in step.effects:
            if isinstance(effect, effects.StartTimer):
                timers[effect.timer_id] = effect.at
            elif isinstance(effect, effects.CancelTimer):
                timers.pop(effect.timer_id, None)
            elif isinstance(effect, effects.StartMapRun):
                given_answers.append(_map_run(compiled, effect, recorded))
            elif isinstance(effect, effects.RunTask) and recorded is not None:
                given_answers += recorded.answers(effect)
        event: answers.Event = answers.Continue()
        if given_answers:
            event = given_answers.pop(0)
        elif not step.more:
            timer = min(timers, key=lambda name: timers[name])
            now = max(now, timers.pop(timer))
            event = answers.TimerFired(timer)
        state = json.loads(json.dumps(step.state))
        step = machine.advance(compiled, state, event, now=now, seed=len(history))
        history += step.history
    return step.outcome, history


def _map_run(compiled: document.Machine, effect: effects.StartMapRun, recorded: Recorded | None) -> answers.Event:
    """The end of a Map Run: its children run one after the other, and none may fail."""
    feed = MapFeed(compiled, effect.plan["feed"], effect.arn, datetime(2026, 1, 1, tzinfo=UTC), 7)
    outputs = []
    for index, item in enumerate(listed(json.loads(effect.items or "[]"))):
        given = feed.selected(MapItem(index, item)).text
        outcome, _ = drive(effect.plan["machine"]["definition"], given, recorded)
        outputs.append(json.loads(outcome.output or ""))
    return answers.TaskSucceeded(effect.task_id, effect.attempt, outputs)


class Recorded:
    """What the services answered in a recording, in the order in which the tasks were scheduled."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self.turns: list[list[tuple[str, dict[str, Any]]]] = []
        for event in events:
            kind = re.fullmatch(r"(?:Task|LambdaFunction|Activity)(?!State)(\w+)", event["type"])
            if kind and kind[1] == "Scheduled":
                self.turns.append([])
            elif kind:
                details: dict[str, Any] = next((v for k, v in event.items() if k.endswith("Details")), {})
                self.turns[-1].append((kind[1], details))

    def answers(self, task: effects.RunTask) -> list[answers.Event]:
        """The answers to one attempt; a timeout is the last timer of the task."""
        found: list[answers.Event] = []
        name, attempt = task.task_id, task.attempt
        for kind, details in self.turns.pop(0) if self.turns else []:
            output = read(details.get("output"))
            if kind == "Started":
                found.append(answers.TaskStarted(name, attempt, details.get("workerName")))
            elif kind == "Submitted":
                found.append(answers.TaskSubmitted(name, attempt, output))
            elif kind == "Succeeded":
                found.append(answers.TaskSucceeded(name, attempt, output))
            elif kind == "Failed":
                cause = details.get("cause")
                text = cause if cause is None or isinstance(cause, str) else json.dumps(cause, separators=(",", ":"))
                found.append(answers.TaskFailed(name, attempt, details.get("error"), text))
        return found


def outcome_difference(want: dict[str, Any], got: effects.Outcome) -> str:
    if want["status"] != got.status:
        return f"status {got.status} not {want['status']} ({got.error}: {got.cause})"
    if "output" in want and not same(want["output"], read(got.output)):
        return f"output {str(got.output)[:200]} not {json.dumps(want['output'])[:200]}"
    for name, value in (("error", got.error), ("cause", got.cause)):
        if name in want and not same(want[name], value):
            return f"{name} {value} not {want[name]}"
    return ""


def history_difference(want: dict[str, Any], got: list[dict[str, Any]]) -> str:
    if "events" not in want:
        return ""
    if want.get("unordered"):
        return unordered_difference(want["events"], got)
    for expected, event in zip(want["events"], got, strict=False):
        plain = {name: value for name, value in event.items() if name != "timestamp"}
        if not same(expected, plain):
            return f"event {event['id']}: {str(plain)[:300]} not {json.dumps(expected)[:300]}"
    return "" if len(want["events"]) == len(got) else f"{len(got)} events not {len(want['events'])}"


def unordered_difference(want: list[dict[str, Any]], got: list[dict[str, Any]]) -> str:
    """Branches ran side by side: the recording lost events, but the last one still tells their number."""
    missing = Counter(e["type"] for e in want) - Counter(e["type"] for e in got)
    if missing:
        return f"missing events: {missing}"
    return "" if got[-1]["id"] == want[-1]["id"] else f"{got[-1]['id']} events not {want[-1]['id']}"


def judge(case: Case) -> str:
    """What is wrong with our answer to a recorded case; "" when nothing is."""
    recorded = Recorded(case["expected"].get("events", [])) if case["needs"] else None
    given = case["definition"]
    definition = given if isinstance(given, str) else json.dumps(given)
    try:
        outcome, history = drive(definition, "{}" if case["input"] is None else json.dumps(case["input"]), recorded)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return outcome_difference(case["expected"], outcome) or history_difference(case["expected"], history)
