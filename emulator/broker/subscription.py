"""Receives hints in a thread of its own and hands them to a callback."""

# kombu is typed in part.
# mypy: allow-untyped-calls

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from kombu.connection import Connection
from kombu.message import Message
from kombu.messaging import Consumer

from emulator.broker.retries import Pause
from emulator.broker.topology import Topology, connection

log = logging.getLogger(__name__)
Callback = Callable[[str, dict[str, Any]], None]
# How long closing may have to wait for the thread, and how often AMQP heartbeats are looked after.
_LOOK_SECONDS = 0.5
_HEARTBEAT_SECONDS = 10.0
# kombu subscribes to Redis channels when it first drains, not when it declares; earlier broadcasts are lost.
_SETTLE_SECONDS = 0.05


class Subscription:
    """A connection that consumes some kinds, reopened whenever it breaks."""

    def __init__(
        self, url: str, topology: Topology, kinds: Sequence[str], everyone: Sequence[str], callback: Callback
    ) -> None:
        self._url = url
        self._topology = topology
        self._kinds = tuple(kinds)
        self._everyone = tuple(everyone)
        self._callback = callback
        self._stop = threading.Event()
        self._listening = threading.Event()
        self._interrupt: Callable[[], None] | None = None
        self._thread = threading.Thread(target=self._run, name="broker-subscription", daemon=True)
        self._thread.start()

    def wait_until_listening(self, seconds: float) -> bool:
        """Whether hints reach us by then; if not, it is tried again and again."""
        return self._listening.wait(seconds)

    def stop(self) -> None:
        """Ask the thread to end. Our own transport is interrupted; others look for it now and then."""
        self._stop.set()
        interrupt = self._interrupt
        if interrupt is not None:
            interrupt()

    def join(self, seconds: float) -> None:
        """Wait for the thread, unless it is the one that asks."""
        if self._thread is not threading.current_thread():
            self._thread.join(seconds)

    def _run(self) -> None:
        pause = Pause(self._stop)
        while not self._stop.is_set():
            link = connection(self._url, heartbeat=_HEARTBEAT_SECONDS)
            try:
                with link:
                    link.connect()
                    self._consume(link, pause)
            except (*link.connection_errors, *link.channel_errors, OSError) as error:
                log.warning("broker: cannot listen to %s: %s", link.as_uri(), error)
            except Exception:
                log.exception("broker: cannot listen")
            self._listening.clear()
            if not self._stop.is_set():
                pause.wait()

    def _consume(self, link: Connection, pause: Pause) -> None:
        queues = [self._topology.shared_queue(kind) for kind in self._kinds]
        queues += [self._topology.own_queue(kind) for kind in self._everyone]
        with Consumer(link, queues, callbacks=[self._receive], accept=["json"], no_ack=True):
            pause.reset()
            self._interrupt = getattr(link.transport, "interrupt", None)
            if self._everyone and link.transport.driver_type == "redis":
                self._drain(link, _SETTLE_SECONDS)
            self._listening.set()
            while not self._stop.is_set():
                self._drain(link, _LOOK_SECONDS)

    @staticmethod
    def _drain(link: Connection, seconds: float) -> None:
        try:
            link.drain_events(timeout=seconds)
        except TimeoutError:
            link.heartbeat_check()

    def _receive(self, document: Any, _message: Message) -> None:
        try:
            self._callback(document["kind"], document["body"])
        except Exception:
            log.exception("broker: the callback failed for %r", document)
