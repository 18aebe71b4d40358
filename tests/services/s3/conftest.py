"""A bucket of each test's own, and what AWS answered in named situations."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import boto3
import pytest
from botocore.config import Config

from tests.services.s3.recorded import recorded_for


@pytest.fixture
def s3(aws: Any) -> Any:
    """A client of the test's account, which has the bucket `bucket`."""
    client = aws("s3")
    client.create_bucket(Bucket="bucket")
    return client


@pytest.fixture
def versioned(s3: Any) -> Any:
    """A client whose bucket `bucket` has versions."""
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    return s3


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """What reads the model of S3 once."""
    return boto3.Session()


@pytest.fixture
def signer(aws: Any, running: Any, session: boto3.Session) -> Callable[..., Any]:
    """A client of the test's account with other settings: `signer(signature_version="s3")`."""

    def make(**settings: Any) -> Any:
        return session.client(
            "s3",
            endpoint_url=running.url,
            region_name="us-east-1",
            aws_access_key_id=aws.account,
            aws_secret_access_key="any",
            config=Config(**{"s3": {"addressing_style": "path"}, "retries": {"total_max_attempts": 1}, **settings}),
        )

    return make


@pytest.fixture
def unchecked(signer: Any) -> Any:
    """A client that sends what its model does not allow."""
    return signer(parameter_validation=False)


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Iterator[Any]:
    """`recorded(name=answer, ...)` holds answers against the situation that the test's marker names."""
    found = recorded_for(request)
    failed = request.session.testsfailed
    yield found
    if request.session.testsfailed == failed:
        found.finish()


@pytest.fixture
def to_host() -> Callable[[Any, str], Any]:
    """Let a client name another host than the address it calls, as one with a name server would."""

    def to_host(client: Any, host: str) -> Any:
        def rename(request: Any, **_: Any) -> None:
            request.url = request.url.replace(f"/{host.partition('.')[0]}", "/", 1)
            request.headers["Host"] = host

        client.meta.events.register("before-sign.s3", rename)
        return client

    return to_host


class Page(NamedTuple):
    """An answer as it came; the names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def fetch() -> Callable[..., Page]:
    """A request that boto3 would not make: `fetch(url, "PUT", body, headers)`."""

    def fetch(url: str, method: str = "GET", body: bytes = b"", headers: dict[str, str] | None = None) -> Page:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request(method, url.partition(parts.netloc)[2], body, headers or {})
            answer = connection.getresponse()
            return Page(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    return fetch


@pytest.fixture
def parse() -> Callable[[bytes], dict[str, Any]]:
    """A document of XML as a dictionary; elements of the same name are a list, one without content is None."""

    def of(element: ElementTree.Element) -> Any:
        if not len(element):
            return element.text
        out: dict[str, Any] = {}
        for child in element:
            name = child.tag.rpartition("}")[2]
            value = of(child)
            known = out.get(name)
            out[name] = value if name not in out else [*(known if isinstance(known, list) else [known]), value]
        return out

    def parse(document: bytes) -> dict[str, Any]:
        root = ElementTree.fromstring(document)
        return {root.tag.rpartition("}")[2]: of(root)}

    return parse
