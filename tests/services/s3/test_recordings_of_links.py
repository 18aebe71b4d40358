"""Presigned URLs, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

GET = {"Bucket": "bucket", "Key": "temp.txt"}


@pytest.fixture
def object_(s3: Any) -> Any:
    s3.put_object(**GET, Body="something")
    return s3


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@pytest.mark.recording("s3", "test_presigned_url_signature_authentication_expired")
def test_a_link_expires(object_: Any, signer: Any, fetch: Any, parse: Any, recorded: Any, version: str) -> None:
    url = signer(signature_version=version).generate_presigned_url("get_object", GET, ExpiresIn=-1)

    by_path = fetch(url)
    by_host = fetch(url.replace("/bucket/", "/"), headers={"Host": "bucket.s3.localhost.localstack.cloud"})

    for case, answer in (("False", by_path), ("True", by_host)):
        assert answer.status == 403
        expired = parse(answer.body)
        if version == "s3v4":  # the recorded link lived a second, this one none
            assert expired["Error"].pop("X-Amz-Expires") == "-1"
            expired["Error"]["X-Amz-Expires"] = "1"
        told = {**expired["Error"], "Expires": "date", "ServerTime": "date"}
        assert expired["Error"]["Expires"] < expired["Error"]["ServerTime"]
        recorded[f"{version}-{case}"](expired={"Error": told})


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@pytest.mark.recording("s3", "test_s3_put_presigned_url_missing_sig_param")
def test_a_link_has_all_its_parameters(
    object_: Any, signer: Any, fetch: Any, parse: Any, recorded: Any, version: str
) -> None:
    url = signer(signature_version=version).generate_presigned_url("put_object", GET)
    lacking = {"s3": "Signature", "s3v4": "X-Amz-Signature"}[version]
    kept = [part for part in url.split("&") if not part.startswith(f"{lacking}=")]

    answer = fetch("&".join(kept), "PUT", b"test")

    recorded[version](missing_param_exception={**parse(answer.body), "StatusCode": answer.status})


@pytest.mark.recording("s3", "test_presigned_double_encoded_credentials")
def test_the_credential_of_a_link_is_escaped_once(
    object_: Any, signer: Any, fetch: Any, parse: Any, recorded: Any
) -> None:
    url = signer(signature_version="s3v4").generate_presigned_url("get_object", GET)

    recorded(error_malformed=parse(fetch(url.replace("%2F", "%252F")).body))


@pytest.mark.recording("s3", "test_get_response_overrides_unicode_metadata_with_sig_s3")
def test_a_header_that_is_asked_for_can_be_said(
    object_: Any, signer: Any, fetch: Any, parse: Any, recorded: Any
) -> None:
    asked = {**GET, "ResponseCacheControl": "non-ascii-%E2%80%94_—_é_"}
    url = signer(signature_version="s3").generate_presigned_url("get_object", asked)

    recorded(unicode_error=parse(fetch(url).body))
