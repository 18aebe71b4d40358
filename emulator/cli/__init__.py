"""The `stepwell` command: its words, and how a mistake ends it (one line on stderr, exit code 1)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from emulator.cli import attempts, clock, coverage, demo, env, explain, inbox, status, stop, until, up
from emulator.errors import EmulatorError

COMMANDS: tuple[ModuleType, ...] = (
    up,
    status,
    stop,
    env,
    clock,
    until,
    explain,
    attempts,
    inbox,
    coverage,
    demo,
)


def parser() -> argparse.ArgumentParser:
    """The grammar: one subcommand for each module of COMMANDS."""
    whole = argparse.ArgumentParser(prog="stepwell", description="A local emulator of event-driven serverless AWS.")
    words = whole.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        name = module.__name__.rpartition(".")[2]
        text = (module.__doc__ or "").splitlines()[0].partition(": ")[2]
        word = words.add_parser(name, help=text, description=text)
        module.arguments(word)
        word.set_defaults(run=module.run)
    return whole


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 when it did what was asked, 1 when it could not, 2 for a wrong usage."""
    arguments = parser().parse_args(argv)
    try:
        code = arguments.run(arguments)
    except EmulatorError as error:
        print(f"stepwell: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code)
