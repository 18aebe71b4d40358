"""What happens in the emulator, told a line a step as it happens: time, service, what, id."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from emulator.arns import find_arn
from emulator.cli.stage import Stage

PAUSE = 0.03  # seconds between two looks
_TOLD = {
    "ExecutionStarted": "begins",
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "LambdaFunctionFailed": "function failed",
    "MapIterationStarted": "a row",
}
# The order in a millisecond: an event, what it starts, its steps, the event of its end, who hears of that.
_EVENT, _START, _STEP, _END, _HEARD = range(5)


class Line(NamedTuple):
    """What happened at a time of the emulator's; `rank` is its place in the millisecond."""

    at: datetime
    rank: int
    service: str
    what: str
    id: str

    @property
    def place(self) -> tuple[int, int]:
        """By which lines are sorted."""
        return round(self.at.timestamp() * 1_000), self.rank


class Story:
    """Follows the account's events, deliveries and executions by asking for them, as a console would."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._began = time.monotonic()
        self._events: set[str] = set()
        self._deliveries: set[tuple[Any, ...]] = set()
        self._histories: dict[str, int] = {}
        self._ended: set[str] = set()
        self.executions: dict[str, dict[str, Any]] = {}

    def tell(self, service: str, what: str, id: str = "", *, at: datetime | None = None) -> None:
        """One line; `at` is the emulator's time, else now."""
        moment = at or datetime.now(UTC)
        print(
            f"  {moment:%H:%M:%S}.{moment.microsecond // 1000:03d}  {service:<8} {what:<58} {id}".rstrip(), flush=True
        )

    def until(self, holds: Callable[[], bool], patience: float) -> bool:
        """Tell what happens until something is so; False when it is not within `patience` seconds."""
        end = time.monotonic() + patience
        while True:
            self.look()
            if holds():
                self.look()
                return True
            if time.monotonic() > end:
                return False
            time.sleep(PAUSE)

    def look(self) -> None:
        """Tell what is new, in the order in which it happened."""
        found = [*self._new_steps(), *self._new_events(), *self._new_deliveries()]
        for line in sorted(found, key=lambda line: line.place):
            self.tell(line.service, line.what, line.id, at=line.at)

    def elapsed(self) -> float:
        """Seconds since the story began."""
        return time.monotonic() - self._began

    def _new_events(self) -> Iterator[Line]:
        seen = self._stage.client.call("events", "ListSeenEvents", {"Limit": 50})["Events"]
        for event in reversed(seen):
            if event["EventId"] not in self._events:
                self._events.add(event["EventId"])
                document = json.loads(event["Event"])
                rank = _END if document["source"] == "aws.states" else _EVENT
                rules = f" -> rule {', '.join(event['Matched'])}" if event["Matched"] else " (no rule)"
                what = f"{event['DetailType']}{_subject(document)}{rules}"
                yield Line(_moment(event["At"]), rank, "events", what, event["EventId"])

    def _new_deliveries(self) -> Iterator[Line]:
        attempts = self._stage.client.call("stepwell", "ListAttempts", {"MaxResults": 50})["Attempts"]
        for attempt in attempts:
            key = (attempt["TraceId"], attempt["Target"], attempt["At"], attempt["Outcome"])
            if key not in self._deliveries:
                self._deliveries.add(key)
                target = find_arn(attempt["Target"])
                rank = _START if target is not None and target.service == "states" else _HEARD
                what = f"{attempt['Outcome']} to {attempt['Target'].removeprefix('arn:aws:')}"
                yield Line(_moment(attempt["At"]), rank, "deliver", what, attempt["TraceId"])

    def _new_steps(self) -> Iterator[Line]:
        states = self._stage.aws("stepfunctions")
        for machine in states.list_state_machines()["stateMachines"]:
            found = states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
            for execution in found:
                arn = execution["executionArn"]
                if arn in self._ended:
                    continue
                yield from self._follow(states, arn)
                if execution["status"] != "RUNNING":
                    self._ended.add(arn)
                if execution["status"] != "RUNNING" or arn not in self.executions:
                    self.executions[arn] = states.describe_execution(executionArn=arn)

    def _follow(self, states: Any, arn: str) -> Iterator[Line]:
        """The steps of an execution that were not told yet."""
        known = self._histories.get(arn, 0)
        _, _, machine, name = arn.rsplit(":", 3)
        for page in states.get_paginator("get_execution_history").paginate(executionArn=arn):
            for event in page["events"]:
                if event["id"] > known:
                    known = event["id"]
                    what = _step(event)
                    if what:
                        yield Line(event["timestamp"], _STEP, "states", f"{machine}: {what}", name)
        self._histories[arn] = known


def _step(event: dict[str, Any]) -> str:
    """An event of a history in a few words, empty for what is not worth a line."""
    kind = event["type"]
    if kind.endswith("StateEntered"):
        return f"{kind.removesuffix('StateEntered')} {event['stateEnteredEventDetails']['name']!r}"
    details: dict[str, Any] = next((value for name, value in event.items() if name.endswith("EventDetails")), {})
    if kind in _TOLD:
        return ": ".join([_TOLD[kind], *filter(None, (details.get("error"), _reason(details.get("cause"))))])
    return ""


def _reason(cause: str | None) -> str | None:
    """A function's error document by its message."""
    try:
        document = json.loads(cause or "")
    except ValueError:
        return cause
    return str(document.get("errorMessage", cause)) if isinstance(document, dict) else cause


def _subject(event: dict[str, Any]) -> str:
    detail = event["detail"]
    if event["source"] == "aws.s3":
        return f" {detail['bucket']['name']}/{detail['object']['key']}"
    return f" {detail['status']}" if "status" in detail else ""


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
