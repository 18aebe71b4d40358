"""What a ResultWriter makes of the results of a distributed Map: whole, compact or flattened."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.environment import mixed
from emulator.languages.asl.intrinsics.unique import uuid4
from emulator.languages.asl.texts import dump, load

WHOLE, COMPACT, FLATTEN = "NONE", "COMPACT", "FLATTEN"
TRANSFORMATIONS = (COMPACT, FLATTEN, WHOLE)
OUTPUT_TYPES = ("JSON", "JSONL")


def transformed(results: list[dict[str, Any]], transformation: str, run_arn: str) -> list[Any]:
    """The results as `transformation` has them (Step Functions Developer Guide, "ResultWriter (Map)").

    `results`: `Index, Input, Status` and `Output` or `Error` and `Cause`, inputs and outputs as JSON text.
    A child execution that failed is shown whole in every transformation.
    """
    shown: list[Any] = []
    for result in results:
        if transformation == WHOLE or result["Status"] != "SUCCEEDED":
            shown.append(whole(result, run_arn))
            continue
        output = load(result["Output"])
        if transformation == FLATTEN and isinstance(output, list):
            shown += output
        else:
            shown.append(output)
    return shown


def whole(result: dict[str, Any], run_arn: str) -> dict[str, Any]:
    """A child execution with what is known of it; its ARN is made from that of the Map Run."""
    where, _, run = run_arn.rpartition(":")
    name = uuid4(mixed(run, result["Index"]))
    status = result["Status"]
    shown = {
        "ExecutionArn": f"{where.replace(':mapRun:', ':execution:')}:{name}",
        "Input": result["Input"],
        "InputDetails": {"Included": True},
        "Name": name,
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE" if status == "SUCCEEDED" else "REDRIVABLE_BY_MAP_RUN",
        "StateMachineArn": where.replace(":mapRun:", ":stateMachine:"),
        "Status": status,
    }
    if status == "SUCCEEDED":
        shown |= {"Output": result["Output"], "OutputDetails": {"Included": True}}
        shown["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
    named = {member: result.get(member) for member in ("Error", "Cause")}
    return shown | {member: text for member, text in named.items() if text is not None}


def exported(values: list[Any], output_type: str) -> str:
    """The text of a file of results: one JSON array, or a value a line (JSONL)."""
    if output_type == "JSONL":
        return "".join(f"{dump(value)}\n" for value in values)
    return f"[{','.join(dump(value) for value in values)}]"
