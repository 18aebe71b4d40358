"""stepwell stop: end the emulator of a data folder cleanly."""

from __future__ import annotations

import argparse
import os
import signal
import time
from pathlib import Path

from emulator.cli import address
from emulator.errors import EmulatorError

PATIENCE = 15.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("--data", type=Path, help="the data folder of the emulator (default .stepwell)")


def run(args: argparse.Namespace) -> int:
    """Ask the process to end and wait until it has. Raises EmulatorError when there is none, or it does not end."""
    data = address.data_folder(args.data, os.environ)
    found = address.require(data)
    os.kill(found.pid, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while found.alive and not address.is_free(data):
        if time.monotonic() > until:
            raise EmulatorError(f"Process {found.pid} has not ended after {PATIENCE:g} seconds.")
        time.sleep(0.02)
    print(f"Stepwell at {found.url} (process {found.pid}) has ended.")
    return 0
