"""Tags of objects and buckets."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from emulator.errors import AwsError
from emulator.services.s3 import limits
from emulator.services.s3.model.errors import malformed_xml

# S3 User Guide, "Categorizing your storage using tags": letters, spaces and numbers of any script, and + - = . _ : / @
_TEXT = re.compile(r"[\w\s+\-=.:/@]*\Z")


def parse_header(header: str | None) -> dict[str, str]:
    """The tags of an x-amz-tagging header, a query string. Raises InvalidTag, BadRequest."""
    if not header:
        return {}
    pairs = parse_qsl(header, keep_blank_values=True)
    if len({name for name, _ in pairs}) < len(pairs):
        raise AwsError(
            "InvalidArgument",
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without "
            "tag name duplicates.",
            status=400,
            fields={"ArgumentName": "x-amz-tagging", "ArgumentValue": header},
        )
    return _checked(pairs, limits.TAGS_MAX, "Object")


def object_tags(tagging: dict[str, Any]) -> dict[str, str]:
    """The tags of a Tagging structure on an object. Raises InvalidTag, BadRequest, MalformedXML."""
    return _checked(_pairs(tagging), limits.TAGS_MAX, "Object")


def bucket_tags(tagging: dict[str, Any]) -> dict[str, str]:
    """The tags of a Tagging structure on a bucket. Raises InvalidTag, BadRequest, MalformedXML."""
    return _checked(_pairs(tagging), limits.BUCKET_TAGS_MAX, "Bucket")


def new_bucket_tags(tags: list[dict[str, str]]) -> dict[str, str]:
    """The tags with which a bucket is created. Raises InvalidTag, BadRequest, MalformedXML."""
    return _checked(_pairs({"TagSet": tags}), limits.BUCKET_TAGS_MAX, "New bucket")


def tag_set(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in sorted(tags.items())]


def _pairs(tagging: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for tag in tagging.get("TagSet") or []:
        if "Key" not in tag or "Value" not in tag:
            raise malformed_xml()
        pairs.append((tag["Key"], tag["Value"]))
    return pairs


def _checked(pairs: list[tuple[str, str]], most: int, what: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    if len(pairs) > most:
        raise AwsError("BadRequest", f"{what} tags cannot be greater than {most}", status=400)
    for name, value in pairs:
        if name in tags and what == "New bucket":
            message = "We encountered an internal error. Please try again."
            raise AwsError("InternalError", message, status=500, fault="Receiver")  # so it was recorded
        if name in tags:
            raise _invalid("Cannot provide multiple Tags with the same key", name)
        if name.startswith("aws:"):
            raise _reserved(what, name)
        if not name or len(name) > limits.TAG_KEY_MAX or not _TEXT.match(name):
            raise _invalid("The TagKey you have provided is invalid", name)
        if len(value) > limits.TAG_VALUE_MAX or not _TEXT.match(value):
            raise _invalid("The TagValue you have provided is invalid", name, value)
        tags[name] = value
    return tags


def _reserved(what: str, name: str) -> AwsError:
    if what == "New bucket":
        message = (
            'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove '
            '"aws:" from your tag keys and try again.'
        )
        return AwsError("InvalidTag", message, status=400)
    if what == "Bucket":
        return _invalid("System tags cannot be added/updated by requester", name)
    return _invalid("Your TagKey cannot be prefixed with aws:", name)


def _invalid(message: str, name: str, value: str | None = None) -> AwsError:
    fields = {"TagKey": name} | ({} if value is None else {"TagValue": value})
    return AwsError("InvalidTag", message, status=400, fields=fields)
