"""stepwell inbox: list the mails that were sent."""

from __future__ import annotations

import argparse

from emulator.cli import client, times


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose mails."""
    parser.add_argument("--to", metavar="ADDRESS", help="only those to one address")
    parser.add_argument("-n", type=int, default=20, help="how many, the latest (default 20)")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """A mail: when, to whom, its subject and its body."""
    wanted = {"MaxResults": args.n} | ({"To": args.to} if args.to else {})
    mails = client.of(args).call("stepwell", "ListMail", wanted)["Mail"]
    for mail in sorted(mails, key=lambda mail: mail["Id"]):
        print(f"{times.shown(mail['At'])} to {mail['To']}: {mail['Subject']}  (inbox/{mail['File']})")
        print("".join(f"    {line}\n" for line in mail["Body"].splitlines()), end="")
    if not mails:
        print("The inbox is empty.")
    return 0
