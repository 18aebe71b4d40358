"""The demo's four scenarios: what is done, and what must be so afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from emulator.cli.stage import Stage
from emulator.cli.story import Story

GOOD = "sku,quantity,unit_price\nteapot,1,24.50\ncup,12,3.00\nspoon,4,1.25\n"
BAD = "sku,quantity,unit_price\nteapot,one,24.50\n,2,3.00\n"
CRASH = "# ship after: {}\nsku,quantity,unit_price\nkettle,2,40.00\n"
DROPPED = "sku,quantity,unit_price\nladle,3,7.00\n"
QUEUE = "alerts"
ADDRESS = "orders@example.com"
PATIENCE = 20.0  # seconds that a busy machine may take for what takes one


class Verdict:
    """What must be so: each thing with whether it is."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.failed: list[str] = []
        self.held = 0

    def check(self, what: str, holds: bool) -> None:
        """Note one assertion."""
        if holds:
            self.held += 1
        else:
            self.failed.append(what)

    def equal(self, what: str, found: Any, expected: Any) -> None:
        """Note that two things must be equal."""
        self.check(f"{what} is {expected!r}, found {found!r}", found == expected)


def good(stage: Stage, story: Story) -> Verdict:
    """A sound order: its rows priced, the result a file in the other bucket's folder."""
    verdict = Verdict("good.csv became a priced order")
    _drop(stage, story, "good.csv", GOOD)
    done = stage.bucket("orders-done") / "orders" / "good.json"
    ended = story.until(lambda: done.exists() and _ended(story, "good.csv"), PATIENCE)
    verdict.check("the order is done in time", ended)
    runs = _runs(story, "good.csv")
    verdict.equal("the state of the executions", [run["status"] for run in runs], ["SUCCEEDED"])
    kept = stage.aws("s3").get_object(Bucket="orders-done", Key="orders/good.json")["Body"].read()
    verdict.check("the file is the object", done.exists() and done.read_bytes() == kept)
    rows = json.loads(kept)["rows"]
    priced = [("teapot", 24.5), ("cup", 32.4), ("spoon", 5.0)]
    verdict.equal("the rows", [(row["sku"], row["total"]) for row in rows], priced)
    return verdict


def bad_rows(stage: Stage, story: Story) -> Verdict:
    """An order that makes no sense: tried again, compensated, failed, and people are told."""
    verdict = Verdict("bad-rows.csv became one alert")
    _drop(stage, story, "bad-rows.csv", BAD)
    inbox = stage.data / "inbox"
    verdict.check("a mail is there in time", story.until(lambda: any(inbox.glob("*.eml")), PATIENCE))
    # The topic's two subscribers are told independently of each other.
    told = story.until(lambda: _ended(story, "bad-rows.csv") and _waiting(stage) > 0, PATIENCE)
    verdict.check("a message is there in time", told)
    (run,) = _runs(story, "bad-rows.csv") or [{"status": "missing", "executionArn": ""}]
    verdict.equal("the execution", (run["status"], run.get("error")), ("FAILED", "BadRows"))
    history = _history(stage, run["executionArn"])
    failures = [event["timestamp"] for event in history if event["type"] == "LambdaFunctionFailed"]
    verdict.equal("the attempts of the validation", len(failures), 3)
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(failures)]
    verdict.check(f"the retries back off, found {waits}", len(waits) == 2 and 1 <= waits[0] < waits[1])
    entered = [event["stateEnteredEventDetails"]["name"] for event in history if "stateEnteredEventDetails" in event]
    verdict.equal("the states", entered, ["Validate", "Compensate", "Bad rows"])
    _check_alert(stage, story, verdict, run["executionArn"].rpartition(":")[2])
    return verdict


def _check_alert(stage: Stage, story: Story, verdict: Verdict, execution: str) -> None:
    messages = _receive(stage)
    for message in messages:
        story.tell("sqs", f"queue {QUEUE}: {message['Message']}", message["MessageId"])
    verdict.equal("the number of messages", len(messages), 1)
    verdict.check("the message names the execution", all(f"Order {execution} FAILED" in m["Message"] for m in messages))
    mails = list((stage.data / "inbox").glob("*.eml"))
    for mail in mails:
        story.tell("mail", f"to {ADDRESS}", mail.name)
    verdict.equal("the number of mails", len(mails), 1)
    texts = [mail.read_text() for mail in mails]
    verdict.check("the mail says the same", all(execution in text and f"To: {ADDRESS}" in text for text in texts))


