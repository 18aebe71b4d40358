"""One worker: loads one function and runs its invocations, one at a time, until its host hangs up."""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from . import frames, handlers, modules, output
from .context import LambdaContext

_UNIT = 1024 if sys.platform == "darwin" else 1  # ru_maxrss is in bytes there, in KiB elsewhere


def run(descriptor: int, output_descriptor: int, preloaded: frozenset[str]) -> int:
    """Serve the host on the socket `descriptor`; the exit status of the process.

    `preloaded` are the modules of the AWS SDK that the zygote has imported.
    """
    output.redirect(output_descriptor)
    channel = _Channel(socket.socket(fileno=descriptor))
    first = channel.find_next()
    if first is None:
        return 0
    function = first[1]
    _settle(function)
    _require_wrapper(function["environment"].get("AWS_LAMBDA_EXEC_WRAPPER"))
    modules.give_way(function["folders"], preloaded)
    started = time.perf_counter()
    handler = _load(channel, function, started)
    if handler is None:
        return 1
    channel.send(frames.READY, {**_usage(started), "sdk": modules.uses_sdk(function["folders"])})
    while (frame := channel.find_next()) is not None:
        _invoke(channel, handler, function, frame[1], frame[2])
    return 0


class _Channel:
    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._frames = frames.Frames()
        self._owner = os.getpid()

    def find_next(self) -> frames.Frame | None:
        """The next frame from the host; None when it has hung up."""
        while (frame := self._frames.find_next()) is None:
            try:
                data = self._socket.recv(262_144)
            except ConnectionError:
                return None
            if not data:
                return None
            self._frames.feed(data)
        return frame

    def send(self, kind: int, meta: dict[str, Any], payload: bytes = b"") -> None:
        """Answer the host. A process that the function has forked is not the one that was asked."""
        output.flush()
        if os.getpid() != self._owner:
            os._exit(0)
        self._socket.sendall(frames.encode(kind, meta, payload))


def _settle(function: dict[str, Any]) -> None:
    """Give the process the environment, the folder and the module paths of the function."""
    os.environ.clear()
    os.environ.update(function["environment"])
    time.tzset()
    os.chdir(function["folders"][0])
    sys.path[:0] = function["folders"]
    sys.argv = [""]
    output.configure_logging(function["environment"])


def _require_wrapper(path: str | None) -> None:
    """A wrapper script that is not there ends the process as a shell would; one that is there is not run."""
    if path is None:
        return
    if not os.path.isfile(path):
        os.write(2, f"{path}: No such file or directory\n".encode())
        os._exit(127)
    output.write_event(f"[WARNING] stepwell does not run the wrapper script {path}")


def _load(channel: _Channel, function: dict[str, Any], started: float) -> Callable[[Any, Any], Any] | None:
    try:
        return handlers.require_handler(function["handler"])
    except Exception as error:
        document = handlers.error_document(error, "")
        output.write_event(handlers.error_event(document))
        channel.send(frames.FAULT, _usage(started), json.dumps(document).encode())
        return None


def _invoke(
    channel: _Channel,
    handler: Callable[[Any, Any], Any],
    function: dict[str, Any],
    invocation: dict[str, Any],
    payload: bytes,
) -> None:
    started = time.perf_counter()
    request_id = invocation["request_id"]
    output.begin(request_id)
    if invocation["trace_id"]:  # the SDK sends it along: what the function causes has the trace of its cause
        os.environ["_X_AMZN_TRACE_ID"] = f"Root={invocation['trace_id']};Parent={os.urandom(8).hex()};Sampled=0"
    try:
        event = handlers.event_of(payload)
        result = handler(event, _context(function, invocation))
        answer = handlers.payload_of(result, ascii_only=function["ascii_only"])
    except Exception as error:
        document = handlers.error_document(error, request_id)
        output.write_event(handlers.error_event(document))
        channel.send(frames.ERROR, _usage(started), handlers.payload_of(document, ascii_only=False))
    else:
        channel.send(frames.RESULT, _usage(started), answer)


def _context(function: dict[str, Any], invocation: dict[str, Any]) -> object:
    try:
        return LambdaContext(function, invocation)
    except ValueError as error:
        text = f"Unable to parse Client Context JSON: {error}"
        raise handlers.FaultError("Runtime.LambdaContextUnmarshalError", text) from error


def _usage(started: float) -> dict[str, Any]:
    """Milliseconds since `started` and the largest resident size so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _UNIT
    return {"ms": (time.perf_counter() - started) * 1000, "peak_kib": peak}
