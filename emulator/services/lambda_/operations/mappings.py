"""Event source mappings: queues whose messages Lambda hands to a function. What they do is in work/polling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Unpack

from emulator import ids
from emulator.arns import Arn, find_arn
from emulator.clock import from_micros
from emulator.errors import AwsError, not_implemented
from emulator.kit.context import Context
from emulator.services.lambda_ import limits
from emulator.services.lambda_.model import mappings
from emulator.services.lambda_.model.errors import conflict, invalid, no_resource
from emulator.services.lambda_.model.mappings import POLL, Given, Settings, wake_key
from emulator.services.lambda_.model.names import Qualified
from emulator.services.lambda_.operations.lookup import find_row, resolve_here, version_of
from emulator.services.lambda_.operations.paging import page
from emulator.services.lambda_.operations.statements import SQL
from emulator.storage import Row
from emulator.wire.names import xform_name

_SOURCES_WE_HAVE_NOT = ("dynamodb", "kafka", "kinesis", "mq", "rds")


def create_event_source_mapping(
    ctx: Context,
    *,
    function_name: str,
    event_source_arn: str | None = None,
    enabled: bool | None = None,
    starting_position: str | None = None,
    self_managed_event_source: Settings | None = None,
    tags: dict[str, str] | None = None,
    **given: Unpack[Given],
) -> Settings:
    """Begin to hand a queue's messages to a function.

    Errors: InvalidParameterValueException, ResourceConflictException; 501 for sources other than SQS queues.
    """
    source = _require_source(event_source_arn, self_managed_event_source, starting_position)
    function = _require_function(ctx, function_name)
    _refuse_others("CreateEventSourceMapping", given)
    if starting_position is not None:
        raise invalid(f"Unsupported starting position for arn type: {source}")
    settings = _settings(given)
    mappings.require_settings(settings, fifo=source.resource.endswith(".fifo"))
    _require_queue(ctx, source, function)
    _require_new(ctx, source, function)
    return _add(ctx, source, function, settings, tags or {}, enabled=enabled is not False)


def _add(
    ctx: Context, source: Arn, function: Qualified, settings: Settings, tags: dict[str, str], *, enabled: bool
) -> Settings:
    uuid = ids.new_uuid()
    ctx.tx.execute(
        SQL.add_mapping,
        account=ctx.account,
        region=ctx.region,
        uuid=uuid,
        function_arn=function.arn,
        source=str(source),
        settings=json.dumps(settings),
        enabled=int(enabled),
        state="Creating" if enabled else "Disabled",
        modified=ctx.micros,
        tags=json.dumps(tags),
    )
    ctx.add_work(POLL, {"uuid": uuid}, key=_key(ctx, uuid))
    return _shown(ctx, _require(ctx, uuid))


def update_event_source_mapping(
    ctx: Context,
    *,
    uuid: str,
    function_name: str | None = None,
    enabled: bool | None = None,
    **given: Unpack[Given],
) -> Settings:
    """Change what is given, keep the rest. Errors: as for Create; ResourceNotFoundException, ResourceInUseException."""
    row = _require(ctx, uuid)
    if row["state"] == "Deleting":
        raise AwsError("ResourceInUseException", "Cannot update the event source mapping because it is being deleted.")
    source = _require_source(row["source"])
    _refuse_others("UpdateEventSourceMapping", given)
    settings = {**json.loads(row["settings"]), **_settings(given)}
    mappings.require_settings(settings, fifo=source.resource.endswith(".fifo"))
    arn = row["function_arn"] if function_name is None else _require_other(ctx, row, source, function_name)
    _put(ctx, row, settings, arn, bool(row["enabled"]) if enabled is None else enabled)
    return _shown(ctx, _require(ctx, uuid))


def _require_other(ctx: Context, row: Row, source: Arn, function_name: str) -> str:
    """The ARN of the function that the mapping is to have from now on."""
    function = _require_function(ctx, function_name)
    _require_queue(ctx, source, function)
    if function.arn != row["function_arn"]:
        _require_new(ctx, source, function)
    return function.arn


def _put(ctx: Context, row: Row, settings: Settings, function_arn: str, enabled: bool) -> None:
    state = "Updating"
    if enabled != bool(row["enabled"]):
        state = "Enabling" if enabled else "Disabling"
    ctx.tx.execute(
        SQL.put_mapping,
        function_arn=function_arn,
        settings=json.dumps(settings),
        enabled=int(enabled),
        state=state,
        modified=ctx.micros,
        account=ctx.account,
        region=ctx.region,
        uuid=row["uuid"],
    )
    ctx.wake(_key(ctx, row["uuid"]))


def delete_event_source_mapping(ctx: Context, *, uuid: str) -> Settings:
    """End it; batches at the function are finished. Errors: ResourceNotFoundException."""
    row = _require(ctx, uuid)
    ctx.tx.execute(SQL.put_mapping_state, state="Deleting", account=ctx.account, region=ctx.region, uuid=row["uuid"])
    ctx.wake(_key(ctx, row["uuid"]))
    return _shown(ctx, _require(ctx, uuid))


def get_event_source_mapping(ctx: Context, *, uuid: str) -> Settings:
    """A mapping. Errors: ResourceNotFoundException."""
    return _shown(ctx, _require(ctx, uuid))


def list_event_source_mappings(
    ctx: Context,
    *,
    event_source_arn: str | None = None,
    function_name: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Settings:
    """The mappings of a source, of a function, or all, in the order of their creation."""
    arn = None if function_name is None else resolve_here(ctx, function_name).arn
    after = int(marker) if marker and marker.isdecimal() else 0
    rows = [
        row
        for row in ctx.tx.all(SQL.mappings, account=ctx.account, region=ctx.region, after=after)
        if event_source_arn in (None, row["source"]) and arn in (None, row["function_arn"])
    ]
    shown = partial(_shown, ctx)
    return page("EventSourceMappings", rows, shown, lambda row: row["id"], max_items, limits.MAPPINGS_PAGE)


def _key(ctx: Context, uuid: str) -> str:
    return wake_key(ctx.account, ctx.region, uuid)


def find_mapping(ctx: Context, uuid: str) -> Row | None:
    """The row of a mapping of the caller's."""
    return ctx.tx.one(SQL.find_mapping, account=ctx.account, region=ctx.region, uuid=uuid)


