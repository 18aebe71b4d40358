"""Functions: created, described, changed, deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.services.lambda_.model import configuration
from emulator.services.lambda_.model.names import LATEST, Qualified, function_not_found, is_version
from emulator.services.lambda_.operations.code import Code, deploy
from emulator.services.lambda_.operations.lookup import (
    find_alias,
    find_row,
    forget_target,
    require_latest,
    require_revision,
    require_row,
    resolve_here,
    shown,
)
from emulator.services.lambda_.operations.statements import SQL
from emulator.services.lambda_.operations.versions import add_version

Settings = dict[str, Any]


def create_function(
    ctx: Context,
    *,
    function_name: str,
    role: str,
    code: dict[str, Any],
    runtime: str | None = None,
    handler: str | None = None,
    description: str | None = None,
    timeout: int | None = None,
    memory_size: int | None = None,
    publish: bool | None = None,
    package_type: str | None = None,
    dead_letter_config: dict[str, str] | None = None,
    environment: dict[str, Any] | None = None,
    tracing_config: dict[str, str] | None = None,
    tags: dict[str, str] | None = None,
    layers: list[str] | None = None,
    architectures: list[str] | None = None,
    ephemeral_storage: dict[str, int] | None = None,
    logging_config: dict[str, str] | None = None,
) -> Settings:
    """A new function, Active at once. Errors: ResourceConflictException, InvalidParameterValueException."""
    wanted = resolve_here(ctx, function_name)
    configuration.refuse_missing(
        "CreateFunction", {"Layers": layers, "PackageType": package_type, "ImageUri": code.get("ImageUri")}
    )
    given = {
        "Runtime": runtime,
        "Role": role,
        "Handler": handler,
        "Description": description,
        "Timeout": timeout,
        "MemorySize": memory_size,
        "DeadLetterConfig": dead_letter_config,
        "Environment": _environment(environment),
        "TracingConfig": tracing_config,
        "Architectures": architectures,
        "EphemeralStorage": ephemeral_storage,
        "LoggingConfig": logging_config,
    }
    settings = configuration.merged(configuration.defaults(wanted.name), given)
    configuration.require_valid(settings)
    if find_row(ctx, wanted) is not None:
        raise AwsError("ResourceConflictException", f"Function already exist: {wanted.name}")
    return _add(ctx, wanted, settings, deploy(ctx, code, "CreateFunction"), tags or {}, publish=bool(publish))


def _environment(given: Mapping[str, Any] | None) -> Settings | None:
    return None if given is None else {"Variables": given.get("Variables") or {}}


def _add(
    ctx: Context, wanted: Qualified, settings: Settings, code: Code, tags: dict[str, str], *, publish: bool
) -> Settings:
    ctx.tx.execute(
        SQL.add_function,
        account=wanted.account,
        region=wanted.region,
        name=wanted.name,
        version=LATEST,
        ordinal=0,
        settings=json.dumps(settings),
        tags=json.dumps(tags),
        **_code_columns(code),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    return _answer(ctx, wanted, publish=publish)


def _code_columns(code: Code) -> dict[str, Any]:
    return {
        "code_sha256": code.sha256,
        "code_size": code.size,
        "folder": str(code.folder),
        "location": code.location,
    }


def _fresh(ctx: Context) -> dict[str, Any]:
    """What is new whenever code or configuration is."""
    return {"worker_key": ids.new_uuid(), "revision": ids.new_uuid(), "modified": ctx.micros}


def _answer(ctx: Context, wanted: Qualified, *, publish: bool) -> Settings:
    row = require_latest(ctx, wanted)
    return add_version(ctx, wanted, row) if publish else shown(wanted, row)


def get_function(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Settings:
    """Configuration, where the code is, tags and reserved concurrency. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    row = require_row(ctx, wanted)
    answer: Settings = {
        "Configuration": shown(wanted, row, qualified=True),
        "Code": {"RepositoryType": "S3", "Location": row["location"]},
    }
    latest = require_latest(ctx, wanted)
    if tags := json.loads(latest["tags"]):
        answer["Tags"] = tags
    if latest["reserved"] is not None:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": latest["reserved"]}
    return answer


