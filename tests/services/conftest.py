"""One running emulator for all service tests of a session; each test has an account of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator.testing import Running

_accounts = itertools.count(100_000_000_001)


def _stores() -> list[Any]:
    stores = [pytest.param("sqlite", id="sqlite")]
    if os.environ.get("STEPWELL_TEST_POSTGRES") or os.environ.get("CI"):
        stores.append(pytest.param("postgres", id="postgres", marks=pytest.mark.postgres))
    return stores


@pytest.fixture(scope="session", params=_stores())
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings: dict[str, Any] = {}
    if request.param == "postgres":
        settings["store"] = request.getfixturevalue("postgres_url")
    emulator = Running(tmp_path_factory.mktemp("stepwell"), **settings).start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database of this session's own on the local PostgreSQL server."""
    import psycopg

    server = os.environ.get("STEPWELL_TEST_POSTGRES_SERVER", "postgresql://postgres@127.0.0.1:5432/")
    name = f"stepwell_test_{os.getpid()}"
    try:
        connection = psycopg.connect(f"{server}postgres", autocommit=True)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server: {error}")
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{server}{name}"
    with psycopg.connect(f"{server}postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Aws:
    """boto3 clients of one account, and its time."""

    def __init__(self, running: Running, account: str) -> None:
        self.running = running
        self.account = account

    def __call__(self, service: str, region: str = "us-east-1") -> Any:
        return self.running.client(service, self.account, region)

    def advance(self, seconds: float) -> None:
        """Move this account's time forward; what becomes due on the way is done."""
        self("stepwell").advance_clock(Seconds=seconds)


@pytest.fixture
def aws(running: Running) -> Callable[..., Any]:
    return Aws(running, str(next(_accounts)))
