"""State machines: created, changed, described, listed, deleted; definitions checked."""

from __future__ import annotations

import json
from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl import document
from emulator.services.stepfunctions.model import check_name, definition_hash, require_arn
from emulator.services.stepfunctions.operations.lookup import (
    checked,
    find_machine,
    machine_arn,
    machine_changed,
    page_start,
    require_machine,
)
from emulator.services.stepfunctions.operations.versions import published
from emulator.services.stepfunctions.work.store import SQL


def _put_definition(ctx: Context, definition: str, kind: str) -> str:
    """Check a definition and keep it; its hash. Raises InvalidDefinition."""
    try:
        document.parse(definition, kind)
    except document.InvalidDefinition as error:
        raise AwsError("InvalidDefinition", error.aws_message) from None
    hash = definition_hash(definition, kind)
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
    check_name(name)
    _check_logging(logging_configuration)
    _check_description(publish, version_description)
    kind = type or "STANDARD"
    hash = _put_definition(ctx, definition, kind)
    arn = machine_arn(ctx, name)
    known = find_machine(ctx, name)
    if known is not None:
        if (known["definition"], known["role_arn"], known["kind"]) != (hash, role_arn, kind):
            raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
        return _created(ctx, name, known["created"], publish, version_description)
    ctx.tx.execute(
        SQL.add_machine,
        account=ctx.account,
        region=ctx.region,
        name=name,
        kind=kind,
        definition=hash,
        role_arn=role_arn,
        revision=ids.new_uuid(),
        logging=_text(logging_configuration),
        tracing=_text(tracing_configuration),
        encryption=_text(encryption_configuration),
        tags=json.dumps(checked(tags or [])),
        now=ctx.micros,
    )
    return _created(ctx, name, ctx.micros, publish, version_description)


def _created(ctx: Context, name: str, created: int, publish: bool | None, description: str | None) -> dict[str, Any]:
    answer = {"stateMachineArn": machine_arn(ctx, name), "creationDate": from_micros(created)}
    return answer | _published(ctx, name, publish, description)


def _check_description(publish: bool | None, description: str | None) -> None:
    if description is not None and not publish:
        raise AwsError("ValidationException", "Version description can only be set when publish is true")


def _published(ctx: Context, name: str, publish: bool | None, description: str | None) -> dict[str, Any]:
    """The ARN of the version that `publish` asks for."""
    if not publish:
        return {}
    return {"stateMachineVersionArn": published(ctx, name, description)["stateMachineVersionArn"]}


def _check_logging(configuration: dict[str, Any] | None) -> None:
    """Raises InvalidLoggingConfiguration where a log is wanted, but not exactly one place for it is named."""
    if configuration is None or configuration.get("level", "OFF") == "OFF":
        return
    if len(configuration.get("destinations") or ()) != 1:
        raise AwsError(
            "InvalidLoggingConfiguration",
            "Invalid Logging Configuration: Must specify exactly one Log Destination.",
        )


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
    row = require_machine(ctx, state_machine_arn)
    _check_logging(logging_configuration)
    _check_description(publish, version_description)
    if definition is None and role_arn is None and logging_configuration is None and tracing_configuration is None:
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
    rows = ctx.tx.all(SQL.machines, account=ctx.account, region=ctx.region, after=page_start(next_token), most=most + 1)
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
        answer["nextToken"] = str(rows[most - 1]["id"])
    return answer


def delete_state_machine(ctx: Context, *, state_machine_arn: str) -> dict[str, Any]:
    """Delete a machine with its versions and aliases; one that is not there is no mistake."""
    parts = require_arn(state_machine_arn, "stateMachine")
    row = find_machine(ctx, parts.name)
    if row is None or (parts.account, parts.region) != (ctx.account, ctx.region):
        return {}
    ctx.tx.execute(SQL.remove_versions, machine=row["id"])
    ctx.tx.execute(SQL.remove_aliases, machine=row["id"])
    ctx.tx.execute(SQL.remove_machine, account=ctx.account, region=ctx.region, name=parts.name)
    machine_changed(ctx, parts.name)
    return {}


def validate_state_machine_definition(
    ctx: Context,
    *,
    definition: str,
    type: str | None = None,
    severity: str | None = None,
    max_results: int | None = None,
) -> dict[str, Any]:
    problems = document.check(definition, type or "STANDARD")
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
