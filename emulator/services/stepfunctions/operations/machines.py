"""State machines: created, changed, described, listed, deleted; definitions checked."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from emulator import ids
from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.languages.asl import document
from emulator.services.stepfunctions.model import check_name, require_arn
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def find_machine(ctx: Context, name: str) -> Row | None:
    """The row of a machine; remembered where this process is the only writer, until it changes."""
    known, key = _known(ctx), (ctx.account, ctx.region, name)
    row = known.get(key) if ctx.tx.exclusive else None
    if row is None:
        row = ctx.tx.one(SQL.find_machine, account=ctx.account, region=ctx.region, name=name)
        if row is not None and ctx.tx.exclusive:
            known[key] = row
            ctx.tx.after_rollback(lambda: known.pop(key, None))
    return row


def _known(ctx: Context) -> dict[tuple[str, str, str], Row]:
    rows: dict[tuple[str, str, str], Row] = ctx.memory("stepfunctions").setdefault("rows", {})
    return rows


def machine_changed(ctx: Context, name: str) -> None:
    """The row of a machine is not what it was."""
    _known(ctx).pop((ctx.account, ctx.region, name), None)


def require_machine(ctx: Context, arn: str) -> Row:
    """The row of a machine of this account; raises InvalidArn or StateMachineDoesNotExist."""
    parts = require_arn(arn, "stateMachine")
    row = None
    if (parts.account, parts.region) == (ctx.account, ctx.region):
        row = find_machine(ctx, parts.name)
    if row is None:
        raise AwsError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")
    return row


def type_not_supported() -> AwsError:
    """What AWS answers to an operation that the machine's type does not have."""
    return AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def machine_arn(ctx: Context, name: str) -> str:
    return ctx.arn("states", f"stateMachine:{name}")


def _put_definition(ctx: Context, definition: str, kind: str) -> str:
    """Check a definition and keep it; its hash. Raises InvalidDefinition."""
    try:
        document.parse(definition, kind)
    except document.InvalidDefinition as error:
        raise AwsError("InvalidDefinition", error.aws_message) from None
    hash = hashlib.sha256(f"{kind}\n{definition}".encode(errors="surrogatepass")).hexdigest()
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
    encryption_configuration: dict[str, Any] | None = None,
) -> dict[str, Any]:
    check_name(name)
    _check_logging(logging_configuration)
    if publish:
        raise not_implemented("stepfunctions", "CreateStateMachine", "with publish")
    kind = type or "STANDARD"
    hash = _put_definition(ctx, definition, kind)
    arn = machine_arn(ctx, name)
    existing = find_machine(ctx, name)
    if existing is not None:
        if (existing["definition"], existing["role_arn"], existing["kind"]) == (hash, role_arn, kind):
            return {"stateMachineArn": arn, "creationDate": from_micros(existing["created"])}
        raise AwsError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
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
        tags=json.dumps(tags or []),
        now=ctx.micros,
    )
    return {"stateMachineArn": arn, "creationDate": ctx.now}


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
    encryption_configuration: dict[str, Any] | None = None,
) -> dict[str, Any]:
    row = require_machine(ctx, state_machine_arn)
    if publish:
        raise not_implemented("stepfunctions", "UpdateStateMachine", "with publish")
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
    return {"updateDate": ctx.now, "revisionId": revision}


def describe_state_machine(ctx: Context, *, state_machine_arn: str) -> dict[str, Any]:
    row = require_machine(ctx, state_machine_arn)
    return {
        "stateMachineArn": machine_arn(ctx, row["name"]),
        "name": row["name"],
        "status": "ACTIVE",
        "type": row["kind"],
        "creationDate": from_micros(row["created"]),
        "revisionId": row["revision"],
        **_shown(ctx, row, row["definition"]),
    }


def _shown(ctx: Context, row: Row, hash: str) -> dict[str, Any]:
    """What a machine and an execution's machine show alike."""
    definition = ctx.tx.one(SQL.definition, hash=hash)
    assert definition is not None
    return {
        "definition": definition["body"],
        "roleArn": row["role_arn"],
        "loggingConfiguration": _value(row["logging"]) or {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": _value(row["tracing"]) or {"enabled": False},
        "encryptionConfiguration": _value(row["encryption"]) or {"type": "AWS_OWNED_KEY"},
    }


def describe_state_machine_for_execution(ctx: Context, *, execution_arn: str) -> dict[str, Any]:
    execution = ctx.tx.one(SQL.find_execution, arn=execution_arn)
    row = None if execution is None else find_machine(ctx, execution["machine"])
    if execution is None or row is None or (execution["account"], execution["region"]) != (ctx.account, ctx.region):
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{execution_arn}'")
    return {
        "stateMachineArn": execution["machine_arn"],
        "name": row["name"],
        "updateDate": from_micros(row["changed"]),
        "revisionId": execution["revision"],
        **_shown(ctx, row, execution["definition"]),
        "roleArn": execution["role_arn"],
    }


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


def page_start(token: str | None, default: int = 0) -> int:
    """The number that a token of ours holds; raises InvalidToken."""
    if token is None:
        return default
    if not token.isdigit():
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
    return int(token)


def delete_state_machine(ctx: Context, *, state_machine_arn: str) -> dict[str, Any]:
    parts = require_arn(state_machine_arn, "stateMachine")
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


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
