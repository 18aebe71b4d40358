"""What a ResultWriter makes of the results of a distributed Map: whole, compact or flattened."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.texts import dump, load

WHOLE, COMPACT, FLATTEN = "NONE", "COMPACT", "FLATTEN"
TRANSFORMATIONS = (COMPACT, FLATTEN, WHOLE)
OUTPUT_TYPES = ("JSON", "JSONL")


def transformed(child: dict[str, Any], transformation: str) -> list[str]:
    """A child's result as `transformation` has it, as JSON texts (AWS: "ResultWriter (Map)").

    `child`: `arn, machine_arn, name, status, started, stopped` (times as text), `redrives`, `input` and `output` as
    JSON text, `error, cause`. One that did not succeed is shown whole in every transformation.
    """
    if transformation == WHOLE or child["status"] != "SUCCEEDED":
        return [dump(whole(child))]
    output: str = child["output"]
    if transformation == FLATTEN and output.startswith("["):
        return [dump(value) for value in load(output)]
    return [output]


def unstarted(given: str) -> str:
    """A child that was never started, as JSON text: `whole` without what it does not have. AWS documents no example."""
    return dump({"Input": given, "InputDetails": {"Included": True}, "Status": "PENDING"})


def whole(child: dict[str, Any]) -> dict[str, Any]:
    """A child execution with what is known of it."""
    done = child["status"] == "SUCCEEDED"
    shown = {
        "ExecutionArn": child["arn"],
        "Input": child["input"],
        "InputDetails": {"Included": True},
        "Name": child["name"],
    }
    if done:
        shown |= {"Output": child["output"], "OutputDetails": {"Included": True}}
    shown |= {
        "RedriveCount": child["redrives"],
        "RedriveStatus": "NOT_REDRIVABLE" if done else "REDRIVABLE_BY_MAP_RUN",
    }
    if done:
        shown["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
    shown |= {
        "StartDate": child["started"],
        "StateMachineArn": child["machine_arn"],
        "Status": child["status"],
        "StopDate": child["stopped"],
    }
    named = {"Error": child["error"], "Cause": child["cause"]}
    return shown | {member: text for member, text in named.items() if text is not None}
