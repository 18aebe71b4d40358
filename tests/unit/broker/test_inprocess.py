"""The in-process transport of kombu."""

# kombu is typed in part.
# mypy: allow-untyped-calls

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.messaging import Consumer, Producer

from emulator.broker import inprocess


@pytest.fixture
def link() -> Iterator[Any]:
    with Connection(transport=inprocess.Transport, virtual_host=uuid4().hex) as connection:
        yield connection


def test_waiting_without_a_message_ends_with_the_time_out(link: Any) -> None:
    with (
        Consumer(link, [Queue("q", Exchange("e"), routing_key="q")], callbacks=[print]),
        pytest.raises(TimeoutError),
    ):
        link.drain_events(timeout=0.01)


def test_an_interrupt_ends_the_waiting(link: Any) -> None:
    with Consumer(link, [Queue("q", Exchange("e"), routing_key="q")], callbacks=[print]):
        threading.Thread(target=link.transport.interrupt).start()

        with pytest.raises(TimeoutError):
            link.drain_events(timeout=None)


def test_an_exclusive_queue_ends_with_its_channel(link: Any) -> None:
    exchange = Exchange("e", type="fanout")
    channel = link.channel()
    Queue("own", exchange, exclusive=True)(channel).declare()
    assert "own" in link.transport.room.queues

    channel.close()
    Producer(link.channel(), exchange).publish({})

    assert link.transport.room.queues == {}
    assert link.transport.room.state.exchanges["e"]["table"] == []


def test_a_queue_keeps_the_latest_ten_thousand(link: Any) -> None:
    queue = Queue("q", Exchange("e"), routing_key="q")
    bound = queue(link.channel())
    bound.declare()
    producer = Producer(bound.channel, queue.exchange, routing_key="q")

    for number in range(10_003):
        producer.publish({"n": number})

    assert bound.queue_declare(passive=True).message_count == 10_000
    assert bound.get(no_ack=True).payload == {"n": 3}
    assert bound.purge() == 9_999


def test_a_room_ends_with_its_last_connection() -> None:
    name = uuid4().hex
    first = inprocess.room_of(name)
    again = inprocess.room_of(name)
    assert again is first
    first.queues["q"] = deque(maxlen=1)

    del first, again
    gc.collect()

    assert inprocess.room_of(name).queues == {}
