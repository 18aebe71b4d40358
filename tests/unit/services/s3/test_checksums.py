"""Checksums: given ones verified, those of multipart objects combined; values recorded at AWS."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from emulator.errors import AwsError
from emulator.services.s3.model import checksums
from emulator.services.s3.model.checksums import COMPOSITE, FULL_OBJECT, Checksum


@dataclass
class Text:
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def md5hex(self) -> str:
        return hashlib.md5(self.data).hexdigest()

    def chunks(self) -> Iterator[bytes]:
        yield self.data[:3]
        yield self.data[3:]


DIGESTS = {
    "CRC32": "DUoRhQ==",
    "CRC32C": "yZRlqg==",
    "MD5": base64.b64encode(hashlib.md5(b"hello world").digest()).decode(),
    "SHA1": base64.b64encode(hashlib.sha1(b"hello world").digest()).decode(),
    "SHA256": base64.b64encode(hashlib.sha256(b"hello world").digest()).decode(),
    "SHA512": base64.b64encode(hashlib.sha512(b"hello world").digest()).decode(),
}


@pytest.mark.parametrize(("algorithm", "value"), DIGESTS.items())
def test_a_right_checksum_is_verified_and_echoed(algorithm: str, value: str) -> None:
    found = checksums.verify({algorithm: value}, Text(b"hello world"))

    assert found == Checksum(algorithm, value)


def test_a_wrong_checksum_is_a_bad_digest() -> None:
    with pytest.raises(AwsError) as caught:
        checksums.verify({"CRC32": "AAAAAA=="}, Text(b"hello world"))

    assert caught.value.code == "BadDigest"
    assert caught.value.message == "The CRC32 you specified did not match the calculated checksum."


@pytest.mark.parametrize("value", ["not base 64", "AAAA", ""])
def test_what_is_no_checksum_is_an_invalid_request(value: str) -> None:
    with pytest.raises(AwsError, match=r"Value for x-amz-checksum-sha256 header is invalid\."):
        checksums.verify({"SHA256": value}, Text(b""))


def test_two_checksums_are_one_too_many() -> None:
    with pytest.raises(AwsError) as caught:
        checksums.verify({"CRC32": "DUoRhQ==", "CRC32C": "yZRlqg=="}, Text(b"hello world"))

    assert caught.value.code == "InvalidRequest"


def test_content_md5_is_checked() -> None:
    md5hex = hashlib.md5(b"x").hexdigest()

    checksums.verify_md5(base64.b64encode(bytes.fromhex(md5hex)).decode(), md5hex)
    with pytest.raises(AwsError, match="BadDigest"):
        checksums.verify_md5(base64.b64encode(bytes(16)).decode(), md5hex)
    with pytest.raises(AwsError, match="InvalidDigest"):
        checksums.verify_md5("!", md5hex)


@pytest.mark.parametrize(
    ("algorithm", "type", "expected"),
    [
        (None, None, None),
        ("CRC32", None, COMPOSITE),
        ("SHA256", None, COMPOSITE),
        ("CRC64NVME", None, FULL_OBJECT),
        ("CRC32C", FULL_OBJECT, FULL_OBJECT),
    ],
)
def test_the_type_of_a_multipart_checksum_follows_from_its_algorithm(
    algorithm: str | None, type: str | None, expected: str | None
) -> None:
    assert checksums.multipart_type(algorithm, type) == expected


@pytest.mark.parametrize(
    ("algorithm", "type", "message"),
    [
        ("CRC64NVME", COMPOSITE, "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."),
        ("SHA1", FULL_OBJECT, "The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm."),
        (None, COMPOSITE, "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."),
    ],
)
def test_pairs_that_s3_does_not_have_are_refused(algorithm: str | None, type: str, message: str) -> None:
    with pytest.raises(AwsError) as caught:
        checksums.multipart_type(algorithm, type)

    assert caught.value.message == message


def test_a_full_object_checksum_is_that_of_all_parts_in_a_row() -> None:
    parts = [b"first", b"second" * 100, b""]

    found = checksums.combined("CRC32", FULL_OBJECT, [(zlib.crc32(p).to_bytes(4, "big"), len(p)) for p in parts])

    assert base64.b64decode(found.value) == zlib.crc32(b"".join(parts)).to_bytes(4, "big")


def test_a_composite_checksum_is_that_of_the_parts_checksums() -> None:
    digests = [hashlib.sha256(part).digest() for part in (b"a", b"b")]

    found = checksums.combined("SHA256", COMPOSITE, [(digest, 1) for digest in digests])

    whole = base64.b64encode(hashlib.sha256(b"".join(digests)).digest()).decode()
    assert found == Checksum("SHA256", f"{whole}-2", COMPOSITE)


def test_a_row_keeps_a_checksum_as_text() -> None:
    checksum = Checksum("CRC32", "5FRUiw==-3", COMPOSITE)

    assert Checksum.of(checksum.text) == checksum
    assert Checksum.of(None) is None


def test_the_etag_of_a_multipart_object_counts_its_parts() -> None:
    etag = hashlib.md5(b"x").hexdigest()

    assert checksums.multipart_etag([etag]) == f"{hashlib.md5(bytes.fromhex(etag)).hexdigest()}-1"
