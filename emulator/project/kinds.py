"""The kinds of resources that a project makes, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from emulator.project import buckets, functions, mocks, queues, rules, topics, workflows
from emulator.project.resources import Calls, Resource


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is made (or changed) and removed. `one` and `many` are its names for people."""

    name: str
    one: str
    many: str
    apply: Callable[[Calls, Resource], Awaitable[None]]
    remove: Callable[[Calls, str], Awaitable[None]]


KINDS: tuple[Kind, ...] = (
    Kind(queues.QUEUE, "queue", "queues", queues.apply_queue, queues.remove_queue),
    Kind(queues.BUS, "bus", "buses", queues.apply_bus, queues.remove_bus),
    Kind(topics.TOPIC, "topic", "topics", topics.apply_topic, topics.remove_topic),
    Kind(topics.SUBSCRIPTION, "subscription", "subscriptions", topics.apply_subscription, topics.remove_subscription),
    Kind(functions.KIND, "function", "functions", functions.apply, functions.remove),
    Kind(workflows.KIND, "state machine", "state machines", workflows.apply, workflows.remove),
    Kind(rules.KIND, "rule", "rules", rules.apply, rules.remove),
    Kind(buckets.KIND, "bucket", "buckets", buckets.apply, buckets.remove),
    Kind(mocks.KIND, "mock configuration", "mock configurations", mocks.apply, mocks.remove),
)