def _require(ctx: Context, uuid: str) -> Row:
    row = find_mapping(ctx, uuid)
    if row is None:
        raise no_resource()
    return row


def _shown(ctx: Context, row: Row) -> Settings:
    return {**mappings.shown(row, ctx.account, ctx.region), "LastModified": from_micros(row["modified"])}


def _settings(given: Mapping[str, object]) -> Settings:
    """What is given of a queue's settings, by the members' names."""
    found = {member: given.get(xform_name(member)) for member in mappings.SETTINGS}
    return {member: value for member, value in found.items() if value is not None}


def _require_function(ctx: Context, name: str) -> Qualified:
    wanted = resolve_here(ctx, name)
    version = version_of(ctx, wanted)
    if version is None or find_row(ctx, wanted, version) is None:
        raise invalid("Function does not exist")
    return wanted


def _require_source(text: str | None, self_managed: Settings | None = None, position: str | None = None) -> Arn:
    if self_managed is not None:
        raise not_implemented("lambda", "CreateEventSourceMapping", "with a self-managed event source")
    arn = find_arn(text or "")
    if arn is None or arn.service not in ("sqs", *_SOURCES_WE_HAVE_NOT):
        raise invalid("Unrecognized event source.")
    if arn.service in ("dynamodb", "kinesis") and position is None:
        raise invalid(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
            "Member must not be null."
        )
    if (arn.service, position) == ("dynamodb", "AT_TIMESTAMP"):
        raise invalid(f"Unsupported starting position for arn type: {arn}")
    if arn.service != "sqs":
        raise not_implemented("lambda", "CreateEventSourceMapping", f"with a source in {arn.service}")
    return arn


def _refuse_others(operation: str, given: Mapping[str, object]) -> None:
    """Raise where something is given that no mapping of a queue has, or that we lack."""
    if given.get("provisioned_poller_config"):
        raise not_implemented("lambda", operation, "with a ProvisionedPollerConfig")
    for member in mappings.STREAM_MEMBERS:
        if given.get(xform_name(member)) is not None:
            raise invalid(f"Unsupported {member} parameter for given event source mapping type.")


def _require_queue(ctx: Context, source: Arn, function: Qualified) -> None:
    """The queue is there, and hides a message for as long as the function may run with it."""
    if source.region != ctx.region:
        raise invalid(f"The queue {source} is in another region than the function.")
    try:
        answer = ctx.call(
            "sqs",
            "GetQueueAttributes",
            {"QueueUrl": _url(ctx, source), "AttributeNames": ["VisibilityTimeout"]},
        )
    except AwsError as error:
        raise invalid(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. "
            "SQS Error Message: The specified queue does not exist."
        ) from error
    row = find_row(ctx, function, version_of(ctx, function) or "")
    hidden, longest = (
        int(answer["Attributes"]["VisibilityTimeout"]),
        json.loads(row["settings"])["Timeout"] if row else 0,
    )
    if hidden < longest:
        raise invalid(f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {longest} seconds")


def _url(ctx: Context, source: Arn) -> str:
    return f"{ctx.endpoint}/{source.account}/{source.resource}"


def _require_new(ctx: Context, source: Arn, function: Qualified) -> None:
    same = ctx.tx.one(
        SQL.find_same_mapping,
        account=ctx.account,
        region=ctx.region,
        source=str(source),
        function_arn=function.arn,
    )
    if same is not None:
        raise conflict(
            f'The event source arn (" {source} ") and function (" {function.name} ") provided mapping already exists. '
            f"Please update or delete the existing mapping with UUID {same['uuid']}"
        )
