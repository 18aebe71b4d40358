"""The processes of the host: how many run, how long they live, and that none is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.errors import EmulatorError
from emulator.host import Host
from tests.contracts.hosting import code, function, play, start, texts
from tests.contracts.processes import is_alive, wait_for_end


def test_nothing_runs_before_the_first_invocation() -> None:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()

    async def scenario(host: Host) -> None:
        assert host.running() == []
        assert children.read_text() == before

    play(scenario)


def test_a_slow_function_does_not_block_another(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = f"def slow(event, context):\n    return open({str(gate)!r}).read()\n"
    folder = code(tmp_path, text + "def quick(event, context):\n    return 1\n")

    async def scenario(host: Host) -> None:
        slow = [start(host, function(folder, "app.slow"), request_id=f"s-{n}") for n in range(6)]
        quick = await start(host, function(folder, "app.quick"), request_id="q")

        assert quick.payload == b"1"
        assert sorted(host.running()) == [f"s-{n}" for n in range(6)]
        assert not any(future.done() for future in slow)

    play(scenario, workers_per_function=4)


def test_invocations_of_one_function_run_at_the_same_time(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = (
        f"def handler(event, context):\n    if event == 'write': open({str(gate)!r}, 'w').write('through')\n"
        f"    else: return open({str(gate)!r}).read()\n"
    )
    folder = code(tmp_path, text)

    async def scenario(host: Host) -> None:
        reader = start(host, function(folder), "read")
        writer = start(host, function(folder), "write")

        assert (await writer).error is None
        assert (await reader).payload == b'"through"'
        assert host.running() == []

    play(scenario)


def test_what_exceeds_the_bounds_waits_and_is_answered(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return event\n")

    async def scenario(host: Host) -> None:
        subjects = [function(folder, key=str(n % 5)) for n in range(40)]
        answers = await asyncio.gather(*[start(host, one, n) for n, one in enumerate(subjects)])

        assert [json.loads(answer.payload) for answer in answers] == list(range(40))

    play(scenario, workers_max=2, workers_per_function=2)


def test_a_function_that_forks_answers_once(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, threading\ndef handler(event, context):\n"
        "    thread = threading.Thread(target=print, args=('thread',))\n    thread.start(); thread.join()\n"
        "    child = os.fork()\n    if child: os.waitpid(child, 0)\n"
        "    return 'parent' if child else 'child'\n",
    )

    async def scenario(host: Host) -> None:
        first = await start(host, function(folder))
        second = await start(host, function(folder))

        assert [first.payload, second.payload] == [b'"parent"', b'"parent"']
        assert "thread\n" in texts(first)

    play(scenario)


def test_a_retired_key_loses_its_idle_workers_and_lets_busy_ones_finish(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = f"import os\ndef handler(event, context):\n    if event: open({str(gate)!r}).read()\n"
    text += "    return os.getpid()\n"
    folder = code(tmp_path, text)

    async def scenario(host: Host) -> None:
        busy = start(host, function(folder), True)
        idle = json.loads((await start(host, function(folder), False)).payload)

        host.retire(function(folder).key)

        assert wait_for_end(idle)
        gate.write_text("")
        finished = json.loads((await busy).payload)
        assert wait_for_end(finished)

    play(scenario)


def test_an_idle_worker_ends_after_its_time(tmp_path: Path) -> None:
    folder = code(tmp_path, "import os\ndef handler(event, context):\n    return os.getpid()\n")

    async def scenario(host: Host) -> None:
        pid = json.loads((await start(host, function(folder))).payload)

        assert await asyncio.to_thread(wait_for_end, pid)

    play(scenario, idle_seconds=0.05)


def test_close_ends_workers_and_what_they_started(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, subprocess, time\ndef handler(event, context):\n"
        "    child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "    return [os.getpid(), os.getppid(), child.pid]\n"
        "def slow(event, context):\n    time.sleep(600)\n",
    )
    pids: list[int] = []

    async def scenario(host: Host) -> None:
        start(host, function(folder, "app.slow"))
        pids.extend(json.loads((await start(host, function(folder))).payload))

    play(scenario)

    assert len(pids) == 3
    assert [pid for pid in pids if is_alive(pid)] == []


_VICTIM = """
import asyncio, json, sys
from pathlib import Path
from emulator.host import Function, Host

