"""stepwell clock: show or move an account's time (show, advance 1d, set MOMENT, freeze, scale N, real)."""

from __future__ import annotations

import argparse
from typing import Any

from emulator.cli import client, times
from emulator.errors import EmulatorError


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the clock."""
    parser.add_argument(
        "action", nargs="?", default="show", choices=("show", "advance", "set", "freeze", "scale", "real")
    )
    parser.add_argument("value", nargs="?", help="a duration, a moment or a factor")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Do it, then print the clock as it is."""
    if (args.value is None) == (args.action in ("advance", "set", "scale")):
        raise EmulatorError(f"stepwell clock {args.action} takes {'a value' if args.value is None else 'no value'}.")
    clock = _do(client.of(args), args.action, args.value)
    pace = f" at {clock['Scale']:g} times the pace" if clock["Mode"] == "scaled" else ""
    print(f"{times.shown(clock['Now'])} ({clock['Mode']}{pace}; on the wall {times.shown(clock['Wall'])})")
    return 0


def _do(who: client.Client, action: str, value: str) -> dict[str, Any]:
    if action == "advance":
        return who.call("stepwell", "AdvanceClock", {"Seconds": times.seconds(value)})
    if action == "set":
        if times.moment(value) < who.call("stepwell", "GetClock")["Now"]:
            raise EmulatorError("The time of an account does not go back.")
        return who.call("stepwell", "AdvanceClock", {"To": times.moment(value)})
    if action == "scale":
        return who.call("stepwell", "SetClock", {"Mode": "scaled", "Scale": _factor(value)})
    if action in ("freeze", "real"):
        return who.call("stepwell", "SetClock", {"Mode": "frozen" if action == "freeze" else "real"})
    return who.call("stepwell", "GetClock")


def _factor(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise EmulatorError(f"{text!r} is not a number.") from None
