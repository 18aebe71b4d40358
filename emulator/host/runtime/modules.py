"""The AWS SDK: imported once for many workers, and out of the way of a function that brings its own."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import sys

_SDK = "boto3"


def preload() -> frozenset[str]:
    """Import the SDK, if it is installed; the names of the modules that came with it."""
    before = set(sys.modules)
    with contextlib.suppress(Exception):
        importlib.import_module(_SDK)
    gc.collect()
    gc.freeze()
    return frozenset(name for name in set(sys.modules) - before if _top(name) not in sys.stdlib_module_names)


def give_way(code: str, preloaded: frozenset[str]) -> None:
    """Forget what was preloaded if the function's folder has its own copy of any of it."""
    if any(_holds(code, top) for top in {_top(name) for name in preloaded}):
        for name in preloaded:
            sys.modules.pop(name, None)


def uses_sdk(code: str) -> bool:
    """Whether the function has imported the SDK, and not one of its own."""
    return _SDK in sys.modules and not _holds(code, _SDK)


def _top(name: str) -> str:
    return name.split(".", 1)[0]


def _holds(code: str, name: str) -> bool:
    path = os.path.join(code, name)
    return os.path.exists(path) or os.path.exists(path + ".py")
