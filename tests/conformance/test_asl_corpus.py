"""Replays executions recorded on AWS directly against the workflow engine: outcome and whole history."""

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from emulator.languages.asl import answers, document, effects, machine

HERE = Path(__file__).resolve()
CORPORA = Path(os.environ.get("STEPWELL_CORPORA") or HERE.parents[3] / "shared" / "corpora") / "stepfunctions"
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))
PLACEHOLDER = re.compile(
    r"<[^<>]*>|snf_role_arn|\b1{12}\b|\btimestamp\b|\bdate\b|RandomNumberGenerated|generated-uuid|map_run_arn"
    r"|\b(?:start|entered)-time\b|activity_arn|sqs_queue_url|lambda_function(?:_\d)?_name"
)
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


def read(text: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    if isinstance(text, str):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def same(want: Any, got: Any) -> bool:
    """Is `got` what was recorded as `want`? Placeholders match anything; JSON texts count as their values."""
    if isinstance(want, str):
        return same_text(want, got)
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    got = read(got)
    if isinstance(want, dict):
        return isinstance(got, dict) and set(want) == set(got) and all(same(want[k], got[k]) for k in want)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(same, want, got))
    return bool(want == got)


def same_text(want: str, got: Any) -> bool:
    if not isinstance(got, str):
        return PLACEHOLDER.fullmatch(want) is not None and not isinstance(got, (dict, list))
    if want == got:
        return True
    if PLACEHOLDER.search(want):
        parts = PLACEHOLDER.split(want)
        return re.fullmatch(".*?".join(re.escape(part) for part in parts), got, re.DOTALL) is not None
    return want[:1] in "{[" and want != "" and read(want) == read(got)


def drive(
    definition: str, given: str, recorded: "Recorded | None" = None
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


def judge(case: dict[str, Any]) -> str:
    """What is wrong with our answer to a recorded case; "" when nothing is."""
    recorded = Recorded(case["expected"].get("events", [])) if case["needs"] else None
    given = case["definition"]
    definition = given if isinstance(given, str) else json.dumps(given)
    try:
        outcome, history = drive(definition, "{}" if case["input"] is None else json.dumps(case["input"]), recorded)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return outcome_difference(case["expected"], outcome) or history_difference(case["expected"], history)


def cases(name: str, *, pure: bool = True) -> list[dict[str, Any]]:
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"the corpus is absent: {path} (set STEPWELL_CORPORA)")
    lines = path.read_text(encoding="utf-8").split("\n")
    return [case for case in map(json.loads, filter(None, lines)) if pure is not bool(case["needs"])]


@pytest.mark.parametrize(
    ("name", "file", "pure"),
    [
        ("executions", "executions.jsonl", True),
        ("choice", "choice.jsonl", True),
        ("answered", "executions.jsonl", False),
    ],
)
def test_recorded_executions_are_repeated_at_least_as_well_as_before(name: str, file: str, pure: bool) -> None:
    recorded = cases(file, pure=pure)

    misses = {case["name"]: found for case in recorded if (found := judge(case))}

    passed = len(recorded) - len(misses)
    print(f"{name}: {passed}/{len(recorded)}")
    report = "\n".join(f"{case.split('::')[-1]} | {found}" for case, found in misses.items())
    print(report)
    assert passed >= FLOORS[f"asl/{name}"], report


def test_refused_definitions_are_refused_in_the_same_words_as_before() -> None:
    recorded = [c for c in cases("create.jsonl") if c["expected"]["error"]["Code"] == "InvalidDefinition"]

    misses = []
    for case in recorded:
        given = case["definition"]
        text = given if isinstance(given, str) else json.dumps(given)
        message = "created"
        try:
            document.parse(text, case.get("type", "STANDARD"))
        except document.InvalidDefinition as error:
            message = error.aws_message
        if not same(case["expected"]["error"]["Message"], message):
            misses.append(f"{case['name'].split('::')[-1]} | {message} | {case['expected']['error']['Message']}"[:600])

    print(f"create: {len(recorded) - len(misses)}/{len(recorded)}")
    assert len(recorded) - len(misses) >= FLOORS["asl/create"], "\n".join(misses)
