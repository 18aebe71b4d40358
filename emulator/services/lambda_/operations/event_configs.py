"""How a function's asynchronous invocations are retried, and who hears of their outcome."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.clock import from_micros
from emulator.errors import not_implemented
from emulator.kit import delivery
from emulator.kit.context import Context
from emulator.services.lambda_.model.errors import invalid, not_found
from emulator.services.lambda_.model.names import LATEST, Qualified
from emulator.services.lambda_.operations.lookup import find_row, forget_target, resolve_here, version_of
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row

Settings = dict[str, Any]


def put_function_event_invoke_config(
    ctx: Context,
    *,
    function_name: str,
    qualifier: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    destination_config: Settings | None = None,
) -> Settings:
    """Replace the settings of a function, version or alias.

    Errors: InvalidParameterValueException, ResourceNotFoundException.
    """
    wanted = resolve_here(ctx, function_name, qualifier)
    given = _given(maximum_retry_attempts, maximum_event_age_in_seconds, destination_config)
    return _put(ctx, wanted, given)


def update_function_event_invoke_config(
    ctx: Context,
    *,
    function_name: str,
    qualifier: str | None = None,
    maximum_retry_attempts: int | None = None,
    maximum_event_age_in_seconds: int | None = None,
    destination_config: Settings | None = None,
) -> Settings:
    """Change what is given, keep the rest. Errors: as for Put, and where there are no settings yet."""
    wanted = resolve_here(ctx, function_name, qualifier)
    given = _given(maximum_retry_attempts, maximum_event_age_in_seconds, destination_config)
    _require_function(ctx, wanted)
    row = _require(ctx, wanted)
    return _put(ctx, wanted, {**json.loads(row["settings"]), **given})


def _given(retries: int | None, age: int | None, destinations: Settings | None) -> Settings:
    members = {
        "MaximumRetryAttempts": retries,
        "MaximumEventAgeInSeconds": age,
        "DestinationConfig": destinations,
    }
    given = {name: value for name, value in members.items() if value is not None}
    if not given:
        raise invalid("You must specify at least one of error handling or destination setting.")
    return given


def _put(ctx: Context, wanted: Qualified, settings: Settings) -> Settings:
    _require_function(ctx, wanted)
    for name in ("OnSuccess", "OnFailure"):
        destination = ((settings.get("DestinationConfig") or {}).get(name) or {}).get("Destination")
        if destination:
            _require_destination(ctx, wanted, destination, settings["DestinationConfig"])
    ctx.tx.execute(SQL.put_event_config, settings=json.dumps(settings), modified=ctx.micros, **_place(wanted))
    forget_target(ctx, wanted)
    return _shown(wanted, _require(ctx, wanted))


def _invalid(settings: Settings) -> str:
    """The text recorded for a destination of a service that cannot be one."""
    named = {name: (settings.get(name) or {}).get("Destination") for name in ("OnSuccess", "OnFailure")}
    success, failure = (f"{name}(destination={arn})" if arn else "null" for name, arn in named.items())
    return f"The provided destination config DestinationConfig(onSuccess={success}, onFailure={failure}) is invalid."


def _require_destination(ctx: Context, wanted: Qualified, text: str, settings: Settings) -> None:
    arn = find_arn(text)
    if arn is None or arn.service not in ("events", "lambda", "s3", "sns", "sqs"):
        raise invalid(_invalid(settings))
    if arn.service not in delivery.TARGETS:
        raise not_implemented("lambda", "PutFunctionEventInvokeConfig", f"with a destination in {arn.service}")
    if arn.service != "lambda":
        return
    if text in (wanted.of(None).arn, wanted.arn):
        raise invalid("You can't specify the function as a destination for itself.")
    name = arn.resource.removeprefix("function:").split(":")[0]
    if find_row(ctx, Qualified(arn.account, arn.region, name, None)) is None:
        raise invalid(f"The destination ARN {text} is invalid.")


def get_function_event_invoke_config(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Settings:
    """The settings of a function, version or alias. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    return _shown(wanted, _require(ctx, wanted))


def delete_function_event_invoke_config(ctx: Context, *, function_name: str, qualifier: str | None = None) -> Settings:
    """Back to the defaults. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name, qualifier)
    _require(ctx, wanted)
    ctx.tx.execute(SQL.remove_event_config, **_place(wanted))
    forget_target(ctx, wanted)
    return {}


def list_function_event_invoke_configs(
    ctx: Context, *, function_name: str, marker: str | None = None, max_items: int | None = None
) -> Settings:
    """The settings of the function, its versions and aliases. Errors: ResourceNotFoundException."""
    wanted = resolve_here(ctx, function_name)
    _require_function(ctx, wanted)
    rows = ctx.tx.all(SQL.event_configs, **wanted.owner, after=marker or "")
    return page(
        "FunctionEventInvokeConfigs",
        rows,
        lambda row: _shown(wanted.of(row["qualifier"]), row),
        lambda row: row["qualifier"],
        max_items,
    )


def _place(wanted: Qualified) -> dict[str, str]:
    return {**wanted.owner, "qualifier": wanted.qualifier or LATEST}


def _require_function(ctx: Context, wanted: Qualified) -> None:
    version = version_of(ctx, wanted)
    if version is None or find_row(ctx, wanted, version) is None:
        raise not_found("The function doesn't exist.")


def _require(ctx: Context, wanted: Qualified) -> Row:
    row = ctx.tx.one(SQL.find_event_config, **_place(wanted))
    if row is None:
        arn = wanted.of(wanted.qualifier or LATEST).arn
        raise not_found(f"The function {arn} doesn't have an EventInvokeConfig")
    return row


def _shown(wanted: Qualified, row: Row) -> Settings:
    arn = wanted.of(wanted.qualifier or LATEST).arn
    settings: Settings = json.loads(row["settings"])
    destinations = settings.get("DestinationConfig") or {}
    return {
        **settings,
        "DestinationConfig": {name: destinations.get(name) or {} for name in ("OnSuccess", "OnFailure")},
        "FunctionArn": arn,
        "LastModified": from_micros(row["modified"]),
    }
