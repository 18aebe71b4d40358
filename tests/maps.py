"""The states of a machine that is one distributed Map."""

from __future__ import annotations

from typing import Any

PASS = {"Type": "Pass", "End": True}


def distributed(inner: dict[str, Any] | None = None, kind: str = "STANDARD", **fields: Any) -> dict[str, Any]:
    """One distributed Map, M, with these fields; its children have the state I, or are of the states that are given."""
    states = inner if inner and "I" in inner else {"I": inner or PASS}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    processor = {"ProcessorConfig": config, "StartAt": "I", "States": states}
    return {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}
