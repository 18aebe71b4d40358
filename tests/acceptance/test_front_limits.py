"""What `stepwell up` costs and bears: parked polls, large bodies, sudden ends, the start."""

from __future__ import annotations

import concurrent.futures
import hashlib
import http.client
import io
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from emulator.cli.client import Client
from emulator.errors import EmulatorError
from tests.waiting import until

Start = Callable[..., Any]

MIB = 1024 * 1024
POLLS = 500
MOST_MIB_OF_POLLS = 10
MOST_MIB_OF_A_BODY = 64
MOST_MIB_IDLE = 100
MOST_SECONDS_TO_START = 3
MOST_SECONDS_TO_END = 3
SLEEPS = "import subprocess\ndef handler(event, context):\n    subprocess.run(['sleep', '300'])\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc"),
]


def rss(pid: int) -> float:
    """The memory of a process, MiB."""
    return _status(pid, "VmRSS")


def most_rss(pid: int) -> float:
    """The most that it ever was, MiB."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1]) / 1024


class Poll:
    """A long poll on a connection of its own, as small as a client can be."""

    def __init__(self, url: str, queue: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        self.socket = socket.create_connection((address.hostname, address.port or 80), timeout=30)
        body = f'{{"QueueUrl": "{queue}", "WaitTimeSeconds": 20}}'.encode()
        head = (
            f"POST / HTTP/1.1\r\nHost: {address.netloc}\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
            "Authorization: AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/sqs/aws4_request, "
            "SignedHeaders=host, Signature=0\r\n"
            f"Content-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body)

    def answer(self) -> tuple[int, bytes]:
        """Status and body, once it is woken."""
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read()


@pytest.fixture
def polls(up: Start) -> Iterator[Callable[[Any, str, int], list[Poll]]]:
    """Open polls on a queue and wait until the emulator has parked them all; closed at the end."""
    opened: list[Poll] = []

    def open_polls(running: Any, queue: str, count: int) -> list[Poll]:
        new = [Poll(running.url, queue) for _ in range(count)]
        opened.extend(new)
        # Calls are taken in the order in which they came: an answer to this one comes after all were parked.
        running.aws("sqs").get_queue_attributes(QueueUrl=queue)
        until(lambda: _unread(running) == 0)
        return new

    yield open_polls
    for poll in opened:
        poll.socket.close()


def _unread(running: Any) -> int:
    """Bytes that wait to be read on the sockets of the emulator (a field of Linux's table of them)."""
    port = f":{urlsplit(running.url).port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].split(":")[1], 16) for row in rows if row[1].endswith(port) and row[3] == "01")


def p50(call: Callable[[], Any], count: int = 200) -> float:
    """The median of the seconds that a call takes, after a few to warm up."""
    taken = []
    for number in range(count + 20):
        begin = time.perf_counter()
        call()
        if number >= 20:
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def test_five_hundred_idle_polls_are_small_slow_nobody_and_are_all_woken(
    up: Start, polls: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    running = up()
    sqs = running.aws("sqs")
    polled = sqs.create_queue(QueueName="polled")["QueueUrl"]
    other = sqs.create_queue(QueueName="other")["QueueUrl"]

    def call() -> None:
        sqs.get_queue_attributes(QueueUrl=other, AttributeNames=["QueueArn"])

    alone, small = p50(call), rss(running.process.pid)
    waiting = polls(running, polled, POLLS)
    large, beside = rss(running.process.pid), p50(call)

    for batch in range(POLLS // 10):
        entries = [{"Id": str(n), "MessageBody": f"body-{batch * 10 + n}"} for n in range(10)]
        sqs.send_message_batch(QueueUrl=polled, Entries=entries)
    answers = [poll.answer() for poll in waiting]
    again = p50(call)

    times = " ".join(f"{seconds * 1e3:.2f}" for seconds in (alone, beside, again))
    _tell(capsys, f"{POLLS} parked polls: {large - small:.1f} MiB; p50 before, beside and after them: {times} ms")
    assert {status for status, _ in answers} == {200}
    assert sorted(_bodies(answers)) == sorted(f"body-{n}" for n in range(POLLS))
    assert large - small < MOST_MIB_OF_POLLS
    assert beside < 3 * max(alone, again)


def _bodies(answers: list[tuple[int, bytes]]) -> list[str]:
    return [message["Body"] for _, body in answers for message in json.loads(body)["Messages"]]


def _tell(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\n  {line}")


class Noise:
    """A body that is never in memory as a whole: one block, again and again."""

    BLOCK = os.urandom(MIB)

    def __init__(self, size: int) -> None:
        self.size = size
        self._at = 0

    def __len__(self) -> int:
        return self.size

    def read(self, most: int = -1) -> bytes:
        """The next bytes, at most a block of them."""
        begin = self._at % MIB
        end = min(begin + (MIB if most < 0 else most), MIB, begin + self.size - self._at)
        self._at += end - begin
        return self.BLOCK[begin:end]

    @classmethod
    def digest(cls, size: int) -> str:
        found = hashlib.md5()
        for _ in range(size // MIB):
            found.update(cls.BLOCK)
        return found.hexdigest()


@pytest.mark.parametrize("size", [128 * MIB, pytest.param(1024 * MIB, marks=pytest.mark.slow)])
def test_a_large_object_goes_up_and_down_in_bounded_memory(
    up: Start, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    running = up()
    running.aws("s3").create_bucket(Bucket="large")
    before = rss(running.process.pid)
    address = urlsplit(running.url)
    assert address.hostname is not None
    signed = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD",
    }

    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=60)) as connection:
        connection.request("PUT", "/large/it", Noise(size), {**signed, "Content-Length": str(size)})
        put = connection.getresponse()
        put.read()
        connection.request("GET", "/large/it", headers=signed)
        got = connection.getresponse()
        found = hashlib.md5()
        while chunk := got.read(MIB):
            found.update(chunk)
    grown = most_rss(running.process.pid) - before

    _tell(capsys, f"{size // MIB} MiB up and down: {grown:.1f} MiB")
    assert (put.status, got.status) == (200, 200)
    assert put.headers["ETag"] == f'"{Noise.digest(size)}"'
    assert found.hexdigest() == Noise.digest(size)
    assert grown < MOST_MIB_OF_A_BODY


def test_killed_while_a_function_runs_it_leaves_no_process(up: Start) -> None:
    running = up()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", SLEEPS)
    functions = running.aws("lambda")
    functions.create_function(
        FunctionName="sleeps",
        Runtime="python3.12",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="main.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=600,
    )
    functions.invoke(FunctionName="sleeps", InvocationType="Event")
    until(lambda: any("sleep\x00300" in _command(pid) for pid in _family(running.process.pid)))
    family = _family(running.process.pid)

    running.process.kill()
    running.process.wait()

    until(lambda: not [pid for pid in family if _alive(pid)])
    assert len(family) >= 3


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_answers_a_hundred_parked_polls_and_ends(up: Start, polls: Any, number: int) -> None:
    running = up()
    queue = running.aws("sqs").create_queue(QueueName="polled")["QueueUrl"]
    waiting = polls(running, queue, 100)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answers = pool.submit(lambda: [poll.answer() for poll in waiting])

        begin = time.monotonic()
        code = running.end(number)
        taken = time.monotonic() - begin

    assert code == 0
    assert running.told == ""
    assert taken < MOST_SECONDS_TO_END
    assert answers.result() == [(200, b"{}")] * 100


def test_a_start_on_data_in_use_is_refused_in_one_line(up: Start, stepwell: Any, tmp_path: Path) -> None:
    running = up()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    done = stepwell("up", "--port", 0, "--data", running.data, cwd=elsewhere)

    assert done.returncode != 0
    assert done.stdout == ""
    assert str(running.process.pid) in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_answers_soon_after_its_start_and_is_small(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "emulator", "up", "--port", str(port)]
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(client))
        taken = time.monotonic() - begin
        memory = sum(rss(pid) for pid in _family(process.pid))
    finally:
        process.terminate()
        process.wait()

    _tell(capsys, f"first answer after {taken:.2f} s; idle {memory:.0f} MiB in all its processes")
    assert taken < MOST_SECONDS_TO_START
    assert memory < MOST_MIB_IDLE


def _answers(client: Client) -> bool:
    try:
        client.call("sqs", "ListQueues")
    except EmulatorError:
        return False
    return True
