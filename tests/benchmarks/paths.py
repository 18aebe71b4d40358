"""The hot paths, one function each: it makes what it needs, measures, and checks every result."""

from __future__ import annotations

import base64
import io
import itertools
import json
import os
import statistics
import time
import zipfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from wire import ACCOUNT, REGION, ROLE, Client, Wrong, many, require

PATIENCE = 60.0
RULES = 100
PAD = "x" * 200

_names = itertools.count()


@dataclass(frozen=True, slots=True)
class Path:
    """What is measured: per second, or milliseconds (median); `yardstick` is the loop it is compared with."""

    name: str
    unit: str
    yardstick: str
    count: int
    measure: Callable[[Client, int], Awaitable[float]]


PATHS: dict[str, Path] = {}


def path(name: str, unit: str, yardstick: str, count: int) -> Callable[[Any], Any]:
    """A path that is measured with `count` operations."""

    def register(measure: Callable[[Client, int], Awaitable[float]]) -> Callable[[Client, int], Awaitable[float]]:
        PATHS[name] = Path(name, unit, yardstick, count, measure)
        return measure

    return register


def unique(prefix: str) -> str:
    """A name that nothing else has."""
    return f"{prefix}-{os.getpid()}-{next(_names)}"


def once_each(found: Iterable[str], expected: Iterable[str]) -> None:
    """Raise Wrong unless what was found is what was expected, each exactly once."""
    got, wanted = sorted(found), sorted(expected)
    missing, foreign = len(set(wanted) - set(got)), len(set(got) - set(wanted))
    require(got == wanted, f"of {len(wanted)}, {missing} missing, {foreign} foreign, {len(got) - len(set(got))} twice")


async def queue(client: Client) -> str:
    """The URL of a new queue."""
    answer = await client.call("sqs", "CreateQueue", QueueName=unique("queue"))
    return str(answer["QueueUrl"])


