"""stepwell coverage: list what is emulated, operation by operation."""

from __future__ import annotations

import argparse

from emulator.cli import client


def arguments(parser: argparse.ArgumentParser) -> None:
    """Of which service."""
    parser.add_argument("service", nargs="?", help="one service in detail (default: a line for each)")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """A line for each service, or for each operation of one."""
    wanted = {"Service": args.service} if args.service else {}
    operations = client.of(args).call("stepwell", "ListCoverage", wanted)["Operations"]
    if args.service:
        for entry in operations:
            left = entry.get("NotActedOn") or []
            note = f"  accepted, not acted on: {', '.join(left)}" if left else ""
            print(f"{'yes' if entry['Emulated'] else ' - '}  {entry['Operation']}{note}")
        return 0
    for service in dict.fromkeys(entry["Service"] for entry in operations):
        own = [entry for entry in operations if entry["Service"] == service]
        print(f"{service:<16} {sum(entry['Emulated'] for entry in own):>4} of {len(own)} operations")
    return 0
