"""Functions: created, described, changed."""

from __future__ import annotations

import json
from typing import Any, Unpack

from emulator import ids
from emulator.kit.context import Context
from emulator.kit.results import Wait
from emulator.services.lambda_.model import configuration
from emulator.services.lambda_.model.configuration import Given
from emulator.services.lambda_.model.errors import conflict
from emulator.services.lambda_.model.names import LATEST, Qualified
from emulator.services.lambda_.operations.code import Code
from emulator.services.lambda_.operations.deploying import deploy, let_go
from emulator.services.lambda_.operations.layers import layers_let_go, references
from emulator.services.lambda_.operations.lookup import (
    find_row,
    forget_target,
    require_latest,
    require_revision,
    require_row,
    resolve_here,
    shown,
    worker_key,
)
from emulator.services.lambda_.operations.statements import SQL
from emulator.services.lambda_.operations.versions import add_version

Settings = dict[str, Any]


def create_function(
    ctx: Context,
    *,
    function_name: str,
    code: dict[str, Any],
    publish: bool | None = None,
    package_type: str | None = None,
    tags: dict[str, str] | None = None,
    architectures: list[str] | None = None,
    code_signing_config_arn: str | None = None,
    **given: Unpack[Given],
) -> Settings | Wait:
    """A new function, Active at once. Errors: ResourceConflictException, InvalidParameterValueException."""
    wanted = resolve_here(ctx, function_name)
    configuration.refuse_missing(
        "CreateFunction",
        package_type=package_type,
        image_uri=code.get("ImageUri"),
        code_signing_config_arn=code_signing_config_arn,
    )
    asked = {
        **configuration.settings_of(given),
        "Architectures": architectures,
        "Layers": references(ctx, given.get("layers")),
    }
    settings = configuration.merged(configuration.defaults(wanted.name), asked)
    configuration.require_valid(settings)
    if find_row(ctx, wanted) is not None:
        raise conflict(f"Function already exist: {wanted.name}")
    deployed = deploy(ctx, code, "CreateFunction")
    if isinstance(deployed, Wait):
        return deployed
    return _add(ctx, wanted, settings, deployed, tags or {}, publish=bool(publish))


def _add(
    ctx: Context, wanted: Qualified, settings: Settings, code: Code, tags: dict[str, str], *, publish: bool
) -> Settings:
    ctx.tx.execute(
        SQL.add_function,
        **wanted.place,
        version=LATEST,
        ordinal=0,
        settings=json.dumps(settings),
        tags=json.dumps(tags),
        **_code_columns(code),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    if not publish:
        return configuration.being_created(shown(wanted, require_latest(ctx, wanted)))
    published = add_version(ctx, wanted, require_latest(ctx, wanted))
    return configuration.being_created({**published, "FunctionArn": wanted.arn})


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


def get_function_code_signing_config(ctx: Context, *, function_name: str) -> Settings:
    """Nothing, as for every function without one: there are no code signing configurations here.

    Errors: ResourceNotFoundException.
    """
    require_latest(ctx, resolve_here(ctx, function_name))
    return {}


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
) -> Settings | Wait:
    """Other code for the unpublished version. Errors: PreconditionFailedException, InvalidParameterValueException."""
    wanted = resolve_here(ctx, function_name)
    row = require_latest(ctx, wanted)
    require_revision(row["revision"], revision_id)
    configuration.refuse_missing("UpdateFunctionCode", image_uri=image_uri)
    given = {
        "ZipFile": zip_file,
        "S3Bucket": s3_bucket,
        "S3Key": s3_key,
        "S3ObjectVersion": s3_object_version,
        "Folder": folder,
    }
    code = deploy(ctx, given, "UpdateFunctionCode")
    if isinstance(code, Wait):
        return code
    if dry_run:
        return {**shown(wanted, row), "CodeSha256": code.sha256, "CodeSize": code.size}
    settings = configuration.merged(json.loads(row["settings"]), {"Architectures": architectures})
    ctx.tx.execute(
        SQL.put_code,
        **wanted.place,
        settings=json.dumps(settings),
        **_code_columns(code),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    let_go(ctx, [worker_key(row)], [row["folder"]])
    row = require_latest(ctx, wanted)
    if publish:
        return configuration.being_created(add_version(ctx, wanted, row))
    return configuration.being_updated(shown(wanted, row))


def update_function_configuration(
    ctx: Context, *, function_name: str, revision_id: str | None = None, **given: Unpack[Given]
) -> Settings:
    """Other settings for the unpublished version.

    Errors: PreconditionFailedException, InvalidParameterValueException.
    """
    wanted = resolve_here(ctx, function_name)
    row = require_latest(ctx, wanted)
    require_revision(row["revision"], revision_id)
    before = json.loads(row["settings"])
    layers = references(ctx, given.get("layers"), before.get("Layers", ()))
    settings = configuration.merged(before, {**configuration.settings_of(given), "Layers": layers})
    configuration.require_valid(settings)
    ctx.tx.execute(
        SQL.put_settings,
        **wanted.place,
        settings=json.dumps(settings),
        **_fresh(ctx),
    )
    forget_target(ctx, wanted)
    let_go(ctx, [worker_key(row)], layers_let_go(ctx, before.get("Layers", ())))
    return configuration.being_updated(shown(wanted, require_latest(ctx, wanted)))
