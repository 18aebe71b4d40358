"""Result writer of a distributed Map: its results in files of an S3 bucket, with a manifest."""

from __future__ import annotations

import json
from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.states.map_results import WHOLE, exported, transformed
from emulator.services.stepfunctions.integrations.task import Failed, Task

FAILED = "States.ResultWriterFailed"
_STATUSES = ("FAILED", "PENDING", "SUCCEEDED")
_TYPES = {"JSON": "json", "JSONL": "jsonl"}


def write(ctx: Context, task: Task, options: dict[str, Any]) -> dict[str, Any] | Failed:
    """Write the files and answer the result of the state (Step Functions Developer Guide, "ResultWriter").

    `options` as of a RunTask for a result writer. AwsError as S3 answers.
    """
    if (task.service, task.action) != ("s3", "putObject"):
        return Failed(FAILED, f"Stepwell does not emulate the result writer {task.resource}.")
    params, run_arn, config = task.members(), options["MapRunArn"], options["WriterConfig"]
    bucket, prefix = params.get("Bucket"), params.get("Prefix") or ""
    folder = "/".join(part for part in (prefix.strip("/"), run_arn.rpartition(":")[2]) if part)
    kind = config.get("OutputType", "JSON")
    files: dict[str, list[dict[str, Any]]] = {status: [] for status in _STATUSES}
    for status in _STATUSES:
        of_status = [result for result in options["Results"] if result["Status"] == status]
        if of_status:
            values = transformed(of_status, config.get("Transformation", WHOLE), run_arn)
            key = f"{folder}/{status}_0.{_TYPES[kind]}"
            size = _put(ctx, task, bucket, key, exported(values, kind))
            files[status].append({"Key": key, "Size": size})
    manifest = {"DestinationBucket": bucket, "MapRunArn": run_arn, "ResultFiles": files}
    _put(ctx, task, bucket, f"{folder}/manifest.json", json.dumps(manifest, separators=(",", ":")))
    return {"MapRunArn": run_arn, "ResultWriterDetails": {"Bucket": bucket, "Key": f"{folder}/manifest.json"}}


def _put(ctx: Context, task: Task, bucket: Any, key: str, text: str) -> int:
    body = text.encode(errors="surrogatepass")
    ctx.call("s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": body}, account=task.account)
    return len(body)
