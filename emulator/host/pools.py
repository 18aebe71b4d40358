"""Which worker may take which invocation, and who must wait; knows no process and no clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from emulator.host.model import Invocation
from emulator.host.worker import Worker


@dataclass(slots=True)
class Pool:
    """The workers of one key and the invocations that wait for one."""

    key: str
    queue: deque[Invocation] = field(default_factory=deque)
    idle: list[Worker] = field(default_factory=list)
    workers: set[Worker] = field(default_factory=set)
    starting: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How many workers there may be: in all, per key, and loading their code at the same time per key."""

    workers: int
    per_function: int
    starting: int


class Pools:
    """All pools, and those whose invocations wait because all places are taken."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pools: dict[str, Pool] = {}
        self._hungry: dict[str, Pool] = {}
        self._size = 0

    def of(self, key: str) -> Pool:
        """The pool of a key, new if there is none."""
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = Pool(key)
        return pool

    def all(self) -> list[Pool]:
        """Every pool that has workers or waiting invocations."""
        return list(self._pools.values())

    def wants_worker(self, pool: Pool) -> bool:
        """More invocations wait than workers are on their way, and one more may be started for this key."""
        return (
            len(pool.queue) > pool.starting
            and pool.starting < self._limits.starting
            and len(pool.workers) < self._limits.per_function
        )

    def find(self, key: str) -> Pool | None:
        """The pool of a key, None if there is none."""
        return self._pools.get(key)

    def has_place(self, pool: Pool) -> bool:
        """Whether there may be one more worker; if not, the pool is remembered as hungry."""
        if self._size >= self._limits.workers:
            self._hungry[pool.key] = pool
            return False
        return True

    def take_place(self, pool: Pool, worker: Worker) -> None:
        """A worker has been started."""
        self._size += 1
        pool.starting += 1
        pool.workers.add(worker)

    def find_spare(self) -> Worker | None:
        """The idle worker that has been idle longest, not idle any more; None when all are busy."""
        pools = [pool for pool in self._pools.values() if pool.idle]
        if not pools:
            return None
        return min(pools, key=lambda pool: pool.idle[0].began).idle.pop(0)

    def must_yield(self, pool: Pool) -> bool:
        """A worker of this pool that has just finished must make room: it has no work, or others need it."""
        if not pool.queue:
            return any(other.queue for other in self._hungry.values())
        return any(
            other is not pool and other.queue and (not other.workers or len(other.workers) + 1 < len(pool.workers))
            for other in self._hungry.values()
        )

    def give_back(self, pool: Pool, worker: Worker) -> None:
        """A worker has ended: its place is free."""
        self._size -= 1
        pool.workers.discard(worker)
        if not worker.ready:
            pool.starting -= 1
        if worker in pool.idle:
            pool.idle.remove(worker)
        if not pool.workers and not pool.queue:
            self._pools.pop(pool.key, None)

    def take_hungry(self) -> list[Pool]:
        """The pools that waited for a place, longest first; whoever still finds none is remembered again."""
        hungry, self._hungry = self._hungry, {}
        return [pool for pool in hungry.values() if pool.queue]
