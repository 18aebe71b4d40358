"""Sends hints from a thread of its own, so that whoever has one never waits."""

# kombu is typed in part.
# mypy: allow-untyped-calls

from __future__ import annotations

import logging
import threading
from collections import Counter
from dataclasses import dataclass
from queue import Full, Queue
from typing import Any

from kombu.connection import Connection
from kombu.messaging import Producer

from emulator.broker.retries import Pause
from emulator.broker.topology import QUEUE_MAX, Topology, connection

log = logging.getLogger(__name__)
_WAITING_MAX = 10_000
# How often the length of a Redis list is looked at: Redis knows neither a limit nor an age for it.
_LOOK_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Hint:
    """There is work of this kind, for one subscriber or for everyone."""

    kind: str
    body: dict[str, Any]
    everyone: bool


class Publisher:
    """A bounded queue and the thread that empties it into the server."""

    def __init__(self, url: str, topology: Topology, waiting_max: int = _WAITING_MAX) -> None:
        self._url = url
        self._topology = topology
        self._waiting: Queue[Hint | None] = Queue(waiting_max)
        self._stop = threading.Event()
        self._sent: Counter[str] = Counter()
        self._hint: Hint | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.dropped = 0

    def put(self, hint: Hint) -> None:
        """Send soon; when too many wait already, the hint is dropped, counted and reported in the log."""
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._run, name="broker-publisher", daemon=True)
                self._thread.start()
        if self._stop.is_set():
            self._drop(hint.kind, 1, "the broker is closed")
            return
        try:
            self._waiting.put_nowait(hint)
        except Full:
            self._drop(hint.kind, 1, "too many wait")

    def close(self, seconds: float) -> None:
        """Send what waits, for at most `seconds`, and stop."""
        with self._lock:
            thread = self._thread
            if thread is None:
                self._stop.set()
                return
        try:
            self._waiting.put_nowait(None)
        except Full:
            self._stop.set()
        thread.join(seconds)
        self._stop.set()
        if thread.is_alive():
            log.warning("broker: closed with %d hints unsent", self._waiting.qsize())

    def _drop(self, kind: str, count: int, reason: str) -> None:
        before, self.dropped = self.dropped, self.dropped + count
        if before.bit_length() != self.dropped.bit_length():  # at 1, 2, 4, 8, ...: loud, not deafening
            log.error("broker: dropped a hint of %s, %d so far: %s", kind, self.dropped, reason)

    def _run(self) -> None:
        pause = Pause(self._stop)
        while not self._stop.is_set():
            link = connection(self._url)
            try:
                with link:
                    link.connect()
                    producer = Producer(link.channel())
                    pause.reset()
                    self._send_all(link, producer)
                    return
            except (*link.connection_errors, *link.channel_errors, OSError) as error:
                log.warning("broker: cannot publish to %s: %s", link.as_uri(), error)
            except Exception as error:
                log.exception("broker: cannot publish")
                if self._hint is not None:
                    self._drop(self._hint.kind, 1, str(error))
                    self._hint = None
            pause.wait()

    def _send_all(self, link: Connection, producer: Producer) -> None:
        """Send until closed; the hint in hand outlives a lost connection."""
        while not self._stop.is_set():
            self._hint = self._hint or self._waiting.get()
            if self._hint is None:
                return
            self._send(link, producer, self._hint)
            self._hint = None

    def _send(self, link: Connection, producer: Producer, hint: Hint) -> None:
        document = {"kind": hint.kind, "body": hint.body}
        settings = {"routing_key": hint.kind, "serializer": "json", "delivery_mode": 1}
        if hint.everyone:
            exchange = self._topology.all_of(hint.kind)
            producer.publish(document, exchange=exchange, declare=[exchange], **settings)
            return
        queue = self._topology.shared_queue(hint.kind)
        producer.publish(document, exchange=queue.exchange, declare=[queue], **settings)
        self._sent[hint.kind] += 1
        if link.transport.driver_type == "redis" and self._sent[hint.kind] % _LOOK_EVERY == 0:
            self._trim(queue(producer.channel), hint.kind)

    def _trim(self, queue: Any, kind: str) -> None:
        """Empty a list that nobody empties."""
        length = queue.queue_declare().message_count
        if length > QUEUE_MAX:
            queue.purge()
            self.dropped += length
            log.error("broker: dropped %d hints of %s that nobody took, %d so far", length, kind, self.dropped)
