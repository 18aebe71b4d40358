"""Calling who hears of a unit of work: one that fails keeps neither the others nor the store from going on."""

import asyncio
from collections.abc import Callable


def call(loop: asyncio.AbstractEventLoop | None, callback: Callable[..., object], *arguments: object) -> None:
    """Call back. What it raises is told to the loop that the store serves; without one it is raised."""
    try:
        callback(*arguments)
    except Exception as error:
        if loop is None:
            raise
        loop.call_exception_handler({"message": "a callback of the store raised", "exception": error})
