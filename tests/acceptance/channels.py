"""What a mixed load sends, what was acknowledged of it, and what must therefore be there after a crash.

A channel's `step` does one thing and raises when the emulator is gone; `problems` compares, once all is quiet.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections import Counter
from typing import Any

ROLE = "arn:aws:iam::000000000000:role/load"
SOURCE = "import time\n\n\ndef handler(event, context):\n    time.sleep(0.01)\n    return event\n"
LARGE = 100_000  # bytes of an object that lies in a file of its own


class World:
    """The resources of one account that the channels share."""

    def __init__(self, client: Any, account: str) -> None:
        self.client = client
        self.account = account

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:us-east-1:{self.account}:{resource}"

    def queue(self, name: str) -> str:
        """A new queue's URL."""
        return str(self.client("sqs").create_queue(QueueName=name)["QueueUrl"])

    def rule(self, name: str, pattern: dict[str, Any], path: str) -> str:
        """A rule that sends what `path` finds in an event to a queue of the same name: the queue's URL."""
        url, events = self.queue(name), self.client("events")
        events.put_rule(Name=name, EventPattern=json.dumps(pattern))
        target = {"Id": "queue", "Arn": self.arn("sqs", name), "InputPath": path}
        assert events.put_targets(Rule=name, Targets=[target])["FailedEntryCount"] == 0
        return url

    def machine(self, name: str, states: dict[str, Any]) -> str:
        definition = json.dumps({"StartAt": next(iter(states)), "States": states})
        made = self.client("stepfunctions").create_state_machine(name=name, roleArn=ROLE, definition=definition)
        return str(made["stateMachineArn"])

    def function(self, name: str) -> str:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as written:
            written.writestr("index.py", SOURCE)
        code = {"ZipFile": archive.getvalue()}
        settings = {"Runtime": "python3.12", "Handler": "index.handler", "Role": ROLE, "Code": code}
        return str(self.client("lambda").create_function(FunctionName=name, **settings)["FunctionArn"])

    def drain(self, url: str) -> list[str]:
        """The bodies of all messages of a queue, taken out of it."""
        sqs, bodies = self.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in messages]
            entries = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
            sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        return bodies


def once_each(name: str, asked: set[str], acknowledged: set[str], found: list[str]) -> list[str]:
    """What is wrong, where each acknowledged thing must be there once, and one only asked for at most once."""
    times = Counter(found)
    wrong = (
        [f"{name}: {len(lost)} acknowledged are lost: {sorted(lost)[:3]}"]
        if (lost := acknowledged - set(times))
        else []
    )
    if twice := [body for body, number in times.items() if number > 1]:
        wrong.append(f"{name}: {len(twice)} are there more than once: {sorted(twice)[:3]}")
    if strange := set(times) - asked:
        wrong.append(f"{name}: {len(strange)} were never sent: {sorted(strange)[:3]}")
    return wrong


class Channel:
    """Counts what it asked for and what was acknowledged."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked: set[str] = set()
        self.acknowledged: set[str] = set()

    def next(self) -> str:
        """The name of the next thing."""
        name = f"{type(self).__name__.lower()}-{len(self.asked)}"
        self.asked.add(name)
        return name


class Sends(Channel):
    """Messages sent to a queue."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url = world.queue("sent")

    def step(self) -> None:
        body = self.next()
        self.world.client("sqs").send_message(QueueUrl=self.url, MessageBody=body)
        self.acknowledged.add(body)

    def problems(self) -> list[str]:
        return once_each("sent", self.asked, self.acknowledged, self.world.drain(self.url))


class Takes(Channel):
    """Messages received and deleted: what was deleted is gone, all else is there."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url = world.queue("taken")
        self.there: set[str] = set()
        self.sent = 0

    def step(self) -> None:
        sqs = self.world.client("sqs")
        messages = sqs.receive_message(QueueUrl=self.url).get("Messages", [])
        for message in messages:
            self.asked.add(message["Body"])
            sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            self.acknowledged.add(message["Body"])
        if not messages:
            bodies = [f"take-{self.sent + index}" for index in range(10)]
            self.sent += len(bodies)
            entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
            sqs.send_message_batch(QueueUrl=self.url, Entries=entries)
            self.there |= set(bodies)

    def problems(self) -> list[str]:
        left = self.world.drain(self.url)
        wrong = [] if len(left) == len(set(left)) else ["taken: a message is there twice"]
        if back := self.acknowledged & set(left):
            wrong.append(f"taken: {len(back)} deleted messages are there again: {sorted(back)[:3]}")
        if lost := self.there - self.asked - set(left):
            wrong.append(f"taken: {len(lost)} messages that nobody took are lost: {sorted(lost)[:3]}")
        return wrong


class Starts(Channel):
    """Executions that send a message, wait a second and succeed."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url = world.queue("said")
        say = {"QueueUrl": self.url, "MessageBody.$": "$.name"}
        self.machine = world.machine(
            "says",
            {
                "Say": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage",
                    "Parameters": say,
                    "ResultPath": None,
                    "Next": "Wait",
                },
                "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Done"},
                "Done": {"Type": "Pass", "End": True},
            },
        )

    def step(self) -> None:
        name = self.next()
        start = self.world.client("stepfunctions").start_execution
        start(stateMachineArn=self.machine, name=name, input=json.dumps({"name": name}))
        self.acknowledged.add(name)

    def problems(self) -> list[str]:
        return _executions(self, self.machine) + once_each(
            "said", self.asked, self.acknowledged, self.world.drain(self.url)
        )


