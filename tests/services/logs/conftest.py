"""A client, and what AWS answered in named situations."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_HELP = runpy.run_path(str(Path(__file__).parents[1] / "lambda_" / "recorded.py"), run_name="recorded")


@pytest.fixture
def logs(aws: Any) -> Any:
    return aws("logs")


@pytest.fixture(scope="session")
def recordings() -> Any:
    """Every recorded situation; skipped where there are no recordings."""
    return _HELP["Recorded"]("logs")


@pytest.fixture
def recorded(recordings: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """`recorded.agree(name=answer, ...)` with the situation that the test is marked with."""
    yield from recordings.of(request)
