"""Checksums of bodies: given ones verified, others computed, those of parts combined."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from emulator.errors import AwsError, not_implemented
from emulator.services.s3.model.crc import CRC32, CRC32C, CRC64NVME, Crc
from emulator.services.s3.model.errors import invalid_request
from emulator.services.s3.model.params import Summed

CHUNK = 1024 * 1024
FULL_OBJECT = "FULL_OBJECT"
COMPOSITE = "COMPOSITE"
MULTIPART = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
_CRCS: Mapping[str, Crc] = {"CRC32": CRC32, "CRC32C": CRC32C, "CRC64NVME": CRC64NVME}
_HASHES: Mapping[str, Callable[[], hashlib._Hash]] = {
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
}
_LENGTHS = {"CRC32": 4, "CRC32C": 4, "CRC64NVME": 8, "MD5": 16, "SHA1": 20, "SHA256": 32, "SHA512": 64}
ALGORITHMS = tuple(_LENGTHS)
_PARAMETERS = {
    "checksum_crc32": "CRC32",
    "checksum_crc32_c": "CRC32C",
    "checksum_crc64_nvme": "CRC64NVME",
    "checksum_sha1": "SHA1",
    "checksum_sha256": "SHA256",
    "checksum_sha512": "SHA512",
    "checksum_md5": "MD5",
}


@dataclass(frozen=True, slots=True)
class Checksum:
    """A checksum as S3 tells it: `value` in base 64, with `-N` where it is that of N parts' checksums."""

    algorithm: str
    value: str
    type: str = FULL_OBJECT

    @property
    def members(self) -> dict[str, str]:
        """The members of an answer."""
        return {f"Checksum{self.algorithm}": self.value, "ChecksumType": self.type}

    @property
    def text(self) -> str:
        """As a row keeps it."""
        return f"{self.algorithm} {self.type} {self.value}"

    @staticmethod
    def of(text: str | None) -> Checksum | None:
        """The checksum that a row keeps."""
        if text is None:
            return None
        algorithm, type, value = text.split(" ")
        return Checksum(algorithm, value, type)


class Body(Protocol):
    """A body in memory or in a file, as far as checksums read it."""

    @property
    def size(self) -> int: ...
    @property
    def md5hex(self) -> str: ...
    def chunks(self) -> Iterator[bytes]: ...


def digest(algorithm: str, body: Body) -> bytes:
    """The sum of a body, the highest byte first."""
    if algorithm == "MD5":
        return bytes.fromhex(body.md5hex)
    if algorithm == "CRC32":
        value = 0
        for chunk in body.chunks():
            value = zlib.crc32(chunk, value)
        return value.to_bytes(4, "big")
    if (crc := _CRCS.get(algorithm)) is not None:
        chunks = body.chunks()
        value = crc.of(next(chunks, b""))
        for chunk in chunks:
            value = crc.combine(value, crc.of(chunk), len(chunk))
        return value.to_bytes(_LENGTHS[algorithm], "big")
    sum = _HASHES[algorithm]()
    for chunk in body.chunks():
        sum.update(chunk)
    return sum.digest()


def compute(algorithm: str, body: Body) -> Checksum:
    return Checksum(algorithm, _text(digest(algorithm, body)))


def given(operation: str, params: Summed) -> dict[str, str]:
    """The checksums among an operation's parameters, by algorithm; XXHASH is a loud 501."""
    found = {}
    for name, value in params.items():
        if name.startswith("checksum_") and isinstance(value, str):
            if name not in _PARAMETERS:
                raise not_implemented("s3", operation, "with XXHASH checksums")
            found[_PARAMETERS[name]] = value
    return found


def verify(given: Mapping[str, str], body: Body) -> Checksum | None:
    """The one checksum that came with a body, verified; None where none came.

    Raises InvalidRequest for more than one or for what is none, BadDigest for a wrong one.
    """
    if not given:
        return None
    if len(given) > 1:
        raise invalid_request("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    ((algorithm, value),) = given.items()
    wanted = require_digest(algorithm, value)
    if digest(algorithm, body) != wanted:
        raise AwsError("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.", status=400)
    return Checksum(algorithm, value)


def require_digest(algorithm: str, value: str) -> bytes:
    """The bytes of a checksum in base 64; raises InvalidRequest."""
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != _LENGTHS[algorithm]:
        raise invalid_request(f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.")
    return found


def verify_md5(content_md5: str | None, md5hex: str) -> None:
    """Raise InvalidDigest for what is no MD5 in base 64, BadDigest for a wrong one."""
    if content_md5 is None:
        return
    try:
        wanted = base64.b64decode(content_md5, validate=True)
    except (binascii.Error, ValueError):
        wanted = b""
    if len(wanted) != 16:
        raise AwsError(
            "InvalidDigest",
            "The Content-MD5 you specified was invalid.",
            status=400,
            fields={"Content-MD5": content_md5},
        )
    if wanted.hex() != md5hex:
        raise AwsError(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
            status=400,
            fields={
                "ExpectedDigest": content_md5,
                "CalculatedDigest": _text(bytes.fromhex(md5hex)),
            },
        )


def multipart_type(algorithm: str | None, type: str | None) -> str | None:
    """The checksum type of a new multipart upload (S3 User Guide, "Checking object integrity").

    Raises InvalidRequest for a pair that S3 does not have.
    """
    if algorithm is None:
        if type is not None:
            raise invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        return None
    if algorithm not in MULTIPART:
        raise invalid_request(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            f"[{', '.join(MULTIPART)}]"
        )
    if type is None:
        return FULL_OBJECT if algorithm == "CRC64NVME" else COMPOSITE
    if (type == COMPOSITE and algorithm == "CRC64NVME") or (type == FULL_OBJECT and algorithm.startswith("SHA")):
        raise invalid_request(
            f"The {type} checksum type cannot be used with the {algorithm.lower()} checksum algorithm."
        )
    return type


def combined(algorithm: str, type: str, parts: Iterable[tuple[bytes, int]]) -> Checksum:
    """The checksum of a multipart object from (digest, size) of its parts."""
    known = list(parts)
    if type == COMPOSITE:
        text = b"".join(digest for digest, _ in known)
        if (crc := _CRCS.get(algorithm)) is not None:
            whole = crc.of(text).to_bytes(_LENGTHS[algorithm], "big")
        else:
            sum = _HASHES[algorithm]()
            sum.update(text)
            whole = sum.digest()
        return Checksum(algorithm, f"{_text(whole)}-{len(known)}", COMPOSITE)
    crc = _CRCS[algorithm]
    value = int.from_bytes(known[0][0], "big")
    for digest, size in known[1:]:
        value = crc.combine(value, int.from_bytes(digest, "big"), size)
    return Checksum(algorithm, _text(value.to_bytes(_LENGTHS[algorithm], "big")))


def multipart_etag(etags: Iterable[str]) -> str:
    """The ETag of a multipart object: the MD5 of its parts' MD5s, and their number."""
    known = [bytes.fromhex(etag) for etag in etags]
    return f"{hashlib.md5(b''.join(known), usedforsecurity=False).hexdigest()}-{len(known)}"


def _text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