async def drain(client: Client, url: str, at_once: int = 4) -> list[str]:
    """Receive and delete until nothing is there; the bodies."""
    found: list[str] = []

    async def take(_: int) -> None:
        while messages := (await client.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)).get(
            "Messages"
        ):
            found.extend(message["Body"] for message in messages)
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            deleted = await client.call("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=entries)
            require("Failed" not in deleted, f"a deletion failed: {deleted}")

    await many(at_once, at_once, take)
    return found


async def _send(client: Client, count: int, at_once: int) -> float:
    url = await queue(client)
    bodies = [f"{number} {PAD}" for number in range(count)]
    _, _, seconds = await many(
        count, at_once, lambda n: client.call("sqs", "SendMessage", QueueUrl=url, MessageBody=bodies[n])
    )
    once_each(await drain(client, url), bodies)
    return count / seconds


@path("SendMessage c1", "per s", "hello c1", 2_000)
async def send_c1(client: Client, count: int) -> float:
    return await _send(client, count, 1)


@path("SendMessage c16", "per s", "hello c16", 6_000)
async def send_c16(client: Client, count: int) -> float:
    return await _send(client, count, 16)


@path("receive 10 + delete 10, c16", "messages per s", "hello c16", 6_000)
async def receive_and_delete(client: Client, count: int) -> float:
    url, batches = await queue(client), max(1, count // 10)

    async def send(number: int) -> None:
        entries = [{"Id": str(n), "MessageBody": f"{number * 10 + n} {PAD}"} for n in range(10)]
        await client.call("sqs", "SendMessageBatch", QueueUrl=url, Entries=entries)

    await many(batches, 4, send)
    begin = time.perf_counter()
    found = await drain(client, url, 16)
    seconds = time.perf_counter() - begin
    once_each(found, [f"{number} {PAD}" for number in range(batches * 10)])
    return len(found) / seconds


def chain() -> dict[str, Any]:
    """Ten states: Pass and Choice in turn."""
    states: dict[str, Any] = {"Bad": {"Type": "Fail"}}
    for number, kind in enumerate("PCPCPCPCPP"):
        after = {"Next": f"S{number + 1}"} if number < 9 else {"End": True}
        if kind == "P":
            states[f"S{number}"] = {"Type": "Pass", "Result": number, "ResultPath": f"$.s{number}", **after}
        else:
            choice = {"Variable": "$.n", "NumericGreaterThanEquals": 0, **after}
            states[f"S{number}"] = {"Type": "Choice", "Default": "Bad", "Choices": [choice]}
    return {"StartAt": "S0", "States": states}


def chain_output(number: int) -> dict[str, int]:
    """What the chain makes of {"n": number}."""
    return {"n": number, **{f"s{state}": state for state in (0, 2, 4, 6, 8, 9)}}


ONE_STATE = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


async def machine(client: Client, definition: dict[str, Any]) -> str:
    """The ARN of a new state machine."""
    made = await client.call(
        "states", "CreateStateMachine", name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE
    )
    return str(made["stateMachineArn"])


async def start(client: Client, arn: str, number: int) -> str:
    """Start an execution with {"n": number}; its ARN."""
    answer = await client.call(
        "states", "StartExecution", stateMachineArn=arn, name=unique("x"), input=json.dumps({"n": number})
    )
    return str(answer["executionArn"])


async def succeeded(client: Client, arn: str, output: Any) -> dict[str, Any]:
    """Ask until the execution has ended, which it must have as expected; its description."""
    end = time.perf_counter() + PATIENCE
    shown = await client.call("states", "DescribeExecution", executionArn=arn)
    while shown["status"] == "RUNNING":
        require(time.perf_counter() < end, f"{arn} still runs")
        shown = await client.call("states", "DescribeExecution", executionArn=arn)
    found = json.loads(shown.get("output") or "null")
    require((shown["status"], found) == ("SUCCEEDED", output), f"{arn} is {shown['status']} with {found}")
    return dict(shown)


@path("StartExecution c16", "acknowledged per s", "hello c16", 2_000)
async def start_execution(client: Client, count: int) -> float:
    arn = await machine(client, ONE_STATE)
    started, _, seconds = await many(count, 16, lambda n: start(client, arn, n))
    await many(count, 8, lambda n: succeeded(client, started[n], {"n": n}))
    require(len(set(started)) == count, "execution ARNs repeat")
    return count / seconds


@path("ten states c16", "executions per s", "hello c16", 2_000)
async def ten_states(client: Client, count: int) -> float:
    """Until the last stopDate, which the emulator takes from this machine's clock."""
    arn, begin = await machine(client, chain()), time.time()
    started, _, _ = await many(count, 16, lambda n: start(client, arn, n))
    ended, _, _ = await many(count, 8, lambda n: succeeded(client, started[n], chain_output(n)))
    return float(count / (max(shown["stopDate"] for shown in ended) - begin))


async def _to_succeeded(client: Client, definition: dict[str, Any], count: int, output: Callable[[int], Any]) -> float:
    arn = await machine(client, definition)

    async def one(number: int) -> None:
        await succeeded(client, await start(client, arn, number), output(number))

    _, each, _ = await many(count, 1, one)
    return statistics.median(each) * 1e3


@path("start to SUCCEEDED, one state", "ms", "hello c1", 300)
async def one_state_latency(client: Client, count: int) -> float:
    return await _to_succeeded(client, ONE_STATE, count, lambda number: {"n": number})


@path("start to SUCCEEDED, ten states", "ms", "hello c1", 300)
async def ten_states_latency(client: Client, count: int) -> float:
    return await _to_succeeded(client, chain(), count, chain_output)


@path("PutEvents, 100 rules", "delivered per s", "hello c16", 5_000)
async def put_events(client: Client, count: int) -> float:
    url, source, calls = await queue(client), unique("source"), max(1, count // 10)
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rsplit('/', 1)[1]}"
    for number in range(RULES):
        pattern = json.dumps({"source": [source], "detail": {"key": [f"key-{number}"]}})
        await client.call("events", "PutRule", Name=f"{source}-{number}", EventPattern=pattern)
    target = {"Id": "queue", "Arn": arn, "InputPath": "$.detail.name"}
    await client.call("events", "PutTargets", Rule=f"{source}-42", Targets=[target])

    async def put(number: int) -> None:
        details = [json.dumps({"key": "key-42", "name": f"{number}-{n}"}) for n in range(10)]
        entries = [{"Source": source, "DetailType": "bench", "Detail": detail} for detail in details]
        answer = await client.call("events", "PutEvents", Entries=entries)
        require(answer["FailedEntryCount"] == 0, f"PutEvents refused entries: {answer}")

    begin = time.perf_counter()
    await many(calls, 16, put)
    seconds = await _full(client, url, calls * 10, begin)
    names = [f"{number}-{n}" for number in range(calls) for n in range(10)]
    once_each([json.loads(body) for body in await drain(client, url)], names)
    return calls * 10 / seconds


async def _full(client: Client, url: str, count: int, begin: float) -> float:
    """Seconds from `begin` until the queue holds so many messages."""
    name = "ApproximateNumberOfMessages"
    while time.perf_counter() - begin < PATIENCE:
        shown = await client.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=[name])
        if int(shown["Attributes"][name]) >= count:
            return time.perf_counter() - begin
    raise Wrong(f"fewer than {count} messages came")


@path("Invoke, warm", "ms", "hello c1", 500)
async def invoke(client: Client, count: int) -> float:
    name, archive = unique("function"), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("main.py", "def handler(event, context):\n    return {'echo': event['n']}\n")
    settings = {
        "FunctionName": name,
        "Runtime": "python3.12",
        "Role": ROLE,
        "Handler": "main.handler",
        "Code": {"ZipFile": base64.b64encode(archive.getvalue()).decode()},
    }
    await client.rest("lambda", "POST", "/2015-03-31/functions", json.dumps(settings).encode())

    async def one(number: int) -> None:
        body = json.dumps({"n": number}).encode()
        answer = await client.rest("lambda", "POST", f"/2015-03-31/functions/{name}/invocations", body)
        require(json.loads(answer) == {"echo": number}, f"the function answered {answer[:200]!r}")

    await one(0)
    _, each, _ = await many(count, 1, one)
    return statistics.median(each) * 1e3


async def _objects(client: Client, count: int, size: int, at_once: int, reading: bool) -> float:
    bucket = unique("bucket")
    await client.rest("s3", "PUT", f"/{bucket}")
    noise = os.urandom(size + count)
    bodies = [noise[number : number + size] for number in range(count)]
    _, _, writing_seconds = await many(
        count, at_once, lambda n: client.rest("s3", "PUT", f"/{bucket}/key-{n}", bodies[n])
    )
    found, _, reading_seconds = await many(count, at_once, lambda n: client.rest("s3", "GET", f"/{bucket}/key-{n}"))
    require(found == bodies, "an object is not what was put")
    await many(count, at_once, lambda n: client.rest("s3", "DELETE", f"/{bucket}/key-{n}"))
    return count / (reading_seconds if reading else writing_seconds)


@path("PutObject 1 KiB c16", "per s", "hello c16", 2_000)
async def put_small(client: Client, count: int) -> float:
    return await _objects(client, count, 1024, 16, False)


@path("GetObject 1 KiB c16", "per s", "hello c16", 2_000)
async def get_small(client: Client, count: int) -> float:
    return await _objects(client, count, 1024, 16, True)


@path("PutObject 1 MiB c4", "per s", "file 1 MiB", 100)
async def put_large(client: Client, count: int) -> float:
    return await _objects(client, count, 1024 * 1024, 4, False)


@path("GetObject 1 MiB c4", "per s", "file 1 MiB", 100)
async def get_large(client: Client, count: int) -> float:
    return await _objects(client, count, 1024 * 1024, 4, True)


TOLD = b"<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"


@path("drop to done", "ms", "hello c1", 100)
async def drop_to_done(client: Client, count: int) -> float:
    """PutObject, the bucket's event, a rule, and the execution it starts, until that is listed as SUCCEEDED."""
    bucket, arn = unique("bucket"), await machine(client, ONE_STATE)
    await client.rest("s3", "PUT", f"/{bucket}")
    await client.rest("s3", "PUT", f"/{bucket}?notification", TOLD)
    pattern = {"source": ["aws.s3"], "detail": {"bucket": {"name": [bucket]}}}
    await client.call("events", "PutRule", Name=bucket, EventPattern=json.dumps(pattern))
    target = {"Id": "machine", "Arn": arn, "RoleArn": ROLE, "InputPath": "$.detail.object.key"}
    await client.call("events", "PutTargets", Rule=bucket, Targets=[target])
    ended: list[str] = []

    async def one(number: int) -> None:
        await client.rest("s3", "PUT", f"/{bucket}/key-{number}", b"a,b\n1,2\n")
        ended.append(await _next_ended(client, arn, ended[-1] if ended else ""))

    _, each, _ = await many(count, 1, one)
    shown = [await client.call("states", "DescribeExecution", executionArn=execution) for execution in ended]
    once_each([json.loads(one["input"]) for one in shown], [f"key-{number}" for number in range(count)])
    return statistics.median(each) * 1e3


async def _next_ended(client: Client, arn: str, last: str) -> str:
    """The ARN of the youngest execution that has succeeded, once it is another than the last."""
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        listed = await client.call(
            "states", "ListExecutions", stateMachineArn=arn, statusFilter="SUCCEEDED", maxResults=1
        )
        for execution in listed["executions"]:
            if execution["executionArn"] != last:
                return str(execution["executionArn"])
    raise Wrong("the execution did not come")