def get_function_configuration(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Settings:
    """The configuration alone. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    return shown(wanted, require_row(ctx, wanted), qualified=True)


def update_function_code(
    ctx: Context,
    *,
    function_name: str,
    zip_file: bytes | None = None,
    s3_bucket: str | None = None,
    s3_key: str | None = None,
    s3_object_version: str | None = None,
    folder: str | None = None,
    image_uri: str | None = None,
    architectures: list[str] | None = None,
    publish: bool | None = None,
    dry_run: bool | None = None,
    revision_id: str | None = None,
) -> Settings:
    """Other code for the unpublished version. Errors: PreconditionFailedException, InvalidParameterValueException."""
    wanted = resolve_here(ctx, function_name)
    row = require_latest(ctx, wanted)
    require_revision(row["revision"], revision_id)
    configuration.refuse_missing("UpdateFunctionCode", {"ImageUri": image_uri})
    given = {
        "ZipFile": zip_file,
        "S3Bucket": s3_bucket,
        "S3Key": s3_key,
        "S3ObjectVersion": s3_object_version,
        "Folder": folder,
    }
    code = deploy(ctx, given, "UpdateFunctionCode")
    if dry_run:
        return {**shown(wanted, row), "CodeSha256": code.sha256, "CodeSize": code.size}
    settings = configuration.merged(json.loads(row["settings"]), {"Architectures": architectures})
    ctx.tx.execute(
        SQL.put_code,
        account=wanted.account,
        region=wanted.region,
        name=wanted.name,
        settings=json.dumps(settings),
        **_code_columns(code),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    return _answer(ctx, wanted, publish=bool(publish))


def update_function_configuration(
    ctx: Context,
    *,
    function_name: str,
    role: str | None = None,
    handler: str | None = None,
    description: str | None = None,
    timeout: int | None = None,
    memory_size: int | None = None,
    environment: dict[str, Any] | None = None,
    runtime: str | None = None,
    dead_letter_config: dict[str, str] | None = None,
    tracing_config: dict[str, str] | None = None,
    revision_id: str | None = None,
    layers: list[str] | None = None,
    ephemeral_storage: dict[str, int] | None = None,
    logging_config: dict[str, str] | None = None,
) -> Settings:
    """Other settings for the unpublished version.

    Errors: PreconditionFailedException, InvalidParameterValueException.
    """
    wanted = resolve_here(ctx, function_name)
    row = require_latest(ctx, wanted)
    require_revision(row["revision"], revision_id)
    configuration.refuse_missing("UpdateFunctionConfiguration", {"Layers": layers})
    given = {
        "Runtime": runtime,
        "Role": role,
        "Handler": handler,
        "Description": description,
        "Timeout": timeout,
        "MemorySize": memory_size,
        "DeadLetterConfig": dead_letter_config,
        "Environment": _environment(environment),
        "TracingConfig": tracing_config,
        "EphemeralStorage": ephemeral_storage,
        "LoggingConfig": logging_config,
    }
    settings = configuration.merged(json.loads(row["settings"]), given)
    configuration.require_valid(settings)
    ctx.tx.execute(
        SQL.put_settings,
        account=wanted.account,
        region=wanted.region,
        name=wanted.name,
        settings=json.dumps(settings),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    return shown(wanted, require_latest(ctx, wanted))


def delete_function(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Settings:
    """The function with all that belongs to it, or one published version of it.

    Errors: ResourceNotFoundException, InvalidParameterValueException for `$LATEST`, ResourceConflictException for a
    version that an alias names.
    """
    wanted = resolve_here(ctx, function_name, qualifier)
    if wanted.qualifier is not None:
        _delete_version(ctx, wanted, wanted.qualifier)
        return {"StatusCode": 204}
    require_latest(ctx, wanted)
    for statement in (SQL.remove_function, SQL.remove_aliases, SQL.remove_policies, SQL.remove_event_configs):
        ctx.tx.execute(statement, account=wanted.account, region=wanted.region, name=wanted.name)
    forget_target(ctx, wanted)
    return {"StatusCode": 204}


def _delete_version(ctx: Context, wanted: Qualified, qualifier: str) -> None:
    if qualifier == LATEST:
        raise AwsError(
            "InvalidParameterValueException",
            "$LATEST version cannot be deleted without deleting the function.",
        )
    if not is_version(qualifier):
        if find_alias(ctx, wanted, qualifier) is None:
            raise function_not_found(wanted.arn)
        raise AwsError("InvalidParameterValueException", "Deletion of aliases is not currently supported.")
    used = [
        row["name"]
        for row in ctx.tx.all(SQL.aliases, account=wanted.account, region=wanted.region, function=wanted.name, after="")
        if row["version"] == qualifier or qualifier in json.loads(row["weights"])
    ]
    if used:
        raise AwsError(
            "ResourceConflictException",
            f"Function version {wanted.arn} is referenced by the aliases {', '.join(used)}.",
        )
    ctx.tx.execute(
        SQL.remove_version, account=wanted.account, region=wanted.region, name=wanted.name, version=qualifier
    )
    forget_target(ctx, wanted)
