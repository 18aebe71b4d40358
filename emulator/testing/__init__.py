"""An emulator inside a test's process: real parts on a loop of their own, time in the test's hands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import boto3
import botocore.session
from botocore.config import Config as ClientConfig

from emulator import config as configuration
from emulator.app import Emulator
from emulator.clock import WallClock
from emulator.ids import DEFAULT_ACCOUNT
from emulator.kit.context import Context, Origin
from emulator.services import MODELS

T = TypeVar("T")


@cache
def _session() -> boto3.Session:
    """A session that knows the model of our own API as well."""
    inner = botocore.session.Session()
    inner.get_component("data_loader").search_paths.append(str(MODELS))
    return boto3.Session(botocore_session=inner)


class Running:
    """An Emulator that runs on a thread of its own until `stop`; clients reach it as any client would.

    `wall` is the clock it runs on; the account times of tests are moved by the Stepwell API, not by it.
    """

    def __init__(self, data: Path, *, wall: WallClock | None = None, **settings: Any) -> None:
        self.config = configuration.read({"data": data, "port": 0, **settings}, {})
        self.emulator = Emulator(self.config, wall)
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stepwell", daemon=True)

    def start(self) -> Running:
        """Serve; returns once clients can connect."""
        self._thread.start()
        self._run(self.emulator.start(self._ready))
        return self

    def stop(self) -> None:
        """Stop cleanly and end the thread."""
        self._run(self.emulator.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def hold(self) -> None:
        """Do no work from now on but by `step`."""
        self._loop.call_soon_threadsafe(self.emulator.hold)

    def step(self) -> bool:
        """Do exactly one item of work that is due. False: none is due."""
        return bool(self._run(self.emulator.step()))

    def client(self, service: str, account: str = DEFAULT_ACCOUNT, region: str = "us-east-1") -> Any:
        """A boto3 client of this emulator in an account; nothing is retried."""
        return _session().client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=ClientConfig(
                inject_host_prefix=False,
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                max_pool_connections=32,
            ),
        )

    def inside(self, unit: Callable[[Context], T], account: str = DEFAULT_ACCOUNT) -> T:
        """What `unit` gives inside a transaction of the emulator's own, committed when this returns."""
        house = self.emulator.house

        async def on_loop() -> T:
            origin = Origin.new("test")
            return house.store.run(lambda tx: unit(Context(house, tx, account, "us-east-1", origin)))

        return cast(T, self._run(on_loop()))

    def _ready(self, url: str) -> None:
        self.url = url

    def _run(self, coroutine: Any) -> Any:
        future: Future[Any] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return future.result(timeout=60)
