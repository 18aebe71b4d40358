"""A queue, its dead-letter queue and its clock do what a model of a page does, whatever the order of calls."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from emulator.clock import FrozenClock
from emulator.errors import AwsError
from emulator.kit import delivery
from emulator.kit.accounts import Accounts
from emulator.kit.calls import Call, Calls
from emulator.kit.context import Context, Origin
from emulator.kit.directory import Directory
from emulator.kit.house import SCHEMA, House
from emulator.kit.parking import Parking
from emulator.kit.runner import Runner
from emulator.kit.work import Work
from emulator.services.sqs import SERVICE
from emulator.storage import open_sqlite
from emulator.wire import models

SECOND = 1_000_000
HIDDEN, RETENTION, DELAY, RECEIVES = 30, 600, 10, 1
STEP, PATIENCE = 5, 17  # all other times are whole steps: nothing else happens when a poll ends
DEDUPLICATION, PURGES = 300, 60
REFUSED = "InvalidParameterValueException"

accounts = itertools.count(300_000_000_001)


class Timer:
    """A callback for later."""

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class World:
    """The real service over a store in memory; time and work move only when they are told to."""

    def __init__(self) -> None:
        self.wall = FrozenClock()
        self.directory = Directory((SERVICE,))
        self.directory.add_kinds(delivery.KINDS)
        self._timers: list[tuple[int, int, Timer]] = []
        self._order = itertools.count()
        store = open_sqlite(":memory:")
        store.migrate([("kit", SCHEMA), ("sqs", SERVICE.folder / "schema")])
        self.house = House(
            store=store,
            blobs=None,  # type: ignore[arg-type]
            directory=self.directory,
            wall=self.wall,
            accounts=Accounts(self.wall),
            work=Work("me", frozenset(("gateway", "runner", "router", "functions")), self.directory),
            parking=Parking(self._later),
            data=Path(),
            endpoint="http://127.0.0.1:4566",
        )
        self.calls = Calls(self.house, Runner(self.house, self._later, {}).alarms.parked)
        self.account = ""

    def _later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(callback)
        due = self.wall.micros() + int(seconds * SECOND)
        heapq.heappush(self._timers, (due, next(self._order), timer))
        return timer

    def settle(self, until: int) -> None:
        """Do what is due by then, each at its moment."""
        while self._timers and self._timers[0][0] <= until:
            due, _, timer = heapq.heappop(self._timers)
            self.wall.advance(timedelta(microseconds=max(0, due - self.wall.micros())))
            if timer.callback is not None:
                timer.callback()

    def pass_time(self, seconds: int) -> None:
        end = self.wall.micros() + seconds * SECOND
        self.settle(end)
        self.wall.advance(timedelta(microseconds=end - self.wall.micros()))

    def call(self, operation: str, **params: Any) -> Any:
        """An operation's answer, or the code of its error; committed, with the work that it asked for done."""

        def unit(tx: Any) -> Any:
            ctx = Context(self.house, tx, self.account, "us-east-1", Origin("1-trace", "test"))
            return self.directory.call(ctx, "sqs", operation, params)

        try:
            answer = self.house.store.run(unit)
        except AwsError as error:
            return error.code
        self.settle(self.wall.micros())
        return answer

    def poll(self, url: str, seconds: int, done: Callable[[Any], None]) -> None:
        """A receive that waits; `done` hears its answer, now or later."""
        operation = models.service("sqs").operations["ReceiveMessage"]
        params = {"queue_url": url, "wait_time_seconds": seconds, "attribute_names": ["All"]}
        call = Call("sqs", operation, params, self.account, "us-east-1", "id", Origin("1-trace", "test"))
        self.calls.begin(call, done)
        self.settle(self.wall.micros())


@dataclass(eq=False)
class Message:
    """What the model knows of a message. Times are microseconds; `place` counts the messages of the model."""

    body: str
    place: int
    group: str | None
    queue: str
    sent: int
    visible: int
    sequence: int
    received: int = 0
    received_before: int = 0
    lives: int = 0
    gone: bool = False


@dataclass(frozen=True)
class Receipt:
    """A receipt handle, and what it stood for when it was given out."""

    handle: str
    message: Message
    queue: str
    received: int
    lives: int

    @property
    def valid(self) -> bool:
        m = self.message
        return (m.queue, m.received, m.lives, m.gone) == (self.queue, self.received, self.lives, False)


