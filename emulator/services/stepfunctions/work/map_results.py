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
from emulator.languages.asl.failures import StateFailure, too_large
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.states.map_results import COMPACT, WHOLE, transformed, unstarted
from emulator.languages.asl.texts import dump
from emulator.languages.asl.timestamps import stamp
from emulator.services.stepfunctions.integrations import items
from emulator.services.stepfunctions.work.map_feeding import Feeding
from emulator.services.stepfunctions.work.map_rows import MapRun, plan_of
from emulator.services.stepfunctions.work.store import SQL
from emulator.storage import Incoming, Row, Spooled

FAILED = "States.ResultWriterFailed"
AT_ONCE = 25  # children read between two looks at the time
LARGE = 64 * 1024  # characters of results after which fewer are read
AT_ONCE_IN_A_POOL = 500
PENDING = "PENDING"
_FILES = (("FAILED", ("FAILED", "TIMED_OUT", "ABORTED")), (PENDING, (PENDING,)), ("SUCCEEDED", ("SUCCEEDED",)))


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

    def flush(self) -> int:
        """Write what was added; how much that was. OSError: there is no room for it."""
        if not self._texts:
            return 0
        between = "\n" if self._lines else ","
        before = ("" if self._lines else "[") if not self._written else between
        text = f"{before}{between.join(self._texts)}"
        self._incoming.write(text.encode(errors="surrogatepass"))
        self._texts, self._written = [], True
        return len(text)

    def finish(self) -> bytes | Spooled:
        """The whole file."""
        self.flush()
        self._incoming.write((b"\n" if self._written else b"") if self._lines else b"]" if self._written else b"[]")
        return self._incoming.finish()


@dataclass(slots=True)
class Pages:
    """Results in hand, those of the children up to the number `after`: JSON texts of `size` bytes, or a file.

    Of a file, so many `statuses` are done with. `feeding` gives the children that were not started. `at_once` are read.
    """

    after: int = 0
    texts: list[str] = field(default_factory=list)
    size: int = 0
    file: File | None = None
    feeding: Feeding | None = None
    statuses: int = 0
    executions: int = 0
    items: int = 0
    at_once: int = 1

    def add(self, texts: list[str]) -> None:
        self.texts += texts
        self.size += sum(map(len, texts)) + len(texts)

    def pace(self, size: int) -> None:
        """Read more or fewer children next, where the results of the last ones have so many characters."""
        self.at_once = max(1, self.at_once // 2) if size > LARGE else min(AT_ONCE, self.at_once * 2)


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
    while rows := _read(ctx, run, "SUCCEEDED" if config is None else None, pages):
        before = pages.size
        for row in rows:
            pages.after = row["id"]
            pages.add(transformed(_child(row), (config or {}).get("Transformation", COMPACT)))
        pages.pace(pages.size - before)
        if pages.size > PAYLOAD_LIMIT:
            raise too_large(plan_of(ctx, run)["feed"]["state"], terminal=True)
        if _late(ctx, until):
            return True
    run.state.result, run.pages = f"[{','.join(pages.texts)}]", None
    return False


def _read(ctx: Context, run: MapRun, status: str | None, pages: Pages) -> list[Row]:
    """The next children, those of one status or all of them."""
    where = {"run": run.id, "after": pages.after, "most": pages.at_once if ctx.tx.exclusive else AT_ONCE_IN_A_POOL}
    if status is None:
        return ctx.tx.all(SQL.ended_children, **where)
    return ctx.tx.all(SQL.ended_children_in, **where, status=status)


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
            status = statuses[pages.statuses]
            if status == PENDING:
                over = _add_pending(ctx, run, pages, until)
            else:
                over = _add(ctx, run, pages, status, config.get("Transformation", WHOLE))
            if over:
                pages.statuses, pages.after = pages.statuses + 1, 0
        else:
            if pages.executions:
                _put_file(ctx, run, writer["parameters"], name, pages)
            written["at"], run.pages = written["at"] + 1, None
        if written["at"] < len(_FILES) and _late(ctx, until):
            return True
    _put_manifest(ctx, run, writer["parameters"])
    return False


def _add(ctx: Context, run: MapRun, pages: Pages, status: str, transformation: str) -> bool:
    """Add the next children of a status to the file; whether there are no more."""
    rows = _read(ctx, run, status, pages)
    assert pages.file is not None
    for row in rows:
        pages.after = row["id"]
        pages.file.add(transformed(_child(row), transformation))
        pages.executions, pages.items = pages.executions + 1, pages.items + row["items"]
    pages.pace(pages.file.flush())
    return not rows


def _add_pending(ctx: Context, run: MapRun, pages: Pages, until: int) -> bool:
    """Add the next of the children that were never started, because the run failed or was aborted; whether there are
    no more (Step Functions Developer Guide, "ResultWriter (Map)")."""
    if run.state.read:
        return True
    assert pages.file is not None
    pages.feeding = feeding = pages.feeding or Feeding(ctx, run, run.id)
    try:
        while not _late(ctx, until) and (given := feeding.take(ctx, until)) is not None:
            pages.file.add([unstarted(given[0].text)])
            pages.executions, pages.items = pages.executions + 1, pages.items + given[1]
        over = feeding.over
    except (StateFailure, items.UnreadableError):
        over = True  # what is no input, and all that comes after it, would not have become children
    pages.file.flush()
    if over:
        run.state.pending = pages.executions, pages.items
    return over


def _late(ctx: Context, until: int) -> bool:
    """Is this slice over? Where others could have the next one, what is in hand would be lost to them."""
    return ctx.tx.exclusive and ctx.wall > until


def _put_file(ctx: Context, run: MapRun, where: dict[str, Any], name: str, pages: Pages) -> None:
    assert run.state.written is not None
    assert pages.file is not None
    key = f"{_folder(run, where)}/{name}_0.{pages.file.suffix}"
    size = _put(ctx, where.get("Bucket"), key, pages.file.finish())
    run.state.written["files"][name].append({"Key": key, "Size": size})
    if name != PENDING:
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
