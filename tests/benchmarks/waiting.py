"""Executions that wait, thousands in one process: the memory they take, and that each goes on in time.

python tests/benchmarks/waiting.py [COUNT]      one line of JSON; the time is the emulator's, moved by hand
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvloop
from bench import COMMAND
from wire import ROLE, TARGETS, Client, many, require
from yardsticks import Process, memory

TARGETS["stepwell"] = ("Stepwell_20261120", "1.0")
AT_ONCE = 16
HOUR = 3_600
MACHINE = {
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "Seconds": HOUR, "Next": "Done"}, "Done": {"Type": "Pass", "End": True}},
}


async def measure(count: int, folder: Path) -> dict[str, Any]:
    """Start them, let an hour pass, look at each. Raises Wrong where one has not ended as it should."""
    emulator = Process(COMMAND, folder)
    await emulator.start(lambda client: client.request("GET", "/_stepwell/health", "sqs"))
    try:
        client, pid = emulator.client, emulator.running.pid
        idle = memory(pid)
        definition = json.dumps(MACHINE)
        made = await client.call("states", "CreateStateMachine", name="waits", definition=definition, roleArn=ROLE)
        arn = made["stateMachineArn"]
        started, _, _ = await many(
            count, AT_ONCE, lambda _: client.call("states", "StartExecution", stateMachineArn=arn)
        )
        waiting = memory(pid)
        await client.call("stepwell", "AdvanceClock", Seconds=HOUR)
        late = await _late(client, [execution["executionArn"] for execution in started])
        return {"executions": count, "idle_mib": idle, "waiting_mib": waiting, "late_s": late}
    finally:
        emulator.stop()


async def _late(client: Client, arns: list[str]) -> float:
    """By how many seconds the last one was late; all have succeeded, and none before its time."""
    found, _, _ = await many(
        len(arns), AT_ONCE, lambda n: client.call("states", "DescribeExecution", executionArn=arns[n])
    )
    ended = [one["stopDate"] - one["startDate"] - HOUR for one in found if one["status"] == "SUCCEEDED"]
    require(len(ended) == len(arns), f"{len(arns) - len(ended)} have not succeeded")
    require(min(ended) >= 0, f"one ended {-min(ended)} s early")
    return float(max(ended))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="stepwell-waiting-") as folder:
        print(json.dumps(uvloop.run(measure(int((sys.argv[1:] or ["10000"])[0]), Path(folder)))))
