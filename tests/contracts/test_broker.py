"""The broker, on every server it can use."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any
from uuid import uuid4

import pytest

from emulator.broker import Broker, publisher, subscription, topology
from emulator.errors import EmulatorError

_SERVERS = {
    "memory": "memory://",
    "redis": os.environ.get("STEPWELL_TEST_REDIS", "redis://127.0.0.1:6379/15"),
    "rabbitmq": os.environ.get("STEPWELL_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//"),
}
_PORTS = {"redis": 6379, "rabbitmq": 5672}

Open = Callable[[], Broker]
Received = tuple[str, dict[str, Any]]


def require_server(name: str) -> None:
    """Skip, or fail in CI, when a server is not there."""
    if name in _PORTS:
        try:
            socket.create_connection(("127.0.0.1", _PORTS[name]), 1).close()
        except OSError as error:
            reason = f"no {name} server on port {_PORTS[name]}: {error}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)


@pytest.fixture(
    params=[
        "memory",
        pytest.param("redis", marks=pytest.mark.redis),
        pytest.param("rabbitmq", marks=pytest.mark.rabbitmq),
    ]
)
def open_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Brokers of one installation, which no other test can hear; closing one does not keep the next test waiting."""
    require_server(request.param)
    monkeypatch.setattr(subscription, "_LOOK_SECONDS", 0.02)
    monkeypatch.setitem(topology._REDIS_OPTIONS, "polling_interval", 0.02)
    namespace = f"test-{uuid4().hex}"
    opened: list[Broker] = []

    def open_one() -> Broker:
        opened.append(Broker(_SERVERS[request.param], namespace=namespace))
        return opened[-1]

    yield open_one
    for broker in opened:
        broker.close()


class Ear:
    """A callback that remembers what it heard."""

    def __init__(self) -> None:
        self._heard: Queue[Received] = Queue()

    def __call__(self, kind: str, body: dict[str, Any]) -> None:
        self._heard.put((kind, body))

    def next(self) -> Received:
        return self._heard.get(timeout=10)

    def next_but(self, n: int) -> Received:
        """The next one whose `n` is another."""
        while (heard := self.next())[1]["n"] == n:
            pass
        return heard

    def rest(self) -> list[Received]:
        heard = []
        with contextlib.suppress(Empty):
            while True:
                heard.append(self._heard.get_nowait())
        return heard


def test_a_subscriber_hears_a_hint_of_its_kind(open_broker: Open) -> None:
    speaker, listener, ear = open_broker(), open_broker(), Ear()
    listener.subscribe(["work"], ear)

    speaker.publish("work", {"id": 1, "text": "é"})

    assert ear.next() == ("work", {"id": 1, "text": "é"})


def test_a_broker_hears_itself(open_broker: Open) -> None:
    broker, ear = open_broker(), Ear()
    broker.subscribe(["work"], ear)

    broker.publish("work", {})

    assert ear.next() == ("work", {})


def test_a_subscriber_hears_no_other_kind(open_broker: Open) -> None:
    broker, ear = open_broker(), Ear()
    broker.subscribe(["work"], ear)

    broker.publish("other", {"n": 1})
    broker.publish("work", {"n": 2})

    assert ear.next() == ("work", {"n": 2})
    assert ear.rest() == []


def test_hints_arrive_in_the_order_they_were_published(open_broker: Open) -> None:
    broker, ear = open_broker(), Ear()
    broker.subscribe(["work"], ear)

    for n in range(200):
        broker.publish("work", {"n": n})

    assert [ear.next()[1]["n"] for _ in range(200)] == list(range(200))


def test_each_hint_goes_to_one_of_the_competing_subscribers(open_broker: Open) -> None:
    first, second, speaker, ear = open_broker(), open_broker(), open_broker(), Ear()
    first.subscribe(["work", "last"], ear)
    second.subscribe(["work"], ear)

    for n in range(100):
        speaker.publish("work", {"n": n})

    assert sorted(ear.next()[1]["n"] for _ in range(100)) == list(range(100))
    assert ear.rest() == []


def test_a_broadcast_reaches_every_subscriber_once(open_broker: Open) -> None:
    first, second, speaker = open_broker(), open_broker(), open_broker()
    ears = [Ear(), Ear()]
    first.subscribe([], ears[0], everyone=["news"])
    second.subscribe(["work"], ears[1], everyone=["news", "other"])

    speaker.publish("news", {"n": 1}, everyone=True)
    speaker.publish("news", {"n": 2}, everyone=True)

    for ear in ears:
        assert [ear.next(), ear.next()] == [("news", {"n": 1}), ("news", {"n": 2})]
        assert ear.rest() == []


def test_a_hint_waits_for_a_subscriber_that_comes_later(open_broker: Open) -> None:
    speaker, listener, ear = open_broker(), open_broker(), Ear()
    speaker.publish("work", {"n": 1})
    speaker.close()

    listener.subscribe(["work"], ear)

    assert ear.next() == ("work", {"n": 1})


def test_a_closed_subscriber_hears_nothing_and_takes_nothing_from_others(open_broker: Open) -> None:
    gone, staying, speaker = open_broker(), open_broker(), open_broker()
    ears = [Ear(), Ear()]
    gone.subscribe(["work"], ears[0], everyone=["news"])
    staying.subscribe(["work"], ears[1], everyone=["news"])

    gone.close()
    for n in range(10):
        speaker.publish("work", {"n": n})
    speaker.publish("news", {}, everyone=True)

    assert [ears[1].next()[0] for _ in range(11)].count("work") == 10
    assert ears[0].rest() == []