@dataclass(eq=False)
class Poll:
    """A receive that waits, until a message comes or its time is over."""

    queue: str
    ends: int
    answers: list[dict[str, Any]]


class Model:
    """Two queues, "source" and "dead", as a list of messages and nothing else."""

    def __init__(self, fifo: bool) -> None:
        self.fifo = fifo
        self.now = 0
        self.messages: list[Message] = []
        self.purged: dict[str, int] = {}
        self.first: dict[str, tuple[int, Any]] = {}
        self.numbers = itertools.count(1)

    def in_queue(self, queue: str) -> list[Message]:
        oldest = self.now - RETENTION * SECOND
        return [m for m in self.messages if m.queue == queue and not m.gone and m.sent > oldest]

    def available(self, queue: str) -> list[Message]:
        """What a receive may give, in its order: a FIFO group only up to its first hidden message."""
        there = self.in_queue(queue)
        if not self.fifo:
            return sorted((m for m in there if m.visible <= self.now), key=lambda m: (m.visible, m.place))
        blocked: set[str | None] = set()
        found = []
        for message in sorted(there, key=lambda m: m.sequence):
            if message.visible > self.now:
                blocked.add(message.group)
            elif message.group not in blocked:
                found.append(message)
        return found

    def send(self, body: str, group: str | None, delay: int) -> Message:
        place = next(self.numbers)
        visible = self.now + delay * SECOND
        self.messages.append(Message(body, place, group, "source", self.now, visible, place))
        return self.messages[-1]

    def receive(self, queue: str, most: int, hidden: int) -> list[Message]:
        """What is found is hidden; what was received too often moves to the dead-letter queue instead."""
        found: list[Message] = []
        while True:
            claimed = self.available(queue)[: most - len(found)]
            for message in claimed:
                message.received += 1
                message.visible = self.now + hidden * SECOND
            spent = [m for m in claimed if queue == "source" and m.received > RECEIVES]
            found += [m for m in claimed if m not in spent]
            for message in spent:
                message.queue, message.visible, message.sequence = "dead", self.now, next(self.numbers)
                message.received_before, message.received = message.received - 1, 0
                if self.fifo:
                    message.sent = self.now
            if not spent or (found and not hidden):
                return found

    def redrive(self) -> None:
        """What is visible in the dead-letter queue starts a new life in its source."""
        for message in sorted((m for m in self.in_queue("dead") if m.visible <= self.now), key=_by_visibility):
            message.queue, message.sequence, message.lives = "source", next(self.numbers), message.lives + 1
            message.sent = message.visible = self.now
            message.received = message.received_before = 0

    def counts(self, queue: str) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        there = self.in_queue(queue)
        hidden = [m for m in there if m.visible > self.now]
        delayed = sum(m.received == 0 for m in hidden)
        return len(there) - len(hidden), len(hidden) - delayed, delayed


def _by_visibility(message: Message) -> tuple[int, int]:
    return message.visible, message.place


def _sort(got: list[dict[str, Any]], expected: list[Message]) -> None:
    got.sort(key=lambda shown: str(shown["Body"]))
    expected.sort(key=lambda message: message.body)


queues = st.sampled_from(["source", "dead"])
some = st.integers(0, 1_000_000)


