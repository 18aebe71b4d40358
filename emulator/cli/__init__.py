"""The `stepwell` command: its words, and how a mistake ends it (one line on stderr, exit code 1)."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from emulator.errors import EmulatorError

# Each is a module of this package with `arguments` and `run`; only the one that was asked for is imported.
COMMANDS: dict[str, str] = {
    "up": "serve the AWS API here, with a project's functions, rules and workflows",
    "status": "say what runs, where, and what it has to do",
    "stop": "end the emulator of a data folder cleanly",
    "env": 'print the variables that make boto3 and the AWS CLI use it: eval "$(stepwell env)"',
    "clock": "show or move an account's time: show, advance 1d, set MOMENT, freeze, scale N, real",
    "until": "wait for something, skipping the time in which nothing happens",
    "explain": "list the latest events; say which rules took one and why not; tell what an execution did",
    "attempts": "list the latest deliveries, with why one failed",
    "inbox": "list the mails that were sent",
    "coverage": "list what is emulated, operation by operation",
    "demo": "run the sample project through its four scenarios and tell the story",
}


def parser(word: str | None) -> argparse.ArgumentParser:
    """The grammar; of the subcommands only `word` has its flags."""
    whole = argparse.ArgumentParser(prog="stepwell", description="A local emulator of event-driven serverless AWS.")
    words = whole.add_subparsers(metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        command = words.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
        if name == word:
            module = importlib.import_module(f"{__name__}.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    return whole


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 when it did what was asked, 1 when it could not, 2 for a wrong usage."""
    given = sys.argv[1:] if argv is None else list(argv)
    arguments = parser(given[0] if given else None).parse_args(given)
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