def test_a_callback_that_fails_does_not_end_the_subscription(
    open_broker: Open, caplog: pytest.LogCaptureFixture
) -> None:
    broker, ear = open_broker(), Ear()

    def callback(kind: str, body: dict[str, Any]) -> None:
        if body["n"] == 1:
            raise ValueError("no")
        ear(kind, body)

    broker.subscribe(["work"], callback)
    broker.publish("work", {"n": 1})
    broker.publish("work", {"n": 2})

    assert ear.next() == ("work", {"n": 2})
    assert "the callback failed" in caplog.text


def test_a_hint_that_is_not_json_is_dropped_loudly_and_the_next_one_arrives(
    open_broker: Open, caplog: pytest.LogCaptureFixture
) -> None:
    broker, ear = open_broker(), Ear()
    broker.subscribe(["work"], ear)

    broker.publish("work", {"n": object()})
    broker.publish("work", {"n": 2})

    assert ear.next() == ("work", {"n": 2})
    assert broker.dropped == 1
    assert "dropped a hint of work, 1 so far" in caplog.text


def test_a_hint_published_after_closing_counts_as_dropped(open_broker: Open) -> None:
    broker = open_broker()
    broker.close()

    broker.publish("work", {})

    assert broker.dropped == 1


@pytest.mark.redis
def test_hints_on_redis_that_nobody_takes_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    require_server("redis")
    monkeypatch.setattr(publisher, "QUEUE_MAX", 3)
    monkeypatch.setattr(publisher, "_LOOK_EVERY", 5)
    broker = Broker(_SERVERS["redis"], namespace=f"test-{uuid4().hex}")

    for n in range(6):
        broker.publish("work", {"n": n})
    broker.close()

    assert broker.dropped == 5


def test_a_callback_runs_in_a_thread_of_the_broker(open_broker: Open) -> None:
    broker, threads = open_broker(), Queue[int]()
    broker.subscribe(["work"], lambda _kind, _body: threads.put(threading.get_ident()))

    broker.publish("work", {})

    assert threads.get(timeout=10) != threading.get_ident()


def test_a_callback_may_publish(open_broker: Open) -> None:
    broker, ear = open_broker(), Ear()
    broker.subscribe(["answer"], ear)
    broker.subscribe(["question"], lambda _kind, body: broker.publish("answer", body))

    broker.publish("question", {"n": 1})

    assert ear.next() == ("answer", {"n": 1})


def test_installations_with_other_namespaces_are_not_heard() -> None:
    first, second, ear = Broker("memory://x", namespace="a"), Broker("memory://x", namespace="b"), Ear()
    first.subscribe(["work"], ear)

    second.publish("work", {"from": "b"})
    second.close()
    first.publish("work", {"from": "a"})

    assert ear.next() == ("work", {"from": "a"})
    first.close()


def test_a_waiting_thread_of_the_in_process_broker_is_woken_and_does_not_poll() -> None:
    broker, ear = Broker(f"memory://{uuid4().hex}"), Ear()
    broker.subscribe(["work"], ear)
    broker.publish("work", {})
    ear.next()

    began = time.perf_counter()
    for _ in range(50):
        broker.publish("work", {})
        ear.next()
    seconds = time.perf_counter() - began
    broker.close()

    assert seconds < 1.0  # kombu's own memory transport takes half a second for each


def test_closing_the_in_process_broker_does_not_wait_for_a_timer() -> None:
    broker = Broker(f"memory://{uuid4().hex}")
    broker.subscribe(["work"], Ear())

    began = time.perf_counter()
    broker.close()

    assert time.perf_counter() - began < 0.3


def test_an_unknown_scheme_is_a_clear_error() -> None:
    with pytest.raises(EmulatorError, match="the scheme must be one of memory, redis"):
        Broker("kafka://localhost")


class Proxy:
    """A TCP relay that can be cut and mended."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._links: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accepting()

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Accept connections again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._accepting()

    def close(self) -> None:
        """Cut, and free the sockets."""
        self.cut()
        for link in self._links:
            link.close()

    def _accepting(self) -> None:
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._links += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._relay, args=ends, daemon=True).start()

    @staticmethod
    def _relay(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.mark.slow
@pytest.mark.parametrize(
    "server",
    [
        pytest.param("redis", marks=pytest.mark.redis),
        pytest.param("rabbitmq", marks=pytest.mark.rabbitmq),
    ],
)
def test_a_broker_comes_back_when_its_server_does(server: str) -> None:
    require_server(server)
    proxy, ear = Proxy(_PORTS[server]), Ear()
    url = _SERVERS[server].replace(str(_PORTS[server]), str(proxy.port))
    broker = Broker(url, namespace=f"test-{uuid4().hex}")
    broker.subscribe(["work"], ear, everyone=["news"])
    broker.publish("work", {"n": 1})
    assert ear.next() == ("work", {"n": 1})

    proxy.cut()
    began = time.perf_counter()
    broker.publish("work", {"n": 2})
    assert time.perf_counter() - began < 0.1
    proxy.mend()

    # A hint whose confirmation was cut off is sent again: doubled, not lost.
    assert ear.next_but(1) == ("work", {"n": 2})
    broker.publish("work", {"n": 3})
    assert ear.next_but(2) == ("work", {"n": 3})
    broker.close()
    proxy.close()


def test_without_a_server_nobody_waits_and_what_is_too_much_is_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emulator.broker.broker._CLOSE_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    broker = Broker(f"amqp://guest:guest@127.0.0.1:{port}//")

    began = time.perf_counter()
    for n in range(10_100):
        broker.publish("work", {"n": n})
    seconds = time.perf_counter() - began
    dropped = broker.dropped
    broker.close()

    assert seconds < 2.0
    assert 98 <= dropped <= 100
    assert "dropped a hint of work, 1 so far" in caplog.text
