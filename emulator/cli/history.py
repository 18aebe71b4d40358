"""The history of an execution, a line an event, as it is read in a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import Any

from emulator.arns import Arn
from emulator.cli.client import Client

_WHAT = ("name", "resourceType", "resource", "mapRunArn", "error", "cause", "input", "output", "parameters")


def report(who: Client, arn: Arn) -> None:
    """Print how an execution stands, and each of its events: number, milliseconds since the start, type, what of it.

    A terminal gets one row for each, but for what failed. Raises EmulatorError where there is no such execution, and
    for an Express one, which has no history.
    """
    there = Client(who.url, arn.account, arn.region)
    execution = there.call("stepfunctions", "DescribeExecution", {"executionArn": str(arn)})
    print(f"{arn.name} {execution['status']}")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    asked: dict[str, Any] = {"executionArn": str(arn), "maxResults": 1_000}
    while True:
        page = there.call("stepfunctions", "GetExecutionHistory", asked)
        for event in page["events"]:
            told = line(event, execution["startDate"])
            print(told if "error" in _details(event) else told[:width])
        if "nextToken" not in page:
            return
        asked["nextToken"] = page["nextToken"]


def line(event: dict[str, Any], started: float) -> str:
    """An event of GetExecutionHistory; `started` and its timestamp are seconds."""
    milliseconds = (event["timestamp"] - started) * 1_000
    details = _details(event)
    what = " ".join(_one_line(details[name]) for name in _WHAT if name in details)
    return f"{event['id']:>5} {milliseconds:>13,.0f} ms  {event['type']:<24} {what}".rstrip()


def _details(event: dict[str, Any]) -> dict[str, Any]:
    return next((value for name, value in event.items() if name.endswith("Details")), {})


def _one_line(text: str) -> str:
    return " ".join(text.split())