class Tasks(Starts):
    """Executions that call a function, once more if its host died."""

    def __init__(self, world: World) -> None:
        Channel.__init__(self, world)
        retry = {"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 1, "MaxAttempts": 9}
        task = {"Type": "Task", "Resource": world.function("task"), "Retry": [retry], "End": True}
        self.machine = world.machine("calls", {"Call": task})

    def problems(self) -> list[str]:
        return _executions(self, self.machine)


class Nests(Starts):
    """Executions that start another one, which has its first burst in a transaction of its own."""

    def __init__(self, world: World) -> None:
        Channel.__init__(self, world)
        self.inner = world.machine("inner", {"Done": {"Type": "Pass", "End": True}})
        given = {"StateMachineArn": self.inner, "Name.$": "$.name", "Input.$": "$"}
        task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "Parameters": given}
        self.machine = world.machine("outer", {"Start": {**task, "ResultPath": None, "End": True}})

    def problems(self) -> list[str]:
        return _executions(self, self.machine) + _executions(self, self.inner)


def _executions(channel: Starts, machine: str) -> list[str]:
    """What is wrong with the executions of a machine: each must have succeeded, its output being its input."""
    states = channel.world.client("stepfunctions")
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    found = {execution["name"]: execution for page in pages for execution in page["executions"]}
    wrong = once_each("executions", channel.asked, channel.acknowledged, list(found))
    for name, execution in found.items():
        shown = states.describe_execution(executionArn=execution["executionArn"])
        if shown["status"] != "SUCCEEDED" or json.loads(shown["output"]) != {"name": name}:
            wrong.append(f"execution {name} is {shown['status']} with {shown.get('output')}")
    return wrong


class Events(Channel):
    """Ten events at once that three rules send to a queue each: more deliveries than a transaction makes itself."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.urls = [world.rule(f"ruled-{number}", {"source": ["load"]}, "$.detail.name") for number in range(3)]

    def step(self) -> None:
        names = [self.next() for _ in range(10)]
        entries = [{"Source": "load", "DetailType": "load", "Detail": json.dumps({"name": name})} for name in names]
        answer = self.world.client("events").put_events(Entries=entries)
        assert answer["FailedEntryCount"] == 0
        self.acknowledged |= set(names)

    def problems(self) -> list[str]:
        return [problem for url in self.urls for problem in self._problems(url)]

    def _problems(self, url: str) -> list[str]:
        found = [json.loads(body) for body in self.world.drain(url)]
        return once_each(url.rpartition("/")[2], self.asked, self.acknowledged, found)


class Puts(Channel):
    """Objects put, overwritten and deleted, each put being told to a queue by the bucket's event."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.bucket = f"load-{world.account}"
        s3 = world.client("s3")
        s3.create_bucket(Bucket=self.bucket)
        told = {"EventBridgeConfiguration": {}}
        s3.put_bucket_notification_configuration(Bucket=self.bucket, NotificationConfiguration=told)
        pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"]}
        self.url = world.rule("created", pattern, "$.detail.object.etag")
        self.possible: dict[str, set[str | None]] = {}

    def step(self) -> None:
        s3, name = self.world.client("s3"), self.next()
        key = f"key-{len(self.asked) % 5}"
        possible = self.possible.setdefault(key, {None})
        if len(self.asked) % 7 == 0:
            self.asked.discard(name)
            self.asked.add(f"deletion {name}")
            possible.add(None)
            s3.delete_object(Bucket=self.bucket, Key=key)
            self.possible[key] = {None}
            return
        body = random.Random(name).randbytes(LARGE if len(self.asked) % 2 else 100)
        etag = hashlib.md5(body).hexdigest()
        self.asked.discard(name)
        self.asked.add(etag)
        possible.add(etag)
        s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        self.possible[key] = {etag}
        self.acknowledged.add(etag)

    def problems(self) -> list[str]:
        s3 = self.world.client("s3")
        listed = s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        found = {entry["Key"]: entry["ETag"].strip('"') for entry in listed}
        wrong = [
            f"object {key} is {found.get(key)}" for key, etags in self.possible.items() if found.get(key) not in etags
        ]
        for key, etag in found.items():
            body = s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            if hashlib.md5(body).hexdigest() != etag:
                wrong.append(f"object {key} has another content than its ETag says")
            s3.delete_object(Bucket=self.bucket, Key=key)
        told = [json.loads(body) for body in self.world.drain(self.url)]
        return wrong + once_each("created", self.asked, self.acknowledged, told)


class Invokes(Channel):
    """Asynchronous invocations, whose success is told to a queue."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url = world.queue("invoked")
        world.function("event")
        told = {"OnSuccess": {"Destination": world.arn("sqs", "invoked")}}
        world.client("lambda").put_function_event_invoke_config(FunctionName="event", DestinationConfig=told)

    def step(self) -> None:
        name = self.next()
        payload = json.dumps({"name": name}).encode()
        self.world.client("lambda").invoke(FunctionName="event", InvocationType="Event", Payload=payload)
        self.acknowledged.add(name)

    def problems(self) -> list[str]:
        found = [json.loads(body)["responsePayload"]["name"] for body in self.world.drain(self.url)]
        return once_each("invoked", self.asked, self.acknowledged, found)


class Publishes(Channel):
    """Messages of a topic that has a queue as its subscriber."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.url, sns = world.queue("published"), world.client("sns")
        self.topic = sns.create_topic(Name="published")["TopicArn"]
        raw = {"RawMessageDelivery": "true"}
        queue = world.arn("sqs", "published")
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=queue, Attributes=raw)

    def step(self) -> None:
        name = self.next()
        self.world.client("sns").publish(TopicArn=self.topic, Message=name)
        self.acknowledged.add(name)

    def problems(self) -> list[str]:
        return once_each("published", self.asked, self.acknowledged, self.world.drain(self.url))


CHANNELS = (Sends, Takes, Starts, Tasks, Nests, Events, Puts, Invokes, Publishes)
