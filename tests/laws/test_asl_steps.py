"""An execution is plain JSON between any two steps, and an event that comes twice counts once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.languages.asl import answers, document, effects, machine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = {
    "Execution": {"Id": "arn:aws:states:us-east-1:000000000000:execution:m:e", "Name": "e"},
    "StateMachine": {"Id": "arn:aws:states:us-east-1:000000000000:stateMachine:m", "Name": "m"},
}
RETRY = [{"ErrorEquals": ["Boom"], "IntervalSeconds": 2, "MaxAttempts": 1, "JitterStrategy": "FULL"}]


class Draft:
    """Names the states of a random machine, each once."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def scope(self, depth: int) -> dict[str, Any]:
        kinds = ["Pass", "Choice", "Task", "Wait"] + (["Parallel", "Map"] if depth else [])
        chain = [self.state(kind, depth) for kind in self.draw(st.lists(st.sampled_from(kinds), max_size=3))]
        last = self.name()
        states: dict[str, Any] = {}
        names = [*(name for name, _ in chain), last]
        for (name, state), after in zip(chain, names[1:], strict=True):
            self.link(state, after, last)
            states[name] = state
        states[last] = {"Type": "Succeed"}
        return {"StartAt": names[0], "States": states}

    def name(self) -> str:
        self.count += 1
        return f"S{self.count}"

    def state(self, kind: str, depth: int) -> tuple[str, dict[str, Any]]:
        name = self.name()
        state: dict[str, Any] = {"Type": kind}
        if kind == "Pass":
            state |= {"Result": {"items": [1, 2.0, "x"], "by": name}, "Assign": {f"seen{depth}": name}}
        elif kind == "Wait":
            state["Seconds"] = self.draw(st.integers(0, 3))
        elif kind == "Task":
            state |= {"Resource": "arn:aws:states:::sqs:sendMessage", "TimeoutSeconds": 30}
            state |= {"Parameters": {"who": name, "id.$": "States.UUID()"}}
            state |= {"ResultSelector": {"items.$": "States.Array($, 1)"}, "Retry": RETRY}
        elif kind == "Parallel":
            branches = self.draw(st.integers(1, 2))
            state["Branches"] = [self.scope(depth - 1) for _ in range(branches)]
            state["ResultSelector"] = {"items.$": "$"}
        elif kind == "Map":
            state |= {"ItemsPath": "$.items", "ItemProcessor": self.scope(depth - 1)}
            state |= {"ItemSelector": {"items.$": "States.Array($$.Map.Item.Value, $$.Map.Item.Index)"}}
            state |= {"MaxConcurrency": self.draw(st.integers(0, 2)), "ResultSelector": {"items.$": "$"}}
            distributed = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
            state["ItemProcessor"]["ProcessorConfig"] = self.draw(st.sampled_from([{"Mode": "INLINE"}, distributed]))
        if kind in ("Task", "Parallel", "Map") and self.draw(st.booleans()):
            catch = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": ""}
            state["Catch"] = [catch]
        return name, state

    def link(self, state: dict[str, Any], after: str, last: str) -> None:
        if state["Type"] == "Choice":
            rule = {"Variable": "$.items[0]", "IsNumeric": True, "Next": after}
            state |= {"Choices": [rule], "Default": last}
        else:
            state["Next"] = after
        for catch in state.get("Catch", []):
            catch["Next"] = last


@st.composite
def machines(draw: st.DrawFn) -> document.Machine:
    return document.parse(json.dumps(Draft(draw).scope(2)))


class Life:
    """Runs one execution: pending work ends in the order the draws say."""

    def __init__(self, compiled: document.Machine, draws: list[int], budget: int, *, harsh: bool) -> None:
        self.compiled = compiled
        self.draws = draws
        self.budget = budget
        self.harsh = harsh
        self.turn = 0
        self.history: list[dict[str, Any]] = []
        self.timers: dict[str, datetime] = {}
        self.tasks: dict[str, effects.RunTask | effects.StartMapRun] = {}
        self.outcome: effects.Outcome | None = None
        self.rows: dict[str, Any] = {}

    def run(self) -> tuple[effects.Outcome | None, list[dict[str, Any]]]:
        step = machine.start(
            self.compiled, input='{"items": [1, 2.0]}', context=CONTEXT, now=BEGIN, seed=0, budget=self.budget
        )
        self.take(step)
        while self.outcome is None:
            self.turn += 1
            event = answers.Continue() if step.more else self.choose()
            now = BEGIN + timedelta(seconds=self.turn)
            step = self.deliver(step.state, event, now)
        return self.outcome, self.history

    def deliver(self, state: dict[str, Any], event: answers.Event, now: datetime) -> effects.Step:
        before = json.dumps(state)
        given = json.loads(before) if self.harsh else state
        step = machine.advance(self.compiled, given, event, now=now, seed=self.turn, budget=self.budget)
        assert not self.harsh or json.dumps(given) == before
        self.take(step)
        if self.harsh and step.outcome is None and not isinstance(event, answers.Continue):
            again = machine.advance(
                self.compiled, json.loads(json.dumps(step.state)), event, now=now, seed=99, budget=0
            )
            assert (again.history, again.effects, again.outcome) == ([], [], None)
            step.state = again.state
        return step

    def take(self, step: effects.Step) -> None:
        self.history += step.history
        self.outcome = step.outcome
        self.store(step)
        for effect in step.effects:
            if isinstance(effect, effects.StartTimer):
                self.timers[effect.timer_id] = effect.at
            elif isinstance(effect, effects.CancelTimer):
                self.timers.pop(effect.timer_id, None)
            elif isinstance(effect, (effects.RunTask, effects.StartMapRun)):
                self.tasks[effect.task_id] = effect
            else:
                self.tasks.pop(effect.task_id, None)

    def store(self, step: effects.Step) -> None:
        """Keep one row a frame, as `changed` and `removed` say, and find the state in the rows again."""
        assert not step.changed & step.removed
        for name in step.removed:
            del self.rows[name]
        for name in step.changed:
            self.rows[name] = step.state["frames"][name]
        assert self.rows == step.state["frames"]

    def choose(self) -> answers.Event:
        draw = self.draws[self.turn % len(self.draws)]
        waiting = sorted(self.tasks) + sorted(self.timers)
        name = waiting[draw % len(waiting)]
        if name in self.timers:
            del self.timers[name]
            return answers.TimerFired(name)
        task = self.tasks.pop(name)
        if draw % 5 == 0:
            return answers.TaskFailed(name, task.attempt, "Boom", "it was so")
        who = task.arn if isinstance(task, effects.StartMapRun) else task.parameters["who"]
        return answers.TaskSucceeded(name, task.attempt, [who, 1.0, 2**70])


@settings(max_examples=60, deadline=None)
@given(machines(), st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 7))
def test_round_trips_and_repeated_events_change_nothing(
    compiled: document.Machine, draws: list[int], budget: int
) -> None:
    plain = Life(compiled, draws, 500, harsh=False).run()
    slow = Life(compiled, draws, budget, harsh=False).run()

    harsh = Life(compiled, draws, 500, harsh=True).run()
    harsh_and_slow = Life(compiled, draws, budget, harsh=True).run()

    assert harsh == plain
    assert harsh_and_slow == slow
    for _, history in (plain, slow):
        assert [event["id"] for event in history] == list(range(1, len(history) + 1))
        assert all(event["previousEventId"] < event["id"] for event in history)
