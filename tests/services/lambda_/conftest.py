"""Functions of a test's own account."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

ROLE = "arn:aws:iam::000000000000:role/lambda"


def _zipped(**files: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return written.getvalue()


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """zipped(module="its source", ...): an archive."""
    return _zipped


@pytest.fixture
def create(aws: Any) -> Callable[..., Any]:
    """create(source, name="f", **settings): a function whose handler is index.handler."""

    def make(source: str, name: str = "f", **settings: Any) -> Any:
        wanted = {"Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE, **settings}
        code = settings.get("Code") or {"ZipFile": _zipped(index=source)}
        return aws("lambda").create_function(**{**wanted, "FunctionName": name, "Code": code})

    return make
