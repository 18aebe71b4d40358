"""Machines described: as they are now, as a version, as an execution runs them."""

from __future__ import annotations

from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.texts import load
from emulator.languages.asl.variable_references import variable_references
from emulator.services.stepfunctions.model import INITIAL, configurations
from emulator.services.stepfunctions.operations.found import require_execution
from emulator.services.stepfunctions.operations.targets import require_target
from emulator.services.stepfunctions.work.store import SQL, find_machine
from emulator.storage import Row


def describe_state_machine(ctx: Context, *, state_machine_arn: str, included_data: str | None = None) -> dict[str, Any]:
    """A machine, or a version of it; with METADATA_ONLY its definition is an empty object."""
    target = require_target(ctx, state_machine_arn)
    row, version = target.row, target.version
    answer = {
        "stateMachineArn": target.arn if version is None else target.version_arn,
        "name": row["name"],
        "status": "DELETING" if row["deleting"] else "ACTIVE",
        "type": row["kind"],
        "creationDate": from_micros((version or row)["created"]),
        **_shown(ctx, row, target.definition, target.revision, included_data),
        "roleArn": target.role_arn,
    }
    if version is not None and version["description"] is not None:
        answer["description"] = version["description"]
    return answer


def _shown(ctx: Context, row: Row, hash: str, revision: str, included: str | None) -> dict[str, Any]:
    """What a machine and an execution's machine show alike; the first revision has no ID (API reference)."""
    definition = ctx.tx.one(SQL.definition, hash=hash)
    assert definition is not None
    shown = configurations(row["logging"], row["tracing"], row["encryption"])
    if revision != INITIAL:
        shown["revisionId"] = revision
    if included == "METADATA_ONLY":
        return {**shown, "definition": "{}"}
    body: str = definition["body"]
    references = variable_references(load(body)) if '"Assign"' in body else {}  # most machines have no variables
    if references:
        shown["variableReferences"] = references
    return {**shown, "definition": body}


def describe_state_machine_for_execution(
    ctx: Context, *, execution_arn: str, included_data: str | None = None
) -> dict[str, Any]:
    """The machine, or the version of it, as an execution runs it; raises InvalidArn or ExecutionDoesNotExist."""
    execution = require_execution(ctx, execution_arn, child=True)
    row = find_machine(ctx, execution["machine"].partition("/")[0])
    if row is None:
        raise AwsError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{execution_arn}'")
    configured = _version(ctx, execution, row) or row
    return {
        "stateMachineArn": execution["version_arn"] or execution["machine_arn"],
        "name": execution["machine"],
        **_dispatched(ctx, execution),
        "updateDate": from_micros(row["changed"]),
        **_shown(ctx, configured, execution["definition"], execution["revision"], included_data),
        "roleArn": execution["role_arn"],
    }


def _version(ctx: Context, execution: Row, machine: Row) -> Row | None:
    """The version that an execution was started with, which has configurations of its own (Step Functions Developer
    Guide, "State machine versions"); None where there was none, or it has been deleted."""
    if execution["version_arn"] is None:
        return None
    return ctx.tx.one(SQL.find_version, machine=machine["id"], number=int(execution["version_arn"].rpartition(":")[2]))


def _dispatched(ctx: Context, execution: Row) -> dict[str, Any]:
    """The Map Run that started a child execution, and its label."""
    run = None if execution["map_run"] is None else ctx.tx.one(SQL.map_run, id=execution["map_run"])
    return {} if run is None else {"mapRunArn": run["arn"], "label": execution["machine"].rpartition("/")[2]}
