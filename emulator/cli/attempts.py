"""stepwell attempts: list the latest deliveries, with why one failed."""

from __future__ import annotations

import argparse

from emulator.cli import client, times


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which ones."""
    parser.add_argument("--trace", metavar="ID", help="only those of one trace")
    parser.add_argument("-n", type=int, default=20, help="how many, the latest (default 20)")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """One line for each attempt, the latest last."""
    wanted = {"TraceId": args.trace} if args.trace else {"MaxResults": args.n}
    found = client.of(args).call("stepwell", "ListAttempts", wanted)["Attempts"]
    for attempt in sorted(found, key=lambda attempt: attempt["At"]):
        line = f"{times.shown(attempt['At'])} {attempt['Outcome']:<9} {attempt['Target']}"
        if attempt["Attempt"] > 1:
            line += f" (attempt {attempt['Attempt']})"
        print(f"{line}  from {attempt['Cause']}")
        if "ErrorCode" in attempt:
            print(f"    {attempt['ErrorCode']}: {attempt.get('ErrorMessage', '')}")
    if not found:
        print("Nothing was delivered.")
    return 0
