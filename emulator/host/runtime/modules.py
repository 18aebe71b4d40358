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


def give_way(folders: list[str], preloaded: frozenset[str]) -> None:
    """Forget what was preloaded if one of the function's folders has its own copy of any of it."""
    if any(_hold(folders, top) for top in {_top(name) for name in preloaded}):
        for name in preloaded:
            sys.modules.pop(name, None)


def uses_sdk(folders: list[str]) -> bool:
    """Whether the function has imported the SDK, and not one of its own."""
    return _SDK in sys.modules and not _hold(folders, _SDK)


def _top(name: str) -> str:
    return name.split(".", 1)[0]


def _hold(folders: list[str], name: str) -> bool:
    paths = [os.path.join(folder, name) for folder in folders]
    return any(os.path.exists(path) or os.path.exists(path + ".py") for path in paths)
