"""The composition root: from a Config to a running Emulator. The only file that names concrete parts."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from emulator import config as configuration
from emulator import ids, performers
from emulator.clock import SystemClock, WallClock
from emulator.config import Config
from emulator.front.aws import AwsEndpoint
from emulator.front.server import Server
from emulator.host import Host
from emulator.kit import delivery
from emulator.kit.accounts import Accounts
from emulator.kit.calls import Call, Calls
from emulator.kit.context import Origin
from emulator.kit.directory import Directory
from emulator.kit.house import SCHEMA, House
from emulator.kit.parking import Parking
from emulator.kit.runner import Runner
from emulator.kit.service import Role
from emulator.kit.work import Work
from emulator.services import MODELS, SERVICES
from emulator.storage import Hold, Store, blobs, hold, open_postgres, open_sqlite
from emulator.wire import models, validation
from emulator.wire.names import xform_name

if TYPE_CHECKING:
    from emulator.neighbours import Neighbours

log = logging.getLogger("stepwell")


class Emulator:
    """One process of Stepwell, with the roles that its configuration gives it.

    `start` and `stop` run on an event loop of the caller's; `call` is for the caller's threads, `call_async` for
    its loop. `wall` is a FrozenClock in tests.
    """

    def __init__(self, config: Config, wall: WallClock | None = None) -> None:
        self.config = config
        self.wall = wall or SystemClock()
        self._started = SystemClock().micros()
        self.name = f"{os.uname().nodename}:{os.getpid()}:{ids.new_hex(6)}"
        self.roles: frozenset[Role] = frozenset(config.roles)  # type: ignore[arg-type]
        self.alone = self.roles == frozenset(configuration.ROLES) and not config.store
        self.server: Server | None = None
        self._hold: Hold | None = None
        self._host: Host | None = None
        self._neighbours: Neighbours | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self, on_ready: Callable[[str], None] | None = None) -> None:
        """Open the store, take up what an earlier process left, serve. Raises EmulatorError."""
        self._loop = asyncio.get_running_loop()
        config = self.config
        store = self._open_store()
        _add_models()
        directory = Directory(SERVICES)
        directory.add_kinds(delivery.KINDS)
        store.migrate(
            [("kit", SCHEMA), blobs.SCHEMA]
            + [(s.name, s.folder / "schema") for s in SERVICES if (s.folder / "schema").is_dir()]
        )
        store.bind(self._loop)
        self.house = House(
            store=store,
            blobs=blobs.Blobs(config.data, store),
            directory=directory,
            wall=self.wall,
            accounts=Accounts(self.wall),
            work=Work(self.name, self.roles, directory),
            parking=Parking(self._later),
            data=config.data,
            endpoint=config.url,
            settings={"project": config.project, "smtp": config.smtp, "region": config.region},
        )
        if "functions" in self.roles:
            self._host = Host(workers_max=config.workers, environment=self._function_environment())
            await self._host.start()
        self.runner = Runner(self.house, self._later, performers.make(self._loop, self._host))
        self.calls = Calls(self.house, self.runner.alarms.parked)
        self.house.blobs.collect()
        self._join()
        await self._serve(on_ready)
        self._take_up()

    async def _serve(self, on_ready: Callable[[str], None] | None) -> None:
        if "gateway" not in self.roles:
            if on_ready is not None:
                on_ready("")
            return
        self.endpoint = AwsEndpoint(self.house, self.calls, self.config.region, self.config.public_url)

        def ready(url: str) -> None:
            if not self.config.endpoint:
                self.house.endpoint = url
            if on_ready is not None:
                on_ready(url)

        self.server = Server(
            self.endpoint,
            self._web,
            host=self.config.host,
            port=self.config.port,
            on_ready=ready,
            clock=self.wall,
        )
        await self.server.start()

    def _join(self) -> None:
        """Where the store may be shared: tell the other processes that we are there."""
        if self.alone:
            return
        from emulator.neighbours import Neighbours  # a house of one process does without the broker's library

        config = self.config
        single = self.roles == frozenset(configuration.ROLES) and config.broker == "memory://"
        broker = "" if single else config.broker
        self._neighbours = Neighbours(self.house, self.runner, broker, self._later, self._on_loop)
        self._neighbours.join()

    def _take_up(self) -> None:
        """Go on with what is in the store: alone, all that any earlier process had claimed is ours."""
        if self._neighbours is not None:
            self._neighbours.start()
            return
        for owner in self.house.store.run(self.house.work.owners):
            self.runner.recover(owner)
        self.runner.look()

    async def stop(self) -> None:
        """Answer what is parked, end the workers, close the store; unfinished work stays a row."""
        if self.server is not None:
            await self.server.stop()
        self.runner.stop()
        if self._neighbours is not None:
            self._neighbours.stop()
        if self._host is not None:
            await self._host.close()
        self.house.store.close()
        if self._hold is not None:
            self._hold.release()

    # -- work by hand

    def hold(self) -> None:
        """Do no work from now on but by `step`: for tests and simulations that choose what comes when."""
        self.runner.hold()

    async def step(self) -> bool:
        """Do exactly one item of work that is due, what it has others do included. False: none is due."""
        over = asyncio.Event()
        if not self.runner.step(over.set):
            return False
        await over.wait()
        return True

    # -- calls from this process

    def call(
        self,
        service: str,
        operation: str,
        params: dict[str, Any],
        *,
        account: str = "",
        region: str = "",
        request_id: str = "",
    ) -> dict[str, Any]:
        """An operation from another thread, with wire member names; blocks until it is durable."""
        future: concurrent.futures.Future[dict[str, Any]] = concurrent.futures.Future()
        self._on_loop(lambda: self._begin(service, operation, params, account, region, future, request_id))
        return future.result()

    async def call_async(
        self, service: str, operation: str, params: dict[str, Any], *, account: str = "", region: str = ""
    ) -> dict[str, Any]:
        """The same from a coroutine on the loop."""
        future: concurrent.futures.Future[dict[str, Any]] = concurrent.futures.Future()
        self._begin(service, operation, params, account, region, future)
        return await asyncio.wrap_future(future)

    def _begin(
        self,
        service: str,
        operation: str,
        params: dict[str, Any],
        account: str,
        region: str,
        future: concurrent.futures.Future[dict[str, Any]],
        request_id: str = "",
    ) -> None:
        def done(answer: dict[str, Any] | BaseException) -> None:
            if isinstance(answer, dict):
                future.set_result(answer)
            else:
                future.set_exception(answer)

        try:
            found = models.service(service).operations[operation]
            named = {xform_name(name): value for name, value in params.items()}
            validation.validate(found, named)
        except Exception as error:
            done(error)
            return
        call = Call(
            service,
            found,
            named,
            account or ids.DEFAULT_ACCOUNT,
            region or self.config.region,
            request_id or ids.new_uuid(),
            Origin.new(f"{service}:{operation}"),
        )
        self.calls.begin(call, done)

    # -- the parts

    def _open_store(self) -> Store:
        config = self.config
        if config.store:
            config.data.mkdir(parents=True, exist_ok=True)
            return open_postgres(config.store)
        self._hold = hold(config.data, f"{config.host}:{config.port}")
        return open_sqlite(config.data / "stepwell.db", synchronous=config.synchronous)

    def _function_environment(self) -> dict[str, str]:
        """What every function gets to reach this house by itself; its account is added with each function."""
        environment = {"AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
        if self.config.endpoint:
            # A bucket's name before a host name of our own would be a host that nobody knows.
            file = self.config.data.resolve() / "aws-config"
            file.write_text("[default]\ns3 =\n    addressing_style = path\n")
            environment["AWS_CONFIG_FILE"] = str(file)
        return environment

    def _web(self) -> Any:
        from emulator.front.web import make_app

        return make_app(self, self._started)

    def _later(self, seconds: float, callback: Callable[[], None]) -> asyncio.Handle:
        assert self._loop is not None
        if seconds <= 0:
            return self._loop.call_soon(callback)
        return self._loop.call_later(seconds, callback)

    def _on_loop(self, callback: Callable[[], None]) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(callback)


def _add_models() -> None:
    """The models of our own: a whole one, and what we add to those of AWS (extras.json)."""
    models.add_path(MODELS)
    for service in SERVICES:
        extras = service.folder / "extras.json"
        if extras.exists():
            models.add_extras(service.name, extras)