async def main():
    host = Host()
    await host.start()
    settings = json.loads(sys.argv[1])
    subject = Function(**{**settings, "code": Path(settings["code"])})
    answered = asyncio.get_running_loop().create_future()
    host.invoke(subject, b'"pids"', request_id="1", done=answered.set_result)
    answer = await answered
    host.invoke(subject, b'"spin"', request_id="2", done=lambda _: None)
    print(answer.payload.decode(), flush=True)
    await asyncio.get_running_loop().create_future()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_no_process_survives_when_the_emulator_is_killed(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, subprocess\ndef handler(event, context):\n"
        "    if event == 'spin':\n        while True: pass\n"
        "    child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "    return [os.getpid(), os.getppid(), child.pid]\n",
    )
    subject = function(folder, timeout_seconds=600)
    told = [name for name in subject.__dataclass_fields__ if name not in ("layers", "logging")]
    settings = json.dumps({name: getattr(subject, name) for name in told}, default=str)

    with subprocess.Popen([sys.executable, "-c", _VICTIM, settings], stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        pids = json.loads(victim.stdout.readline())
        victim.send_signal(signal.SIGKILL)

    assert [pid for pid in pids if not wait_for_end(pid)] == []


def test_when_the_zygote_dies_its_invocations_fail_and_the_next_one_works(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, time\ndef handler(event, context):\n"
        "    if event: os.kill(os.getppid(), 9); time.sleep(600)\n"
        "    return 'well'\n",
    )

    async def scenario(host: Host) -> None:
        answer = await start(host, function(folder), True)

        assert json.loads(answer.payload)["errorMessage"].endswith("Runtime exited with error: signal: killed")
        assert (await start(host, function(folder), False)).payload == b'"well"'

    play(scenario)


def test_the_host_runs_on_uvloop(tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")
    folder = code(tmp_path, "import time\ndef handler(event, context):\n    time.sleep(event)\n    return event\n")

    async def scenario() -> None:
        host = Host()
        await host.start()
        answers = await asyncio.gather(*[start(host, function(folder), 0) for _ in range(20)])
        late = await start(host, function(folder, key="late", timeout_seconds=0.2), 600)
        await host.close()

        assert [answer.payload for answer in answers] == [b"0"] * 20
        assert json.loads(late.payload)["errorType"] == "Sandbox.Timedout"

    uvloop.run(scenario())


@pytest.mark.parametrize(
    ("runtime", "supported"),
    [
        ("python3.9", True),
        ("python3.15", True),
        ("nodejs24.x", False),
        ("python2.7", False),
        ("provided.al2", False),
    ],
)
def test_every_python_3_is_supported_and_nothing_else(runtime: str, supported: bool) -> None:
    assert Host.supports(runtime) is supported


def test_an_unsupported_runtime_or_a_missing_interpreter_is_a_clear_error(tmp_path: Path) -> None:
    async def scenario(host: Host) -> None:
        with pytest.raises(EmulatorError, match="cannot run java25"):
            start(host, function(tmp_path, runtime="java25"))
        with pytest.raises(EmulatorError, match="cannot start /nowhere/python"):
            start(host, function(tmp_path))

    play(scenario, python="/nowhere/python")


def test_when_no_process_can_be_started_the_invocation_is_refused(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return 1\n")

    async def scenario(host: Host) -> None:
        await start(host, function(folder, key="warm"))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        free = os.dup(0)  # the lowest number that no file has
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            with pytest.raises(EmulatorError, match=r"cannot start a worker for f: .*Too many open files"):
                start(host, function(folder, key="new"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

        assert host.running() == []
        assert (await start(host, function(folder, key="new"))).payload == b"1"

    play(scenario)
