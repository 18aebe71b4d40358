"""stepwell status: say what runs, where, and what it has to do."""

from __future__ import annotations

import argparse
import os

from emulator.cli import address, client, times


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of a client."""
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print a few lines; raises EmulatorError when nobody answers."""
    who = client.of(args)
    clock = who.call("stepwell", "GetClock")
    work = who.call("stepwell", "ListWork", {"MaxResults": 1000})["Work"]
    here = address.find(address.data_folder(args.data, os.environ))
    print(f"Stepwell answers at {who.url}")
    if here is not None and here.url == who.url:
        print(f"  process  {here.pid}\n  project  {here.project}\n  data     {here.data}")
    print(f"  account  {who.account} in {who.region}")
    print(f"  clock    {times.shown(clock['Now'])} ({clock['Mode']})")
    print(f"  work     {_work(work)}")
    return 0


def _work(items: list[dict[str, object]]) -> str:
    if not items:
        return "nothing pending"
    count = "1000 items or more" if len(items) == 1000 else f"{len(items)} item{'s' if len(items) > 1 else ''}"
    first = min(float(str(item["Due"])) for item in items)
    return f"{count} pending, the next is due at {times.shown(first)}"
