"""Mocks of TestState: what may stand for a state's work, and whether it looks like the API's answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from emulator.errors import AwsError
from emulator.languages.asl.resources import Resource, resource
from emulator.languages.asl.texts import load
from emulator.services.stepfunctions.integrations.catalogue import botocore_name
from emulator.services.stepfunctions.integrations.naming import capital, sdk_member
from emulator.services.stepfunctions.operations.lookup import invalid
from emulator.wire import models
from emulator.wire.models import Shape

MOCKABLE = ("Task", "Map", "Parallel")  # types of states
_NUMBERS = ("integer", "long", "float", "double")


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
            shown = sdk_member if named.service.startswith("aws-sdk:") else capital
            _Check(mode == "STRICT", shown).members(shape, value)
    return value


def _answer_shape(named: Resource) -> Shape | None:
    """The answer of the API that a resource calls; `.sync` forms are answered by what they poll, whose texts stay texts
    (Step Functions Developer Guide, "Testing Activity, .sync, and .waitForTaskToken states"; boto3 issue 4683)."""
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
    found = operations.get(capital(action))
    return None if found is None else found.output


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
            _require(isinstance(value, str), name, "a string")
        elif kind == "list":
            _require(isinstance(value, list), name, "an array")
            for member in value:
                self.member(shape.member, name, member)
        elif kind in ("structure", "map"):
            _require(isinstance(value, dict), name, "an object")
            if kind == "structure":
                self.members(shape, value)
        if kind in ("string", "list", "map"):
            _require_length(shape.traits, name, len(value))


def _require(holds: bool, name: str, expected: str) -> None:
    if not holds:
        raise _problem(f"Field '{name}' must be {expected}")


def _require_length(traits: Mapping[str, Any], name: str, length: int) -> None:
    """Raises ValidationException for a size that the API's model excludes (Step Functions Developer Guide, "Mock
    validation modes")."""
    if length > traits.get("max", length):
        raise _problem(f"Field '{name}' must have length less than or equal to {traits['max']}")
    if length < traits.get("min", length):
        raise _problem(f"Field '{name}' must have length greater than or equal to {traits['min']}")


def _problem(text: str) -> AwsError:
    return invalid(f"Mock result schema validation error: {text}")
