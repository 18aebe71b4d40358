"""From how an invocation ended to its Answer, with the lines that close its log."""

from __future__ import annotations

from dataclasses import dataclass

from emulator.clock import from_micros, in_millis
from emulator.host import documents, lines
from emulator.host.model import RESPONSE_BYTES_MAX, Answer, Invocation
from emulator.host.worker import Worker


@dataclass(frozen=True, slots=True)
class Use:
    """What an invocation took: milliseconds, peak resident KiB; and when it ended (wall microseconds)."""

    ms: float
    peak_kib: int
    at_us: int


def returned(worker: Worker, invocation: Invocation, payload: bytes, use: Use) -> Answer:
    """The handler returned `payload`, JSON."""
    if len(payload) > RESPONSE_BYTES_MAX:
        return _close(worker, invocation, documents.too_large(), use, failed=True)
    return _close(worker, invocation, payload, use, failed=False)


def raised(worker: Worker, invocation: Invocation, payload: bytes, use: Use) -> Answer:
    """The handler raised, or could not be loaded; `payload` is the error document."""
    return _close(worker, invocation, payload, use, failed=True)


def timed_out(worker: Worker, invocation: Invocation, use: Use) -> Answer:
    """The time limit ended the process."""
    seconds = invocation.function.timeout_seconds
    stamp = in_millis(from_micros(use.at_us))
    text = documents.timed_out_text(seconds)
    worker.log.add(lines.ending(invocation.function, f"{stamp} {invocation.request_id} {text}\n"), use.at_us)
    payload = documents.timed_out(invocation.request_id, seconds)
    return _close(worker, invocation, payload, use, failed=True, status="timeout")


def exited(worker: Worker, invocation: Invocation, status: int, use: Use) -> Answer:
    """The process ended by itself, or was killed by somebody else; `status` is its wait status."""
    text = f"RequestId: {invocation.request_id} Error: {documents.exit_text(status)}\nRuntime.ExitError\n"
    worker.log.add(lines.ending(invocation.function, text), use.at_us)
    payload = documents.exited(invocation.request_id, status)
    return _close(worker, invocation, payload, use, failed=True, error_type="Runtime.ExitError")


def _close(
    worker: Worker,
    invocation: Invocation,
    payload: bytes,
    use: Use,
    *,
    failed: bool,
    status: str = "",
    error_type: str = "",
) -> Answer:
    init_ms, worker.init_ms = worker.init_ms, None
    used_mb = -(-use.peak_kib // 1024)
    request_id, function = invocation.request_id, invocation.function
    status = status or ("error" if failed else "success")
    report = lines.Report(request_id, use.at_us, use.ms, init_ms, used_mb, status, error_type)
    worker.log.add(lines.ending(function, f"END RequestId: {request_id}\n"), use.at_us)
    worker.log.add(lines.report(function, report), use.at_us)
    return Answer(
        request_id=request_id,
        payload=payload,
        error="Unhandled" if failed else None,
        logs=worker.log.take(),
        duration_ms=use.ms,
        billed_ms=lines.billed_ms(use.ms, init_ms),
        init_ms=init_ms,
        max_memory_mb=used_mb,
        log_stream=worker.log_stream,
    )
