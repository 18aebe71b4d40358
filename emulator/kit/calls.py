"""A call from outside: run in a transaction, parked while it must wait, answered after its commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.clock import to_micros
from emulator.errors import AwsError
from emulator.kit.context import NOBODY, Caller, Context, Origin
from emulator.kit.house import House
from emulator.kit.parking import Parked
from emulator.kit.results import Result, Wait
from emulator.storage import Transaction
from emulator.wire.models import Operation

Answer = dict[str, Any] | BaseException
Done = Callable[[Answer], None]


@dataclass(slots=True)  # not frozen: each request makes one, and freezing would cost it twice as much
class Call:
    """One call of one operation: `params` are keyed by function parameter and were checked against the model."""

    service: str
    operation: Operation
    params: dict[str, Any]
    account: str
    region: str
    request_id: str
    origin: Origin
    endpoint: str = ""
    caller: Caller = NOBODY


class Abandoned(AwsError):
    """The answer of a call that waited when its client went away: nobody hears it."""

    def __init__(self) -> None:
        super().__init__("RequestTimeout", "The client went away.")


def _nobody(answer: Answer) -> None:
    """Hears what was answered already."""


class Ticket:
    """A call in progress; it answers exactly once."""

    __slots__ = ("_calls", "_deadline", "_done", "_expired", "_gone", "_since", "_wait", "call", "parked")

    def __init__(self, calls: Calls, call: Call, done: Done) -> None:
        self.call = call
        self.parked: Parked | None = None
        self._calls = calls
        self._done = done
        self._deadline: float | None = None
        self._wait: Wait | None = None
        self._expired = False
        self._gone = False
        self._since = 0

    def abort(self) -> None:
        """The client went away: nobody will hear the answer, so what waits is given up."""
        self._gone = True
        if self.parked is not None:
            self._calls.house.parking.leave(self.parked)
            self.parked = None
            self._done(Abandoned())

    def begin(self) -> None:
        """Run the operation, now or in the store's pool; `done` hears the answer after the commit."""
        self._since = self._calls.house.parking.sequence
        self._calls.house.store.submit(self._run, self._did)

    def _run(self, tx: Transaction) -> Result:
        call, house = self.call, self._calls.house
        ctx = Context(
            house,
            tx,
            call.account,
            call.region,
            call.origin,
            request_id=call.request_id,
            expired=self._expired,
            endpoint=call.endpoint,
            caller=call.caller,
        )
        wait = self._wait
        if wait is not None and wait.again is not None:
            return wait.again(ctx)
        return house.directory.require(call.service, call.operation)(ctx, call.params)

    def _did(self, answer: Result | BaseException) -> None:
        if isinstance(answer, Wait) and self._gone:
            answer = Abandoned()
        if isinstance(answer, Wait) and not self._expired:
            self._park(answer)
            return
        if not isinstance(answer, (dict, BaseException)):
            answer = RuntimeError(f"{self.call.service}:{self.call.operation.name} left its answer to others")
        # Who hears the answer holds this ticket: a circle that only the collector would find, at each request.
        done, self._done = self._done, _nobody
        done(answer)

    def _park(self, wait: Wait) -> None:
        now = self._calls.house.wall.micros() / 1e6
        if self._deadline is None:
            self._deadline = now + wait.seconds
        self._wait = wait
        self.parked = Parked(
            self.call.account,
            wait.keys,
            self._resume,
            None if wait.wake_at is None else to_micros(wait.wake_at),
            None if wait.skip_until is None else to_micros(wait.skip_until),
        )
        self._calls.house.parking.park(self.parked, self._deadline - now, self._since)
        self._calls.parked(self.parked)

    def _resume(self, expired: bool) -> None:
        self.parked = None
        if not self._gone:
            self._expired = self._expired or expired
            self.begin()


class Calls:
    """The way in for every call that comes from outside. `parked` hears of each request that waits."""

    def __init__(self, house: House, parked: Callable[[Parked], None]) -> None:
        self.house = house
        self.parked = parked

    def begin(self, call: Call, done: Done) -> Ticket:
        """Start a call; `done` gets the result, or the exception that answers it, once it is durable."""
        ticket = Ticket(self, call, done)
        ticket.begin()
        return ticket
