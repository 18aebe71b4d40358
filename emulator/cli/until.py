"""stepwell until: wait for something, skipping the time in which nothing happens."""

from __future__ import annotations

import argparse

from emulator.cli import client, times


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to wait for, and how long in the account's time."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--execution", metavar="ARN", help="until this execution has ended")
    what.add_argument("--queue", metavar="URL", help="until this queue has a message")
    what.add_argument("--idle", action="store_true", help="until nothing is pending any more")
    parser.add_argument("--timeout", default="1d", help="how far the account's time may go (default 1d)")
    parser.add_argument("--no-skip", action="store_true", help="wait in the account's time as it runs")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """0 when it came about, 1 when the time was over first."""
    wanted = {"TimeoutSeconds": times.seconds(args.timeout), "Skip": not args.no_skip}
    if args.execution:
        wanted["ExecutionArn"] = args.execution
    elif args.queue:
        wanted["QueueUrl"] = args.queue
    else:
        wanted["NothingPending"] = True
    answer = client.of(args).call("stepwell", "WaitUntil", wanted)
    print(f"{times.shown(answer['Now'])} {'reached' if answer['Reached'] else 'not reached'}")
    return 0 if answer["Reached"] else 1
