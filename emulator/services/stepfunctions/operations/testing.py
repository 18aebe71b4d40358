"""TestState: one state run by itself."""

# ruff: noqa: PT028 (the operation is called so; it is no test of ours)

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from emulator import ids
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.kit.results import Result, Wait
from emulator.languages.asl import document
from emulator.languages.asl.answers import TaskFailed, TaskSucceeded
from emulator.languages.asl.checks import targets
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.failures import TIMEOUT
from emulator.languages.asl.field_checks import check_value
from emulator.languages.asl.problems import Report
from emulator.languages.asl.scopes import all_states
from emulator.languages.asl.single import Answer, Configuration, ImpossibleError, Mock, Single, Tested
from emulator.languages.asl.state_checks import TYPES
from emulator.languages.asl.texts import load
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions import integrations, limits
from emulator.services.stepfunctions.integrations.catalogue import task_check
from emulator.services.stepfunctions.model import Execution, check_input, check_role
from emulator.services.stepfunctions.operations.given_items import given_items
from emulator.services.stepfunctions.operations.lookup import invalid
from emulator.services.stepfunctions.operations.mocks import MOCKABLE, require_result
from emulator.services.stepfunctions.work import trials


class _UnansweredError(Exception):
    """The answer to the Task under test comes later."""


NAME = "StateName"  # of a state that is tested without its machine
_UNAIDED = (".sync", ".sync:2", ".waitForTaskToken")


def test_state(
    ctx: Context,
    *,
    definition: str,
    role_arn: str | None = None,
    input: str | None = None,
    inspection_level: str | None = None,
    reveal_secrets: bool | None = None,
    variables: str | None = None,
    state_name: str | None = None,
    mock: dict[str, Any] | None = None,
    context: str | None = None,
    state_configuration: dict[str, Any] | None = None,
) -> Result:
    """Run one state with an input; a Task really calls its service where nothing mocks it, and waits for the answer.

    A Wait state is not waited for. Errors: InvalidArn, InvalidDefinition, InvalidExecutionInput, ValidationException;
    501 for a long poll without a mock.
    """
    text = "{}" if input is None else input
    check_input(text)
    check_role(role_arn)
    machine, name, state = _parsed(definition, state_name)
    given = _mock(mock, state, reveal=bool(reveal_secrets))
    if given is None:
        _require_unaided(state, role_arn)
        if context is not None:  # API reference, TestState: context
            raise invalid("A context can only be specified with a mock.")
    elif given.error is not None and state["Type"] in ("Map", "Parallel"):
        _require_cause(state, (state_configuration or {}).get("errorCausedByState"))
    execution = _execution(ctx, role_arn or "", text)
    make = partial(
        Single,
        machine,
        name,
        text,
        _context_object(ctx, execution),
        ctx.now,
        execution.seed,
        whole=None if context is None else _object(context, "context"),
        variables=None if variables is None else _object(variables, "variables"),
    )
    configuration, level = _configuration(ctx, state_configuration), inspection_level or "INFO"
    try:
        return _shown(make().test(given, configuration, lambda task: _perform(ctx, execution, task)), level)
    except ImpossibleError as error:
        raise invalid(str(error)) from None
    except _UnansweredError:
        trials.expect(ctx, execution.id)

    def finish(answer: Answer, seen: dict[str, Any]) -> dict[str, Any]:
        tested = make().test(None, configuration, lambda _: answer)
        if level == "TRACE":
            tested.inspection |= _exchange(seen, reveal=bool(reveal_secrets))
        return _shown(tested, level)

    return _wait(execution.id, finish)


def _exchange(seen: dict[str, Any], *, reveal: bool) -> dict[str, Any]:
    """The request and response of an HTTP task, with its connection's secrets or without."""
    request = seen.get("revealed" if reveal else "request")
    return {name: part for name, part in (("request", request), ("response", seen.get("response"))) if part}


def _parsed(definition: str, state_name: str | None) -> tuple[document.Machine, str, dict[str, Any]]:
    """The machine, the name of the state in it, and the JSON of the state.

    Raises InvalidDefinition, for a state alone too where a name is given (API reference, TestState: stateName).
    """
    try:
        value = load(definition)
    except ValueError:
        value = None
    if isinstance(value, dict) and "States" not in value and state_name is None:
        ends = _ends(value)
        state_name = NAME if NAME not in ends else f"{NAME}2"
        value = {"StartAt": state_name, "States": {state_name: value, **ends}}
        definition = json.dumps(value)
    if isinstance(value, dict):
        _check_types(value)
    try:
        machine = document.parse(definition, check_task=task_check())
    except document.InvalidDefinition as error:
        raise AwsError("InvalidDefinition", error.aws_message) from None
    name = machine.scopes[0].start_at if state_name is None else state_name
    state = _find_state(value, name)
    if state is None:
        raise invalid(f"State '{name}' does not exist in the definition.")
    return machine, name, state


def _ends(state: dict[str, Any]) -> dict[str, Any]:
    """States to go to for a state that is tested without its machine."""
    return {target: {"Type": "Succeed"} for target, _ in targets(state, "")}


def _check_types(value: dict[str, Any]) -> None:
    """Raises InvalidDefinition for the first state of no type that there is: nothing else is told of it."""
    states = value.get("States")
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            report = Report()
            check_value({"Type": state.get("Type")}, "Type", TYPES, f"/States/{name}", report)
            if report.problems:
                raise AwsError("InvalidDefinition", document.InvalidDefinition(report.problems).aws_message)


