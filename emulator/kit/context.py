"""What an operation knows of its call: who asks, when, in which transaction, and whom it may ask in turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from emulator import ids
from emulator.arns import Arn
from emulator.clock import from_micros
from emulator.kit.results import PENDING, Reply, Wait

if TYPE_CHECKING:
    from emulator.kit.house import House
    from emulator.storage import Query, Transaction

FORGET_EACH = 100


@dataclass(slots=True)
class Origin:
    """Where a call or a piece of work comes from: one trace through the whole house, and the direct cause."""

    trace_id: str
    cause: str
    at_once: int = 0  # deliveries already made in this transaction (kit/delivery)
    bursting: bool = False  # an execution has already run in this transaction (services/stepfunctions)

    @staticmethod
    def new(cause: str) -> Origin:
        """A new trace, in the form of X-Ray's root ids."""
        return Origin(ids.new_trace_id(), cause)


def find_root(trace_header: str) -> str | None:
    """The root id of a trace header of X-Ray (`Root=1-...;Parent=...;Sampled=1`)."""
    parts = trace_header.split(";")
    return next((part.removeprefix("Root=") for part in parts if part.startswith("Root=")), None)


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request from outside says of its sender: the key that signed it, its X-Amzn-Trace-Id as it came."""

    access_key: str = ""
    trace_header: str = ""


NOBODY = Caller()


class Context:
    """One call of one operation, or one run of one work item, inside one transaction."""

    __slots__ = (
        "_micros",
        "_now",
        "account",
        "caller",
        "endpoint",
        "expired",
        "house",
        "origin",
        "principal",
        "region",
        "reply",
        "request_id",
        "tx",
    )

    def __init__(
        self,
        house: House,
        tx: Transaction,
        account: str,
        region: str,
        origin: Origin,
        *,
        request_id: str = "",
        reply: Reply | None = None,
        expired: bool = False,
        endpoint: str = "",
        principal: str = "",
        caller: Caller = NOBODY,
    ) -> None:
        self.house = house
        self.tx = tx
        self.account = account
        self.region = region
        self.origin = origin
        self.request_id = request_id
        self.reply = reply
        self.expired = expired
        self.endpoint = endpoint or house.endpoint
        self.principal = principal
        self.caller = caller
        # Not cached_property, which takes a lock at its first reading: each call has a context of its own.
        self._micros: int | None = None
        self._now: datetime | None = None

    @property
    def micros(self) -> int:
        """The account's time in microseconds since the epoch, the same throughout the call."""
        if self._micros is None:
            self._micros = self.house.accounts.now(self.tx, self.account)
        return self._micros

    @property
    def now(self) -> datetime:
        """The account's time as an aware UTC datetime."""
        if self._now is None:
            self._now = from_micros(self.micros)
        return self._now

    @property
    def wall(self) -> int:
        """Wall time in microseconds: for what happens in the real world, never for what an account sees."""
        return self.house.wall.micros()

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        """The ARN of a resource of this account and region; `region=""` for global services."""
        return f"arn:aws:{service}:{self.region if region is None else region}:{self.account}:{resource}"

    def call(
        self,
        service: str,
        operation: str,
        params: dict[str, Any],
        *,
        account: str | None = None,
        region: str | None = None,
        reply: Reply | None = None,
        principal: str = "",
        trace_header: str | None = None,
    ) -> dict[str, Any]:
        """Another service's operation, in this same transaction: a function call, checked against the model.

        `params` and the result have the model's member names. Raises AwsError as a client would see it. With
        `reply`, an answer that takes time comes later as a work item of `reply.kind`, and {} is returned now.
        `principal` names the AWS service on whose behalf this is called (`s3`), empty for a customer;
        `trace_header` is X-Ray's, as if it came with the call.
        """
        inner = self.elsewhere(account or self.account, region or self.region)
        inner.reply = reply
        inner.principal = principal
        if trace_header is not None:
            inner.caller = Caller(trace_header=trace_header)
        answer = self.house.directory.call(inner, service, operation, params)
        if answer is PENDING:
            return {}
        if isinstance(answer, Wait):
            raise RuntimeError(f"{service}:{operation} would wait inside a call from another service")
        assert isinstance(answer, dict)
        return answer

    def ask(self, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any] | Wait:
        """`call` for who can wait: where the operation cannot answer yet, what it waits for (see `results.Sleep`)."""
        inner = self.elsewhere(self.account, self.region)
        answer = self.house.directory.call(inner, service, operation, params)
        assert isinstance(answer, (dict, Wait))
        return answer

    def elsewhere(self, account: str, region: str) -> Context:
        """The same call seen from another account or region, in the same transaction."""
        inner = Context(
            self.house,
            self.tx,
            account,
            region,
            self.origin,
            request_id=self.request_id,
            endpoint=self.endpoint,
        )
        if account == self.account:
            inner._micros, inner._now = self._micros, self._now
        return inner

    def call_arn(self, arn: Arn, service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """`call` in the account and region of the resource that `arn` names."""
        return self.call(service, operation, params, account=arn.account, region=arn.region or self.region)

    def add_work(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        due: datetime | int | None = None,
        key: str | None = None,
        account: str | None = None,
        region: str | None = None,
    ) -> int:
        """One more row of work, now or at `due` (the account's time); `key` names it for `cancel_work`."""
        return self.house.work.add(
            self,
            kind,
            payload,
            due=due,
            key=key,
            account=account or self.account,
            region=region or self.region,
        )

    def cancel_work(self, kind: str, key: str) -> bool:
        """Take back work that has not begun; False where there is none under that key any more."""
        return self.house.work.cancel(self, kind, key)

    def answer(self, reply: Reply, *, result: Any = None, error: dict[str, str] | None = None) -> None:
        """Send an answer that took time to who asked for it."""
        outcome = {"error": error} if error is not None else {"result": result}
        self.add_work(
            reply.kind,
            {**reply.payload, **outcome},
            account=reply.account or self.account,
            region=reply.region or self.region,
        )

    def reply_here(self, kind: str, payload: dict[str, Any]) -> Reply:
        """A Reply that comes back to this account and region."""
        return Reply(kind, payload, self.account, self.region)

    def wake(self, key: str, count: int | None = None) -> None:
        """Once this is committed, call parked requests that wait for `key` again: `count` of them, or all."""
        house = self.house
        self.tx.after_commit(lambda: house.wake(key, count))

    def quiet(self) -> bool:
        """Whether nothing of the account is in hand or due: all that is left waits for a later time."""
        house = self.house
        runner = house.work.runner
        if runner is None if self.tx.exclusive else house.work.claimed(self.tx, self.account):
            return False
        if runner is not None and runner.busy(self.account) > 0:
            return False  # Also of work that a wake has woken and that is not claimed yet.
        if house.work.alarms is not None and house.work.alarms.claiming(self.account):
            return False
        due = house.work.next_due(self.tx, self.account)
        return due is None or due > house.accounts.now(self.tx, self.account)

    def time_changed(self) -> None:
        """Once this is committed, set the account's timers by its new time, here and elsewhere."""
        house, account = self.house, self.account
        self.tx.after_commit(lambda: house.time_changed(account))

    def memory(self, service: str) -> dict[str, Any]:
        """What a service keeps in memory between calls: only what the store can give back at any time.

        Exact only where `tx.exclusive`; change it in `tx.after_commit`, since a transaction may be rolled back.
        """
        return self.house.memory.setdefault(service, {})

    def forget(self, record: str, query: Query, age: int, rows: int = 1) -> None:
        """Count rows added to a record of what happened; now and then delete those of more than `age` microseconds.

        `query` deletes what is `before` a moment of wall time, of the oldest `most`: so it costs little each time.
        """
        counts = self.memory("kit")
        count = counts.get(record, 0) + rows
        if count >= FORGET_EACH:
            self.tx.execute(query, most=2 * count, before=self.wall - age)
            count = 0
        counts[record] = count

    def after(self, seconds: float) -> datetime:
        """The moment `seconds` after now, in the account's time."""
        return self.now + timedelta(seconds=seconds)
