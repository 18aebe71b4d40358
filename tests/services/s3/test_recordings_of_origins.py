"""Requests of web pages of other origins, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

ORIGIN = "https://localhost:4200"
ANYWHERE = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}


@pytest.fixture
def page(s3: Any, signer: Any, fetch: Any, parse: Any) -> Any:
    """What a page gets: `page("GET", Origin="...")`; the answer as the recordings have it."""
    s3.put_object(Bucket="bucket", Key="test-cors", Body="test-cors")

    def page(method: str, **headers: str) -> dict[str, Any]:
        operation = "put_object" if method == "PUT" else "get_object"
        url = s3.generate_presigned_url(operation, {"Bucket": "bucket", "Key": "test-cors"})
        answer = fetch(url, method, b"", {name.replace("_", "-"): value for name, value in headers.items()})
        told = {_spelt(name): value for name, value in answer.headers.items()}
        if answer.status == 403:  # AWS sends an error in chunks
            assert told.pop("Content-Length") == str(len(answer.body))
            told["Transfer-Encoding"] = "chunked"
        body = parse(answer.body) if answer.status == 403 else answer.body.decode()
        return {"Body": body, "Headers": told, "StatusCode": answer.status}

    return page


def _spelt(name: str) -> str:
    """A header as the recordings spell it."""
    lower = name.startswith("x-amz") or name in ("date", "server", "accept-ranges")
    return name if lower else {"etag": "ETag"}.get(name, name.title())


def allow(s3: Any, **rule: Any) -> None:
    s3.put_bucket_cors(Bucket="bucket", CORSConfiguration={"CORSRules": [rule]})


@pytest.mark.recording("s3", "test_cors_expose_headers")
def test_a_page_may_see_headers(s3: Any, page: Any, recorded: Any) -> None:
    allow(s3, **ANYWHERE, ExposeHeaders=["x-amz-id-2", "x-amz-request-id", "x-amz-request-payer"])

    recorded(opt_get=page("OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET"))


@pytest.mark.recording("s3", "test_put_cors_default_values")
def test_a_rule_allows_no_headers_by_default(s3: Any, page: Any, recorded: Any) -> None:
    allow(s3, **ANYWHERE)
    preflight = {"Origin": ORIGIN, "Access_Control_Request_Method": "GET"}

    recorded(
        opt_get=page("OPTIONS", **preflight),
        opt_get_headers=page("OPTIONS", **preflight, Access_Control_Request_Headers="x-amz-request-payer"),
    )


@pytest.mark.recording("s3", "test_cors_match_methods")
def test_a_page_may_use_methods(s3: Any, page: Any, recorded: Any) -> None:
    allow(s3, AllowedOrigins=[ORIGIN], AllowedMethods=["GET"], MaxAgeSeconds=3000)

    recorded(
        opt_get=page("OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET"),
        get_wrong_op=page("GET", Origin="https://wrong.test"),
        get_op=page("GET", Origin=ORIGIN),
        opt_put=page("OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="PUT"),
        put_op=page("PUT", Origin=ORIGIN),
    )


@pytest.mark.recording("s3", "test_cors_match_headers")
def test_a_page_may_send_headers(s3: Any, page: Any, recorded: Any) -> None:
    rule = {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["GET"], "MaxAgeSeconds": 3000}
    payer, owner = "x-amz-request-payer", "x-amz-expected-bucket-owner"
    encryption = "x-amz-server-side-encryption"

    def preflight(headers: str) -> Any:
        asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": headers}
        return page("OPTIONS", Origin=ORIGIN, **asked)

    allow(s3, **rule, AllowedHeaders=["*"])
    recorded(
        opt_get=preflight(payer),
        opt_get_two=preflight(f"{payer}, {owner}"),
        get_op=page("GET", Origin=ORIGIN, Access_Control_Request_Headers="").copy(),
    )
    allow(
        s3,
        **rule,
        AllowedHeaders=[owner, f"{encryption}-customer-algorithm", "x-AMZ-server-SIDE-encryption"],
    )
    recorded(
        get_bucket_cors_casing=s3.get_bucket_cors(Bucket="bucket"),
        opt_get_non_allowed=preflight(payer),
        opt_get_allowed=preflight(owner),
        opt_get_allowed_diff_casing=preflight(f"{owner}, {encryption}"),
        opt_get_allowed_no_space=preflight(f"{owner},{encryption}"),
        get_non_allowed_with_acl=page("GET", Origin=ORIGIN, Access_Control_Request_Headers=payer),
        get_non_allowed=page("GET", Origin=ORIGIN, x_amz_request_payer="requester"),
    )


# What the recordings do not have.


def test_without_rules_no_origin_is_told(page: Any) -> None:
    answer = page("GET", Origin=ORIGIN)

    assert not any(name.startswith("Access-Control") for name in answer["Headers"])
    refused = page("OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET")
    assert refused["StatusCode"] == 403
    assert refused["Body"]["Error"]["Message"] == "CORSResponse: CORS is not enabled for this bucket."


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({"Access-Control-Request-Method": "GET"}, b"Insufficient information. Origin request header needed."),
        ({"Origin": ORIGIN}, b"Invalid Access-Control-Request-Method: null"),
        ({"Origin": ORIGIN, "Access-Control-Request-Method": "X"}, b"Invalid Access-Control-Request-Method: X"),
    ],
)
def test_a_preflight_says_what_it_is_about(s3: Any, fetch: Any, headers: dict[str, str], text: bytes) -> None:
    allow(s3, **ANYWHERE)
    url = s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})

    answer = fetch(url, "OPTIONS", headers=headers)

    assert answer.status == 400
    assert b"<Code>BadRequest</Code>" in answer.body
    assert text in answer.body


@pytest.mark.parametrize(
    ("pattern", "origin", "allowed"),
    [
        ("https://*.example.com", "https://a.example.com", True),
        ("https://*.example.com", "https://example.com", False),
        ("http://localhost:*", "http://localhost:3000", True),
        ("http://a.b", "http://a-b", False),
    ],
)
def test_an_origin_may_have_one_wildcard(s3: Any, fetch: Any, pattern: str, origin: str, allowed: bool) -> None:
    allow(s3, AllowedOrigins=[pattern], AllowedMethods=["GET"])
    url = s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})

    answer = fetch(url, headers={"Origin": origin})

    assert answer.status == 404
    assert answer.headers.get("access-control-allow-origin") == (origin if allowed else None)


def test_an_unsigned_preflight_finds_the_only_bucket_of_its_name(aws: Any, running: Any, fetch: Any) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="pages-of-one-account")
    s3.put_bucket_cors(Bucket="pages-of-one-account", CORSConfiguration={"CORSRules": [ANYWHERE]})
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}

    for path in ("pages-of-one-account", "pages-of-one-account/some/key"):
        answer = fetch(f"{running.url}/{path}", "OPTIONS", headers=headers)

        assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
