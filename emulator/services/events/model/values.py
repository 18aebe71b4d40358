"""Events, rules and targets as values: how an event looks, which rules take it, and what their targets receive."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

import orjson

from emulator.clock import in_millis
from emulator.kit.bus import Known
from emulator.kit.delivery import Delivery
from emulator.languages import paths, templates
from emulator.languages.patterns import Index, Pattern
from emulator.services.events import limits


def dump(value: Any) -> str:
    """Compact JSON text; user data keeps its numbers."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        return json.dumps(value, separators=(",", ":"))


# orjson makes doubles of integers from 2^64.
_LONG = re.compile(r"\d{20}")
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}]', re.DOTALL)


def load(text: str) -> Any:
    """A JSON value with its integers exact.

    Raises ValueError, also for a value nested too deeply and for a number too large to be kept.
    """
    try:
        value = _exact(text) if _LONG.search(text) else orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _exact(text)
    if text.count("{") + text.count("[") > limits.DEPTH_MAX and _depth(text) > limits.DEPTH_MAX:
        raise ValueError("nested too deeply")
    return value


def _exact(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_float)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _float(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} cannot be kept")


def _depth(text: str) -> int:
    """How deeply a valid JSON text is nested."""
    deepest = depth = 0
    for mark in _MARKS.findall(text):
        depth += (mark in "{[") - (mark in "}]")
        deepest = max(deepest, depth)
    return deepest


def iso(moment: datetime) -> str:
    """A moment as events carry it: whole seconds, UTC."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{orjson.dumps(moment)[1:20].decode()}Z"  # a third of the time that isoformat takes


def event_of(
    *,
    id: str,
    source: str,
    detail_type: str,
    account: str,
    region: str,
    time: str,
    resources: list[str],
    detail: Any,
) -> dict[str, Any]:
    """An event as rules see it and targets receive it, its fields in AWS's order."""
    return {
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": time,
        "region": region,
        "resources": resources,
        "detail": detail,
    }


Render = Callable[[dict[str, Any], str, datetime], str]


@dataclass(frozen=True, slots=True)
class Target:
    """A rule's target, ready to be sent to. `render` gives the text it receives for an event.

    `called`: it is an API destination, which takes HTTP.
    """

    rule_arn: str
    arn: str
    render: Render
    parameters: dict[str, Any]
    dead_letter_arn: str | None
    attempts_max: int
    age_max_seconds: int
    called: bool

    def delivery(self, event: dict[str, Any], text: str, now: datetime) -> Delivery:
        """The delivery of an event whose text is `text`; one that cannot be made says so when it is tried."""
        invalid = ""
        try:
            shown = self.render(event, text, now)
        except templates.TemplateFailed as failure:
            shown, invalid = failure.output, str(failure)
        return Delivery(
            target_arn=self.arn,
            input=shown,
            source_arn=self.rule_arn,
            source_service="events",
            parameters=self.parameters,
            dead_letter_arn=self.dead_letter_arn,
            attempts_max=self.attempts_max,
            age_max_seconds=self.age_max_seconds,
            event=None if shown is text else text,
            invalid=invalid,
        )


def target_of(rule_arn: str, rule: str, body: dict[str, Any]) -> Target:
    """A Target of the PutTargets request, compiled."""
    retry = body.get("RetryPolicy") or {}
    parameters: dict[str, Any] = {name: body[name] for name in ("SqsParameters", "HttpParameters") if name in body}
    return Target(
        rule_arn,
        body["Arn"],
        _render(rule_arn, rule, body),
        parameters,
        (body.get("DeadLetterConfig") or {}).get("Arn"),
        retry.get("MaximumRetryAttempts", limits.RETRY_ATTEMPTS),
        retry.get("MaximumEventAgeInSeconds", limits.EVENT_AGE_SECONDS),
        ":api-destination/" in body["Arn"],
    )


def _render(rule_arn: str, rule: str, body: dict[str, Any]) -> Render:
    if "Input" in body:
        constant = str(body["Input"])
        return lambda event, text, now: constant
    if "InputPath" in body:
        path = paths.path(body["InputPath"])

        def at_path(event: dict[str, Any], text: str, now: datetime) -> str:
            try:
                return dump(path.read(event))
            except paths.PathError:
                return "{}"

        return at_path
    if "InputTransformer" in body:
        transformer = transformer_of(body["InputTransformer"])

        def transformed(event: dict[str, Any], text: str, now: datetime) -> str:
            reserved = {
                "aws.events.rule-arn": rule_arn,
                "aws.events.rule-name": rule,
                "aws.events.event.ingestion-time": in_millis(now),
                "aws.events.event": event,
                "aws.events.event.json": text,
            }
            return transformer.render(event, reserved=reserved)

        return transformed
    return lambda event, text, now: text


def transformer_of(body: dict[str, Any]) -> templates.InputTransformer:
    """The compiled InputTransformer of a target."""
    return templates.InputTransformer(body.get("InputPathsMap") or {}, body["InputTemplate"])


@dataclass(frozen=True, slots=True)
class Archive:
    """What keeps events of a bus: those of its pattern, or all; for so many days, 0 for ever."""

    id: int
    pattern: Pattern | None
    retention: int


def replayed(text: str, replay: str) -> dict[str, Any]:
    """An event of an archive as it is put on its bus again: itself, with the name of the replay."""
    event: dict[str, Any] = load(text)
    at = list(event).index("resources")
    members = list(event.items())
    return dict([*members[:at], ("replay-name", replay), *members[at:]])


@dataclass(slots=True)
class Routes:
    """The enabled rules of a bus, indexed by their patterns, each with its targets; the archives of the bus."""

    version: int
    index: Index[str] = field(default_factory=Index)
    patterns: dict[str, Pattern] = field(default_factory=dict)
    targets: dict[str, list[Target]] = field(default_factory=dict)
    archives: list[Archive] = field(default_factory=list)
    _heard: dict[Known, bool] = field(default_factory=dict)

    def may_hear(self, known: Known) -> bool:
        """Whether a rule or an archive may take an event of which no more is known."""
        heard = self._heard.get(known)
        if heard is None:
            values = dict(known)
            patterns = [*self.patterns.values(), *(archive.pattern for archive in self.archives)]
            heard = any(pattern is None or pattern.may_match(values) for pattern in patterns)
            self._heard[known] = heard
        return heard

    def add(self, rule: str, pattern: Pattern) -> None:
        """Have a rule take the events that its pattern matches."""
        self.index.add(rule, pattern)
        self.patterns[rule] = pattern
        self.targets.setdefault(rule, [])
