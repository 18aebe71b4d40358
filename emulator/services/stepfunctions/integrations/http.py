"""HTTPS APIs: `http:invoke`, called with a connection of EventBridge; this machine's alone."""

from __future__ import annotations

from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit import connections
from emulator.kit.connections import Connection
from emulator.kit.context import Context
from emulator.kit.delivery.local import is_local
from emulator.kit.effects import HttpAnswer, HttpRequest
from emulator.languages.asl.answers import TaskFailed, TaskSucceeded
from emulator.languages.asl.failures import RUNTIME
from emulator.services.stepfunctions.integrations import http_requests
from emulator.services.stepfunctions.integrations.task import Failed, Task, unusable

SERVICE = "http"
ACTIONS = frozenset({"invoke"})
CALL = "stepfunctions.call"
SOCKET = "States.Http.Socket"
_CONNECTION = "Events.ConnectionResource."
_REFUSED = (401, 407)  # EventBridge User Guide, "Connections": an OAuth token is asked for anew


def call(ctx: Context, task: Task) -> None:
    """Have the API called, as work of the kind CALL. Raises AwsError States.Runtime for what cannot be sent."""
    given = task.members()
    problems = http_requests.problems(given)
    if problems:
        raise unusable(given, problems)
    if not is_local(given["ApiEndpoint"]):
        raise AwsError(
            RUNTIME,
            f"Stepwell calls endpoints on this machine only, and {given['ApiEndpoint']} is not: give this state an "
            "ApiEndpoint on localhost, or a mocked response.",
        )
    ctx.add_work(CALL, task.payload(parameters=given))


def prepare(ctx: Context, task: dict[str, Any]) -> HttpRequest | Failed:
    """The request of a task, with what its connection adds now."""
    found = _connection(ctx, task)
    return found if isinstance(found, Failed) else http_requests.request(task["parameters"], found, ctx.region)


def _connection(ctx: Context, task: dict[str, Any]) -> Connection | Failed:
    """The connection of a task, ready for use (see "Connection errors" in the guide)."""
    text = http_requests.find_connection_arn(task["parameters"]) or ""
    arn = find_arn(text)
    if arn is not None and arn.account != task["account"]:
        return Failed(f"{_CONNECTION}AccessDenied", f"The connection {text} belongs to another account.")
    try:
        there = ctx.elsewhere(task["account"], ctx.region if arn is None else arn.region)
        found = connections.require_connection(there, text)
    except AwsError as error:
        return Failed(f"{_CONNECTION}ResourceNotFound", error.message)
    if found.state == "AUTHORIZING":
        return Failed(f"{_CONNECTION}AuthInProgress", f"The connection {text} is not authorized yet.")
    if found.state != "AUTHORIZED":
        return Failed(f"{_CONNECTION}InvalidConnectionState", f"The connection {text} is {found.state}.")
    return found


def answered(ctx: Context, task: dict[str, Any], outcome: Any) -> TaskSucceeded | TaskFailed:
    """The event that an answer means, or the lack of one; a refused token of the connection is renewed."""
    if not isinstance(outcome, HttpAnswer):
        return failed(task, Failed(SOCKET, f"The endpoint did not answer: {outcome}"))
    arn = find_arn(http_requests.find_connection_arn(task["parameters"]) or "")
    if outcome.status in _REFUSED and arn is not None:
        connections.renew(ctx.elsewhere(task["account"], arn.region), str(arn))
    result = http_requests.result(outcome)
    return failed(task, result) if isinstance(result, Failed) else TaskSucceeded(task["id"], task["attempt"], result)


def failed(task: dict[str, Any], how: Failed) -> TaskFailed:
    """The event of a task that failed."""
    return TaskFailed(task["id"], task["attempt"], how.error, how.cause)


def seen(ctx: Context, task: dict[str, Any], outcome: Any) -> dict[str, Any]:
    """What TestState shows of a call: `request` without what the connection added, `revealed` with it, `response`.

    Source: API reference, InspectionDataRequest; the guide's example 3 of TestState.
    """
    found = _connection(ctx, task)
    shown = {"request": _shown(ctx, task, http_requests.NOTHING)}
    if isinstance(found, Connection):
        shown["revealed"] = _shown(ctx, task, found)
    if isinstance(outcome, HttpAnswer):
        shown["response"] = {
            "protocol": shown["request"]["protocol"],
            "statusCode": str(outcome.status),
            "statusMessage": outcome.reason,
            "headers": _list(outcome.headers),
            "body": outcome.body.decode(errors="replace"),
        }
    return shown


def _shown(ctx: Context, task: dict[str, Any], added: Connection) -> dict[str, Any]:
    given = task["parameters"]
    made = http_requests.request(given, added, ctx.region)
    if isinstance(made, Failed):
        return {}
    return {
        "protocol": made.url.partition(":")[0],
        "method": made.method,
        "url": made.url,
        "headers": _list(http_requests.headers(given, added, ctx.region).items()),
        **({"body": made.body.decode(errors="replace")} if made.body else {}),
    }


def _list(headers: Any) -> str:
    return f"[{', '.join(f'{name}: {value}' for name, value in headers)}]"
