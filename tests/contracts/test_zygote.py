"""The zygote by itself: told to end at the worst moment."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from emulator.host.runtime import control
from tests.contracts.processes import wait_for_end

_TOLD_TO_END_WHILE_IT_FORKS = """
import os, signal, sys
from emulator.host.runtime import zygote

forks = []

def forked():
    forks.append(1)
    if len(forks) == 2:
        os.kill(os.getpid(), signal.SIGTERM)

os.register_at_fork(after_in_parent=forked)
zygote.main(int(sys.argv[1]), os.getppid())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_a_zygote_told_to_end_while_it_forks_ends_its_workers_and_says_nothing() -> None:
    ours, theirs = socket.socketpair()
    frames, far = socket.socketpair()
    command = [sys.executable, "-c", _TOLD_TO_END_WHILE_IT_FORKS, str(theirs.fileno())]

    starting = subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE)
    with ours, theirs, frames, far, starting as zygote:
        socket.send_fds(ours, [control.encode_request(control.FORK, 1)], [far.fileno(), far.fileno()])
        _, _, worker, _ = control.decode_report(ours.recv(control.REPORT_BYTES))
        socket.send_fds(ours, [control.encode_request(control.FORK, 2)], [far.fileno(), far.fileno()])
        ended = [wait_for_end(pid) for pid in (zygote.pid, worker)]
        zygote.kill()
        said = zygote.stderr.read() if zygote.stderr is not None else None

    assert ended == [True, True]
    assert said == b""