def crash(stage: Stage, story: Story) -> Verdict:
    """kill -9 while an order waits and another was just dropped: after the restart both end, once."""
    verdict = Verdict("crash.csv survived kill -9, and so did the file dropped just before")
    ship_after = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=5)
    _drop(stage, story, "crash.csv", CRASH.format(f"{ship_after:%Y-%m-%dT%H:%M:%SZ}"))
    waiting = story.until(lambda: any(_waits(stage, run) for run in _runs(story, "crash.csv")), 5)
    verdict.check("the execution waits", waiting)
    _drop(stage, story, "just-dropped.csv", DROPPED)
    stage.kill()
    story.tell("process", "killed with SIGKILL: one execution waits, one file was just dropped")
    process = stage.start()
    story.tell("process", "started again on the same data", str(process))
    both = ("crash.csv", "just-dropped.csv")
    verdict.check("both orders end in time", story.until(lambda: all(_ended(story, key) for key in both), PATIENCE))
    for key in both:
        runs = _runs(story, key)
        verdict.equal(f"the executions of {key}", [run["status"] for run in runs], ["SUCCEEDED"])
        file = stage.bucket("orders-done") / "orders" / key.replace(".csv", ".json")
        verdict.check(f"{file.name} is there", story.until(file.exists, PATIENCE))
    for run in _runs(story, "crash.csv"):
        _check_wait(stage, verdict, run, ship_after)
    verdict.equal("new alerts", _receive(stage), [])
    return verdict


def _check_wait(stage: Stage, verdict: Verdict, run: dict[str, Any], ship_after: datetime) -> None:
    history = _history(stage, run["executionArn"])
    exits = [event["timestamp"] for event in history if event["type"] == "WaitStateExited"]
    verdict.check(f"it waits once, until {ship_after}, found {exits}", len(exits) == 1 and exits[0] >= ship_after)
    verdict.equal("the numbers of the history", [event["id"] for event in history], list(range(1, len(history) + 1)))


def daily_report(stage: Stage, story: Story) -> Verdict:
    """A day goes by in a moment, and the evening's schedule with it."""
    verdict = Verdict("the daily report came with the day")
    before = stage.client.call("stepwell", "GetClock")["Now"]
    after = stage.client.call("stepwell", "AdvanceClock", {"Seconds": 86_400})["Now"]
    story.tell("clock", f"advanced a day, from {_day(before)} to {_day(after)}")
    reports = stage.bucket("orders-done") / "reports"
    made = story.until(lambda: any(reports.glob("*.json")) and _ended(story, None), PATIENCE)
    verdict.check("the report is there in time", made)
    runs = _runs(story, None)
    verdict.equal("the executions of daily-report", [run["status"] for run in runs], ["SUCCEEDED"])
    verdict.equal("its hour", [run["startDate"].astimezone(UTC).hour for run in runs], [18])
    found = [json.loads(file.read_text()) for file in reports.glob("*.json")]
    verdict.equal("the orders it counts", [report["orders"] for report in found], [3])
    verdict.check("it is the report of a day passed", all(_day(before) <= it["day"] <= _day(after) for it in found))
    return verdict


SCENARIOS: tuple[Callable[[Stage, Story], Verdict], ...] = (good, bad_rows, crash, daily_report)


def _drop(stage: Stage, story: Story, name: str, text: str) -> None:
    folder = stage.bucket("orders-inbox")
    (folder / name).write_text(text)
    story.tell("file", f"{name} is dropped into the folder of orders-inbox")


def _runs(story: Story, key: str | None) -> list[dict[str, Any]]:
    """The executions that a file started; None for those of the daily report."""
    found = []
    for execution in story.executions.values():
        given = json.loads(execution["input"])
        if given.get("detail", {}).get("object", {}).get("key") == key:
            found.append(execution)
    return found


def _ended(story: Story, key: str | None) -> bool:
    runs = _runs(story, key)
    return bool(runs) and all(run["status"] != "RUNNING" for run in runs)


def _history(stage: Stage, arn: str) -> list[dict[str, Any]]:
    pages = stage.aws("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def _waits(stage: Stage, run: dict[str, Any]) -> bool:
    history = _history(stage, run["executionArn"])  # none yet in the moment between the start and the first burst
    return bool(history) and str(history[-1]["type"]) == "WaitStateEntered"


def _waiting(stage: Stage) -> int:
    """How many alerts wait in the queue."""
    sqs, number = stage.aws("sqs"), "ApproximateNumberOfMessages"
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[number])["Attributes"][number])


def _receive(stage: Stage) -> list[dict[str, Any]]:
    """The alerts in the queue, taken out of it: each what SNS says, with its id."""
    sqs = stage.aws("sqs")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append({**json.loads(message["Body"]), "MessageId": message["MessageId"]})
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def _day(epoch: float) -> str:
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d}"
