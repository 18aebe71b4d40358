"""The broker: publish a hint, subscribe to kinds of hints; kombu below, on any of three servers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from emulator.broker.publisher import Hint, Publisher
from emulator.broker.subscription import Callback, Subscription
from emulator.broker.topology import CONNECT_SECONDS, Topology, find_room

log = logging.getLogger(__name__)
_CLOSE_SECONDS = 2.0


class Broker:
    """Tells others that there is work, and hears it from them. Thread-safe.

    `url` is `memory://[name]` (this process), `redis://...` or `amqp://...`; brokers with the same URL and
    `namespace` hear each other. A hint may come twice, and now and then not at all. No connection is opened
    before it is needed; a lost one is opened again.
    """

    def __init__(self, url: str, *, namespace: str = "stepwell") -> None:
        self._url = url
        self._room = find_room(url)  # held, so that hints wait in it for whoever subscribes next
        self._topology = Topology(namespace)
        self._publisher = Publisher(url, self._topology)
        self._subscriptions: list[Subscription] = []

    @property
    def dropped(self) -> int:
        """How many hints were dropped because the server was away too long or nobody took them."""
        return self._publisher.dropped

    def publish(self, kind: str, body: dict[str, Any], *, everyone: bool = False) -> None:
        """Tell one of the subscribers of `kind`, or everyone of them; `body` is JSON. Never waits."""
        self._publisher.put(Hint(kind, body, everyone))

    def subscribe(self, kinds: Sequence[str], callback: Callback, *, everyone: Sequence[str] = ()) -> None:
        """Hear hints: of `kinds`, each goes to one subscriber; of `everyone`, each goes to all.

        `callback(kind, body)` runs in a thread of the broker. Returns when hints arrive from now on, or after
        five seconds without a server: then they arrive once there is one.
        """
        subscription = Subscription(self._url, self._topology, kinds, everyone, callback)
        self._subscriptions.append(subscription)
        if not subscription.wait_until_listening(CONNECT_SECONDS):
            log.warning("broker: still not listening for %s", ", ".join([*kinds, *everyone]))

    def close(self) -> None:
        """Send what waits (two seconds at most) and stop hearing."""
        for subscription in self._subscriptions:
            subscription.stop()
        self._publisher.close(_CLOSE_SECONDS)
        for subscription in self._subscriptions:
            subscription.join(_CLOSE_SECONDS)
        self._subscriptions.clear()
        self._room = None
