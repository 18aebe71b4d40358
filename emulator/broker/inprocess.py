"""A kombu transport between the threads of one process: whoever waits is woken, nobody polls."""

# kombu is typed in part.
# mypy: allow-untyped-calls

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from queue import Empty
from typing import Any

from kombu.connection import Connection
from kombu.transport import virtual

# What waits for nobody: the oldest hints go first, a sweeper finds what they meant.
_QUEUE_MAX = 10_000


class Room:
    """The exchanges and queues of all connections with the same URL."""

    def __init__(self) -> None:
        self.state = virtual.BrokerState()
        self.queues: dict[str, deque[Any]] = {}
        self.lock = threading.RLock()
        self._changed = threading.Condition(self.lock)
        self._changes = 0

    def changes(self) -> int:
        """How often something has been put so far."""
        return self._changes

    def touch(self) -> None:
        """Wake whoever waits."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def put(self, queue: str, message: Any) -> None:
        """Append to a queue that exists and wake whoever waits."""
        with self._changed:
            if queue in self.queues:
                self.queues[queue].append(message)
            self.touch()

    def wait(self, seen: int, seconds: float | None) -> bool:
        """Wait until there are more changes than `seen`; False when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: self._changes != seen, seconds)


_rooms: weakref.WeakValueDictionary[str, Room] = weakref.WeakValueDictionary()
_rooms_lock = threading.Lock()


def room_of(name: str) -> Room:
    """The room of that name; it lasts as long as a connection to it."""
    with _rooms_lock:
        room = _rooms.get(name)
        if room is None:
            room = _rooms[name] = Room()
        return room


class Channel(virtual.Channel):
    """Queues in memory; an exclusive queue ends with the channel that declared it."""

    supports_fanout = True
    do_restore = False
    body_encoding: str | None = None  # type: ignore[assignment]

    def __init__(self, connection: Any, **settings: Any) -> None:
        self._room: Room = connection.room
        self._own: list[str] = []
        super().__init__(connection, **settings)

    def queue_declare(self, queue: str | None = None, passive: bool = False, **settings: Any) -> Any:
        """Declare a queue, or (passive) ask for its length."""
        with self._room.lock:
            declared = super().queue_declare(queue, passive, **settings)
            if settings.get("exclusive"):
                self._own.append(declared.queue)
            return declared

    def queue_bind(self, *arguments: Any, **settings: Any) -> None:
        """Bind a queue to an exchange."""
        with self._room.lock:
            super().queue_bind(*arguments, **settings)

    def close(self) -> None:
        """Close the channel and delete the queues that are its own."""
        if not self.closed:
            with self._room.lock:
                for queue in self._own:
                    self.queue_delete(queue)
        super().close()

    def _has_queue(self, queue: str, **_settings: Any) -> bool:
        return queue in self._room.queues

    def _new_queue(self, queue: str, **_settings: Any) -> None:
        self._room.queues.setdefault(queue, deque(maxlen=_QUEUE_MAX))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        try:
            return self._room.queues[queue].popleft()
        except LookupError:
            raise Empty from None

    def _put(self, queue: str, message: Any, **_settings: Any) -> None:
        self._room.put(queue, message)

    def _put_fanout(self, exchange: str, message: Any, routing_key: str, **_settings: Any) -> None:
        for queue in self._lookup(exchange, routing_key):
            self._room.put(queue, message)

    def _queue_bind(self, *_binding: Any) -> None:
        """The exchange's table, which kombu keeps, is all there is."""

    def _size(self, queue: str) -> int:
        return len(self._room.queues.get(queue, ()))

    def _purge(self, queue: str) -> int:
        with self._room.lock:
            size = self._size(queue)
            self._room.queues[queue].clear()
            return size

    def _delete(self, queue: str, exchange: str, *binding: Any, **_settings: Any) -> None:
        self._room.queues.pop(queue, None)
        table = self.get_table(exchange)
        table[:] = [entry for entry in table if tuple(entry) != binding]


class Transport(virtual.Transport):
    """Connections to a room; the virtual host of the URL is its name."""

    Channel = Channel
    driver_type = "inprocess"
    driver_name = "inprocess"
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))

    def __init__(self, client: Connection, **settings: Any) -> None:
        super().__init__(client, **settings)
        self.room = room_of(client.virtual_host or "/")
        self.state = self.room.state
        self._interrupted = False

    def interrupt(self) -> None:
        """Have whoever waits in `drain_events` leave it, from any thread."""
        self._interrupted = True
        self.room.touch()

    def drain_events(self, connection: Any, timeout: float | None = None, **_settings: Any) -> None:
        """Deliver one message; TimeoutError when there was none for `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            seen = self.room.changes()
            try:
                self.cycle.get(self._deliver, timeout=timeout)  # type: ignore[union-attr]
                return
            except Empty:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if self._interrupted or not self.room.wait(seen, left):
                raise TimeoutError
