"""Mocks of TestState: what may stand for a state's work, and whether it looks like the API's answer. Pure."""

from __future__ import annotations

from typing import Any

from emulator.errors import AwsError
from emulator.languages.asl.resources import resource
from emulator.languages.asl.texts import load
from emulator.wire import models
from emulator.wire.models import Shape

MOCKABLE = ("Task", "Map", "Parallel")
_SERVICES = {"states": "stepfunctions", "sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
_NUMBERS = ("integer", "long", "float", "double")


def invalid(message: str) -> AwsError:
    """TestState's answer to a request that makes no sense."""
    return AwsError("ValidationException", message)


def require_result(text: str, state: dict[str, Any], mode: str) -> Any:
    """The value of a mocked result that fits its state (the JSON of its definition); raises ValidationException.

    `mode` is fieldValidationMode: STRICT demands required members, PRESENT checks those that are there.
    """
    try:
        value = load(text)
    except ValueError:
        raise invalid("Mocked result must be valid JSON") from None
    if state["Type"] == "Map" and "Resource" in state.get("ResultWriter", {}):
        if not isinstance(value, dict):
            raise invalid("Mocked result must be a JSON object.")
    elif state["Type"] in ("Map", "Parallel") and not isinstance(value, list):
        raise invalid("Mocked result must be an array.")
    if state["Type"] == "Parallel" and len(value) != len(state["Branches"]):
        raise invalid("Mocked result must contain the same number of items as number of Parallel branches.")
    if state["Type"] == "Task" and mode != "NONE":
        shape = _answer_shape(state["Resource"])
        if shape is not None and isinstance(value, dict):
            _check_members(shape, value, strict=mode == "STRICT")
    return value


def _answer_shape(arn: str) -> Shape | None:
    """The answer of the API that a resource calls; `.sync` forms are answered by what they poll."""
    named = resource(arn)
    if named.kind != "Task":
        return None
    service = named.service.removeprefix("aws-sdk:")
    action, _, form = named.action.partition(".")
    if form == "waitForTaskToken":
        return None
    if form:
        action = "describeExecution" if named.service == "states" and form == "sync" else ""
    try:
        operations = models.service(_SERVICES.get(service, service)).operations
    except models.UnknownServiceError:
        return None
    found = operations.get(action[:1].upper() + action[1:])
    return None if found is None else found.output


def _check_members(shape: Shape, value: dict[str, Any], *, strict: bool) -> None:
    known = {name[:1].upper() + name[1:]: (name, member) for name, member in shape.members.items()}
    for shown, (name, member) in known.items():
        if shown in value:
            _check(member, shown, value[shown], strict=strict)
        elif strict and name in shape.required:
            raise _problem(f"Required field '{shown}' is missing")


def _check(shape: Shape, name: str, value: Any, *, strict: bool) -> None:
    kind = shape.type
    if kind in _NUMBERS:
        _require(isinstance(value, (int, float)) and not isinstance(value, bool), name, "a number")
    elif kind == "boolean":
        _require(isinstance(value, bool), name, "a boolean")
    elif kind == "string":
        _require(isinstance(value, str), name, "a string")
        if "enum" in shape.traits and value not in shape.traits["enum"]:
            raise _problem(f"Field '{name}' is not an expected value")
    elif kind == "timestamp":
        _require(isinstance(value, (str, int, float)) and not isinstance(value, bool), name, "a string")
    elif kind == "list":
        _require(isinstance(value, list), name, "an array")
        for member in value:
            _check(shape.member, name, member, strict=strict)
    elif kind in ("structure", "map"):
        _require(isinstance(value, dict), name, "an object")
        if kind == "structure":
            _check_members(shape, value, strict=strict)


def _require(holds: bool, name: str, expected: str) -> None:
    if not holds:
        raise _problem(f"Field '{name}' must be {expected}")


def _problem(text: str) -> AwsError:
    return invalid(f"Mock result schema validation error: {text}")
