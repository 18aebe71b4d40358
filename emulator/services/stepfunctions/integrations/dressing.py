"""Values on their way between a workflow's JSON and an API's parameters and results."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from emulator import ids
from emulator.kit.context import Context
from emulator.languages.asl.texts import encodable, text_of
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions.integrations.naming import sdk_member
from emulator.services.stepfunctions.integrations.task import Task, not_supported, require_only, unusable
from emulator.wire import models
from emulator.wire.models import Shape


def to_api(shape: Shape | None, given: dict[str, Any]) -> dict[str, Any]:
    """A task's parameters as those that `shape`, an operation's input, describes.

    Members are named as the SDK for Java names them, and one that is null is not there; moments are ISO 8601 or epoch
    seconds, blobs are text or any JSON. Raises AwsError States.Runtime for members that the API does not have,
    however deep.
    """
    unknown: list[str] = []
    params = _member(shape, given, unknown)
    if unknown:
        raise unusable(given, [not_supported(name) for name in unknown])
    assert isinstance(params, dict)
    return params


def parameters(task: Task, service: str, operation: str, accepted: frozenset[str]) -> dict[str, Any]:
    """What an optimized integration asks an API: the parameters of the task, all of them among `accepted`."""
    return to_api(models.service(service).operations[operation].input, require_only(task, accepted))


def _member(shape: Shape | None, value: Any, unknown: list[str]) -> Any:
    if shape is None:
        return value
    if shape.type == "structure" and isinstance(value, dict) and not shape.is_document:
        return _structure(shape, value, unknown)
    if shape.type == "list" and isinstance(value, list):
        return [_member(shape.member, member, unknown) for member in value]
    if shape.type == "map" and isinstance(value, dict):
        return {encodable(name): _member(shape.value, member, unknown) for name, member in value.items()}
    if shape.type == "string" and isinstance(value, str):
        return encodable(value)
    if shape.type == "blob":
        return text_of(value).encode(errors="surrogatepass")
    if shape.type == "timestamp":
        return _moment(value)
    if shape.type in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)  # JSON has one kind of numbers
    return value


def _structure(shape: Shape, given: dict[str, Any], unknown: list[str]) -> dict[str, Any]:
    known = {sdk_member(name): (name, member) for name, member in shape.members.items()}
    unknown += [name for name in given if name not in known]
    taken = {}
    for name, value in given.items():
        own, member = known.get(name, (name, None))
        if member is not None and (value is not None or member.type == "blob"):
            taken[own] = _member(member, value, unknown)
    return taken


def _moment(value: Any) -> Any:
    """A moment, of UTC if it names no offset; what is none is left for the service to refuse."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return value


def from_api(shape: Shape | None, value: Any) -> Any:
    """The result that `shape` describes as a workflow's value: what `to_api` takes, as `to_workflow` writes it.

    A moment has a fraction where it is no whole second, as Java writes it.
    """
    if shape is None or value is None or shape.is_document:
        return to_workflow(value)
    if shape.type == "structure" and isinstance(value, dict):
        return {
            sdk_member(name): from_api(shape.members[name], member)
            for name, member in value.items()
            if name in shape.members and member is not None and not _is_unseen(shape.members[name], member)
        }
    if shape.type == "list" and isinstance(value, (list, tuple)):
        return [from_api(shape.member, member) for member in value]
    if shape.type == "map" and isinstance(value, dict):
        return {name: from_api(shape.value, member) for name, member in value.items()}
    if shape.type == "timestamp":
        return to_workflow(_moment(value))
    return to_workflow(value)


def _is_unseen(shape: Shape, value: Any) -> bool:
    """Whether a value is none of the answer's members: an empty list of XML that has no element of its own, and
    the status of the answer, which our model of S3 has among them."""
    return (value == [] and bool(shape.traits.get("flattened"))) or shape.name == "HttpStatusCode"


def to_workflow(value: Any) -> Any:
    """An API's result as JSON: moments as ISO 8601 text, bytes as text."""
    if isinstance(value, dict):
        return {name: to_workflow(member) for name, member in value.items() if member is not None}
    if isinstance(value, (list, tuple)):
        return [to_workflow(member) for member in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode(errors="replace")
    if hasattr(value, "read"):  # the body of an S3 object
        return to_workflow(value.read())
    return value


# As AWS's Java has them: by their hashes.
_ORDER = (
    *("X-Amz-Log-Result", "X-Amz-Executed-Version", "x-amzn-Remapped-Content-Length", "Connection"),
    *("x-amzn-RequestId", "connection", "Content-Length", "Date", "X-Amzn-Trace-Id", "Content-Type"),
)


def dressed(
    ctx: Context, answer: dict[str, Any], content_type: str, length: int, extra: dict[str, str] | None = None
) -> dict[str, Any]:
    """An optimized integration's answer with the metadata of the HTTP answer, as AWS shows it and in its order."""
    request_id = ids.new_uuid()
    headers = {
        "connection" if extra is None else "Connection": "keep-alive",
        "Content-Length": str(length),
        "Content-Type": content_type,
        "Date": f"{ctx.now:%a, %d %b %Y %H:%M:%S} GMT",
        "x-amzn-RequestId": request_id,
        **(extra or {}),
    }
    metadata = {
        "AllHttpHeaders": {name: [headers[name]] for name in _ORDER if name in headers},
        "HttpHeaders": {name: headers[name] for name in sorted(headers, key=str.lower)},
        "HttpStatusCode": 200,
    }
    return in_order({**answer, "SdkHttpMetadata": metadata, "SdkResponseMetadata": {"RequestId": request_id}})


def in_order(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as the optimized integrations write it: its members by name."""
    return dict(sorted(answer.items()))


def length_of(answer: Any) -> int:
    """How long an answer's body was, as JSON."""
    return len(json.dumps(answer, separators=(",", ":")).encode())
