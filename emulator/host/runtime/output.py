"""Standard output, standard error and `logging` of a function: where they go and how a record looks."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import time
import traceback
from typing import Any

# A record of `logging` is one log event though it has several lines; a line of `print` is one event each.
# Both go through one pipe, which keeps their order; 0xFF (never in UTF-8) is a newline within an event.
SOFT_NEWLINE = b"\xff"

_current: dict[str, str] = {"request_id": ""}


def redirect(descriptor: int) -> None:
    """Make `descriptor` the standard output and error of this process, its children and its C libraries."""
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    sys.stdout = sys.__stdout__ = _text(1)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text(2)  # type: ignore[misc]


def _text(descriptor: int) -> io.TextIOWrapper:
    raw = open(descriptor, "wb", closefd=False)  # noqa: SIM115 - lives as long as the process
    return io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="\n", line_buffering=True)


def begin(request_id: str) -> None:
    """Log records carry this request id from now on."""
    _current["request_id"] = request_id


def flush() -> None:
    """Push out what the function wrote and did not flush; a stream that cannot is the function's affair."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue


def write_event(text: str) -> None:
    """Write one log event, however many lines it has."""
    flush()
    data = text.rstrip("\n").encode("utf-8", "backslashreplace").replace(b"\n", SOFT_NEWLINE)
    _write(data + b"\n")


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


class Handler(logging.Handler):
    """Sends each record to the function's log as one event."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; what cannot be formatted is reported as `logging` does."""
        try:
            write_event(self.format(record))
        except Exception:
            self.handleError(record)


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.aws_request_id = _current["request_id"]
        return True


class JsonFormatter(logging.Formatter):
    """A record as a JSON object: timestamp, level, message, logger, requestId and what `extra` gave."""

    _KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"aws_request_id", "message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        """The JSON text of the record."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        document: dict[str, Any] = {
            "timestamp": moment,
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _current["request_id"],
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, value, trace = record.exc_info
            document["errorType"] = kind.__name__
            document["errorMessage"] = str(value)
            document["stackTrace"] = traceback.format_tb(trace)
        extra = {name: value for name, value in vars(record).items() if name not in self._KNOWN}
        return json.dumps({**document, **extra}, ensure_ascii=False, default=str)


def configure_logging(environment: dict[str, str]) -> None:
    """Give the root logger the handler, the format and the level that the Python runtime gives it.

    https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    handler = Handler()
    handler.addFilter(_RequestId())
    if environment.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        handler.setFormatter(JsonFormatter())
    else:
        layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s"
        formatter = logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    level = environment.get("AWS_LAMBDA_LOG_LEVEL")
    if level:
        root.setLevel({"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level))
