"""Uploads of a browser's form: its fields, and where in the body the file is (RFC 7578; API reference, PostObject)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, cast
from xml.etree import ElementTree

from emulator.errors import AwsError
from emulator.services.s3.model import words
from emulator.services.s3.model.errors import invalid_argument, malformed_xml, precondition_failed
from emulator.services.s3.model.params import Put

_BOUNDARY = re.compile(r';\s*boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_HEAD_BYTES_MAX = 64 * 1024
# Fields that mean what a header of PutObject of that name does, and the parameter it is.
_HEADERS = {
    "acl": "acl",
    "cache-control": "cache_control",
    "content-disposition": "content_disposition",
    "content-encoding": "content_encoding",
    "content-language": "content_language",
    "content-type": "content_type",
    "x-amz-storage-class": "storage_class",
    "x-amz-website-redirect-location": "website_redirect_location",
    "x-amz-server-side-encryption": "server_side_encryption",
    "x-amz-server-side-encryption-aws-kms-key-id": "ssekms_key_id",
    "x-amz-server-side-encryption-customer-algorithm": "sse_customer_algorithm",
    "x-amz-checksum-crc32": "checksum_crc32",
    "x-amz-checksum-crc32c": "checksum_crc32_c",
    "x-amz-checksum-crc64nvme": "checksum_crc64_nvme",
    "x-amz-checksum-sha1": "checksum_sha1",
    "x-amz-checksum-sha256": "checksum_sha256",
}
_META = "x-amz-meta-"
_FILENAME = "${filename}"


class Searchable(Protocol):
    """A body in memory, or a file that is mapped into it."""

    def find(self, sub: bytes, start: int = 0, /) -> int: ...
    def __getitem__(self, span: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Form:
    """The fields by their names in lower case; the file is `body[start:end]`, `filename` what the browser calls it."""

    fields: Mapping[str, str]
    start: int
    end: int
    filename: str | None

    @property
    def key(self) -> str:
        """The key, the name of the file in place of `${filename}`. Raises InvalidArgument."""
        key = self.fields.get("key")
        if key is None:
            raise missing_field("key")
        return key if self.filename is None else key.replace(_FILENAME, self.filename)

    @property
    def parameters(self) -> Put:
        """The fields that are parameters of PutObject, as they are called in Python."""
        found: dict[str, Any] = {
            parameter: self.fields[name] for name, parameter in _HEADERS.items() if name in self.fields
        }
        expires = _moment(self.fields.get("expires"))
        return cast(Put, found if expires is None else {**found, "expires": expires})

    @property
    def metadata(self) -> dict[str, str]:
        """User metadata as it is shown; a field, unlike a header, is no encoded word."""
        return {
            name[len(_META) :]: words.encoded(value) for name, value in self.fields.items() if name.startswith(_META)
        }


def missing_field(name: str) -> AwsError:
    text = (
        f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
    )
    return invalid_argument(text, name, "")


def read(body: Searchable, content_type: str | None) -> Form:
    """The form in a body; what follows the file is ignored. Raises PreconditionFailed, MalformedPOSTRequest,
    InvalidArgument.
    """
    boundary = _BOUNDARY.search(content_type or "")
    if not (content_type or "").lower().startswith("multipart/form-data") or boundary is None:
        raise precondition_failed("Bucket POST must be of the enclosure-type multipart/form-data")
    line = b"--" + boundary[1].encode("latin-1")
    at = body.find(line)
    fields: dict[str, str] = {}
    while at >= 0:
        head = at + len(line)
        start = body.find(b"\r\n\r\n", head)
        if body[slice(head, head + 2)] == b"--" or start < 0 or start - head > _HEAD_BYTES_MAX:
            break
        end = body.find(b"\r\n" + line, start + 2)
        if end < 0:
            raise _malformed()
        said = dict(_PARAMETER.findall(body[slice(head, start)].decode("utf-8", "replace")))
        name = said.get("name", "").lower()
        if name == "file":
            return Form(fields, start + 4, max(end, start + 4), said.get("filename"))
        fields[name] = body[slice(start + 4, end)].decode("utf-8", "replace")
        at = end + 2
    if not fields:
        raise _malformed()
    raise invalid_argument("POST requires exactly one file upload per request.", "file", 0)


def _malformed() -> AwsError:
    text = "The body of your POST request is not well-formed multipart/form-data."
    return AwsError("MalformedPOSTRequest", text, status=400)


def _moment(text: str | None) -> datetime | None:
    """The moment of an Expires field, None for what is no HTTP date."""
    try:
        found = parsedate_to_datetime(text or "")
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def tagging(text: str | None) -> dict[str, Any]:
    """The Tagging structure of a form's field, empty for another document. Raises MalformedXML."""
    if text is None:
        return {}
    try:
        if "<!DOCTYPE" in text:
            raise ValueError("entities are not expanded")
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        raise malformed_xml() from None
    if _local(root) != "Tagging":
        return {}
    tags = [element for element in root.iter() if _local(element) == "Tag"]
    return {"TagSet": [{_local(child): child.text or "" for child in tag} for tag in tags]}


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
