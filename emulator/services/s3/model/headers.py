"""What an object keeps of the headers it was put with, beside its body: members of GetObject's answer, as JSON.

Two of them are no headers of an answer: `Acl`, and moments are microseconds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from emulator.clock import from_micros, to_micros
from emulator.errors import AwsError, not_implemented
from emulator.services.s3 import limits
from emulator.services.s3.model import words
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
_MOMENTS = ("Expires", "ObjectLockRetainUntilDate")
# What a copy takes over or replaces together; the other headers each object has of its own (API reference, CopyObject).
_TOGETHER = {
    "cache_control": "CacheControl",
    "content_disposition": "ContentDisposition",
    "content_encoding": "ContentEncoding",
    "content_language": "ContentLanguage",
    "content_type": "ContentType",
    "expires": "Expires",
    "metadata": "Metadata",
}
_OWN = {"storage_class": "StorageClass", "website_redirect_location": "WebsiteRedirectLocation"}
_ENCRYPTED = ("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled")
_KMS = ("aws:kms", "aws:kms:dsse")


class Encryption(NamedTuple):
    """How a bucket encrypts; with KMS `key_id` is an id or an ARN, None for the account's own key of S3."""

    algorithm: str
    key_id: str | None
    bucket_key: bool


def given(params: Mapping[str, object]) -> dict[str, Any]:
    """The headers that a copy takes over or replaces together, as members; `params` as in `params.Described`."""
    found: dict[str, Any] = _members(_TOGETHER, params)
    for name, value in found.items():
        if isinstance(value, str) and not value.isascii():
            found[name] = words.representable(words.from_header(value))
    if "Metadata" in found:
        found["Metadata"] = {name: words.received(value) for name, value in found["Metadata"].items()}
    return found


def own(params: Mapping[str, object]) -> dict[str, Any]:
    """The headers that each object has of its own, as members."""
    return _members(_OWN, params)


def _members(names: Mapping[str, str], params: Mapping[str, object]) -> dict[str, Any]:
    return {names[name]: value for name, value in params.items() if name in names and value is not None}


def dump(headers: dict[str, Any]) -> str:
    """The headers of an object as its row keeps them. Raises InvalidStorageClass, MetadataTooLarge."""
    headers.setdefault("ContentType", DEFAULT_TYPE)
    if len(headers) == 1 and headers["ContentType"] == DEFAULT_TYPE:
        return _PLAIN
    for name in _MOMENTS:
        if isinstance(headers.get(name), datetime):
            headers[name] = to_micros(headers[name])
    storage_class = headers.get("StorageClass")
    if storage_class is not None and storage_class not in STORAGE_CLASSES:
        raise AwsError("InvalidStorageClass", "The storage class you specified is not valid", status=400)
    check_metadata(headers.get("Metadata"))
    return json.dumps(headers, separators=(",", ":"))


def raw(text: str) -> dict[str, Any]:
    """The headers of an object as its row keeps them, to be changed and dumped again."""
    headers: dict[str, Any] = json.loads(text)
    return headers


def load(text: str) -> dict[str, Any]:
    """The members of an answer."""
    if text == _PLAIN:
        return {"ContentType": DEFAULT_TYPE}
    headers = raw(text)
    for name in _MOMENTS:
        if name in headers:
            headers[name] = from_micros(headers[name])
    if headers.get("StorageClass") == STANDARD:
        del headers["StorageClass"]
    headers.pop("Acl", None)
    return headers


def encrypted(text: str) -> dict[str, Any]:
    """The members of an answer that tell of encryption."""
    kept = {} if text == _PLAIN else raw(text)
    return {"ServerSideEncryption": "AES256", **{name: kept[name] for name in _ENCRYPTED if name in kept}}


def taken_over(text: str) -> dict[str, Any]:
    """What a copy takes over, as its row will keep it."""
    return {name: value for name, value in raw(text).items() if name in _TOGETHER.values()}


def storage_class(text: str) -> str:
    """The storage class in a row's headers."""
    found: str = STANDARD if text == _PLAIN else raw(text).get("StorageClass", STANDARD)
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


@lru_cache(maxsize=256)
def default_encryption(text: str | None) -> Encryption | None:
    """The encryption by default that a bucket's configuration (JSON) names, None where nobody put one."""
    if text is None:
        return None
    rule: dict[str, Any] = json.loads(text)["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    return Encryption(default["SSEAlgorithm"], default.get("KMSMasterKeyID"), bool(rule.get("BucketKeyEnabled")))


def encryption(
    operation: str, params: Mapping[str, Any], default: Encryption | None, account: str, region: str
) -> dict[str, Any]:
    """The members that tell of another encryption than AES256. Customer keys are a loud 501."""
    if params.get("sse_customer_algorithm") is not None:
        raise not_implemented("s3", operation, "with customer-provided encryption keys")
    asked = params.get("server_side_encryption")
    if asked in _KMS:
        default = Encryption(asked, params.get("ssekms_key_id"), bool(params.get("bucket_key_enabled")))
    elif asked is not None:
        if asked != "AES256":
            raise invalid_argument(
                "The encryption method specified is not supported", "x-amz-server-side-encryption", asked
            )
        return {}
    if default is None or default.algorithm not in _KMS:
        return {}
    key = default.key_id or _own_key(account, region)
    arn = key if key.startswith("arn:") else f"arn:aws:kms:{region}:{account}:{_resource(key)}"
    members: dict[str, Any] = {"ServerSideEncryption": default.algorithm, "SSEKMSKeyId": arn}
    return {**members, "BucketKeyEnabled": True} if default.bucket_key else members


def _resource(key: str) -> str:
    return key if key.startswith("alias/") else f"key/{key}"


def _own_key(account: str, region: str) -> str:
    """The id of the key that AWS manages for S3 in an account and region, always the same."""
    text = hashlib.sha256(f"aws/s3 of {account} in {region}".encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:32]}"
