"""Layers: published, described, deleted; and what functions take from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.kit.results import Wait
from emulator.services.lambda_.model import layers, policy
from emulator.services.lambda_.model.errors import no_access, no_resource
from emulator.services.lambda_.model.layers import LayerName
from emulator.services.lambda_.operations.deploying import deploy, let_go
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

Answer = dict[str, Any]


def publish_layer_version(
    ctx: Context,
    *,
    layer_name: str,
    content: dict[str, Any],
    description: str | None = None,
    compatible_runtimes: list[str] | None = None,
    compatible_architectures: list[str] | None = None,
    license_info: str | None = None,
) -> Answer | Wait:
    """A new version. Errors: InvalidParameterValueException, RequestEntityTooLargeException."""
    layer = _mine(ctx, layer_name)
    code = deploy(ctx, content, "PublishLayerVersion")
    if isinstance(code, Wait):
        return code
    place = {"account": layer.account, "region": layer.region, "name": layer.name}
    counted = ctx.tx.one(SQL.next_layer_version, **place)
    assert counted is not None
    given = {
        "Description": description or "",
        "CompatibleRuntimes": compatible_runtimes,
        "CompatibleArchitectures": compatible_architectures,
        "LicenseInfo": license_info,
    }
    ctx.tx.execute(
        SQL.add_layer_version,
        version=counted["last_version"],
        settings=json.dumps({name: value for name, value in given.items() if value is not None}),
        code_sha256=code.sha256,
        code_size=code.size,
        folder=str(code.folder),
        location=code.location,
        created=ctx.micros,
        **place,
    )
    return get_layer_version(ctx, layer_name=layer_name, version_number=counted["last_version"])


def get_layer_version(ctx: Context, *, layer_name: str, version_number: int) -> Answer:
    """A version. Errors: ResourceNotFoundException, InvalidParameterValueException."""
    layers.require_number(version_number)
    layer = layers.resolve(layer_name, ctx.account, ctx.region, version_number)
    row = find_version(ctx, layer)
    if row is None or row["deleted"]:
        raise no_resource()
    return layers.described(layer, row)


def get_layer_version_by_arn(ctx: Context, *, arn: str) -> Answer:
    """A version. Errors: ResourceNotFoundException."""
    return get_layer_version(ctx, layer_name=arn, version_number=layers.resolve(arn, "", "").version)


def delete_layer_version(ctx: Context, *, layer_name: str, version_number: int) -> Answer:
    """A version less for new functions; those that have it keep it. One that is not there is none to delete."""
    layers.require_number(version_number)
    layer = _mine(ctx, layer_name, version_number)
    ctx.tx.execute(SQL.delete_layer_version, **_place(layer))
    let_go(ctx, [], layers_let_go(ctx, [{"Arn": layer.arn}]))
    return {}


def list_layer_versions(
    ctx: Context,
    *,
    layer_name: str,
    compatible_runtime: str | None = None,
    compatible_architecture: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Answer:
    """The versions of a layer, youngest first."""
    layer = layers.resolve(layer_name, ctx.account, ctx.region)
    before = int(marker) if marker and marker.isdecimal() else 2**31 - 1
    found = ctx.tx.all(SQL.layer_versions, account=layer.account, region=layer.region, name=layer.name, before=before)
    rows = [row for row in found if _fits(row, compatible_runtime, compatible_architecture)]
    return page(
        "LayerVersions", rows, lambda row: layers.shown(_named(layer, row), row), lambda row: row["version"], max_items
    )


def list_layers(
    ctx: Context,
    *,
    compatible_runtime: str | None = None,
    compatible_architecture: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Answer:
    """The layers of the region by name, each with its youngest version."""
    newest: dict[str, Row] = {}
    for row in ctx.tx.all(SQL.layers, account=ctx.account, region=ctx.region, after=marker or ""):
        if _fits(row, compatible_runtime, compatible_architecture):
            newest.setdefault(row["name"], row)
    here = LayerName(ctx.account, ctx.region, "")
    return page("Layers", list(newest.values()), partial(_listed, here), lambda row: row["name"], max_items)


def _listed(here: LayerName, row: Row) -> Answer:
    layer = _named(here, row)
    return {"LayerName": layer.name, "LayerArn": layer.layer_arn, "LatestMatchingVersion": layers.shown(layer, row)}


def _named(layer: LayerName, row: Row) -> LayerName:
    return LayerName(layer.account, layer.region, row["name"], row["version"])


def _fits(row: Row, runtime: str | None, architecture: str | None) -> bool:
    settings = json.loads(row["settings"])
    wanted = {"CompatibleRuntimes": runtime, "CompatibleArchitectures": architecture}
    return all(value is None or value in settings.get(name, ()) for name, value in wanted.items())


def _mine(ctx: Context, layer_name: str, version: int = 0) -> LayerName:
    """A layer that the caller may change. Errors: AccessDeniedException."""
    layer = layers.resolve(layer_name, ctx.account, ctx.region, version)
    if (layer.account, layer.region) != (ctx.account, ctx.region):
        raise no_access()
    return layer


def _place(layer: LayerName) -> dict[str, Any]:
    return {"account": layer.account, "region": layer.region, "name": layer.name, "version": layer.version}


def find_version(ctx: Context, layer: LayerName) -> Row | None:
    """The row of a version, deleted ones included."""
    return ctx.tx.one(SQL.find_layer_version, **_place(layer))


def references(ctx: Context, arns: Iterable[str] | None, kept: Iterable[dict[str, Any]] = ()) -> list[Answer] | None:
    """The `Layers` of a function from the ARNs that a request gives; None where it gives none.

    `kept` are those that the function has: it may keep one that has been deleted. Another account's layer must
    be allowed by its policy. Errors: InvalidParameterValueException, AccessDeniedException.
    """
    if arns is None:
        return None
    known = {layer["Arn"]: layer for layer in kept}
    found = []
    for layer in layers.require_references(list(arns), ctx.region):
        row = find_version(ctx, layer)
        if row is None or (row["deleted"] and layer.arn not in known):
            raise layers.no_version(layer)
        if layer.account != ctx.account and not policy.opens_layer(json.loads(row["statements"]), ctx.account):
            raise AwsError(
                "AccessDeniedException",
                f"User: arn:aws:iam::{ctx.account}:root is not authorized to perform: lambda:GetLayerVersion on "
                f"resource: {layer.arn} because no resource-based policy allows the lambda:GetLayerVersion action",
                status=403,
            )
        found.append({"Arn": layer.arn, "CodeSize": row["code_size"]})
    return found


def layers_let_go(ctx: Context, references: Iterable[dict[str, Any]]) -> list[str]:
    """The folders of those layers that are deleted, and that no function has any more."""
    found = []
    for arn in {each["Arn"] for each in references}:
        if ctx.tx.one(SQL.find_use_of_layer, arn=f'%"{arn}"%') is None:
            row = ctx.tx.one(SQL.remove_layer_version, **_place(layers.resolve(arn, "", "")))
            found += [] if row is None else [row["folder"]]
    return found


def folders(ctx: Context, references: Iterable[dict[str, Any]]) -> list[str]:
    """Where the content of a function's layers lies, in the order of the function."""
    rows = [find_version(ctx, layers.resolve(each["Arn"], "", "")) for each in references]
    return [row["folder"] for row in rows if row is not None]
