"""The lines that Lambda itself writes into a function's log, as text or as JSON."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from emulator.clock import from_micros, in_millis
from emulator.host.model import Function


def runtime_version_arn(runtime: str, region: str) -> str:
    """The ARN of the runtime version a function runs on; one per runtime and Region."""
    digest = hashlib.sha256(runtime.encode()).hexdigest()
    return f"arn:aws:lambda:{region}::runtime:{digest}"


def init_start(function: Function, at_us: int) -> str:
    """The line that begins the life of a worker."""
    version = function.runtime.replace("python", "python:") + ".v1"
    arn = runtime_version_arn(function.runtime, function.region)
    if function.logging.is_text:
        return f"INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n"
    record = {
        "initializationType": "on-demand",
        "phase": "init",
        "runtimeVersion": version,
        "runtimeVersionArn": arn,
        "functionName": function.name,
        "functionVersion": function.version,
    }
    return _event(function, "INFO", "platform.initStart", record, at_us)


def start(function: Function, request_id: str, at_us: int) -> str:
    """The line that begins an invocation."""
    if function.logging.is_text:
        return f"START RequestId: {request_id} Version: {function.version}\n"
    record = {"requestId": request_id, "version": function.version}
    return _event(function, "INFO", "platform.start", record, at_us)


def ending(function: Function, text: str) -> str:
    """A line that says how an invocation ended otherwise than by its function; as JSON its report says so."""
    return text if function.logging.is_text else ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the line that sums an invocation up says; `error_type` is set where the runtime gave no answer."""

    request_id: str
    at_us: int
    duration_ms: float
    init_ms: float | None
    used_mb: int
    status: str
    error_type: str = ""


def report(function: Function, said: Report) -> str:
    """The line that sums an invocation up."""
    billed = billed_ms(said.duration_ms, said.init_ms)
    if not function.logging.is_text:
        return _event(
            function,
            "INFO" if said.status == "success" else "WARN",
            "platform.report",
            _reported(function, said, billed),
            said.at_us,
        )
    init = "" if said.init_ms is None else f"Init Duration: {said.init_ms:.2f} ms\t"
    status = ""
    if said.status == "timeout" or said.error_type:
        status = f"Status: {said.status}" + (f"\tError Type: {said.error_type}" if said.error_type else "")
    return (
        f"REPORT RequestId: {said.request_id}\tDuration: {said.duration_ms:.2f} ms\t"
        f"Billed Duration: {billed} ms\tMemory Size: {function.memory_mb} MB\t"
        f"Max Memory Used: {said.used_mb} MB\t{init}{status}\n"
    )


def _reported(function: Function, said: Report, billed: int) -> dict[str, object]:
    metrics: dict[str, object] = {
        "durationMs": round(said.duration_ms, 3),
        "billedDurationMs": billed,
        "memorySizeMB": function.memory_mb,
        "maxMemoryUsedMB": said.used_mb,
    }
    if said.init_ms is not None:
        metrics["initDurationMs"] = round(said.init_ms, 3)
    record: dict[str, object] = {"requestId": said.request_id, "metrics": metrics, "status": said.status}
    return record | ({"errorType": said.error_type} if said.error_type else {})


def _event(function: Function, level: str, kind: str, record: Mapping[str, object], at_us: int) -> str:
    """A system log event as JSON; empty where the function's level leaves it out.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    """
    if function.logging.system_level == "WARN" and level == "INFO":
        return ""
    stamp = in_millis(from_micros(at_us))
    return json.dumps({"time": stamp, "type": kind, "record": record}, separators=(",", ":")) + "\n"


def billed_ms(duration_ms: float, init_ms: float | None) -> int:
    """Whole milliseconds, rounded up; since August 2025 the initialisation is billed as well.

    https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    """
    return max(1, math.ceil(duration_ms + (init_ms or 0.0)))
