"""Requests that boto3 does not make by itself: presigned URLs, chunked bodies, our own operations over HTTP."""

from __future__ import annotations

import base64
import http.client
import zlib
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config


def request(url: str, method: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_presigned_url_puts_and_gets(s3: Any) -> None:
    where = {"Bucket": "bucket", "Key": "a b/ä"}
    put, get = (s3.generate_presigned_url(name, Params=where) for name in ("put_object", "get_object"))

    assert request(put, "PUT", b"hello")[0] == 200

    assert request(get, "GET") == (200, b"hello")


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_an_expired_presigned_url_is_refused(aws: Any, s3: Any, running: Any, version: str) -> None:
    s3.put_object(Bucket="bucket", Key="k", Body=b"hello")
    signer = boto3.client(
        "s3",
        endpoint_url=running.url,
        region_name="us-east-1",
        aws_access_key_id=aws.account,
        aws_secret_access_key="any",
        config=Config(signature_version=version),
    )
    where = {"Bucket": "bucket", "Key": "k"}

    fresh, expired = (signer.generate_presigned_url("get_object", where, ExpiresIn=s) for s in (60, -1))

    assert request(fresh, "GET") == (200, b"hello")
    status, body = request(expired, "GET")
    assert status == 403
    assert b"<Code>AccessDenied</Code><Message>Request has expired</Message>" in body
    assert (b"<X-Amz-Expires>-1</X-Amz-Expires>" in body) == (version == "s3v4")
    assert b"<Expires>" in body
    assert b"<ServerTime>" in body


@pytest.mark.parametrize("size", [11, 300_000])
def test_a_chunked_body_is_stored_without_its_framing_and_its_trailer_is_verified(
    aws: Any, s3: Any, running: Any, size: int
) -> None:
    data = b"x" * size
    crc = base64.b64encode(zlib.crc32(data).to_bytes(4, "big"))
    framed = b"%x\r\n%b\r\n0\r\nx-amz-checksum-crc32:%b\r\n\r\n"
    scope = f"{aws.account}/20260101/us-east-1/s3/aws4_request"
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "Content-Encoding": "aws-chunked",
        "X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "X-Amz-Decoded-Content-Length": str(size),
        "X-Amz-Trailer": "x-amz-checksum-crc32",
    }

    good = request(f"{running.url}/bucket/k", "PUT", framed % (size, data, crc), headers)
    bad = request(f"{running.url}/bucket/k2", "PUT", framed % (size, data, b"AAAAAA=="), headers)

    assert (good[0], bad[0]) == (200, 400)
    assert b"<Code>BadDigest</Code>" in bad[1]
    got = s3.get_object(Bucket="bucket", Key="k")
    assert got["Body"].read() == data
    assert "ContentEncoding" not in got


def test_a_folder_is_bound_over_http(aws: Any, s3: Any, running: Any, tmp_path: Any) -> None:
    scope = f"{aws.account}/20260101/us-east-1/s3/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}

    put = request(f"{running.url}/bucket?stepwell-folder&folder={tmp_path}", "PUT", headers=headers)
    got = request(f"{running.url}/bucket?stepwell-folder", "GET", headers=headers)
    listed = request(f"{running.url}/?stepwell-folders", "GET", headers=headers)

    assert put[0] == 200
    assert f"<Folder>{tmp_path}</Folder>".encode() in got[1]
    assert b"<Bucket>bucket</Bucket>" in listed[1]
