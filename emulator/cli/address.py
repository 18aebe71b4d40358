"""Where the emulator of a data folder answers: a small file that `up` writes and the other commands read."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from emulator.errors import EmulatorError

DEFAULT_URL = "http://127.0.0.1:4566"


@dataclass(frozen=True, slots=True)
class Address:
    """A running emulator: its process, its URL, and the absolute paths of its project and data."""

    pid: int
    url: str
    project: str
    data: str

    @property
    def alive(self) -> bool:
        """Whether the process is still there (one of another user counts)."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def path_in(data: Path) -> Path:
    """The file of a data folder."""
    return data / "address"


def write(data: Path, address: Address) -> None:
    """Say where we are; whole or not at all."""
    new = data / ".address.new"
    new.write_text(json.dumps(asdict(address)) + "\n")
    os.replace(new, path_in(data))


def remove(data: Path) -> None:
    """Say that we are gone."""
    path_in(data).unlink(missing_ok=True)


def find(data: Path) -> Address | None:
    """Who serves this data folder now; None when nobody does, or when the process that said so is gone."""
    try:
        found = Address(**json.loads(path_in(data).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.alive and not is_free(data) else None


def is_free(data: Path) -> bool:
    """Whether no process holds the folder's lock. A house on PostgreSQL takes none: then the process decides."""
    try:
        descriptor = os.open(data / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of every command that talks to a running emulator."""
    parser.add_argument("--data", type=Path, help="the data folder of the emulator (default .stepwell)")
    parser.add_argument("--endpoint", metavar="URL", help="the emulator's address, instead of --data")


def data_folder(given: Path | None, environment: Mapping[str, str]) -> Path:
    """The data folder that a command means."""
    return given or Path(environment.get("STEPWELL_DATA") or ".stepwell")


def url_for(args: argparse.Namespace, environment: Mapping[str, str]) -> str:
    """The URL that a command talks to: --endpoint, else --data, else AWS_ENDPOINT_URL, else the data folder here.

    Raises EmulatorError when --data names a folder that nobody serves.
    """
    if args.endpoint:
        return str(args.endpoint)
    if args.data is not None:
        return require(args.data).url
    if environment.get("AWS_ENDPOINT_URL"):
        return environment["AWS_ENDPOINT_URL"]
    here = find(data_folder(None, environment))
    return DEFAULT_URL if here is None else here.url


def require(data: Path) -> Address:
    """Who serves this data folder. Raises EmulatorError when nobody does."""
    found = find(data)
    if found is None:
        raise EmulatorError(f"No emulator runs on {data} (start one with: stepwell up --data {data}).")
    return found
