"""Values on their way between a workflow's JSON and an API's parameters and results."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from emulator import ids
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.texts import dump
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions.integrations.task import RUNTIME
from emulator.wire.models import Shape


def text_of(value: Any) -> str:
    """A string as it is, anything else as its JSON text: what message bodies and the like are given."""
    return value if isinstance(value, str) else dump(value)


def to_api(shape: Shape | None, value: Any) -> Any:
    """A workflow's value as the parameter that `shape` describes.

    Members begin with an upper case letter whatever the model has; moments are ISO 8601 or epoch seconds, blobs
    are text or any JSON. Raises AwsError States.Runtime for a member that the API does not have.
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
    known = {f"{name[:1].upper()}{name[1:]}": (name, member) for name, member in shape.members.items()}
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


def to_workflow(value: Any, name: Callable[[str], str] = str) -> Any:
    """An API's result as JSON: moments as ISO 8601 text, bytes as text; `name` gives each member's name."""
    if isinstance(value, dict):
        return {name(key): to_workflow(member, name) for key, member in value.items() if member is not None}
    if isinstance(value, (list, tuple)):
        return [to_workflow(member, name) for member in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode(errors="replace")
    if hasattr(value, "read"):  # the body of an S3 object
        return to_workflow(value.read())
    return value


def upper_first(name: str) -> str:
    """A member as the SDK for Java names it."""
    return name[:1].upper() + name[1:]


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
