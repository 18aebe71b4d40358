"""A mistake of ours after a function has begun does not run it a second time."""

from __future__ import annotations

import asyncio
from typing import Any

from emulator.kit.context import Context, Origin
from emulator.kit.results import Again
from emulator.kit.service import Item
from emulator.services.lambda_.operations.answers import take_answer
from emulator.services.lambda_.work import invocation


def _item(aws: Any, attempts: int, **more: Any) -> Item:
    payload = {"name": "f", "qualifier": None, "version": "$LATEST", "request": "r", "payload": "{}", **more}
    return Item(1, "lambda.invoke", aws.account, "us-east-1", 0, attempts, payload, "1-a-b", "test")


def _run(aws: Any, item: Item) -> Any:
    """What `run` gives for the item, and what the caller of the invocation finds."""
    house = aws.running.emulator.house

    def unit(tx: Any) -> Any:
        ctx = Context(house, tx, item.account, item.region, Origin(item.trace_id, item.cause))
        return invocation.run(ctx, item)

    async def on_loop() -> Any:
        done = house.store.run(unit)
        return done, house.store.run(
            lambda tx: take_answer(Context(house, tx, item.account, item.region, Origin.new("test")), "r")
        )

    return asyncio.run_coroutine_threadsafe(on_loop(), aws.running._loop).result(20)


def test_the_caller_hears_that_the_function_may_have_run(aws, create):
    create("def handler(event, context):\n    return 1\n")

    done, ended = _run(aws, _item(aws, attempts=1))

    assert done is None
    assert ended.error[0] == "ServiceException"


def test_an_event_counts_it_as_a_failed_attempt(aws, create):
    create("def handler(event, context):\n    return 1\n")

    done, _ = _run(aws, _item(aws, attempts=1, since=0x7FFFFFFFFFFFF))

    assert isinstance(done, Again)
    assert done.payload["tries"] == 1
    assert done.payload["attempts"] == 2
