"""Functions of a test's own account, and what AWS answered in named situations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.services.lambda_.recorded import Recorded

ROLE = "arn:aws:iam::000000000000:role/lambda"


@pytest.fixture
def create(aws: Any, zipped: Callable[..., bytes]) -> Callable[..., Any]:
    """create(source, name="f", **settings): a function whose handler is index.handler."""

    def make(source: str, name: str = "f", **settings: Any) -> Any:
        wanted = {"Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE, **settings}
        code = settings.get("Code") or {"ZipFile": zipped(index=source)}
        return aws("lambda").create_function(**{**wanted, "FunctionName": name, "Code": code})

    return make


@pytest.fixture
def client(aws: Any) -> Any:
    return aws("lambda")


@pytest.fixture
def made(client: Any, zipped: Callable[..., bytes]) -> Callable[..., Any]:
    """made(name="f", source=..., **settings): a function as most situations have it, its handler handler.handler."""

    def make(name: str = "f", source: str = "def handler(event, context):\n    return event\n", **settings: Any) -> Any:
        wanted = {"Runtime": "python3.12", "Role": ROLE, "Timeout": 30, "Environment": {"Variables": {}}}
        module, _, _ = settings.setdefault("Handler", "handler.handler").rpartition(".")
        code = {"ZipFile": zipped(**{module: source})}
        given = {name: value for name, value in {**wanted, "Code": code, **settings}.items() if value is not None}
        return client.create_function(FunctionName=name, **given)

    return make


@pytest.fixture
def invoked(client: Any) -> Callable[..., Any]:
    """invoked(name, payload=None, **params): the answer, its payload as text or as the JSON object that it is."""

    def invoke(name: str = "f", payload: Any = None, **params: Any) -> Any:
        if payload is not None:
            params["Payload"] = json.dumps(payload).encode()
        answer = client.invoke(FunctionName=name, **params)
        text = answer["Payload"].read().decode()
        return {**answer, "Payload": json.loads(text) if text.startswith("{") else text}

    return invoke


@pytest.fixture(scope="session")
def recordings() -> Any:
    """Every recorded situation; skipped where there are no recordings."""
    return Recorded("lambda")


@pytest.fixture
def recorded(recordings: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """`recorded.agree(name=answer, ...)` with the situation that the test is marked with."""
    yield from recordings.of(request)
