"""The memory that bodies and parked calls take."""

from __future__ import annotations

import asyncio
import itertools
import socket
from pathlib import Path

import pytest

from tests.contracts.serving import Echo, Part, Received, on_loop, park, serving

pytestmark = pytest.mark.slow


def resident(field: str) -> int:
    """Memory of this process in bytes: VmRSS now, VmHWM at most since the last reset."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("memory is read from /proc")
    line = next(line for line in status.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def reset_peak() -> int:
    """Forget the peak; answers memory now."""
    now = resident("VmRSS")
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pytest.skip("the peak of memory cannot be reset here")
    return now


MIB = 1024 * 1024
SIZES = [256, 1024]


async def connect(port: int) -> socket.socket:
    plain = socket.socket()
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
    return plain


@pytest.mark.parametrize("mebibytes", SIZES)
@on_loop
async def test_an_upload_takes_bounded_memory(mebibytes: int) -> None:
    taken = itertools.count()

    def drop(call: Received, chunk: bytes) -> None:
        call.chunks.clear()
        if next(taken) % 10 == 0:
            call.head.pause()
            asyncio.get_running_loop().call_soon(call.head.resume)

    handler = Echo(on_data=drop)
    async with serving(handler) as place:
        loop = asyncio.get_running_loop()
        plain = await connect(place.server.port)
        chunk = bytes(MIB)
        before = reset_peak()

        await loop.sock_sendall(plain, b"PUT /k HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (mebibytes * MIB))
        for _ in range(mebibytes):
            await loop.sock_sendall(plain, chunk)
        answer = await loop.sock_recv(plain, 4096)

        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert resident("VmHWM") - before < 30 * MIB
        plain.close()


@pytest.mark.parametrize("mebibytes", SIZES)
@on_loop
async def test_a_download_takes_bounded_memory(mebibytes: int, tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as sparse:
        sparse.truncate(mebibytes * MIB)
    async with serving(Echo(lambda call: call.head.respond(200, [], Part(file, 0, mebibytes * MIB)))) as place:
        loop = asyncio.get_running_loop()
        plain = await connect(place.server.port)
        buffer = bytearray(MIB)
        before = reset_peak()

        await loop.sock_sendall(plain, b"GET /k HTTP/1.1\r\n\r\n")
        left = mebibytes * MIB
        while left > 0:
            left -= await loop.sock_recv_into(plain, buffer)

        assert resident("VmHWM") - before < 30 * MIB
        plain.close()


@on_loop
async def test_five_hundred_parked_calls_take_little_memory() -> None:
    handler = Echo(park)
    async with serving(handler) as place:
        loop = asyncio.get_running_loop()
        before = resident("VmRSS")

        clients = [await connect(place.server.port) for _ in range(500)]
        for plain in clients:
            await loop.sock_sendall(plain, b"POST /poll HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
        await handler.until(lambda: sum(call.ended for call in handler.calls) == 500)

        assert resident("VmRSS") - before < 10 * MIB
        for plain in clients:
            plain.close()
