"""Our benchmarks: every hot path of a `stepwell up`, checked, timed, and put beside what the machine can do.

    scripts/bench [--only TEXT] [--repeat N] [--scale X] [--json FILE]
    scripts/bench --shared ARGUMENTS...     the load generator beside the repository, where there is one
    scripts/bench --profile PATH [COUNT]    where the time of one path goes, in this process

A figure alone says little: compare the ratios, which are to a loop measured just before and after the path.
For a rate and for milliseconds alike, 1.0 is as good as that loop, and more is better.
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
from yardsticks import Process, Yardsticks, memory

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
    wrong: str = ""


class Bench:
    """One run: an emulator with its data on this disk, and the yardsticks."""

    def __init__(self, folder: Path, scale: float, repeat: int) -> None:
        self._emulator = Process(COMMAND, folder)
        self._yardsticks = Yardsticks(scale)
        self._scale, self._repeat = scale, repeat
        self.loops: dict[str, float] = {}

    async def run(self, only: str) -> list[Figure]:
        """All figures whose name contains `only`."""
        await self._yardsticks.start()
        try:
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
        values, measures, ratios = [], [], []
        loop = self._yardsticks.loops[path.yardstick]
        count = max(2, int(path.count * self._scale))
        client = Client(self._emulator.port)
        try:
            await path.measure(client, max(2, count // 10))
            for _ in range(self._repeat):
                before = await loop()
                value = await path.measure(client, count)
                rate = (before + await loop()) / 2
                values.append(value)
                measures.append(1e3 / rate if path.unit == "ms" else rate)
                ratios.append(measures[-1] / value if path.unit == "ms" else value / rate)
        except (Wrong, ConnectionError) as error:
            return Figure(
                path.name, path.unit, None, path.yardstick, None, None, str(error) or "the connection was lost"
            )
        finally:
            client.close()
        middle = statistics.median
        return Figure(path.name, path.unit, middle(values), path.yardstick, middle(measures), middle(ratios))


def _list_queues(client: Client) -> bytes:
    kind = "X-Amz-Target: AmazonSQS.ListQueues\r\nContent-Type: application/x-amz-json-1.0\r\n"
    return client.request("POST", "/", "sqs", b"{}", kind)


def table(figures: list[Figure]) -> str:
    """The figures for people."""
    rows = [("path", "figure", "", "beside", "", "ratio")]
    for one in figures:
        if one.value is None or one.measure is None or one.ratio is None:
            rows.append((one.name, "WRONG", one.wrong, "", "", ""))
        else:
            rows.append(
                (one.name, _number(one.value), one.unit, one.yardstick, _number(one.measure), f"{one.ratio:.3f}")
            )
    widths = [max(len(row[column]) for row in rows if row[1] != "WRONG") for column in range(6)]
    right = (False, True, False, False, True, True)
    lines = []
    for row in rows:
        cells = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _number(value: float) -> str:
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