def _find_state(scope: Any, name: str) -> dict[str, Any] | None:
    """The definition of a state, wherever it is nested."""
    return next((state for known, state, _ in all_states(scope) if known == name), None)


def _mock(given: dict[str, Any] | None, state: dict[str, Any], *, reveal: bool) -> Mock | None:
    if given is None:
        return None
    if reveal:
        raise invalid("TestState does not support RevealSecrets when a mock is specified.")
    if state["Type"] not in MOCKABLE:
        raise invalid(f"State type '{state['Type']}' is not supported when a mock is specified")
    if ("result" in given) == ("errorOutput" in given):
        raise invalid("A mock must specify exactly one of result and errorOutput.")
    if "errorOutput" in given and "error" not in given["errorOutput"]:
        raise invalid("A mocked errorOutput must have an error.")
    if "errorOutput" in given:
        return Mock(error=(given["errorOutput"].get("error"), given["errorOutput"].get("cause")))
    return Mock(require_result(given["result"], state, given.get("fieldValidationMode", "STRICT")))


def _require_unaided(state: dict[str, Any], role_arn: str | None) -> None:
    """Raises ValidationException for a state that is tested with a mock only (API reference, TestState)."""
    if state["Type"] in ("Map", "Parallel"):
        raise invalid(f"State type '{state['Type']}' is not supported when a mock is not specified")
    arn = str(state.get("Resource", ""))
    if arn.endswith(_UNAIDED) or ":activity:" in arn:
        raise invalid(f"Resource '{arn}' is not supported when a mock is not specified")
    if state["Type"] == "Task" and not role_arn:
        raise invalid("RoleArn must be specified when testing a Task state")


def _require_cause(state: dict[str, Any], name: str | None) -> None:
    """Raises ValidationException where nobody says which inner state a mocked error of a Map or a Parallel is from
    (Step Functions Developer Guide, "Specifying error source with errorCausedByState")."""
    if name is None:
        raise invalid("errorCausedByState must be specified when an error is mocked for a Map or Parallel state.")
    if _find_state({"States": {"": state}}, name) is None:
        raise invalid(f"State '{name}' does not exist in the definition.")


def _configuration(ctx: Context, given: dict[str, Any] | None) -> Configuration:
    given = given or {}
    data = given.get("mapItemReaderData")
    return Configuration(
        retried=given.get("retrierRetryCount", 0),
        failed_iterations=given.get("mapIterationFailureCount", 0),
        read=None if data is None else partial(given_items, ctx, data),
    )


def _object(text: str, member: str) -> dict[str, Any]:
    """The JSON object of a member; raises ValidationException for any other value."""
    value = _json(text, member)
    if not isinstance(value, dict):
        raise invalid(f"Invalid {member}: a JSON object is required")
    return value


def _json(text: str, name: str) -> Any:
    try:
        return load(text)
    except ValueError:
        raise invalid(f"The {name} must be valid JSON") from None


def _execution(ctx: Context, role_arn: str, input: str) -> Execution:
    """An execution that is none: it has no row."""
    machine, name = ids.new_uuid(), ids.new_uuid()
    return Execution(
        id=trials.new_number(),
        account=ctx.account,
        region=ctx.region,
        machine=machine,
        machine_arn=ctx.arn("states", f"stateMachine:{machine}"),
        name=name,
        arn=ctx.arn("states", f"express:{machine}:{name}"),
        kind="EXPRESS",
        definition="",
        role_arn=role_arn,
        started=ctx.micros // 1000 * 1000,
        input=input,
        seed=ids.new_seed(),
        reply=None,
        sync=False,
    )


def _context_object(ctx: Context, execution: Execution) -> dict[str, Any]:
    return {
        "Execution": {
            "Id": execution.arn,
            "Input": load(execution.input),
            "Name": execution.name,
            "RoleArn": execution.role_arn,
            "StartTime": stamp(ctx.now),
        },
        "StateMachine": {"Id": execution.machine_arn, "Name": execution.machine},
    }


def _perform(ctx: Context, execution: Execution, task: RunTask) -> Answer:
    """Call the service of a Task for real; raises _UnansweredError where its answer takes time."""
    for event in integrations.run(ctx, execution, task):
        if isinstance(event, (TaskSucceeded, TaskFailed)):
            return event
    if ":aws-sdk:sqs:" in task.resource:
        raise not_implemented("stepfunctions", "TestState", f"without a mock for {task.resource}")
    raise _UnansweredError


def _wait(number: int, finish: Callable[[Answer, dict[str, Any]], dict[str, Any]]) -> Wait:
    """Wait for the answer to a Task, for the five minutes that TestState may take at most (API reference)."""

    def again(ctx: Context) -> Result:
        found = trials.find(ctx, number)
        if found is None and not ctx.expired:
            return waiting
        trials.forget(ctx, number)
        event, seen = found or (None, {})
        late = TaskFailed("", 0, TIMEOUT, None)
        return finish(event if isinstance(event, (TaskSucceeded, TaskFailed)) else late, seen)

    waiting = Wait((trials.answered_key(number),), limits.TEST_SECONDS_MAX, again=again)
    return waiting


def _shown(tested: Tested, level: str) -> dict[str, Any]:
    members = {
        "output": tested.output,
        "error": tested.error,
        "cause": tested.cause,
        "nextState": tested.next_state,
        "inspectionData": None if level == "INFO" else tested.inspection,
        "status": tested.status,
    }
    return {name: value for name, value in members.items() if value is not None}