class Queue(RuleBasedStateMachine):
    """Calls in any order; after each, the service and the model agree."""

    fifo = False
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(self.fifo)
        self.receipts: list[Receipt] = []
        self.polls: list[Poll] = []
        self.urls: dict[str, str] = {}

    @initialize()
    def make_the_queues(self) -> None:
        self.world.account = str(next(accounts))
        self.model.now = self.world.wall.micros()
        suffix = ".fifo" if self.fifo else ""
        common = {"VisibilityTimeout": str(HIDDEN), "MessageRetentionPeriod": str(RETENTION)}
        common |= {"FifoQueue": "true"} if self.fifo else {}
        arn = f"arn:aws:sqs:us-east-1:{self.world.account}:dead{suffix}"
        policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {RECEIVES}}}'
        for name, more in (("dead", {}), ("source", {"RedrivePolicy": policy})):
            answer = self.world.call("CreateQueue", QueueName=name + suffix, Attributes=common | more)
            self.urls[name] = answer["QueueUrl"]
        self.dead_arn = arn

    @rule(queue=queues, most=st.sampled_from([1, 2, 10]), hidden=st.sampled_from([None, 0, 5]))
    def receive(self, queue: str, most: int, hidden: int | None) -> None:
        timeout = {} if hidden is None else {"VisibilityTimeout": hidden}
        url = self.urls[queue]
        answer = self.world.call(
            "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"], **timeout
        )

        expected = self.model.receive(queue, most, HIDDEN if hidden is None else hidden)
        got = answer.get("Messages", [])
        if not self.fifo:
            _sort(got, expected)
        self._agree(got, expected, queue)
        self._hear()

    def _agree(self, got: list[dict[str, Any]], expected: list[Message], queue: str) -> None:
        assert [shown["Body"] for shown in got] == [message.body for message in expected]
        for shown, message in zip(got, expected, strict=True):
            self._keep(shown, message, queue)

    def _keep(self, shown: dict[str, Any], message: Message, queue: str) -> None:
        attributes = shown["Attributes"]
        assert int(attributes["ApproximateReceiveCount"]) == message.received + message.received_before
        assert int(attributes["SentTimestamp"]) == message.sent // 1000
        assert attributes.get("MessageGroupId") == message.group
        self.receipts.append(Receipt(shown["ReceiptHandle"], message, queue, message.received, message.lives))

    @rule(queue=queues)
    def poll(self, queue: str) -> None:
        self.polls.append(Poll(queue, self.model.now + PATIENCE * SECOND, []))
        self.world.poll(self.urls[queue], PATIENCE, self.polls[-1].answers.append)

        self._hear()

    def _hear(self) -> None:
        """Nobody waits who could have something, or for longer than was asked."""
        over = [poll for poll in self.polls if poll.ends <= self.model.now]
        assert [poll.answers for poll in over] == [[{}]] * len(over)
        self.polls = [poll for poll in self.polls if poll not in over]
        for queue in ("source", "dead"):
            waiting = [poll for poll in self.polls if poll.queue == queue]
            expected: list[Message] = []
            while len(expected) < len(waiting) and (found := self.model.receive(queue, 1, HIDDEN)):
                expected += found
            got = [message for poll in waiting for answer in poll.answers for message in answer["Messages"]]
            _sort(got, expected)
            self._agree(got, expected, queue)
        self.polls = [poll for poll in self.polls if not poll.answers]

    @rule(which=some)
    def shorten_what_somebody_waits_for(self, which: int) -> None:
        self.poll("source")
        self.change_visibility(which, STEP)
        self.let_time_pass(1)

    @rule(queue=queues)
    def receive_until_it_is_too_often(self, queue: str) -> None:
        for _ in range(RECEIVES + 1):
            self.receive(queue, 10, 0)

    @rule(which=some)
    def delete(self, which: int) -> None:
        if (receipt := self._receipt(which)) is None:
            return
        answer = self.world.call("DeleteMessage", QueueUrl=self.urls[receipt.queue], ReceiptHandle=receipt.handle)

        if self.fifo and self._same(receipt) and receipt.message.visible <= self.model.now:
            assert answer == REFUSED
            return
        assert answer == {}
        if receipt.valid:
            receipt.message.gone = True

    @rule(which=some, seconds=st.sampled_from([0, 5, 100]))
    def change_visibility(self, which: int, seconds: int) -> None:
        if (receipt := self._receipt(which)) is None:
            return
        answer = self.world.call(
            "ChangeMessageVisibility",
            QueueUrl=self.urls[receipt.queue],
            ReceiptHandle=receipt.handle,
            VisibilityTimeout=seconds,
        )

        if not receipt.valid or (self.fifo and receipt.message.visible <= self.model.now):
            assert answer == REFUSED
            return
        assert answer == {}
        receipt.message.visible = self.model.now + seconds * SECOND

    def _receipt(self, which: int) -> Receipt | None:
        """One of those given out, but none of a message that retention ended: when its row goes is not promised."""
        oldest = self.model.now - RETENTION * SECOND
        usable = [r for r in self.receipts if r.message.gone or r.message.sent > oldest]
        return usable[which % len(usable)] if usable else None

    def _same(self, receipt: Receipt) -> bool:
        """Whether the message is still there as the same message, by whichever receive it was last handed out."""
        message = receipt.message
        return (message.queue, message.lives, message.gone) == (receipt.queue, receipt.lives, False)

    @rule(queue=queues)
    def purge(self, queue: str) -> None:
        answer = self.world.call("PurgeQueue", QueueUrl=self.urls[queue])

        last = self.model.purged.get(queue)
        if last is not None and self.model.now - last < PURGES * SECOND:
            assert answer == "PurgeQueueInProgress"
            return
        assert answer == {}
        self.model.purged[queue] = self.model.now
        for message in self.model.in_queue(queue):
            message.gone = True

    @rule()
    def redrive(self) -> None:
        answer = self.world.call("StartMessageMoveTask", SourceArn=self.dead_arn)
        tasks = self.world.call("ListMessageMoveTasks", SourceArn=self.dead_arn)["Results"]

        self.model.redrive()

        assert "TaskHandle" in answer
        assert tasks[0]["Status"] == "COMPLETED"

    @rule(steps=st.sampled_from([1, 2, 6, 12, 60]))
    def let_time_pass(self, steps: int) -> None:
        for _ in range(steps):
            self.world.pass_time(STEP)
            self.model.now += STEP * SECOND
            self._hear()

    @invariant()
    def nobody_waits_in_vain(self) -> None:
        self._hear()

    @invariant()
    def the_counts_are_those_of_the_model(self) -> None:
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        for queue, url in self.urls.items():
            shown = self.world.call("GetQueueAttributes", QueueUrl=url, AttributeNames=names)["Attributes"]
            assert tuple(int(shown[name]) for name in names) == self.model.counts(queue), queue


