"""A function host of a test's own, and functions for it to run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from emulator.host import Answer, Function, Host

Scenario = Callable[[Host], Awaitable[None]]


def function(code: Path, handler: str = "app.handler", **changes: Any) -> Function:
    settings: dict[str, Any] = {
        "key": f"{handler} 1",
        "name": "f",
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "version": "$LATEST",
        "handler": handler,
        "code": code,
        "runtime": "python3.13",
        "environment": {},
        "timeout_seconds": 10.0,
        "memory_mb": 256,
        "log_group": "/aws/lambda/f",
        "region": "eu-west-1",
        "account": "123456789012",
    }
    return Function(**{**settings, **changes})


def code(folder: Path, text: str) -> Path:
    (folder / "app.py").write_text(text)
    return folder


def start(host: Host, subject: Function, event: Any = None, **options: Any) -> asyncio.Future[Answer]:
    future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    host.invoke(subject, json.dumps(event).encode(), done=future.set_result, **{"request_id": "r-1", **options})
    return future


def play(scenario: Scenario, **settings: Any) -> None:
    async def whole() -> None:
        host = Host(**settings)
        await host.start()
        try:
            await scenario(host)
        finally:
            await host.close()

    asyncio.run(whole())


def invoke_once(subject: Function, event: Any = None, **options: Any) -> Answer:
    answers: list[Answer] = []

    async def scenario(host: Host) -> None:
        answers.append(await start(host, subject, event, **options))

    play(scenario)
    return answers[0]


def texts(answer: Answer) -> list[str]:
    return [line.text for line in answer.logs]
