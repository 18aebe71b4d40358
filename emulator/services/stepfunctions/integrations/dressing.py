"""Values on their way between a workflow's JSON and an API's parameters and results."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.texts import dump
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions.integrations.naming import sdk_member
from emulator.services.stepfunctions.integrations.task import RUNTIME
from emulator.wire.models import Shape


def text_of(value: Any) -> str:
    """A string as it is, anything else as its JSON text: what message bodies and the like are given."""
    return value if isinstance(value, str) else dump(value)


def to_api(shape: Shape | None, value: Any) -> Any:
    """A workflow's value as the parameter that `shape` describes.

    Members are named as the SDK for Java names them; moments are ISO 8601 or epoch seconds, blobs are text or any
    JSON. Raises AwsError States.Runtime for a member that the API does not have.
    """
    if shape is None:
        return value
    if shape.type == "structure" and isinstance(value, dict) and not shape.is_document:
        return _structure(shape, value)
    if shape.type == "list" and isinstance(value, list):
        return [to_api(shape.member, member) for member in value]
    if shape.type == "map" and isinstance(value, dict):
        return {name: to_api(shape.value, member) for name, member in value.items()}
    if shape.type == "blob":
        return text_of(value).encode(errors="surrogatepass")
    if shape.type == "timestamp":
        return _moment(value)
    return value


def _structure(shape: Shape, given: dict[str, Any]) -> dict[str, Any]:
    known = {sdk_member(name): (name, member) for name, member in shape.members.items()}
    taken = {}
    for name, value in given.items():
        if name not in known:
            raise AwsError(
                RUNTIME,
                f"The Parameters '{dump(given)}' could not be used to start the Task: "
                f'[The field "{name}" is not supported by Step Functions]',
            )
        own, member = known[name]
        taken[own] = to_api(member, value)
    return taken


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    return value


def from_api(shape: Shape | None, value: Any) -> Any:
    """The result that `shape` describes as a workflow's value: what `to_api` takes, as `to_workflow` writes it.

    A moment has a fraction where it is no whole second, as Java writes it.
    """
    if shape is None or value is None or shape.is_document:
        return to_workflow(value)
    if shape.type == "structure" and isinstance(value, dict):
        return {
            sdk_member(name): from_api(shape.members.get(name), member)
            for name, member in value.items()
            if member is not None and not _is_unseen(shape.members.get(name), member)
        }
    if shape.type == "list" and isinstance(value, (list, tuple)):
        return [from_api(shape.member, member) for member in value]
    if shape.type == "map" and isinstance(value, dict):
        return {name: from_api(shape.value, member) for name, member in value.items()}
    if shape.type == "timestamp":
        return to_workflow(_moment(value)).replace(".000Z", "Z")
    return to_workflow(value)


def _is_unseen(shape: Shape | None, value: Any) -> bool:
    """Whether nothing in XML says that a value is there: an empty list without an element of its own."""
    return value == [] and shape is not None and bool(shape.traits.get("flattened"))


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


def dressed(
    ctx: Context, answer: dict[str, Any], content_type: str, length: int, extra: dict[str, str] | None = None
) -> dict[str, Any]:
    """An optimized integration's answer with the metadata of the HTTP answer, as AWS shows it."""
    request_id = ids.new_uuid()
    headers = {
        "connection" if extra is None else "Connection": "keep-alive",
        "Content-Length": str(length),
        "Content-Type": content_type,
        "Date": f"{ctx.now:%a, %d %b %Y %H:%M:%S} GMT",
        **(extra or {}),
        "x-amzn-RequestId": request_id,
    }
    return {
        **answer,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": 200,
        },
        "SdkResponseMetadata": {"RequestId": request_id},
    }


def length_of(answer: Any) -> int:
    """How long an answer's body was, as JSON."""
    return len(json.dumps(answer, separators=(",", ":")).encode())
