"""State machines: created, changed, described, listed, deleted; definitions checked."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit import bus
from emulator.kit.context import Context
from emulator.languages.asl import document
from emulator.services.stepfunctions.integrations.catalogue import task_check
from emulator.services.stepfunctions.model import (
    INITIAL,
    check_encryption,
    check_name,
    check_role,
    configurations,
    definition_hash,
    require_arn,
)
from emulator.services.stepfunctions.operations.lookup import (
    checked,
    invalid,
    machine_arn,
    require_active,
    require_machine,
    require_unlabelled,
)
from emulator.services.stepfunctions.operations.pages import page_start, page_token
from emulator.services.stepfunctions.operations.versions import published, version_arn
from emulator.services.stepfunctions.work import deleting
from emulator.services.stepfunctions.work.store import SQL, find_machine, keep_compiled, machine_changed
from emulator.storage import Row


def _put_definition(ctx: Context, definition: str, kind: str) -> str:
    """Check a definition and keep it; its hash. Raises InvalidDefinition."""
    try:
        machine = document.parse(definition, kind, task_check())
    except document.InvalidDefinition as error:
        raise AwsError("InvalidDefinition", error.aws_message) from None
    hash = definition_hash(definition, kind)
    keep_compiled(ctx, hash, machine)  # its first start need not compile it
    ctx.tx.execute(SQL.put_definition, hash=hash, kind=kind, body=definition)
    return hash


def create_state_machine(
    ctx: Context,
    *,
    name: str,
    definition: str,
    role_arn: str,
    type: str | None = None,
    logging_configuration: dict[str, Any] | None = None,
    tags: list[dict[str, str]] | None = None,
    tracing_configuration: dict[str, Any] | None = None,
    publish: bool | None = None,
    version_description: str | None = None,
    encryption_configuration: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Create a machine; the same one again is no mistake, and neither its role nor its tags change then."""
    check_name(name)
    check_role(role_arn)
    _check_configurations(logging_configuration, tracing_configuration, encryption_configuration)
    _check_description(publish, version_description)
    kind = type or "STANDARD"
    hash = _put_definition(ctx, definition, kind)
    given = {
        "logging": _text(logging_configuration),
        "tracing": _text(tracing_configuration),
        "encryption": _text(encryption_configuration),
    }
    if kind == "STANDARD":
        bus.prepare(ctx)  # its executions tell of their status
    known = find_machine(ctx, name)
    if known is not None:
        require_active(known, machine_arn(ctx, name))
        _require_same(ctx, known, hash, kind, given)
        return _created(ctx, name, known["created"], _first_version(ctx, known, publish, version_description))
    ctx.tx.execute(
        SQL.add_machine,
        account=ctx.account,
        region=ctx.region,
        name=name,
        kind=kind,
        definition=hash,
        role_arn=role_arn,
        revision=INITIAL,
        tags=json.dumps(checked(tags or [], machine_arn(ctx, name))),
        now=ctx.micros,
        **given,
    )
    return _created(ctx, name, ctx.micros, _published(ctx, name, publish, version_description))


def _require_same(ctx: Context, known: Row, hash: str, kind: str, given: dict[str, str | None]) -> None:
    """Raises StateMachineAlreadyExists for another machine than the one of this name (API reference)."""
    same = configurations(**{name: known[name] for name in given}) == configurations(**given)
    if not same or (known["definition"], known["kind"]) != (hash, kind):
        raise _already_exists(ctx, known["name"])


def _first_version(ctx: Context, known: Row, publish: bool | None, description: str | None) -> dict[str, Any]:
    """The version that a machine was published as when it was created; raises StateMachineAlreadyExists where it was
    not, or with another description (API reference)."""
    if not publish:
        return {}
    first = ctx.tx.one(SQL.find_version, machine=known["id"], number=1)
    if first is None or first["description"] != description:
        raise _already_exists(ctx, known["name"])
    return {"stateMachineVersionArn": version_arn(ctx, known, 1)}


def _already_exists(ctx: Context, name: str) -> AwsError:
    return AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{machine_arn(ctx, name)}'")


def _created(ctx: Context, name: str, created: int, version: dict[str, Any]) -> dict[str, Any]:
    return {"stateMachineArn": machine_arn(ctx, name), "creationDate": from_micros(created), **version}


def _check_description(publish: bool | None, description: str | None) -> None:
    if description is not None and not publish:
        raise invalid("Version description can only be set when publish is true")


def _published(ctx: Context, name: str, publish: bool | None, description: str | None) -> dict[str, Any]:
    """The ARN of the version that `publish` asks for."""
    if not publish:
        return {}
    return {"stateMachineVersionArn": published(ctx, name, description)["stateMachineVersionArn"]}


