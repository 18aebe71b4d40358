"""Versions of machines: published, listed, deleted; they never change."""

from __future__ import annotations

import json
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.stepfunctions import limits
from emulator.services.stepfunctions.operations.lookup import (
    machine_arn,
    require_active,
    require_machine,
)
from emulator.services.stepfunctions.operations.pages import NEWEST, page_start, page_token
from emulator.services.stepfunctions.operations.targets import is_version, require_qualified
from emulator.services.stepfunctions.work.store import SQL, find_machine, machine_changed
from emulator.storage import Row


def publish_state_machine_version(
    ctx: Context, *, state_machine_arn: str, revision_id: str | None = None, description: str | None = None
) -> dict[str, Any]:
    """Publish the machine as it is; a revision is published once. Errors: ConflictException for another revision."""
    row = require_active(require_machine(ctx, state_machine_arn), state_machine_arn)
    if revision_id is not None and revision_id != row["revision"]:
        raise AwsError(
            "ConflictException",
            f"Failed to publish the State Machine version for revision {revision_id}. "
            f"The current State Machine revision is {row['revision']}.",
        )
    return published(ctx, row["name"], description)


def published(ctx: Context, name: str, description: str | None) -> dict[str, Any]:
    """A version of the machine as it now is: the one of this revision, or a new one.

    Errors: ServiceQuotaExceededException.
    """
    row = find_machine(ctx, name)
    assert row is not None
    known = ctx.tx.one(SQL.version_of_revision, machine=row["id"], revision=row["revision"])
    if known is None:
        counted = ctx.tx.one(SQL.count_versions, machine=row["id"])
        if counted is not None and counted["versions"] >= limits.VERSIONS_MAX:
            raise AwsError(
                "ServiceQuotaExceededException", f"A state machine has {limits.VERSIONS_MAX} versions at most."
            )
        number = row["published"] + 1
        ctx.tx.execute(
            SQL.add_version,
            machine=row["id"],
            number=number,
            definition=row["definition"],
            role_arn=row["role_arn"],
            revision=row["revision"],
            logging=row["logging"],
            tracing=row["tracing"],
            encryption=row["encryption"],
            description=description,
            now=ctx.micros,
        )
        ctx.tx.execute(SQL.count_version, id=row["id"], published=number)
        machine_changed(ctx, name)
        return {"stateMachineVersionArn": version_arn(ctx, row, number), "creationDate": ctx.now}
    return {
        "stateMachineVersionArn": version_arn(ctx, row, known["number"]),
        "creationDate": from_micros(known["created"]),
    }


def version_arn(ctx: Context, row: Row, number: int) -> str:
    return f"{machine_arn(ctx, row['name'])}:{number}"


def list_state_machine_versions(
    ctx: Context, *, state_machine_arn: str, next_token: str | None = None, max_results: int | None = None
) -> dict[str, Any]:
    """The versions of a machine, the newest first."""
    row = require_machine(ctx, state_machine_arn)
    most = max_results or limits.PAGE
    pages = ("ListStateMachineVersions", state_machine_arn)
    before = page_start(ctx, next_token, *pages, default=NEWEST)
    rows = ctx.tx.all(SQL.versions, machine=row["id"], before=before, most=most + 1)
    shown = [
        {
            "stateMachineVersionArn": version_arn(ctx, row, version["number"]),
            "creationDate": from_micros(version["created"]),
        }
        for version in rows[:most]
    ]
    answer: dict[str, Any] = {"stateMachineVersions": shown}
    if len(rows) > most:
        answer["nextToken"] = page_token(ctx, rows[most - 1]["number"], *pages)
    return answer


def delete_state_machine_version(ctx: Context, *, state_machine_version_arn: str) -> dict[str, Any]:
    """Delete a version that no alias refers to; one that is not there is no mistake."""
    _, qualifier, row = require_qualified(ctx, state_machine_version_arn)
    if not is_version(qualifier):
        raise AwsError("InvalidArn", f"Invalid Arn: '{state_machine_version_arn}'")
    if row is None:
        return {}
    using = [
        alias["name"]
        for alias in ctx.tx.all(SQL.all_aliases, machine=row["id"])
        if state_machine_version_arn in (entry["stateMachineVersionArn"] for entry in json.loads(alias["routing"]))
    ]
    if using:
        raise AwsError(
            "ConflictException",
            "Version to be deleted must not be referenced by an alias. "
            f"Current list of aliases referencing this version: [{', '.join(using)}]",
        )
    ctx.tx.execute(SQL.remove_version, machine=row["id"], number=int(qualifier))
    return {}
