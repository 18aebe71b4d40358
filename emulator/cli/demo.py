"""stepwell demo: run the sample project through its four scenarios and tell the story."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whether it stays."""
    parser.add_argument("--keep", action="store_true", help="leave the emulator running at the end")


def run(args: argparse.Namespace) -> int:
    """0 only if every assertion of every scenario held."""
    from emulator.cli import story

    return story.tell(keep=args.keep)
