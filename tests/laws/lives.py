"""Executions of the engine with a world around them: what they ask for is answered, or not, as a seed decides."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from emulator.languages.asl import answers, effects, machine
from emulator.languages.asl.document import Machine
from emulator.languages.asl.history import LIMIT
from emulator.languages.asl.run import LONGEST
from tests.laws.machines_at_random import ERRORS, INPUT

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:us-east-1:000000000000:execution:m:e",
        "Name": "e",
        "RoleArn": "arn:aws:iam::000000000000:role/r",
        "StartTime": "2026-01-01T00:00:00Z",
    },
    "StateMachine": {"Id": "arn:aws:states:us-east-1:000000000000:stateMachine:m", "Name": "m"},
}
PATIENCE = 60  # turns after which every task succeeds
LONG = 5_000  # turns that no execution here takes
ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted")
LOOSE = ("ExecutionTimedOut", "ExecutionAborted", "EvaluationFailed")  # linked to nothing, or to before their state
CLOSING = ("StateExited", "StateAborted", "StateFailed", "IterationFailed", "IterationAborted", "ExecutionFailed")
FOREIGN: tuple[answers.Event, ...] = (
    answers.TimerFired("0@99999"),
    answers.TimerFired("99999.0@1"),
    answers.TimerFired("nobody's"),
    answers.TaskSucceeded("0#99999", 1, None),
    answers.TaskFailed("99999.0#1", 1, "Boom", None),
    answers.TaskHeartbeat("", 1),
)


class Life:
    """One execution, and the world's part in it.

    `seed` decides what the world does: which task it answers and how, which timer comes first, when somebody stops the
    execution (each turn with the probability `stops`). `hurried`: events come in the middle of a burst as well.
    `quick`: nobody lets a year pass.

    It must make no difference to what becomes of it: `budget` and `pause`, as of `machine`; `silent`, but for its
    history; `noisy`: its state goes through JSON before each step, and whatever came once comes again, with answers
    that nobody waits for. Whatever it asks for is asked for once, and what it cancels is under way.
    """

    def __init__(
        self,
        compiled: Machine,
        seed: int,
        *,
        budget: int = 500,
        pause: Callable[[], bool] | None = None,
        noisy: bool = False,
        silent: bool = False,
        hurried: bool = False,
        quick: bool = False,
        stops: float = 0.02,
        errors: tuple[str | None, ...] = (*ERRORS, "States.Runtime", "States.DataLimitExceeded", None),
    ) -> None:
        self.compiled = compiled
        self.dice = random.Random(seed)
        self.noise = random.Random(seed + 1)
        self.budget = budget
        self.pause = pause
        self.noisy = noisy
        self.silent = silent
        self.hurried = hurried
        self.quick = quick
        self.stops = stops
        self.errors = errors
        self.now = BEGIN
        self.turn = 0
        self.redrives = 0
        self.history: list[dict[str, Any]] = []
        self.timers: dict[str, datetime] = {}
        self.tasks: dict[str, effects.RunTask | effects.StartMapRun | effects.RedriveMapRun] = {}
        self.begun: set[str] = set()
        self.past: list[answers.Event] = []
        self.done: list[str] = []
        self.rows: dict[str, Any] = {}

    # -- the life

    def run(self, *, room: int | None = None) -> effects.Outcome:
        """From the start to the end; `room` events are left of those that an execution may have."""
        step = machine.start(
            self.compiled,
            input=json.dumps(INPUT),
            context=CONTEXT,
            now=self.now,
            seed=7,
            budget=self.budget if room is None else 0,
            pause=self.pause,
            silent=self.silent,
        )
        if room is not None:
            step.state["last"] = LIMIT - room
        return self._live(step)

    @property
    def redrivable(self) -> bool:
        """Nobody redrives an execution that has succeeded or is a year old."""
        return "resume" in self.state and self.now < BEGIN + LONGEST

    def redrive(self) -> effects.Outcome:
        """From an end that was no success to the next end."""
        self.redrives += 1
        left = {name: self.state[name] for name in ("resume", "last", "next", "draws")}
        self.rows = {}
        return self._live(
            machine.redrive(
                self.compiled,
                left=json.loads(json.dumps(left)) if self.noisy else left,
                context=CONTEXT,
                count=self.redrives,
                now=self.now,
                seed=7,
                budget=self.budget,
                pause=self.pause,
            )
        )

    def _live(self, step: effects.Step) -> effects.Outcome:
        self._take(step)
        while step.outcome is None:
            if step.more and not (self.hurried and (self.tasks or self._coming()) and self.dice.random() < 0.3):
                event: answers.Event = answers.Continue()
            else:
                event = self._event()
            step = self._advance(event)
            self._take(step)
            if self.noisy:
                self._disturb(event)
        return step.outcome

    def _advance(self, event: answers.Event, budget: int | None = None) -> effects.Step:
        given = json.loads(json.dumps(self.state)) if self.noisy else self.state
        before = json.dumps(given)
        step = machine.advance(
            self.compiled,
            given,
            event,
            now=self.now,
            seed=7,
            budget=self.budget if budget is None else budget,
            pause=self.pause,
            silent=self.silent,
        )
        assert json.dumps(given) == before
        return step

    def _disturb(self, event: answers.Event) -> None:
        """Nobody waits for what comes again, late or for others: the state stays what it is."""
        events = [event, self.noise.choice(FOREIGN), *self.noise.sample(self.past, min(2, len(self.past)))]
        events += [answers.TaskFailed(name, task.attempt + 1, "Boom", None) for name, task in self.tasks.items()]
        for late in events:
            # Each heartbeat counts, one may go on at any time, and the execution may end once its time is over.
            if isinstance(late, (answers.Continue, answers.TaskHeartbeat)) and late not in FOREIGN:
                continue
            if late == answers.TimerFired("execution") and self.timers.get("execution", self.now) <= self.now:
                continue
            step = self._advance(late, budget=0)
            assert (step.history, step.effects, step.outcome) == ([], [], None), late
            assert json.dumps(step.state) == json.dumps(self.state) or not self.state["frames"], late
            self._store(step)

    # -- the world

    def _take(self, step: effects.Step) -> None:
        self.state = step.state
        self.history += step.history
        self._store(step)
        pending = {*self.timers, *self.tasks}
        for effect in step.effects:
            if isinstance(effect, effects.CancelTimer):
                assert effect.timer_id in pending
                self.timers.pop(effect.timer_id, None)
            elif isinstance(effect, effects.CancelTask):
                assert effect.task_id in pending
                self.tasks.pop(effect.task_id, None)
            elif isinstance(effect, effects.StartTimer):
                assert effect.timer_id == "execution" or effect.timer_id not in self.begun
                assert effect.timer_id not in self.timers
                self.begun.add(effect.timer_id)
                self.timers[effect.timer_id] = effect.at
            else:
                assert effect.task_id not in self.begun
                self.begun.add(effect.task_id)
                self.tasks[effect.task_id] = effect
                pending.add(effect.task_id)  # a Map Run is redriven before it is stopped

    def _store(self, step: effects.Step) -> None:
        """Keep one row a frame, as `changed` and `removed` say, and find the state in the rows again."""
        assert not step.changed & step.removed
        for name in step.removed:
            del self.rows[name]
        for name in step.changed:
            self.rows[name] = step.state["frames"][name]
        assert self.rows == step.state["frames"]

    def _event(self) -> answers.Event:
        self.turn += 1
        assert self.turn < LONG
        self.now += timedelta(seconds=self.dice.choice((0, 0, 0.25, 1)))
        if self.dice.random() < self.stops:
            return answers.StopRequested("Stopped", "by chance")
        event = self._fire() if not self.tasks or (self._coming() and self.dice.random() < 0.25) else self._answer()
        self.past.append(event)
        return event

    def _coming(self) -> list[str]:
        """The timers that may fire, the next one first."""
        names = sorted(self.timers, key=lambda name: self.timers[name])
        return [name for name in names if not self.quick or self.timers[name] < BEGIN + LONGEST]

    def _fire(self) -> answers.Event:
        timers = self._coming()
        name = timers[0] if self.dice.random() < 0.8 else self.dice.choice(timers)
        self.now = max(self.now, self.timers.pop(name))
        return answers.TimerFired(name)

    def _answer(self) -> answers.Event:
        name = self.dice.choice(list(self.tasks))
        task = self.tasks[name]
        way = self.dice.random() if self.turn < PATIENCE else 1
        if isinstance(task, effects.RunTask) and way < 0.3:
            signs: list[answers.Event] = [answers.TaskStarted(name, task.attempt, "worker")]
            if task.token is not None:
                signs.append(answers.TaskHeartbeat(name, task.attempt))
            if task.token_wait or task.sync:
                signs.append(answers.TaskSubmitted(name, task.attempt, {"accepted": True}))
            return self.dice.choice(signs)
        del self.tasks[name]
        if self.errors and way < 0.5:
            error = self.dice.choice(self.errors)
            return answers.TaskFailed(name, task.attempt, error, self.dice.choice(("so it was", None)))
        if not isinstance(task, effects.RunTask):
            self.done.append(task.arn.partition(":mapRun:")[2].rpartition(":")[0])
            return answers.TaskSucceeded(name, task.attempt, [1, {"child": task.arn}])
        self.done.append(task.state_name)
        result = {"n": self.turn % 3, "items": [2**70, 1.0], "who": task.state_name, "given": task.parameters}
        return answers.TaskSucceeded(name, task.attempt, result)


def check_history(history: list[dict[str, Any]]) -> None:
    """What holds for the history of every execution that has ended, redriven or not."""
    assert [event["id"] for event in history] == list(range(1, len(history) + 1))
    redriven = 0
    for event in history:
        redriven = event["id"] if event["type"] == "ExecutionRedriven" else redriven
        first = 0 if event["type"] in LOOSE or event["id"] == redriven else redriven
        assert first <= event["previousEventId"] < event["id"], event
    times = [event["timestamp"] for event in history]
    assert times == sorted(times)
    types = [event["type"] for event in history]
    assert types[0] == "ExecutionStarted"
    ends = [at for at, kind in enumerate(types) if kind in ENDS]
    begins = [at for at, kind in enumerate(types) if kind == "ExecutionRedriven"]
    assert [at + 1 for at in ends] == [*begins, len(history)]
    if not begins and types[-1] in ("ExecutionSucceeded", "ExecutionFailed"):
        assert _open(history) == []


def _open(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The states that were entered and of which nothing tells how they ended: nothing that came of their entry."""
    closed: set[int] = set()
    for event in reversed(history):
        if event["type"].endswith(CLOSING) or event["id"] in closed:
            closed.add(event["previousEventId"])
            if event["type"] == "EvaluationFailed":  # It is linked to what was before the entry of its state.
                closed |= {other["id"] for other in history if _is_entry(other, event)}
    return [event for event in history if event["type"].endswith("StateEntered") and event["id"] not in closed]


def _is_entry(entered: dict[str, Any], failed: dict[str, Any]) -> bool:
    name = entered.get("stateEnteredEventDetails", {}).get("name")
    known = failed["evaluationFailedEventDetails"]["state"]
    return bool(name == known and entered["previousEventId"] == failed["previousEventId"])