def _check_configurations(
    logging: dict[str, Any] | None, tracing: dict[str, Any] | None, encryption: dict[str, Any] | None
) -> None:
    """Raises InvalidLoggingConfiguration where a log is wanted, but not exactly one log group is named for it (API
    reference, LoggingConfiguration), InvalidTracingConfiguration where `enabled` is neither true nor false (API
    reference, CreateStateMachine: errors), and InvalidEncryptionConfiguration."""
    check_encryption(encryption)
    if tracing is not None and tracing.get("enabled") is None:
        message = "Invalid Tracing Configuration: enabled must be set to true or false."
        raise AwsError("InvalidTracingConfiguration", message)
    if logging is None or logging.get("level", "OFF") == "OFF":
        return
    problem = _problem_of_places(logging.get("destinations") or [])
    if problem is not None:
        raise AwsError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {problem}")


def _problem_of_places(destinations: list[dict[str, Any]]) -> str | None:
    """Why a log cannot be written there: the ARN of a group ends with `:*` (API reference, CloudWatchLogsLogGroup)."""
    if len(destinations) != 1:
        return "Must specify exactly one Log Destination."
    text = (destinations[0].get("cloudWatchLogsLogGroup") or {}).get("logGroupArn")
    if text is None:
        return "Must set valid CloudWatch Log Group ARN."
    arn = find_arn(text)
    if arn is None or arn.service != "logs" or arn.kind != "log-group":
        return "Provided ARN is not CloudWatch Logs Log Group ARN."
    return None if text.endswith(":*") else "Log Group ARN must be provided with '*' qualifier."


def update_state_machine(
    ctx: Context,
    *,
    state_machine_arn: str,
    definition: str | None = None,
    role_arn: str | None = None,
    logging_configuration: dict[str, Any] | None = None,
    tracing_configuration: dict[str, Any] | None = None,
    publish: bool | None = None,
    version_description: str | None = None,
    encryption_configuration: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Change what is given, which makes a new revision. Errors: InvalidArn, InvalidDefinition,
    InvalidLoggingConfiguration, InvalidTracingConfiguration, InvalidEncryptionConfiguration, MissingRequiredParameter,
    StateMachineDeleting, StateMachineDoesNotExist, ValidationException."""
    row = require_active(require_machine(ctx, state_machine_arn), state_machine_arn)
    check_role(role_arn)
    _check_configurations(logging_configuration, tracing_configuration, encryption_configuration)
    _check_description(publish, version_description)
    changes = (definition, role_arn, logging_configuration, tracing_configuration, encryption_configuration)
    if all(change is None for change in changes):
        raise AwsError(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration, or the "
            "EncryptionConfiguration must be specified",
        )
    hash = row["definition"] if definition is None else _put_definition(ctx, definition, row["kind"])
    revision = ids.new_uuid()
    ctx.tx.execute(
        SQL.change_machine,
        account=ctx.account,
        region=ctx.region,
        name=row["name"],
        definition=hash,
        role_arn=role_arn or row["role_arn"],
        revision=revision,
        logging=_text(logging_configuration) or row["logging"],
        tracing=_text(tracing_configuration) or row["tracing"],
        encryption=_text(encryption_configuration) or row["encryption"],
        now=ctx.micros,
    )
    machine_changed(ctx, row["name"])
    answer = {"updateDate": ctx.now, "revisionId": revision}
    return answer | _published(ctx, row["name"], publish, version_description)


def list_state_machines(
    ctx: Context, *, max_results: int | None = None, next_token: str | None = None
) -> dict[str, Any]:
    most = max_results or 100
    after = page_start(ctx, next_token, "ListStateMachines")
    rows = ctx.tx.all(SQL.machines, account=ctx.account, region=ctx.region, after=after, most=most + 1)
    shown = [
        {
            "stateMachineArn": machine_arn(ctx, row["name"]),
            "name": row["name"],
            "type": row["kind"],
            "creationDate": from_micros(row["created"]),
        }
        for row in rows[:most]
    ]
    answer: dict[str, Any] = {"stateMachines": shown}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["id"], "ListStateMachines")
    return answer


def delete_state_machine(ctx: Context, *, state_machine_arn: str) -> dict[str, Any]:
    """Delete a machine with its versions and aliases, while it has executions with the last of them; one that is not
    there is no mistake."""
    parts = require_unlabelled(require_arn(state_machine_arn, "stateMachine"))
    row = find_machine(ctx, parts.name)
    if row is not None and (parts.account, parts.region) == (ctx.account, ctx.region):
        deleting.delete(ctx, row)
    return {}


def validate_state_machine_definition(
    ctx: Context,
    *,
    definition: str,
    type: str | None = None,
    severity: str | None = None,
    max_results: int | None = None,
) -> dict[str, Any]:
    problems = document.check(definition, type or "STANDARD", task_check())
    wanted = [p for p in problems if severity == "WARNING" or p.severity == "ERROR"]
    shown = [
        {"severity": p.severity, "code": p.code, "message": p.message, "location": p.location}
        for p in wanted[: max_results or 100]
    ]
    failed = any(p.severity == "ERROR" for p in problems)
    return {
        "result": "FAIL" if failed else "OK",
        "diagnostics": shown,
        "truncated": len(shown) < len(wanted),
    }


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value)
