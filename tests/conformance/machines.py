"""Real state machines: whether they load, and whether they run to an end on mocks made up for them."""

from __future__ import annotations

import contextlib
import json
import re
import time
import tomllib
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from emulator.languages.asl import document
from tests.conformance import api
from tests.conformance.corpora import HERE, Case, Tally, cases, find_reason, tally
from tests.conformance.samples import BUCKET, Samples
from tests.conformance.stage import ROLE

FILE = "workflows/machines.jsonl"
ACCOUNT = "000000000580"
FORMATTED = (f"Chunks-{BUCKET}.json",)  # keys that machines put together
SECONDS = 15  # spent on one of them
TRIES = 80  # test cases made up for a machine, until one leads to an end
RANGES = ("0", "1", "2", "3", "4", "5", "6-400")  # invocations that get answers of their own
_HOLE = re.compile(r"\$\{([^}]*)\}")
_WHOLE = dict.fromkeys(("MaxConcurrency", "Seconds", "HeartbeatSeconds", "IntervalSeconds", "MaxAttempts"), 2)
_WHOLE |= {"TimeoutSeconds": 60, "MaxItemsPerBatch": 2, "MaxItems": 2, "MaxInputBytesPerBatch": 10_000}
_WHOLE |= {"ToleratedFailurePercentage": 50, "ToleratedFailureCount": 2}
_KNOWN = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": ACCOUNT}


def name_of(case: Case) -> str:
    """A machine's name in tallies: where it comes from."""
    return f"{case['repo']}/{case['path']}"


def load() -> Tally:
    """Every machine, whether real or of a test suite."""
    return tally((name_of(case), _refusal(case)) for case in cases(FILE))


def _refusal(case: Case) -> str:
    found = document.check(json.dumps(filled(case)), case.get("sm_type") or "STANDARD")
    return "; ".join(f"{each.message} at {each.location}" for each in found if each.severity == "ERROR")


def run(every: int = 1) -> Tally:
    """The real machines, each run until some test case leads to an end; of a sample, `every` so many."""
    real = [case for case in cases(FILE) if case["kind"] == "real"]
    return tally((name_of(case), played(case)) for case in real[::every])


def run_sample() -> Tally:
    """Some of them, for who has little time."""
    return run(every=20)


# -- holes filled


def filled(case: Case) -> dict[str, Any]:
    """The definition with something in each hole that a template would fill."""
    holes = {**(case.get("substitutions") or {}), **_KNOWN}
    definition: dict[str, Any] = _fill(case["definition"], holes, "")
    return definition


def _fill(value: Any, holes: dict[str, Any], field: str) -> Any:
    if isinstance(value, dict):
        return {name: _fill(member, holes, name) for name, member in value.items()}
    if isinstance(value, list):
        return [_fill(member, holes, field) for member in value]
    if isinstance(value, bool) and field in ("Next", "Default"):
        return str(value)  # the names of states in YAML: True is a name there
    if not isinstance(value, str):
        return value
    if field in _WHOLE and _HOLE.search(value):
        return _WHOLE[field]
    text = value
    for _ in range(4):
        text = _HOLE.sub(lambda found: _content(found[1], holes), text)
    if field == "Resource" and not text.startswith("arn:"):
        kind = "states:us-east-1:{0}:activity" if "ctivity" in text else "lambda:us-east-1:{0}:function"
        return f"arn:aws:{kind.format(ACCOUNT)}:{re.sub('[^A-Za-z0-9-]', '', text) or 'f'}"
    return text


def _content(name: str, holes: dict[str, Any]) -> str:
    known = holes.get(name)
    return (
        known
        if isinstance(known, str) and known != f"${{{name}}}"
        else re.sub(r"[^a-z0-9-]", "", name.lower()) or "value"
    )


# -- runs


def played(case: Case) -> str:
    """What kept a machine from an end; "" where some test case led to one."""
    definition = filled(case)
    machine = f"machine-{zlib.crc32(name_of(case).encode()):08x}"
    client = api.house().client("stepfunctions", ACCOUNT)
    kind = case.get("sm_type") or "STANDARD"
    try:
        arn = client.create_state_machine(name=machine, roleArn=ROLE, definition=json.dumps(definition), type=kind)
    except ClientError as error:
        return str(error)[:300]
    samples, last = Samples(definition, hints().get(name_of(case), {})), ""
    until = time.monotonic() + (1 if find_reason(f"{FILE}, run", name_of(case)) else SECONDS)
    known = seeds().get(name_of(case), 0)
    for seed in (known, *range(TRIES)):
        given = json.dumps(samples.one(seed, "", 0))
        _put(machine, definition, samples, seed)
        for reader in _readers(definition):
            _object(reader, samples, seed)
        try:
            last = (_answer if kind == "EXPRESS" else _end)(client, f"{arn['stateMachineArn']}#made-up", given)
        except ClientError as error:
            last = str(error)[:300]
        if not last or time.monotonic() > until:
            break
    client.delete_state_machine(stateMachineArn=arn["stateMachineArn"])
    return last


