"""How long an execution holds the loop: the longest slices of large Maps, deep Parallels, long loops.

python tests/benchmarks/slices.py [TEXT]      a line of JSON for each machine whose name holds TEXT

Milliseconds of processor time between two rounds of the loop, an emulator in this process. `longest` is of the best
of several runs, `second` and `third` of the same; `worst` of the worst run: it may have a first use of code, and the
log's way into the database. The collector of cycles is set as `stepwell up` sets it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import tempfile
import time
from typing import Any

import uvloop
from profile_path import House
from wire import ROLE, require

from emulator.cli.up import spare_the_collector

RUNS = 4
Machine = dict[str, Any]
_names = itertools.count()


def steps(count: int) -> Machine:
    """So many Pass states."""
    number = next(_names)
    names = [f"S{number}.{place}" for place in range(count)]
    after: list[Machine] = [{"Next": name} for name in names[1:]] + [{"End": True}]
    passes = {
        name: {"Type": "Pass", "Result": 1, "ResultPath": "$.r", **then}
        for name, then in zip(names, after, strict=True)
    }
    return {"StartAt": names[0], "States": passes}


def mapped(count: int) -> Machine:
    """A Map whose items pass so many states."""
    state = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": steps(count), "End": True}
    return {"StartAt": "M", "States": {"M": state}}


def branched(depth: int, width: int) -> Machine:
    """Parallels in Parallels."""
    if depth == 0:
        return steps(1)
    name = f"X{next(_names)}"
    branches = [branched(depth - 1, width) for _ in range(width)]
    return {"StartAt": name, "States": {name: {"Type": "Parallel", "Branches": branches, "End": True}}}


def loop(rounds: int) -> Machine:
    """A counter that is counted up, by an intrinsic function."""
    again = {"Variable": "$.n", "NumericLessThan": rounds, "Next": "Count"}
    states = {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [again], "Default": "End"},
        "End": {"Type": "Succeed"},
    }
    return {"StartAt": "Count", "States": states}


CASES: dict[str, tuple[Machine, Any]] = {
    "Map of 1,000": (mapped(1), {"items": [{}] * 1_000}),
    "Map of 5,000": (mapped(1), {"items": [{}] * 5_000}),
    "Map of 40, 50 states each": (mapped(50), {"items": [{}] * 40}),
    "Map of 220 items of 1 KiB": (mapped(1), {"items": [{"text": "x" * 1_000}] * 220}),
    "Parallel 4 by 4 by 4 by 4": (branched(4, 4), {}),
    "Parallel 30 deep": (branched(30, 1), {}),
    "Parallel of 200": (branched(1, 200), {"text": "x" * 1_000}),
    "loop of 4,000 rounds": (loop(4_000), {"n": 0}),
    "30 states, 200 KiB": (steps(30), {"text": "x" * 200_000}),
}


async def watch(slices: list[float]) -> None:
    """Note the processor time of each round of the loop, until cancelled."""
    last = time.thread_time()
    while True:
        await asyncio.sleep(0)
        now = time.thread_time()
        slices.append((now - last) * 1_000)
        last = now


async def run(house: House, arn: str, given: Any) -> list[float]:
    """The longest three slices of one execution."""
    slices: list[float] = []
    watching = asyncio.create_task(watch(slices))
    await asyncio.sleep(0)  # it looks at the time first
    params = {"stateMachineArn": arn, "input": json.dumps(given)}
    execution = (await house.call("states", "StartExecution", params))["executionArn"]
    status = "RUNNING"
    while status == "RUNNING":
        await asyncio.sleep(0.001)
        status = (await house.call("states", "DescribeExecution", {"executionArn": execution}))["status"]
    watching.cancel()
    require(status == "SUCCEEDED", f"the execution {status}")
    return sorted([*slices, 0.0, 0.0], reverse=True)[:3]


async def main(wanted: str) -> None:
    """Print a line for each case."""
    with tempfile.TemporaryDirectory(prefix="stepwell-slices-") as folder:
        async with House(folder) as house:
            spare_the_collector()
            for name, (definition, given) in CASES.items():
                if wanted not in name:
                    continue
                params = {"name": f"m{next(_names)}", "definition": json.dumps(definition), "roleArn": ROLE}
                arn = (await house.call("states", "CreateStateMachine", params))["stateMachineArn"]
                runs = sorted([await run(house, arn, given) for _ in range(RUNS)])
                best = dict(zip(("longest", "second", "third"), (round(each, 1) for each in runs[0]), strict=True))
                print(json.dumps({"machine": name, **best, "worst": round(runs[-1][0], 1)}))


if __name__ == "__main__":
    uvloop.run(main("".join(sys.argv[1:])))
