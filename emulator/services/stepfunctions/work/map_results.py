"""What becomes of a Map Run's results: the output of its state, or files of an S3 bucket with a manifest.

Made in slices: `Pages` is what a run has in hand between two of them. After a crash, the file or output that was in
hand is made from its beginning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emulator.clock import from_micros
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl.failures import PAYLOAD_LIMIT, StateFailure, too_large
from emulator.languages.asl.states.map_results import COMPACT, WHOLE, transformed
from emulator.languages.asl.texts import dump
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions.work.map_rows import MapRun, plan_of
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Incoming, Row, Spooled

FAILED = "States.ResultWriterFailed"
AT_ONCE = 25  # children read between two looks at the time
AT_ONCE_IN_A_POOL = 500
_FILES = (("FAILED", ("FAILED", "TIMED_OUT", "ABORTED")), ("PENDING", ()), ("SUCCEEDED", ("SUCCEEDED",)))


class File:
    """A file of results that grows: one JSON array, or a value a line (JSONL)."""

    __slots__ = ("_incoming", "_lines", "_texts", "_written")

    def __init__(self, incoming: Incoming, output_type: str) -> None:
        self._incoming = incoming
        self._lines = output_type == "JSONL"
        self._texts: list[str] = []
        self._written = False

    @property
    def suffix(self) -> str:
        return "jsonl" if self._lines else "json"

    def add(self, texts: list[str]) -> None:
        self._texts += texts

    def flush(self) -> None:
        """Write what was added. OSError: there is no room for it."""
        if not self._texts:
            return
        between = "\n" if self._lines else ","
        before = ("" if self._lines else "[") if not self._written else between
        self._incoming.write(f"{before}{between.join(self._texts)}".encode(errors="surrogatepass"))
        self._texts, self._written = [], True

    def finish(self) -> bytes | Spooled:
        """The whole file."""
        self.flush()
        self._incoming.write((b"\n" if self._written else b"") if self._lines else b"]" if self._written else b"[]")
        return self._incoming.finish()


@dataclass(slots=True)
class Pages:
    """Results in hand, those of the children up to the number `after`: JSON texts of `size` bytes, or a file.

    Of a file, so many `statuses` are done with.
    """

    after: int = 0
    texts: list[str] = field(default_factory=list)
    size: int = 0
    file: File | None = None
    statuses: int = 0
    executions: int = 0
    items: int = 0

    def add(self, texts: list[str]) -> None:
        self.texts += texts
        self.size += sum(map(len, texts)) + len(texts)


def step(ctx: Context, run: MapRun, until: int) -> bool:
    """Go on until the time is over; False when `run.state.result` is there. Raises StateFailure and AwsError."""
    writer = plan_of(ctx, run)["writer"]
    if writer is None or not writer["resource"]:
        return _gather(ctx, run, until, None if writer is None else writer["config"])
    return _export(ctx, run, until, writer)


def _gather(ctx: Context, run: MapRun, until: int, config: dict[str, Any] | None) -> bool:
    if config is not None and config.get("OutputType", "JSON") != "JSON":
        raise StateFailure(FAILED, "OutputType JSONL needs the Resource and Parameters of an export.")
    pages = run.pages = run.pages or Pages()
    while rows := _read(ctx, run, "SUCCEEDED" if config is None else None, pages.after):
        for row in rows:
            pages.after = row["id"]
            pages.add(transformed(_child(row), (config or {}).get("Transformation", COMPACT)))
        if pages.size > PAYLOAD_LIMIT:
            raise too_large(plan_of(ctx, run)["feed"]["state"], terminal=True)
        if _late(ctx, until):
            return True
    run.state.result, run.pages = f"[{','.join(pages.texts)}]", None
    return False


def _read(ctx: Context, run: MapRun, status: str | None, after: int) -> list[Row]:
    """The next children, those of one status or all of them."""
    most = AT_ONCE if ctx.tx.exclusive else AT_ONCE_IN_A_POOL
    if status is None:
        return ctx.tx.all(SQL.ended_children, run=run.id, after=after, most=most)
    return ctx.tx.all(SQL.ended_children_in, run=run.id, status=status, after=after, most=most)


def _child(row: Row) -> dict[str, Any]:
    """A child as `transformed` wants it."""
    child = dict(row)
    child["started"], child["stopped"] = (stamp(from_micros(row[name] or 0)) for name in ("started", "stopped"))
    return child


def _export(ctx: Context, run: MapRun, until: int, writer: dict[str, Any]) -> bool:
    if not writer["resource"].endswith(":s3:putObject"):
        raise StateFailure(FAILED, f"Stepwell does not emulate the result writer {writer['resource']}.")
    if not isinstance(writer["parameters"], dict):
        raise StateFailure(FAILED, "The parameters of the result writer must be a JSON object.")
    if run.state.written is None:
        run.state.written = {"at": 0, "files": {name: [] for name, _ in _FILES}}
        run.state.executions["resultsWritten"] = run.state.items["resultsWritten"] = 0
    written, config = run.state.written, writer["config"]
    while written["at"] < len(_FILES):
        name, statuses = _FILES[written["at"]]
        pages = run.pages or Pages(file=File(ctx.house.blobs.receive(), config.get("OutputType", "JSON")))
        run.pages = pages
        if pages.statuses < len(statuses):
            _add(ctx, run, pages, statuses[pages.statuses], config.get("Transformation", WHOLE))
        else:
            if pages.executions:
                _put_file(ctx, run, writer["parameters"], name, pages)
            written["at"], run.pages = written["at"] + 1, None
        if written["at"] < len(_FILES) and _late(ctx, until):
            return True
    _put_manifest(ctx, run, writer["parameters"])
    return False


def _add(ctx: Context, run: MapRun, pages: Pages, status: str, transformation: str) -> None:
    """Add the next children of a status to the file."""
    rows = _read(ctx, run, status, pages.after)
    assert pages.file is not None
    for row in rows:
        pages.after = row["id"]
        pages.file.add(transformed(_child(row), transformation))
        pages.executions, pages.items = pages.executions + 1, pages.items + row["items"]
    pages.file.flush()
    if not rows:
        pages.statuses, pages.after = pages.statuses + 1, 0


def _late(ctx: Context, until: int) -> bool:
    """Is this slice over? Where others could have the next one, what is in hand would be lost to them."""
    return ctx.tx.exclusive and ctx.wall > until


def _put_file(ctx: Context, run: MapRun, where: dict[str, Any], name: str, pages: Pages) -> None:
    assert run.state.written is not None
    assert pages.file is not None
    key = f"{_folder(run, where)}/{name}_0.{pages.file.suffix}"
    size = _put(ctx, where.get("Bucket"), key, pages.file.finish())
    run.state.written["files"][name].append({"Key": key, "Size": size})
    run.state.count("resultsWritten", pages.items, pages.executions)


def _put_manifest(ctx: Context, run: MapRun, where: dict[str, Any]) -> None:
    assert run.state.written is not None
    bucket, key = where.get("Bucket"), f"{_folder(run, where)}/manifest.json"
    manifest = {"DestinationBucket": bucket, "MapRunArn": run.arn, "ResultFiles": run.state.written["files"]}
    _put(ctx, bucket, key, dump(manifest).encode())
    run.state.result = dump({"MapRunArn": run.arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}})
    run.state.written = None


def _folder(run: MapRun, parameters: dict[str, Any]) -> str:
    prefix = parameters.get("Prefix") or ""
    return "/".join(part for part in (prefix.strip("/"), run.arn.rpartition(":")[2]) if part)


def _put(ctx: Context, bucket: Any, key: str, body: bytes | Spooled) -> int:
    """Put an object; its size. Raises AwsError."""
    if isinstance(body, Spooled):
        ctx.tx.after_rollback(body.discard)
    try:
        with ctx.tx.savepoint():
            ctx.call("s3", "PutObject", {"Bucket": bucket, "Key": key, "Body": body})
    except AwsError:
        if isinstance(body, Spooled):
            body.discard()
        raise
    return len(body) if isinstance(body, bytes) else body.size
