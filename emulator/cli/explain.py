"""stepwell explain: list the latest events; say of one which rules took it and why the others did not; or tell what
an execution did."""

from __future__ import annotations

import argparse
import json
from typing import Any

from emulator.arns import find_arn
from emulator.cli import client, history, times


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which event, or which execution."""
    parser.add_argument(
        "what",
        nargs="?",
        metavar="EVENT_ID | EXECUTION_ARN",
        help="one event in detail, or an execution event by event",
    )
    parser.add_argument("-n", type=int, default=20, help="how many, the latest (default 20)")
    client.arguments(parser)


def run(args: argparse.Namespace) -> int:
    """A line for each event, or a report of one, or of an execution."""
    who = client.of(args)
    if args.what:
        arn = find_arn(args.what)
        if arn is None:
            _report(who, args.what)
        else:
            history.report(who, arn)
        return 0
    events = who.call("events", "ListSeenEvents", {"Limit": args.n})["Events"]
    for event in reversed(events):
        outcome = ", ".join(event["Matched"]) or event.get("Note", "")
        print(f"{times.shown(event['At'])} {event['EventId']} {_what(event)} -> {outcome}")
    if not events:
        print("No event was put in the last hour.")
    return 0


def _what(event: dict[str, Any]) -> str:
    """What an event is about: its first resource, and the status that it tells, if any."""
    told = json.loads(event["Event"])
    status = told["detail"].get("status")
    about = [*told["resources"][:1], *([status] if isinstance(status, str) else [])]
    return " ".join([event["Source"], repr(event["DetailType"]), *about])


def _report(who: client.Client, event_id: str) -> None:
    told = who.call("events", "ExplainEvent", {"EventId": event_id})
    print(json.dumps(json.loads(told["Event"]), indent=2))
    print(f"on the bus {told['EventBusName']} at {times.shown(told['At'])}; trace {told['TraceId']}")
    if told.get("Note"):
        print(told["Note"])
    for rule in told["Rules"]:
        print(f"{'matched ' if rule['Matched'] else 'no match'}  {rule['Name']}{_state(rule)}")
        for reason in rule.get("Mismatches", []):
            print(f"    {reason['Path']}: expected {reason['Expected']}, found {reason['Found']}")
    for attempt in who.call("stepwell", "ListAttempts", {"TraceId": told["TraceId"]})["Attempts"]:
        error = f" ({attempt['ErrorCode']}: {attempt['ErrorMessage']})" if "ErrorCode" in attempt else ""
        print(f"{attempt['Outcome']} {attempt['Target']}{error}")


def _state(rule: dict[str, object]) -> str:
    return "" if rule.get("State") == "ENABLED" else f" ({rule.get('State')})"
