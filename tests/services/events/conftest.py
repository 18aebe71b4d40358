"""Clients of EventBridge, queues as targets, and what AWS answered in named situations."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}
PATTERN = {
    "source": ["core.update-account-command"],
    "detail-type": ["core.update-account-command"],
    "detail": {"command": ["update-account"]},
}


@pytest.fixture
def events(aws: Any) -> Any:
    return aws("events")


class Place:
    """One account in one region: its clients, its queues, and waiting until its deliveries are made."""

    def __init__(self, aws: Any, region: str = "us-east-1") -> None:
        self.account, self.region = aws.account, region
        self.events = aws("events", region)
        self.sqs = aws("sqs", region)
        self.stepwell = aws("stepwell", region)

    def queue(self, name: str = "queue", **attributes: str) -> str:
        """Create a queue; its ARN."""
        self.sqs.create_queue(QueueName=name, Attributes=attributes)
        return f"arn:aws:sqs:{self.region}:{self.account}:{name}"

    def rest(self) -> None:
        """Return once nothing is due and nothing in hand."""
        self.stepwell.wait_until(NothingPending=True, TimeoutSeconds=0)

    def received(self, arn: str) -> list[dict[str, Any]]:
        """Take the messages out of a queue, once all deliveries are made."""
        self.rest()
        url = self.sqs.get_queue_url(QueueName=arn.rsplit(":", 1)[-1])["QueueUrl"]
        messages: list[dict[str, Any]] = []
        while found := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            messages += found
            for message in found:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return messages

    def bodies(self, arn: str) -> list[Any]:
        """The bodies of the messages of a queue, parsed."""
        return [json.loads(message["Body"]) for message in self.received(arn)]

    def rule(self, *targets: Any, name: str = "rule", pattern: Any = PATTERN, bus: str = "default", **more: Any) -> str:
        """Create a rule with targets (ARNs, or what PutTargets takes); its ARN."""
        given = {"EventPattern": json.dumps(pattern)} if "ScheduleExpression" not in more else {}
        arn: str = self.events.put_rule(Name=name, EventBusName=bus, **given, **more)["RuleArn"]
        bodies = [
            {"Id": f"t{at}", "Arn": target} if isinstance(target, str) else {"Id": f"t{at}", **target}
            for at, target in enumerate(targets)
        ]
        if bodies:
            answer = self.events.put_targets(Rule=name, EventBusName=bus, Targets=bodies)
            assert answer["FailedEntryCount"] == 0, answer
        return arn

    def put(self, detail: Any = DETAIL, **more: Any) -> dict[str, Any]:
        """Put one event; the answer's only entry."""
        entry = {
            "Source": "core.update-account-command",
            "DetailType": "core.update-account-command",
            "Detail": detail if isinstance(detail, str) else json.dumps(detail),
            **more,
        }
        answer = self.events.put_events(Entries=[entry])
        found: dict[str, Any] = answer["Entries"][0]
        return found

    def attempts(self) -> list[tuple[str, str, str]]:
        """Target, outcome and error code of the attempts, the oldest first."""
        self.rest()
        found = self.stepwell.list_attempts()["Attempts"]
        return [(a["Target"], a["Outcome"], a.get("ErrorCode", "")) for a in reversed(found)]


@pytest.fixture
def place(aws: Any) -> Place:
    return Place(aws)


@pytest.fixture
def another(running: Any, aws: Any) -> Callable[..., Place]:
    """Another place: `another(region="eu-west-1")`, `another(account="...")`."""

    def make(account: str | None = None, region: str = "us-east-1") -> Place:
        return Place(type(aws)(running, account or aws.account), region)

    return make


@pytest.fixture
def other_account(aws: Any) -> str:
    """An account that is nobody else's."""
    return f"9{aws.account[1:]}"
