"""Error documents of what happens around a function: ran too long, process ended, answer too large."""

from __future__ import annotations

import json
import os
import signal

from emulator.host.model import RESPONSE_BYTES_MAX


def timed_out_text(timeout_seconds: float) -> str:
    """`Task timed out after 3.00 seconds`."""
    return f"Task timed out after {timeout_seconds:.2f} seconds"


def timed_out(request_id: str, timeout_seconds: float) -> bytes:
    """The payload of an invocation that was ended by its time limit."""
    text = f"RequestId: {request_id} Error: {timed_out_text(timeout_seconds)}"
    return _document("Sandbox.Timedout", text)


def exit_text(status: int) -> str:
    """What a wait status (waitpid(2)) means, in the words of AWS."""
    if os.WIFSIGNALED(status):
        return f"Runtime exited with error: signal: {_signal_name(os.WTERMSIG(status))}"
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return "Runtime exited without providing a reason"
    return f"Runtime exited with error: exit status {code}"


def exited(request_id: str, status: int) -> bytes:
    """The payload of an invocation whose process ended before it answered."""
    return _document("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_text(status)}")


def too_large() -> bytes:
    """The payload in place of a result that is larger than a response may be."""
    limit = f"({RESPONSE_BYTES_MAX} bytes)"
    text = f"Response payload size exceeded maximum allowed payload size {limit}."
    return json.dumps({"errorMessage": text, "errorType": "Function.ResponseSizeTooLarge"}).encode()


def _document(error_type: str, message: str) -> bytes:
    document = {"errorType": error_type, "errorMessage": message}
    return json.dumps(document, separators=(",", ":")).encode()


def _signal_name(number: int) -> str:
    # SIGABRT is "aborted" and SIGKILL "killed" everywhere; the words are the C library's, in lower case.
    return (signal.strsignal(number) or str(number)).lower()
