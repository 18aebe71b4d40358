"""Our benchmarks: every hot path of a `stepwell up`, checked, timed, and put beside what the machine can do.

    scripts/bench [--only TEXT] [--repeat N] [--scale X] [--json FILE]
    scripts/bench --shared ARGUMENTS...     the load generator beside the repository, where there is one
    scripts/bench --profile PATH [COUNT]    where the time of one path goes, in this process

A figure alone says little: compare the ratios, which are to a loop measured just before and after the path.
For a rate and for milliseconds alike, 1.0 is as good as that loop, and more is better. `us` is the emulator's
processor time for one operation, what it takes to check it included, and `hellos` the same in requests that a bare
uvicorn answers meanwhile: on a busy machine these two are the ones to trust, and less is better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvloop
from paths import PATHS
from paths import Path as Measured
from wire import Client, Wrong
from yardsticks import Process, Yardsticks, memory, processor

COMMAND = [sys.executable, "-m", "emulator", "up", "--port", "{port}"]
IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured of a path, medians of all repetitions."""

    name: str
    unit: str
    value: float | None
    yardstick: str
    measure: float | None
    ratio: float | None
    processor_us: float | None = None
    hellos: float | None = None
    wrong: str = ""


class Bench:
    """One run: an emulator with its data on this disk, and the yardsticks."""

    def __init__(self, folder: Path, scale: float, repeat: int) -> None:
        self._emulator = Process(COMMAND, folder)
        self._yardsticks = Yardsticks(scale)
        self._scale, self._repeat = scale, repeat
        self._hello = 0.0
        self.loops: dict[str, float] = {}

    async def run(self, only: str) -> list[Figure]:
        """All figures whose name contains `only`."""
        await self._yardsticks.start()
        try:
            self._hello = await self._yardsticks.hello_seconds()
            self.loops = {name: await loop() for name, loop in self._yardsticks.loops.items()}
            seconds = await self._emulator.start(_list_queues)
            try:
                found = [
                    *await self._rest(seconds),
                    *[await self._path(one) for one in PATHS.values() if only in one.name],
                ]
            finally:
                self._emulator.stop()
        finally:
            self._yardsticks.stop()
        return [figure for figure in found if only in figure.name]

    async def _rest(self, seconds: float) -> list[Figure]:
        """The start and the memory at rest, beside those of a bare uvicorn."""
        await asyncio.sleep(IDLE_SECONDS * min(1, self._scale))
        own, bare = memory(self._emulator.running.pid), self._yardsticks.memory()
        start = self._yardsticks.start_seconds
        return [
            Figure("cold start", "s", seconds, "bare uvicorn", start, start / seconds),
            Figure("idle memory", "MiB", own, "bare uvicorn", bare, bare / own),
        ]

    async def _path(self, path: Measured) -> Figure:
        client = Client(self._emulator.port)
        try:
            await path.measure(client, max(2, self._count(path) // 10))
            rounds = [await self._round(path, client) for _ in range(self._repeat)]
        except (Wrong, ConnectionError) as error:
            reason = str(error) or "the connection was lost"
            return Figure(path.name, path.unit, None, path.yardstick, None, None, wrong=reason)
        finally:
            client.close()
        value, measure, ratio, seconds = (statistics.median(column) for column in zip(*rounds, strict=True))
        return Figure(path.name, path.unit, value, path.yardstick, measure, ratio, seconds * 1e6, seconds / self._hello)

    def _count(self, path: Measured) -> int:
        return max(2, int(path.count * self._scale))

    async def _round(self, path: Measured, client: Client) -> tuple[float, float, float, float]:
        """Figure, yardstick, their ratio, and the emulator's seconds of processor for one operation."""
        loop, pid = self._yardsticks.loops[path.yardstick], self._emulator.running.pid
        before, used = await loop(), processor(pid)
        value = await path.measure(client, self._count(path))
        seconds = (processor(pid) - used) / self._count(path)
        rate = (before + await loop()) / 2
        if path.unit == "ms":
            return value, 1e3 / rate, 1e3 / rate / value, seconds
        return value, rate, value / rate, seconds


def _list_queues(client: Client) -> bytes:
    kind = "X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Type: application/x-amz-json-1.0\r\n"
    return client.request("POST", "/", "sqs", b"{}", kind)


def table(figures: list[Figure]) -> str:
    """The figures for people."""
    rows: list[tuple[str, ...]] = [("path", "figure", "", "beside", "", "ratio", "us", "hellos")]
    rows += [_row(one) for one in figures if not one.wrong]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    right = (False, True, False, False, True, True, True, True)
    lines = []
    for row in rows:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, *(f"WRONG: {one.name}: {one.wrong}" for one in figures if one.wrong)])


def _row(one: Figure) -> tuple[str, ...]:
    value, measure, us, hellos = map(_number, (one.value, one.measure, one.processor_us, one.hellos))
    return one.name, value, one.unit, one.yardstick, measure, f"{one.ratio:.3f}", us, hellos


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def shared(arguments: list[str]) -> int:
    """Run the load generator in ../shared/bench against `stepwell up`."""
    script = Path(__file__).resolve().parents[3] / "shared" / "bench" / "bench.py"
    if not script.is_file():
        print(f"There is no {script}.", file=sys.stderr)
        return 1
    up = f"{sys.executable} -m emulator up --port {{port}} --data {{data}}"
    command = [sys.executable, str(script), "--name", "stepwell", "--spawn", up, "--spawn-durable", up, *arguments]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, check=False).returncode


def main() -> int:
    """Measure, print, write; 1 where a path answered wrongly."""
    if sys.argv[1:2] == ["--shared"]:
        return shared(sys.argv[2:])
    if sys.argv[1:2] == ["--profile"]:
        from profile_path import main as profile

        return profile(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT", help="paths whose name contains it")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="repetitions, of which the median counts")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="that part of the usual operations")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    args = parser.parse_args()
    if not any(args.only in name for name in (*PATHS, "cold start", "idle memory")):
        parser.error(f"no path has {args.only!r} in its name; there are: {', '.join(PATHS)}, cold start, idle memory")
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as folder:
        bench = Bench(Path(folder), args.scale, args.repeat)
        figures = uvloop.run(bench.run(args.only))
    print("this machine, per s:", "; ".join(f"{name} {_number(rate)}" for name, rate in bench.loops.items()), "\n")
    print(table(figures))
    if args.json is not None:
        report = {
            "machine": machine() | {"loops": bench.loops},
            "scale": args.scale,
            "figures": [asdict(figure) for figure in figures],
        }
        args.json.write_text(json.dumps(report, indent=2) + "\n")
    return 1 if any(figure.wrong for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
