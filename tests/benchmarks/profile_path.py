"""Where the time of a path goes: an emulator in this process, called without sockets, under cProfile."""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvloop
from paths import ONE_STATE, RULES, chain
from wire import ACCOUNT, REGION, ROLE, TARGETS, many, require

from emulator.app import Emulator
from emulator.config import Config
from emulator.wire.http import Request

AT_ONCE = 16
LINES = 40
Ask = tuple[str, str, dict[str, Any]]


class House:
    """An emulator on this loop."""

    def __init__(self, folder: str) -> None:
        self._emulator = Emulator(Config(data=Path(folder), port=0))

    async def __aenter__(self) -> House:
        await self._emulator.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._emulator.stop()

    async def call(self, service: str, operation: str, params: dict[str, Any]) -> Any:
        """An operation through the AWS endpoint, from bytes to bytes. Raises Wrong for an error."""
        target, version = TARGETS[service]
        headers = {
            "host": "127.0.0.1",
            "authorization": f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0",
            "x-amz-target": f"{target}.{operation}",
            "content-type": f"application/x-amz-json-{version}",
        }
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        request = Request("POST", "/", headers, json.dumps(params).encode())
        self._emulator.endpoint.answer(request, answered.set_result)
        answer = await answered
        require(answer.status == 200, f"{service}.{operation} answered {answer.status}")
        return json.loads(answer.body or b"{}")

    async def quiet(self) -> None:
        """Wait until no work is left that a call began."""
        while self._emulator.house.store.run(self._emulator.house.work.owners):
            await asyncio.sleep(0.001)


async def _queue(house: House) -> Callable[[int], Ask]:
    made = await house.call("sqs", "CreateQueue", {"QueueName": "q"})
    return lambda n: ("sqs", "SendMessage", {"QueueUrl": made["QueueUrl"], "MessageBody": f"{n} {'x' * 200}"})


async def _received(house: House) -> Callable[[int], Ask]:
    send = await _queue(house)
    url = send(0)[2]["QueueUrl"]
    await many(2_000, AT_ONCE, lambda n: house.call(*send(n)))
    return lambda _: ("sqs", "ReceiveMessage", {"QueueUrl": url, "MaxNumberOfMessages": 1, "VisibilityTimeout": 0})


async def _executions(house: House, definition: dict[str, Any]) -> Callable[[int], Ask]:
    params = {"name": "m", "definition": json.dumps(definition), "roleArn": ROLE}
    arn = (await house.call("states", "CreateStateMachine", params))["stateMachineArn"]
    return lambda n: ("states", "StartExecution", {"stateMachineArn": arn, "input": json.dumps({"n": n})})


async def _events(house: House) -> Callable[[int], Ask]:
    await _queue(house)
    for number in range(RULES):
        pattern = json.dumps({"source": ["bench"], "detail": {"key": [f"key-{number}"]}})
        await house.call("events", "PutRule", {"Name": f"r{number}", "EventPattern": pattern})
    target = {"Id": "q", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"}
    await house.call("events", "PutTargets", {"Rule": "r42", "Targets": [target]})
    entry = {"Source": "bench", "DetailType": "bench", "Detail": json.dumps({"key": "key-42"})}
    return lambda _: ("events", "PutEvents", {"Entries": [entry] * 10})


PATHS: dict[str, Any] = {
    "send": _queue,
    "receive": _received,
    "start": lambda house: _executions(house, ONE_STATE),
    "sfn": lambda house: _executions(house, chain()),
    "events": _events,
}


async def run(name: str, count: int, order: str) -> None:
    """Call the path `count` times and print what it cost, and where."""
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory(prefix="stepwell-profile-") as folder:
        async with House(folder) as house:
            ask = await PATHS[name](house)

            async def work(first: int, calls: int) -> float:
                begin = time.process_time()
                await many(calls, AT_ONCE, lambda n: house.call(*ask(first + n)))
                await house.quiet()
                return time.process_time() - begin

            await work(0, min(200, count))
            plain = await work(1_000_000, count)
            profile.enable()
            await work(2_000_000, count)
            profile.disable()
    print(f"{name}: {plain / count * 1e6:.1f} us of processor a call, {count / plain:,.0f} a second (not profiled)")
    pstats.Stats(profile).sort_stats(order).print_stats(LINES)


def main(arguments: list[str]) -> int:
    """`--profile PATH [COUNT] [--order tottime|cumulative]`."""
    parser = argparse.ArgumentParser(prog="scripts/bench --profile")
    parser.add_argument("path", choices=sorted(PATHS))
    parser.add_argument("count", nargs="?", type=int, default=2_000)
    parser.add_argument("--order", default="tottime", choices=("tottime", "cumulative"))
    args = parser.parse_args(arguments)
    uvloop.run(run(args.path, args.count, args.order))
    return 0
