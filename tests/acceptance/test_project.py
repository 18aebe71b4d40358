"""A project while it is edited, and the folders of its buckets."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import botocore.exceptions
import pytest

from tests.waiting import until

pytestmark = pytest.mark.slow  # each starts processes of its own

Start = Callable[..., Any]

SAMPLE = Path(__file__).parents[2]
HANDLER = "def handler(event, context):\n    return {}\n"
WORKFLOW = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "first", "End": True}}}


def write(project: Path, name: str, content: Any) -> Path:
    file = project / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return file


def invoke(running: Any, name: str) -> Any:
    return json.loads(running.aws("lambda").invoke(FunctionName=name)["Payload"].read())


def definition(running: Any, name: str) -> Any:
    arn = f"arn:aws:states:us-east-1:000000000000:stateMachine:{name}"
    return json.loads(running.aws("stepfunctions").describe_state_machine(stateMachineArn=arn)["definition"])


def rule(running: Any, name: str) -> dict[str, Any]:
    """The rule, {} where there is none."""
    events = running.aws("events")
    try:
        return dict(events.describe_rule(Name=name))
    except events.exceptions.ResourceNotFoundException:
        return {}


def body(running: Any, bucket: str, key: str) -> bytes | None:
    """An object's content, None where it is not there."""
    try:
        return bytes(running.aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    except botocore.exceptions.ClientError:
        return None


def created(running: Any) -> list[str]:
    """The keys of the "Object Created" events, in their order."""
    seen = running.client.call("events", "ListSeenEvents")["Events"]
    events = [json.loads(event["Event"]) for event in reversed(seen) if event["DetailType"] == "Object Created"]
    return [event["detail"]["object"]["key"] for event in events]


def test_the_sample_project_is_loaded_whole(up: Start, project: Path) -> None:
    for name in ("functions", "rules", "workflows"):
        shutil.copytree(SAMPLE / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(SAMPLE / "stepwell.toml", project)

    running = up()

    assert running.told == ""
    contents = "1 queue, 1 topic, 2 subscriptions, 4 functions, 2 state machines, 3 rules, 2 buckets"
    assert contents in running.screen


def test_a_new_an_edited_and_a_removed_function_are_live_at_once(up: Start, project: Path) -> None:
    running = up()

    file = write(project, "functions/f/handler.py", HANDLER.format("'first'"))
    until(lambda: "function f is live" in running.told)
    assert invoke(running, "f") == "first"
    file.write_text(HANDLER.format("'second'"))
    until(lambda: invoke(running, "f") == "second")
    shutil.rmtree(project / "functions" / "f")
    until(lambda: "function f is removed" in running.told)
    functions = running.aws("lambda").list_functions()["Functions"]

    assert functions == []


def test_a_broken_function_is_told_and_the_old_one_keeps_serving(up: Start, project: Path) -> None:
    file = write(project, "functions/f/handler.py", HANDLER.format("'old'"))
    running = up()

    file.write_text("def handler(event, context):\n    return (\n")
    until(lambda: "functions/f/handler.py:2: SyntaxError" in running.told)

    assert invoke(running, "f") == "old"
    running.end()
    assert invoke(up(), "f") == "old"


def test_an_edited_rule_is_live_and_a_broken_one_changes_nothing(up: Start, project: Path) -> None:
    file = write(project, "rules/r.json", {"EventPattern": {"source": ["a"]}})
    running = up()

    write(project, "rules/r.json", {"EventPattern": {"source": ["b"]}})
    until(lambda: rule(running, "r")["EventPattern"] == '{"source": ["b"]}')
    write(project, "rules/r.json", {"EventPattern": {"source": [{"prefx": "b"}]}})
    until(lambda: "rules/r.json:5: EventPattern: Unrecognized match type prefx" in running.told)
    kept = rule(running, "r")["EventPattern"]
    write(project, "rules/r.json", {"EventPattern": {"source": ["b"]}})
    until(lambda: "rules/r.json: in order again" in running.told)
    file.unlink()
    until(lambda: rule(running, "r") == {})

    assert kept == '{"source": ["b"]}'


def test_a_rule_has_just_the_targets_of_its_file(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", "[queues.a]\n[queues.b]\n")
    targets = [{"Arn": "queue/a"}, {"Arn": "queue/b"}]
    write(project, "rules/r.json", {"EventPattern": {"source": ["a"]}, "Targets": targets})
    running = up()

    write(project, "rules/r.json", {"EventPattern": {"source": ["a"]}, "Targets": targets[1:]})
    until(lambda: "rule default/r is live" in running.told)

    found = running.aws("events").list_targets_by_rule(Rule="r")["Targets"]
    assert [target["Arn"] for target in found] == ["arn:aws:sqs:us-east-1:000000000000:b"]


def test_an_edited_workflow_is_live_and_a_broken_one_changes_nothing(up: Start, project: Path) -> None:
    write(project, "workflows/w.asl.json", WORKFLOW)
    running = up()
    edited = json.loads(json.dumps(WORKFLOW).replace("first", "second"))

    write(project, "workflows/w.asl.json", edited)
    until(lambda: definition(running, "w") == edited)
    write(project, "workflows/w.asl.json", json.dumps(WORKFLOW, indent=1).replace('"A",', '"B",'))
    until(lambda: "workflows/w.asl.json:2: MISSING_TRANSITION_TARGET" in running.told)

    assert definition(running, "w") == edited


def test_what_was_removed_while_nobody_watched_is_removed_at_the_next_start(up: Start, project: Path) -> None:
    file = write(project, "rules/r.json", {"EventPattern": {"source": ["a"]}})
    first = up()
    first.aws("events").put_rule(Name="by-hand", EventPattern='{"source": ["a"]}')
    first.end()
    file.unlink()

    second = up()

    assert rule(second, "r") == {}
    assert rule(second, "by-hand") != {}


def test_an_edited_stepwell_toml_changes_queues_and_topics(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", "[queues.q]\nVisibilityTimeout = 5\n")
    running = up()
    sqs = running.aws("sqs")
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]

    write(project, "stepwell.toml", '[queues.q]\nVisibilityTimeout = 6\n[topics.t]\nsubscriptions = ["queue/q"]\n')
    until(lambda: "subscription t -> queue/q is live" in running.told)

    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    assert attributes == {"VisibilityTimeout": "6"}
    sns = running.aws("sns")
    sns.publish(TopicArn="arn:aws:sns:us-east-1:000000000000:t", Message="hello")
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]
    assert json.loads(message["Body"])["Message"] == "hello"


def test_a_subscription_is_removed_however_many_others_there_are(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", "[queues.q]\n[topics.t]\n")
    running = up()
    sns, topic = running.aws("sns"), "arn:aws:sns:us-east-1:000000000000:t"
    for number in range(100):  # as many as a page has
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{number}@example.com")
    write(project, "stepwell.toml", '[queues.q]\n[topics.t]\nsubscriptions = ["queue/q"]\n')
    until(lambda: "subscription t -> queue/q is live" in running.told)

    write(project, "stepwell.toml", "[queues.q]\n[topics.t]\n")
    until(lambda: "subscription t -> queue/q is removed" in running.told)

    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    protocols = [found["Protocol"] for page in pages for found in page["Subscriptions"]]
    assert protocols == ["email"] * 100


SIGNED = "AWS4-HMAC-SHA256 Credential=000000000000/20261120/us-east-1/s3/aws4_request, Signature=0"
BUCKET = "[buckets.box]\neventbridge = true\nfolder = 'drop'\n"


def test_a_dropped_file_becomes_an_object_once(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", BUCKET)
    running = up()

    write(project, "drop/a.txt", "first")
    write(project, "drop/in/side/b.txt", "deep")
    write(project, "drop/.hidden", "no")
    write(project, "drop/c.txt.part", "not yet")
    until(lambda: sorted(created(running)) == ["a.txt", "in/side/b.txt"])
    write(project, "drop/a.txt", "second")
    until(lambda: body(running, "box", "a.txt") == b"second")
    running.run("until", "--idle")

    assert sorted(created(running)) == ["a.txt", "a.txt", "in/side/b.txt"]
    assert running.aws("s3").head_object(Bucket="box", Key="a.txt")["ContentType"] == "text/plain"


def test_a_file_that_is_still_written_is_left_alone(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", BUCKET)
    running = up()

    with (project / "drop" / "slow.txt").open("w") as file:
        end = time.monotonic() + 0.7
        while time.monotonic() < end:
            file.write("a line\n")
            file.flush()
    until(lambda: created(running))

    assert created(running) == ["slow.txt"]
    assert body(running, "box", "slow.txt") == (project / "drop" / "slow.txt").read_bytes()


def test_an_object_becomes_a_file_and_is_not_put_again(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", BUCKET)
    running = up()
    s3 = running.aws("s3")

    s3.put_object(Bucket="box", Key="x/y.txt", Body=b"content")
    until((project / "drop" / "x" / "y.txt").exists)
    write(project, "drop/later.txt", "later")
    until(lambda: body(running, "box", "later.txt"))

    assert (project / "drop" / "x" / "y.txt").read_bytes() == b"content"
    assert created(running) == ["x/y.txt", "later.txt"]


def test_what_was_dropped_or_changed_while_it_was_down_becomes_an_object(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", BUCKET)
    first = up()
    write(project, "drop/known.txt", "old")
    until(lambda: body(first, "box", "known.txt") == b"old")
    first.process.kill()
    first.process.wait()
    write(project, "drop/known.txt", "new")
    write(project, "drop/unknown.txt", "dropped")

    second = up()

    until(lambda: body(second, "box", "unknown.txt") == b"dropped")
    until(lambda: body(second, "box", "known.txt") == b"new")
    assert (project / "drop" / "known.txt").read_text() == "new"


def test_a_folder_bound_by_the_api_is_watched_at_once(up: Start, project: Path) -> None:
    running = up()
    running.aws("s3").create_bucket(Bucket="box")
    folder = project / "elsewhere"

    bind = f"{running.url}/box?stepwell-folder&folder={quote(str(folder))}"
    urlopen(Request(bind, method="PUT", headers={"Authorization": SIGNED})).close()
    until(folder.is_dir)
    write(project, "elsewhere/a.txt", "dropped")

    until(lambda: body(running, "box", "a.txt") == b"dropped")


def test_a_large_file_is_put_in_bounded_memory(up: Start, project: Path) -> None:
    write(project, "stepwell.toml", BUCKET)
    running = up()
    before = _memory(running)

    with (project / "drop" / "large.bin").open("wb") as file:
        file.truncate(200_000_000)
    until(lambda: created(running) == ["large.bin"])

    assert running.aws("s3").head_object(Bucket="box", Key="large.bin")["ContentLength"] == 200_000_000
    assert _memory(running) - before < 60_000_000


def _memory(running: Any) -> int:
    """The most memory the process ever had, in bytes."""
    status = Path(f"/proc/{running.process.pid}/status")
    if not status.exists():
        pytest.skip("the memory of a process is read from /proc, which this system lacks")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def test_an_edited_mock_configuration_is_live_at_once(up: Start, project: Path) -> None:
    def mocks(answer: str) -> Any:
        case = {"StateMachines": {"m": {"TestCases": {"C": {"A": "R"}}}}}
        return {**case, "MockedResponses": {"R": {"0": {"Return": answer}}}}

    def answer() -> str:
        arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m#C"
        return str(running.aws("stepfunctions").start_sync_execution(stateMachineArn=arn)["output"])

    task = {"Type": "Task", "Resource": "arn:aws:states:::bedrock:invokeModel", "End": True}
    write(project, "workflows/m.asl.json", {"StartAt": "A", "States": {"A": task}})
    write(project, "workflows/m.properties.json", {"type": "EXPRESS"})
    write(project, "workflows/mocks.json", mocks("first"))
    running = up()
    assert answer() == '"first"'

    write(project, "workflows/mocks.json", mocks("second"))

    until(lambda: answer() == '"second"')
