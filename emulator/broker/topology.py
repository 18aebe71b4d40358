"""How kinds of hints are laid out on exchanges and queues, and how a URL becomes a connection."""

# kombu is typed in part.
# mypy: allow-untyped-calls

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from emulator.broker.inprocess import Room, room_of
from emulator.errors import EmulatorError

CONNECT_SECONDS = 5.0
# A hint that nobody took in this time is worthless: the sweeper has been there.
HINT_SECONDS = 60.0
QUEUE_MAX = 10_000
_UNUSED_QUEUE_SECONDS = 3600.0
_SCHEMES = ("memory", "redis", "rediss", "amqp", "amqps")
_OWN_SCHEME = "stepwell-memory"


@dataclass(frozen=True, slots=True)
class Topology:
    """The names under which one installation meets on a server."""

    namespace: str

    def one_of(self) -> Exchange:
        """Where a hint for one of the subscribers goes; the routing key is its kind."""
        return Exchange(f"{self.namespace}.one", type="direct", durable=True)

    def all_of(self, kind: str) -> Exchange:
        """Where a hint for every subscriber of a kind goes."""
        return Exchange(f"{self.namespace}.all.{kind}", type="fanout", durable=True)

    def shared_queue(self, kind: str) -> Queue:
        """The queue that the subscribers of a kind empty together."""
        return Queue(
            f"{self.namespace}.one.{kind}",
            self.one_of(),
            routing_key=kind,
            durable=True,
            expires=_UNUSED_QUEUE_SECONDS,
            message_ttl=HINT_SECONDS,
            max_length=QUEUE_MAX,
            no_ack=True,
        )

    def own_queue(self, kind: str) -> Queue:
        """A queue for one subscriber, which gets every broadcast of a kind and ends with its connection."""
        return Queue(
            f"{self.namespace}.all.{kind}.{uuid4().hex}",
            self.all_of(kind),
            routing_key=kind,
            durable=False,
            exclusive=True,
            auto_delete=True,
            message_ttl=HINT_SECONDS,
            max_length=QUEUE_MAX,
            no_ack=True,
        )


def require_scheme(url: str) -> str:
    """The scheme of a broker's URL; EmulatorError when it is none of ours."""
    scheme = urlsplit(url).scheme
    if scheme not in _SCHEMES:
        raise EmulatorError(f"broker {url!r}: the scheme must be one of {', '.join(_SCHEMES)}")
    return scheme


def find_room(url: str) -> Room | None:
    """What brokers with this URL share if they meet in this process; it lasts while somebody holds it."""
    if require_scheme(url) != "memory":
        return None
    return room_of(_room_name(url))


def connection(url: str, *, heartbeat: float = 0.0) -> Connection:
    """A connection, not yet open. `memory://name` is our own transport; the others are kombu's."""
    scheme = require_scheme(url)
    if scheme == "memory":
        TRANSPORT_ALIASES[_OWN_SCHEME] = "emulator.broker.inprocess:Transport"
        return Connection(transport=_OWN_SCHEME, virtual_host=_room_name(url))
    return Connection(
        url,
        connect_timeout=CONNECT_SECONDS,
        heartbeat=heartbeat if scheme.startswith("amqp") else 0.0,
        transport_options=_REDIS_OPTIONS if scheme.startswith("redis") else _AMQP_OPTIONS,
    )


def _room_name(url: str) -> str:
    return url.removeprefix("memory://").strip("/") or "stepwell"


_REDIS_OPTIONS = {
    "socket_connect_timeout": CONNECT_SECONDS,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "polling_interval": 0.5,  # how long a BRPOP, and with it closing, may take
}
# A confirmed hint has reached the server; without confirmation, those before a lost connection vanish unseen.
_AMQP_OPTIONS = {"confirm_publish": True}