@cache
def hints() -> dict[str, dict[str, Any]]:
    """Values by path, by machine, where the definition does not tell what it wants."""
    return tomllib.loads((HERE / "hints.toml").read_text())


@cache
def seeds() -> dict[str, int]:
    """The seeds that lead to an end where that is none of the first few; a search finds them anew."""
    found: dict[str, int] = json.loads((HERE / "seeds.json").read_text())
    return found


def _put(machine: str, definition: dict[str, Any], samples: Samples, seed: int) -> None:
    """Put a test case in which every Task answers what the definition may want of it."""
    tasks = list(_tasks(definition))
    mocks = {
        "StateMachines": {machine: {"TestCases": {"made-up": {task: task for task in tasks}}}},
        "MockedResponses": {
            task: {key: {"Return": samples.one(seed, task, at)} for at, key in enumerate(RANGES)} for task in tasks
        },
    }
    api.house().emulator.call(
        "stepfunctions", "PutMockConfiguration", {"configuration": json.dumps(mocks)}, account=ACCOUNT
    )


def _tasks(scope: dict[str, Any]) -> Iterator[str]:
    for name, state in scope["States"].items():
        if state["Type"] == "Task":
            yield name
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
            if inner is not None:
                yield from _tasks(inner)


def _end(client: Any, machine: str, given: str) -> str:
    """Start and wait, the account's time skipped: "" for an end that the definition has, else what went wrong."""
    execution = client.start_execution(stateMachineArn=machine, input=given)["executionArn"]
    api.house().client("stepwell", ACCOUNT).wait_until(ExecutionArn=execution, TimeoutSeconds=10**8)
    ended = client.describe_execution(executionArn=execution)
    if ended["status"] == "SUCCEEDED":
        return ""
    page = client.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=100)
    failed = [event["type"] for event in page["events"]]
    error = ended.get("error", "")
    if ended["status"] == "FAILED" and "FailStateEntered" in failed and not error.startswith("States."):
        return ""
    return f"{ended['status']}: {error}: {ended.get('cause', '')}"[:400]


def _answer(client: Any, machine: str, given: str) -> str:
    """The same for an Express machine, whose execution is its caller's; its time is skipped beside it."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.start_sync_execution, stateMachineArn=machine, input=given)
        while not asked.done():
            api.house().client("stepwell", ACCOUNT).wait_until(NothingPending=True, TimeoutSeconds=3600)
    ended = asked.result()
    if ended["status"] == "SUCCEEDED" or (
        ended["status"] == "FAILED" and not ended.get("error", "").startswith("States.")
    ):
        return ""
    return f"{ended['status']}: {ended.get('error', '')}: {ended.get('cause', '')}"[:400]


def _readers(scope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The item readers and result writers of a definition."""
    for state in scope["States"].values():
        for field in ("ItemReader", "ResultWriter"):
            if isinstance(state.get(field), dict) and "Resource" in state[field]:
                yield state[field]
        for inner in (*state.get("Branches", ()), state.get("ItemProcessor"), state.get("Iterator")):
            if inner is not None:
                yield from _readers(inner)


def _object(reader: dict[str, Any], samples: Samples, seed: int) -> None:
    """Make the bucket, with objects in it, that a reader reads or a writer writes to."""
    given = reader.get("Parameters", reader.get("Arguments", {}))
    bucket, key, prefix = (
        BUCKET if not isinstance(text, str) or text.startswith("{%") else text
        for text in (given.get("Bucket"), given.get("Key"), given.get("Prefix", ""))
    )
    s3 = api.house().client("s3", ACCOUNT)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket)
    body = _body(reader.get("ReaderConfig", {}), [samples.one(seed, "items", number) for number in range(2)])
    for name in {key, f"{prefix}one", f"{BUCKET}/one", BUCKET, *FORMATTED}:
        s3.put_object(Bucket=bucket, Key=name, Body=body)


def _body(config: dict[str, Any], items: list[Any]) -> bytes:
    """An object of items in the format that a reader expects."""
    kind = config.get("InputType", "JSON")
    if kind == "CSV":
        names = [name for item in items if isinstance(item, dict) for name in item if "," not in name] or ["value"]
        return "\n".join(
            [",".join(dict.fromkeys(names)), *(",".join("1" for _ in dict.fromkeys(names)) for _ in items)]
        ).encode()
    if kind == "JSONL":
        return "\n".join(map(json.dumps, items)).encode()
    if kind == "MANIFEST":
        files = {"files": [{"key": "one"}], "fileFormat": "CSV", "fileSchema": "Bucket, Key", "sourceBucket": BUCKET}
        return json.dumps({**files, "destinationBucket": f"arn:aws:s3:::{BUCKET}"}).encode()
    found: Any = items
    for step in reversed(config.get("ItemsPointer", "").split("/")[1:]):
        found = {step: found}
    return json.dumps(found).encode()
