"""One attempt of a task as its integration sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Reply
from emulator.languages.asl.effects import RunTask
from emulator.languages.asl.failures import RUNTIME
from emulator.languages.asl.texts import dump
from emulator.services.stepfunctions.model import Execution, find_role

ANSWER = "stepfunctions.answer"


@dataclass(frozen=True, slots=True)
class Failed:
    """A task that failed, as a workflow sees it."""

    error: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """`service` and `action` are those of the resource ARN (`lambda`, `invoke`), `form` is `sync`, `sync:2`,
    `waitForTaskToken` or empty. `account` is whose resources it uses: another one's with Credentials."""

    id: str
    attempt: int
    resource: str
    service: str
    action: str
    form: str
    parameters: Any
    token_wait: bool
    account: str
    execution: Execution

    @staticmethod
    def of(execution: Execution, effect: RunTask) -> Task:
        """The task of a RunTask effect. Raises AwsError States.Runtime for Credentials that name no role."""
        service, action, form = _parts(effect.resource)
        return Task(
            effect.task_id,
            effect.attempt,
            effect.resource,
            service,
            action,
            form,
            effect.parameters,
            effect.token_wait,
            _account(execution, effect.credentials),
            execution,
        )

    def payload(self, **more: Any) -> dict[str, Any]:
        """The payload of work that brings an answer back to this attempt."""
        task = {
            "id": self.id,
            "attempt": self.attempt,
            "service": self.service,
            "action": self.action,
            "form": self.form,
            "resource": self.resource,
            "token_wait": self.token_wait,
            "account": self.account,
            **more,
        }
        return {"execution": self.execution.id, "task": task}

    def reply(self, ctx: Context, **more: Any) -> Reply:
        """Where an answer that takes time is sent."""
        return ctx.reply_here(ANSWER, self.payload(**more))

    def members(self) -> dict[str, Any]:
        """The parameters of an API call; raises States.Runtime's cause for what is no JSON object."""
        if not isinstance(self.parameters, dict):
            raise AwsError(RUNTIME, f"The parameters of {self.resource} must be a JSON object.")
        return dict(self.parameters)


CAN_BE_MOCKED = "A mock configuration can answer for it (workflows/mocks.json, or SFN_MOCK_CONFIG)."


def _account(execution: Execution, credentials: Any) -> str:
    """The account of the role that a state assumes (Step Functions Developer Guide, "Accessing cross-account").

    Raises AwsError States.Runtime: a mistake of the definition, not of a service.
    """
    if credentials is None:
        return execution.account
    role = credentials.get("RoleArn") if isinstance(credentials, dict) else None
    arn = find_role(role) if isinstance(role, str) else None
    if arn is None:
        raise AwsError(RUNTIME, f"The RoleArn of the Credentials is not the ARN of a role: {dump(role)}")
    return arn.account


def _parts(resource: str) -> tuple[str, str, str]:
    """Service, action and form of a resource ARN; a function's own ARN has no action."""
    parts = resource.split(":", 5)
    if len(parts) < 6 or parts[2] != "states":
        return (parts[2] if len(parts) > 2 else "", "", "")
    rest = parts[5]
    service, _, action = rest.partition(":")
    if service == "aws-sdk":
        name, _, action = action.partition(":")
        service = f"aws-sdk:{name}"
    if service == "activity":
        return "activity", "", ""
    action, _, form = action.partition(".")
    return service, action, form


def require_only(task: Task, accepted: frozenset[str]) -> dict[str, Any]:
    """The parameters, all of them among `accepted`; AWS refuses the others before it calls the service."""
    members = task.members()
    unknown = [not_supported(name) for name in members if name not in accepted]
    if unknown:
        raise unusable(members, unknown)
    return members


def not_supported(name: str) -> str:
    """What AWS says of a field that an API does not have."""
    return f'The field "{name}" is not supported by Step Functions'


def missing(name: str) -> str:
    """What AWS says of a field that an API wants and that is not there."""
    return f'The field "{name}" is required but was missing'


def unusable(parameters: Any, problems: list[str]) -> AwsError:
    """AWS's words for parameters that no request can be made of."""
    return AwsError(
        RUNTIME, f"The Parameters '{dump(parameters)}' could not be used to start the Task: [{', '.join(problems)}]"
    )
