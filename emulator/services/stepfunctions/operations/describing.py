"""Machines described: as they are now, as a version, as an execution runs them."""

from __future__ import annotations

import json
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions.operations.lookup import find_machine
from emulator.services.stepfunctions.operations.targets import require_target
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Row


def describe_state_machine(ctx: Context, *, state_machine_arn: str, included_data: str | None = None) -> dict[str, Any]:
    """A machine, or a version of it; with METADATA_ONLY its definition is left empty."""
    target = require_target(ctx, state_machine_arn)
    row, version = target.row, target.version
    answer = {
        "stateMachineArn": target.arn if version is None else target.version_arn,
        "name": row["name"],
        "status": "ACTIVE",
        "type": row["kind"],
        "creationDate": from_micros((version or row)["created"]),
        "revisionId": target.revision,
        **_shown(ctx, row, target.definition, included_data),
        "roleArn": target.role_arn,
    }
    if version is not None and version["description"] is not None:
        answer["description"] = version["description"]
    return answer


def _shown(ctx: Context, row: Row, hash: str, included: str | None) -> dict[str, Any]:
    """What a machine and an execution's machine show alike."""
    definition = ctx.tx.one(SQL.definition, hash=hash)
    assert definition is not None
    return {
        "definition": "" if included == "METADATA_ONLY" else definition["body"],
        "loggingConfiguration": _value(row["logging"]) or {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": _value(row["tracing"]) or {"enabled": False},
        "encryptionConfiguration": _value(row["encryption"]) or {"type": "AWS_OWNED_KEY"},
    }


def describe_state_machine_for_execution(
    ctx: Context, *, execution_arn: str, included_data: str | None = None
) -> dict[str, Any]:
    """The machine as an execution runs it; raises ExecutionDoesNotExist."""
    execution = ctx.tx.one(SQL.find_execution, arn=execution_arn)
    row = None if execution is None else find_machine(ctx, execution["machine"].partition("/")[0])
    if execution is None or row is None or (execution["account"], execution["region"]) != (ctx.account, ctx.region):
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{execution_arn}'")
    return {
        "stateMachineArn": execution["version_arn"] or execution["machine_arn"],
        "name": execution["machine"],
        **_dispatched(ctx, execution),
        "updateDate": from_micros(row["changed"]),
        "revisionId": execution["revision"],
        **_shown(ctx, row, execution["definition"], included_data),
        "roleArn": execution["role_arn"],
    }


def _dispatched(ctx: Context, execution: Row) -> dict[str, Any]:
    """The Map Run that started a child execution, and its label."""
    run = None if execution["map_run"] is None else ctx.tx.one(SQL.map_run, id=execution["map_run"])
    return {} if run is None else {"mapRunArn": run["arn"], "label": execution["machine"].rpartition("/")[2]}


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
