"""A client, and what AWS answered in named situations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.services.lambda_.recorded import Recorded


@pytest.fixture
def logs(aws: Any) -> Any:
    return aws("logs")


@pytest.fixture(scope="session")
def recordings() -> Any:
    """Every recorded situation; skipped where there are no recordings."""
    return Recorded("logs")


@pytest.fixture
def recorded(recordings: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """`recorded.agree(name=answer, ...)` with the situation that the test is marked with."""
    yield from recordings.of(request)
