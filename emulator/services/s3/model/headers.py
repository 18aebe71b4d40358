"""What an object keeps of the headers it was put with, beside its body."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError, not_implemented
from emulator.services.s3 import limits
from emulator.services.s3.model.errors import invalid_argument

DEFAULT_TYPE = "binary/octet-stream"
STANDARD = "STANDARD"
STORAGE_CLASSES = frozenset(
    {
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
    }
)
_PLAIN = '{"ContentType":"binary/octet-stream"}'


def given(
    cache_control: str | None,
    content_disposition: str | None,
    content_encoding: str | None,
    content_language: str | None,
    content_type: str | None,
    expires: datetime | None,
    metadata: dict[str, str] | None,
) -> dict[str, Any]:
    """The headers that a copy takes over or replaces together, as members."""
    return {
        "CacheControl": cache_control,
        "ContentDisposition": content_disposition,
        "ContentEncoding": content_encoding,
        "ContentLanguage": content_language,
        "ContentType": content_type,
        "Expires": expires,
        "Metadata": metadata or None,
    }


def own(storage_class: str | None, website_redirect_location: str | None, encryption: dict[str, Any]) -> dict[str, Any]:
    """The headers that each object has of its own, as members."""
    return {
        "StorageClass": storage_class,
        "WebsiteRedirectLocation": website_redirect_location,
        **encryption,
    }


def dump(headers: dict[str, Any]) -> str:
    """The headers of an object as its row keeps them: members of GetObject's answer; moments in microseconds."""
    kept = {name: value for name, value in headers.items() if value is not None}
    kept.setdefault("ContentType", DEFAULT_TYPE)
    if len(kept) == 1 and kept["ContentType"] == DEFAULT_TYPE:
        return _PLAIN
    if isinstance(kept.get("Expires"), datetime):
        kept["Expires"] = to_micros(kept["Expires"])
    storage_class = kept.get("StorageClass")
    if storage_class is not None and storage_class not in STORAGE_CLASSES:
        raise AwsError("InvalidStorageClass", "The storage class you specified is not valid", status=400)
    check_metadata(kept.get("Metadata"))
    return json.dumps(kept, separators=(",", ":"))


def load(text: str) -> dict[str, Any]:
    """The members of an answer."""
    if text == _PLAIN:
        return {"ContentType": DEFAULT_TYPE}
    headers: dict[str, Any] = json.loads(text)
    if "Expires" in headers:
        headers["Expires"] = from_micros(headers["Expires"])
    if headers.get("StorageClass") == STANDARD:
        del headers["StorageClass"]
    return headers


def storage_class(text: str) -> str:
    """The storage class in a row's headers."""
    found: str = STANDARD if text == _PLAIN else json.loads(text).get("StorageClass", STANDARD)
    return found


def check_metadata(metadata: dict[str, str] | None) -> None:
    """Raise MetadataTooLarge past 2 KB of names and values (S3 User Guide, "Working with object metadata")."""
    if not metadata:
        return
    size = sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())
    if size > limits.METADATA_BYTES_MAX:
        raise AwsError(
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            status=400,
            fields={"Size": size, "MaxSizeAllowed": limits.METADATA_BYTES_MAX},
        )


def encryption(operation: str, given: str | None, key_id: str | None, customer: str | None) -> dict[str, Any]:
    """The encryption that answers name: AES256 by default. Customer keys are a loud 501."""
    if customer is not None:
        raise not_implemented("s3", operation, "with customer-provided encryption keys")
    if given not in (None, "AES256", "aws:kms", "aws:kms:dsse"):
        raise invalid_argument(
            "The encryption method specified is not supported", "x-amz-server-side-encryption", given
        )
    if given is None or given == "AES256":
        return {}
    return {"ServerSideEncryption": given} | ({"SSEKMSKeyId": key_id} if key_id else {})
