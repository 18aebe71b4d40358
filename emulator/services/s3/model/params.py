"""Parameters that several operations share, as they are called in Python; each says what the API reference says."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict


class Grants(TypedDict, total=False):
    """Who may do what, in headers."""

    acl: str
    grant_full_control: str
    grant_read: str
    grant_read_acp: str
    grant_write_acp: str


class BucketGrants(Grants, total=False):
    """The same of a bucket."""

    grant_write: str


class Described(Grants, total=False):
    """What a new object is given beside its body."""

    cache_control: str
    content_disposition: str
    content_encoding: str
    content_language: str
    content_type: str
    expires: datetime
    metadata: dict[str, str]
    storage_class: str
    website_redirect_location: str
    server_side_encryption: str
    ssekms_key_id: str
    bucket_key_enabled: bool
    sse_customer_algorithm: str
    tagging: str
    object_lock_mode: str
    object_lock_retain_until_date: datetime
    object_lock_legal_hold_status: str


class Summed(TypedDict, total=False):
    """The checksum of a body, in base 64: at most one."""

    checksum_crc32: str
    checksum_crc32_c: str
    checksum_crc64_nvme: str
    checksum_sha1: str
    checksum_sha256: str
    checksum_sha512: str
    checksum_md5: str
    checksum_xxhash64: str
    checksum_xxhash3: str
    checksum_xxhash128: str


class Put(Described, Summed, total=False):
    """An object that comes whole."""


class SourceConditions(TypedDict, total=False):
    """Conditions on the object that is copied."""

    copy_source_if_match: str
    copy_source_if_modified_since: datetime
    copy_source_if_none_match: str
    copy_source_if_unmodified_since: datetime


class Copied(Described, SourceConditions, total=False):
    """An object that is a copy."""


class Read(TypedDict, total=False):
    """How an object is read: conditions, the part of it, headers of the answer."""

    if_match: str
    if_modified_since: datetime
    if_none_match: str
    if_unmodified_since: datetime
    range: str
    part_number: int
    response_cache_control: str
    response_content_disposition: str
    response_content_encoding: str
    response_content_language: str
    response_content_type: str
    response_expires: datetime
    sse_customer_algorithm: str
    checksum_mode: str
