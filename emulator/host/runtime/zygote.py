"""The process that workers are forked from: it holds the modules every worker needs and knows no function."""

from __future__ import annotations

import array
import contextlib
import gc
import os
import select
import signal
import socket
import sys

from . import control, family, modules, worker

_NOT_STARTED = 255 << 8  # the wait status of an exit with 255


def main(descriptor: int, parent: int) -> None:
    """Serve fork and kill requests on `descriptor` until its other end closes, then end all workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # SIGTERM, not SIGKILL: a zygote that is killed cannot end what its workers have started.
    family.die_with_parent(parent, signal.SIGTERM)
    family.adopt_orphans()
    gc.collect()
    gc.freeze()
    _Zygote(socket.socket(fileno=descriptor)).serve()


class _Zygote:
    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._pid = os.getpid()
        self._workers: dict[int, int] = {}  # token -> process id
        self._tokens: dict[int, int] = {}  # process id -> token
        self._preloaded: frozenset[str] = frozenset()

    def serve(self) -> None:
        wakeup, notify = os.pipe()
        os.set_blocking(notify, False)
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(notify)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGTERM, self._leave)
        channel = self._channel.fileno()
        try:
            while True:
                readable, _, _ = select.select([channel, wakeup], [], [])
                if wakeup in readable:
                    os.read(wakeup, 4096)
                    self._bury()
                if channel in readable and not self._request():
                    return
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self._end_all()

    def _leave(self, _number: int, _frame: object) -> None:
        """End all workers and exit, whatever SIGTERM has interrupted.

        An exception would be lost where Python ignores it: in what the standard library runs after a fork.
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.getpid() == self._pid:  # not in a worker that is just becoming one: the others are not its own
            self._end_all()
        os._exit(0)

    def _request(self) -> bool:
        """Perform one request; False when the host is gone."""
        data, descriptors = self._receive()
        if len(data) < control.REQUEST_BYTES:
            return False
        kind, token = control.decode_request(data)
        if kind == control.FORK:
            self._fork(token, descriptors[0], descriptors[1])
        elif kind == control.PRELOAD:
            self._preloaded = modules.preload()
        elif token in self._workers:
            _kill_group(self._workers[token])
        return True

    def _receive(self) -> tuple[bytes, list[int]]:
        data = b""
        found: array.array[int] = array.array("i")
        while len(data) < control.REQUEST_BYTES:
            try:
                part, ancillary, _, _ = self._channel.recvmsg(
                    control.REQUEST_BYTES - len(data), socket.CMSG_LEN(2 * found.itemsize)
                )
            except ConnectionError:
                part, ancillary = b"", []
            for _, _, raw in ancillary:
                found.frombytes(raw[: len(raw) - len(raw) % found.itemsize])
            if not part:
                return b"", []
            data += part
        return data, list(found)

    def _fork(self, token: int, frames: int, output: int) -> None:
        try:
            pid = os.fork()
        except OSError:
            os.close(frames)
            os.close(output)
            self._report(control.EXITED, token, _NOT_STARTED)
            return
        if pid == 0:
            self._become_worker(frames, output)
        with contextlib.suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(pid, pid)
        os.close(frames)
        os.close(output)
        self._workers[token] = pid
        self._tokens[pid] = token
        self._report(control.STARTED, token, pid)

    def _become_worker(self, frames: int, output: int) -> None:
        status = 1
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            family.die_with_parent(self._pid, signal.SIGKILL)
            # What a function leaves behind stays below its worker, and comes to us when the worker ends.
            family.adopt_orphans()
            self._channel.close()
            status = worker.run(frames, output, self._preloaded)
        except SystemExit as end:
            status = _status(end)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _bury(self) -> None:
        """Reap what has ended; what an ended worker had started ends with it."""
        ended = False
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            ended = True
            token = self._tokens.pop(pid, None)
            if token is not None:
                _kill_group(pid)
                del self._workers[token]
                self._report(control.EXITED, token, status, usage.ru_maxrss)
        if ended:
            self._end_adopted()

    def _end_adopted(self) -> None:
        for pid in family.children():
            if pid not in self._tokens:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)

    def _end_all(self) -> None:
        for pid in self._tokens:
            _kill_group(pid)
        while True:
            self._end_adopted()
            try:
                pid, _ = os.wait()
            except ChildProcessError:
                return
            self._tokens.pop(pid, None)

    def _report(self, kind: bytes, token: int, number: int, peak_kib: int = 0) -> None:
        with contextlib.suppress(OSError):  # the host is gone: the next read says so
            self._channel.sendall(control.encode_report(kind, token, number, peak_kib))


def _kill_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _status(end: SystemExit) -> int:
    """The exit status of `sys.exit(...)`: a number, nothing, or a text for standard error and 1."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code & 0xFF
    print(end.code, file=sys.stderr)
    return 1
