"""stepwell up: serve the AWS API here, with a project's functions, rules and workflows."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from emulator import config as configuration
from emulator.cli import address
from emulator.cli.address import Address
from emulator.config import Config
from emulator.errors import EmulatorError

if TYPE_CHECKING:
    from emulator.project import Project

log = logging.getLogger("stepwell")
READY = "Ready."
"""The line that libraries which start LocalStack in a container wait for; the last one, with the project loaded."""
FLAGS = ("project", "data", "host", "port", "region", "roles", "store", "broker")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The flags; what they leave open comes from STEPWELL_* and from the project's stepwell.toml."""
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="the project's folder (default: this one)")
    parser.add_argument("--fresh", action="store_true", help="forget everything in the data folder first")
    parser.add_argument("--port", help="the port to serve on, 0 for a free one (default 4566)")
    parser.add_argument("--host", help="the address to serve on (default 127.0.0.1)")
    parser.add_argument("--data", metavar="FOLDER", help="where everything is kept (default PROJECT/.stepwell)")
    parser.add_argument("--region", help="the region of requests that name none (default us-east-1)")
    parser.add_argument("--roles", help=f"what this process does, of {','.join(configuration.ROLES)} (default: all)")
    parser.add_argument("--store", metavar="URL", help="postgresql://..., instead of SQLite in the data folder")
    parser.add_argument("--broker", metavar="URL", help="redis://... or amqp://..., with --store")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM. Raises EmulatorError for what stops it at the start."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    config = configuration.read({name: getattr(args, name) for name in FLAGS}, os.environ)
    if not config.project.is_dir():
        raise EmulatorError(f"There is no folder {config.project}.")
    other = address.find(config.data)
    if other is not None and not config.store:  # a folder beside a database is shared
        raise EmulatorError(f"{config.data} is in use by process {other.pid}, which serves {other.url}.")
    if args.fresh:
        clear(config)
    _loop_runner()(_serve(config))
    return 0


def clear(config: Config) -> None:
    """Empty the data folder. Raises EmulatorError when it is not one of ours, or is in use."""
    from emulator.storage import hold

    if config.store:
        raise EmulatorError("--fresh empties a data folder; a house on PostgreSQL keeps its data there.")
    folder = config.data
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not (folder / "stepwell.db").is_file():
        raise EmulatorError(f"{folder} is not a data folder of Stepwell: it is not emptied.")
    with hold(folder, "clearing"):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()


def _loop_runner() -> Callable[[Coroutine[Any, Any, None]], Any]:
    try:
        import uvloop
    except ImportError:  # not on Windows
        return asyncio.run
    return uvloop.run


async def _serve(config: Config) -> None:
    from emulator.app import Emulator

    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _end, ending)
    emulator = Emulator(config)
    told: list[str] = []
    await emulator.start(told.append)
    try:
        spare_the_collector()
        _announce(config, told[0])
        project = await _load(emulator, config, told[0])
        try:
            await ending.wait()
        finally:
            if project is not None:
                await project.close()
    finally:
        if told and told[0]:
            address.remove(config.data)
        await emulator.stop()


def spare_the_collector() -> None:
    """What is loaded now stays: the collector of cycles need not look at it again, nor look at all that often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _end(ending: asyncio.Event) -> None:
    if ending.is_set():  # asked twice: whoever asks does not want to wait
        os._exit(130)
    ending.set()


def _announce(config: Config, url: str) -> None:
    if url:
        here = Address(os.getpid(), url, str(config.project.resolve()), str(config.data.resolve()))
        address.write(config.data, here)


async def _load(emulator: Any, config: Config, url: str) -> Project | None:
    """Load and watch the project where AWS calls are served; the screen is printed when it is there."""
    if not url:
        print(f"Stepwell serves as {', '.join(config.roles)}.", flush=True)
        return None
    from emulator.cli import screen
    from emulator.project import Project

    project = Project(emulator, config.project, config.data, _complain)
    await project.start()
    print(screen.text(config, url, project.contents(), len(project.problems)), READY, sep="\n", flush=True)
    return project


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
