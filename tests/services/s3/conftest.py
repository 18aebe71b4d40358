"""A bucket of each test's own."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def s3(aws: Any) -> Any:
    """A client of the test's account, which has the bucket `bucket`."""
    client = aws("s3")
    client.create_bucket(Bucket="bucket")
    return client