class StandardQueue(Queue):
    @rule(delays=st.sampled_from([[0], [DELAY], [DELAY, 0], [0, DELAY, 0], [0] * 6]))
    def send(self, delays: list[int]) -> None:
        sent = [self.model.send(f"body-{len(self.model.messages)}", None, delay) for delay in delays]
        entries = [
            {"Id": str(n), "MessageBody": message.body, "DelaySeconds": delay}
            for n, (message, delay) in enumerate(zip(sent, delays, strict=True))
        ]

        answer = self.world.call("SendMessageBatch", QueueUrl=self.urls["source"], Entries=entries)

        assert len(answer["Successful"]) == len(delays)

    @rule()
    def send_late_to_one_who_waits(self) -> None:
        self.poll("source")
        self.send([DELAY])
        self.let_time_pass(DELAY // STEP)


class FifoQueue(Queue):
    fifo = True

    @rule(groups=st.lists(st.sampled_from("ab"), min_size=1, max_size=4), back=st.integers(1, 3))
    def send(self, groups: list[str], back: int) -> None:
        earlier = [message.body for message in self.model.messages][-back:][:1]
        new = [f"body-{len(self.model.messages) + n}" for n in range(len(groups))]
        for body, group in zip(earlier + new, groups[:1] * len(earlier) + groups, strict=True):
            self._send(body, group)

    def _send(self, body: str, group: str) -> None:
        """Within five minutes of the first, another with the same deduplication id gets the first one's answer."""
        answer = self.world.call(
            "SendMessage",
            QueueUrl=self.urls["source"],
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=body,
        )

        identity = (answer["MessageId"], answer["SequenceNumber"])
        until, first = self.model.first.get(body, (0, None))
        if until > self.model.now:
            assert identity == first
            return
        assert identity != first
        self.model.send(body, group, 0)
        self._hear()
        self.model.first[body] = (self.model.now + DEDUPLICATION * SECOND, identity)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    world = World()
    yield world
    world.house.store.close()


@pytest.mark.parametrize("examples", [40, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", [StandardQueue, FifoQueue])
def test_a_queue_does_what_its_model_does(kind: type[Queue], world: World, examples: int) -> None:
    kind.world = world
    seeded = settings(
        max_examples=examples,
        stateful_step_count=40,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
    )

    run_state_machine_as_test(kind, settings=seeded)
