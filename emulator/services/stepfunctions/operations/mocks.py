"""Mocks of TestState: what may stand for a state's work, and whether it looks like the API's answer. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.errors import AwsError
from emulator.languages.asl.resources import Resource, resource
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions.integrations.catalogue import botocore_name
from emulator.services.stepfunctions.integrations.naming import sdk_member
from emulator.wire import models
from emulator.wire.models import Shape

MOCKABLE = ("Task", "Map", "Parallel")
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
        named = resource(state["Resource"])
        shape = _answer_shape(named) if named.kind == "Task" else None
        if shape is not None and isinstance(value, dict):
            shown = sdk_member if named.service.startswith("aws-sdk:") else _capital
            _Check(mode == "STRICT", shown).members(shape, _as_text(named, value))
    return value


def _answer_shape(named: Resource) -> Shape | None:
    """The answer of the API that a resource calls; `.sync` forms are answered by what they poll."""
    action, _, form = named.action.partition(".")
    if form == "waitForTaskToken":
        return None
    if form:
        action = "describeExecution" if named.service == "states" else ""
    sdk_name = named.service.removeprefix("aws-sdk:")
    try:
        operations = models.service("stepfunctions" if sdk_name == "states" else botocore_name(sdk_name)).operations
    except models.UnknownServiceError:
        return None
    found = operations.get(_capital(action))
    return None if found is None else found.output


def _as_text(named: Resource, value: dict[str, Any]) -> dict[str, Any]:
    """A result as the API itself has it: `.sync:2` gives two texts as the JSON that they are."""
    if not named.action.endswith(".sync:2"):
        return value
    return {name: "" if name in ("Input", "Output") else member for name, member in value.items()}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class _Check:
    """`shown` gives the name that a workflow sees of an API's member; `strict` wants those that are required."""

    strict: bool
    shown: Callable[[str], str]

    def members(self, shape: Shape, value: dict[str, Any]) -> None:
        for name, member in shape.members.items():
            shown = self.shown(name)
            if shown in value:
                self.member(member, shown, value[shown])
            elif self.strict and name in shape.required:
                raise _problem(f"Required field '{shown}' is missing")

    def member(self, shape: Shape, name: str, value: Any) -> None:
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
                self.member(shape.member, name, member)
        elif kind in ("structure", "map"):
            _require(isinstance(value, dict), name, "an object")
            if kind == "structure":
                self.members(shape, value)


def _require(holds: bool, name: str, expected: str) -> None:
    if not holds:
        raise _problem(f"Field '{name}' must be {expected}")


def _problem(text: str) -> AwsError:
    return invalid(f"Mock result schema validation error: {text}")
