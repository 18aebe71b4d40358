"""An execution driven by hand: start it, answer it, look at what it asked for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from emulator.languages.asl import answers, document, effects, machine

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CONTEXT = {
    "Execution": {
        "Id": "arn:aws:states:eu-west-1:000000000000:execution:m:e",
        "Name": "e",
        "RoleArn": "arn:aws:iam::000000000000:role/r",
        "StartTime": "2026-01-01T00:00:00.000Z",
    },
    "StateMachine": {"Id": "arn:aws:states:eu-west-1:000000000000:stateMachine:m", "Name": "m"},
}
Wanted = TypeVar("Wanted")


class Execution:
    """One execution. Its state goes through JSON between any two steps."""

    def __init__(self, definition: dict[str, Any], given: Any, kind: str, budget: int) -> None:
        self.machine = document.parse(json.dumps(definition), kind)
        self.now = BEGIN
        self.budget = budget
        self.history: list[dict[str, Any]] = []
        text = given if isinstance(given, str) else json.dumps(given)
        self.step = self._took(
            machine.start(self.machine, input=text, context=CONTEXT, now=BEGIN, seed=1, budget=budget)
        )

    def _took(self, step: effects.Step) -> effects.Step:
        self.history += step.history
        return step

    def send(self, event: answers.Event, after: float = 0) -> effects.Step:
        """Deliver an event `after` seconds."""
        self.now += timedelta(seconds=after)
        state = json.loads(json.dumps(self.step.state))
        self.step = self._took(machine.advance(self.machine, state, event, now=self.now, seed=2, budget=self.budget))
        return self.step

    def asked(self, kind: type[Wanted]) -> list[Wanted]:
        """The effects of this type in the last step."""
        return [effect for effect in self.step.effects if isinstance(effect, kind)]

    def only(self, kind: type[Wanted]) -> Wanted:
        (effect,) = self.asked(kind)
        return effect

    def fire(self) -> effects.Step:
        """Let the only timer of the last step fire, at its time."""
        timer = self.only(effects.StartTimer)
        return self.send(answers.TimerFired(timer.timer_id), (timer.at - self.now).total_seconds())

    @property
    def outcome(self) -> effects.Outcome:
        assert self.step.outcome is not None
        return self.step.outcome

    @property
    def output(self) -> Any:
        assert self.outcome.status == "SUCCEEDED", self.outcome
        return json.loads(self.outcome.output or "")

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.history]

    def details(self, kind: str) -> Any:
        """The details of the last event of this type."""
        event = next(event for event in reversed(self.history) if event["type"] == kind)
        return next(value for name, value in event.items() if name.endswith("EventDetails"))


Begin = Callable[..., Execution]


@pytest.fixture
def begin() -> Begin:
    """begin(definition or states, input, kind=, budget=): an execution after its first burst."""

    def start(definition: dict[str, Any], given: Any = None, kind: str = "STANDARD", budget: int = 500) -> Execution:
        whole = definition
        if "States" not in whole:
            whole = {"StartAt": next(iter(definition)), "States": definition}
        return Execution(whole, {} if given is None else given, kind, budget)

    return start


@pytest.fixture
def evaluate(begin: Begin) -> Callable[[str, Any], Any]:
    """evaluate(expression, input): the value of a path or a call, or the Outcome of its failure."""

    def value(expression: str, given: Any = None) -> Any:
        run = begin({"P": {"Type": "Pass", "Parameters": {"v.$": expression}, "End": True}}, given)
        return run.outcome if run.outcome.status == "FAILED" else run.output["v"]

    return value
