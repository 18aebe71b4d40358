"""aws-chunked bodies, in pieces of any size."""

import pytest

from emulator.errors import AwsError
from emulator.wire.chunked import ChunkedDecoder, decoded_headers, is_chunked
from emulator.wire.codec import decode
from emulator.wire.http import Request
from emulator.wire.routing import identify

SIGNED = (
    b"5;chunk-signature=" + b"0" * 64 + b"\r\nhello\r\n6;chunk-signature=" + b"1" * 64 + b"\r\n\r\nworl\r\n"
    b"0;chunk-signature=" + b"2" * 64 + b"\r\n\r\n"
)
UNSIGNED = b"b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_signed_body_is_decoded_piece_by_piece(size: int) -> None:
    decoder = ChunkedDecoder()

    out = b"".join(decoder.feed(SIGNED[at : at + size]) for at in range(0, len(SIGNED), size))

    assert out == b"hello\r\nworl"
    assert decoder.finish() == {}


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_trailers_are_kept(size: int) -> None:
    decoder = ChunkedDecoder()

    out = b"".join(decoder.feed(UNSIGNED[at : at + size]) for at in range(0, len(UNSIGNED), size))

    assert out == b"hello world"
    assert decoder.finish() == {"x-amz-checksum-crc32": "DUoRhQ=="}


def test_the_headers_of_a_decoded_body_look_as_if_it_had_never_been_chunked() -> None:
    headers = {
        "content-encoding": "aws-chunked,gzip",
        "content-length": str(len(UNSIGNED)),
        "x-amz-checksum-crc32": "DUoRhQ==",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "x-amz-decoded-content-length": "11",
        "x-amz-trailer": "x-amz-checksum-crc32",
    }

    plain = decoded_headers(headers)

    assert plain == {"content-encoding": "gzip", "content-length": "11", "x-amz-checksum-crc32": "DUoRhQ=="}
    assert is_chunked(headers)
    assert not is_chunked(plain)


def test_a_body_without_its_end_is_incomplete() -> None:
    decoder = ChunkedDecoder()
    decoder.feed(SIGNED[:-90])

    with pytest.raises(AwsError) as refused:
        decoder.finish()

    assert refused.value.code == "IncompleteBody"


@pytest.mark.parametrize("body", [b"xyz\r\nhello\r\n", b"-5\r\nhello\r\n", b"2\r\nhello\r\n", b"0\r\nno colon\r\n"])
def test_a_body_that_is_not_chunked_is_refused(body: bytes) -> None:
    with pytest.raises(AwsError):
        ChunkedDecoder().feed(body)


def test_a_chunk_header_without_end_is_refused() -> None:
    decoder = ChunkedDecoder()

    with pytest.raises(AwsError):
        decoder.feed(b"1" * 20_000)


def test_a_put_that_came_chunked_is_decoded_with_the_length_of_its_data() -> None:
    headers = {
        "authorization": "AWS4-HMAC-SHA256 Credential=a/20261120/us-east-1/s3/aws4_request, Signature=0",
        "content-encoding": "aws-chunked",
        "content-length": "200",
        "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "x-amz-decoded-content-length": "5",
    }
    request = Request("PUT", "/b/k", headers, b"hello")

    match = identify(request, {"s3"})

    assert match is not None
    assert decode(match, request) == {"bucket": "b", "key": "k", "content_length": 5, "body": b"hello"}
