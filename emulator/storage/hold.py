"""The data folder belongs to one process: a lock file says to whom."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from emulator.errors import EmulatorError


class Hold:
    """The folder is ours until `release()` or the end of the process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold(data_dir: Path, text: str) -> Hold:
    """Take the folder (made if absent); `text` tells others where we are, e.g. "127.0.0.1:4566".

    EmulatorError: another process, or this one, holds it (the message has its pid and text), or we may not write it.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise EmulatorError(f"cannot keep data in {data_dir}: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 1000).decode(errors="replace").split("\n")
        os.close(descriptor)
        pid, where = holder[0] or "unknown", holder[1] if len(holder) > 1 else "unknown"
        raise EmulatorError(f"{data_dir} is in use by process {pid} ({where})") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n{text}\n".encode(), 0)
    return Hold(descriptor)
