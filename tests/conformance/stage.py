"""What a recorded case needs of other services, made from what the case says: functions, queues, topics, machines.

What they answered on AWS is in the recorded history; the functions, machines and workers made here answer the same.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from emulator.testing import Running
from tests.conformance.corpora import Case, read

ROLE = "arn:aws:iam::000000000000:role/conformance"
MISSING = ("Topic does not exist", "NoSuchArn")  # in what was recorded, or in the name: not to be made


class Stage:
    """The surroundings of one case; `end` lets its workers go."""

    def __init__(self, house: Running, case: Case) -> None:
        self._house = house
        self._case = case
        self._given = json.dumps([case.get("definition"), case.get("input"), case.get("params")])
        self._recorded = json.dumps(case["expected"])
        self._answers = [*_answers(case["expected"])]
        self._over = threading.Event()
        self._workers: list[threading.Thread] = []

    def set_up(self) -> None:
        """Make what is named in the definition and in the input."""
        for account, name in self._named(r"arn:aws:lambda:[\w-]+:(\d+):function:([\w-]+)"):
            self._function(account, name)
        for _, name in self._named(r'()"FunctionName": "((?!arn:)[\w-]+)"'):
            self._function("000000000000", name)
        for account, name in self._named(r"https?://sqs[^/]*/(\d+)/([\w.-]+)"):
            self._queue(account, name)
        for account, name in self._named(r"arn:aws:sns:[\w-]+:(\d+):([\w.-]+)"):
            self._topic(account, name)
        for account, name in self._named(r"arn:aws:states:[\w-]+:(\d+):stateMachine:([\w-]+)"):
            self._machine(account, name)
        for account, name in self._named(r"arn:aws:states:[\w-]+:(\d+):activity:([\w-]+)"):
            self._activity(account, name)
        for _, name in self._named(r'()"Bucket": "([\w-]+)"'):
            self._house.client("s3").create_bucket(Bucket=name)

    def end(self) -> None:
        self._over.set()
        for worker in self._workers:
            worker.join()

    def _named(self, pattern: str) -> list[tuple[str, str]]:
        return sorted(set(re.findall(pattern, self._given.replace("\\", ""))))

    def _work(self, action: Callable[[], None]) -> None:
        worker = threading.Thread(target=action, daemon=True)
        worker.start()
        self._workers.append(worker)

    # -- functions

    def _function(self, account: str, name: str) -> None:
        if name.startswith("no_such"):
            return
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("handler.py", self._code())
        functions = self._house.client("lambda", account)
        with contextlib.suppress(functions.exceptions.ResourceConflictException):  # cases share a few names
            functions.create_function(
                FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="handler.handler", Timeout=30,
                Code={"ZipFile": packed.getvalue()},
            )  # fmt: skip

    def _code(self) -> str:
        """A handler that does again what was recorded."""
        failed = next((read(details.get("cause")) for kind, details in self._answers if kind == "Failed"), None)
        if failed is None:  # Express executions and TestState show no history
            found = re.search(r'\{\\*"errorMessage.*?\]\}', self._recorded)
            failed = read(_unquoted(found[0])) if found else None
        if isinstance(failed, dict) and "stackTrace" in failed:
            return _raising(failed)
        if "exceeding the maximum number of bytes" in self._recorded:
            return "def handler(event, context):\n    return '\\u00e9' * 200000\n"
        if any(kind == "TimedOut" for kind, _ in self._answers):
            return "import time\n\n\ndef handler(event, context):\n    time.sleep(3)\n"
        values = [_payload(details) for kind, details in self._answers if kind == "Succeeded"]
        if "<" in json.dumps(values):  # placeholders: the function gave back what it was given
            return "def handler(event, context):\n    return event\n"
        if not values and "HelloWorld!" in self._recorded:
            values = ["HelloWorld!"]
        return (
            f"import json\n\nVALUES = json.loads({json.dumps(values)!r})\n\n\ndef handler(event, context):\n"
            "    if VALUES:\n        return VALUES.pop(0) if len(VALUES) > 1 else VALUES[0]\n"
            f"    return {'event' if 'Payload' not in self._recorded else '{}'}\n"
        )

    # -- queues and topics

    def _queue(self, account: str, name: str) -> None:
        queue = self._house.client("sqs", account).create_queue(QueueName=name)["QueueUrl"]
        if "TaskToken" in self._given:
            self._work(lambda: self._call_back(account, queue))

    def _call_back(self, account: str, queue: str) -> None:
        """Take the message with the task token, and answer as recorded."""
        sqs, sfn = self._house.client("sqs", account), self._house.client("stepfunctions", account)
        while not self._over.is_set():
            for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []):
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                self._answer(sfn, json.loads(message["Body"])["TaskToken"])

    def _answer(self, sfn: Any, token: str) -> None:
        for kind, details in self._answers:
            if kind == "Succeeded":
                sfn.send_task_success(taskToken=token, output=_output(details))
            elif kind == "Failed":
                failure = {name: details[name] for name in ("error", "cause") if name in details}
                sfn.send_task_failure(taskToken=token, **failure)

    def _topic(self, account: str, name: str) -> None:
        if MISSING[0] not in self._recorded:
            fifo = {"Attributes": {"FifoTopic": "true"}} if name.endswith(".fifo") else {}
            self._house.client("sns", account).create_topic(Name=name, **fifo)

    # -- machines and activities

    def _machine(self, account: str, name: str) -> None:
        if MISSING[1] in name:
            return
        sfn = self._house.client("stepfunctions", account)
        sfn.create_state_machine(name=name, roleArn=ROLE, definition=json.dumps(self._nested()))

    def _nested(self) -> dict[str, Any]:
        """A machine that ends as the nested execution ended."""
        if "TaskToken" in self._given:
            send = {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl.$": "$.QueueUrl", "MessageBody": {"TaskToken.$": "$.TaskToken"}},
                "Next": "Wait",
            }
            return {"StartAt": "Send", "States": {"Send": send, "Wait": {"Type": "Wait", "Seconds": 900, "End": True}}}
        ended: dict[str, Any] = {}
        for kind, details in self._answers:
            if kind in ("Succeeded", "Failed"):
                ended = read(details.get("output" if kind == "Succeeded" else "cause"))
        if "Error" in ended:
            told = {name: ended[name] for name in ("Error", "Cause") if name in ended}
            return {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", **told}}}
        passes = {"Type": "Pass", "End": True}
        if "Output" in ended:
            passes["Result"] = read(ended["Output"])
        return {"StartAt": "Pass", "States": {"Pass": passes}}

    def _activity(self, account: str, name: str) -> None:
        sfn = self._house.client("stepfunctions", account)
        arn = sfn.create_activity(name=name)["activityArn"]
        worker = re.search(r'"workerName": "([^"]*)"', self._recorded)
        named = {"workerName": worker[1]} if worker else {}

        def work() -> None:
            task = sfn.get_activity_task(activityArn=arn, **named)
            self._answer(sfn, task["taskToken"])

        self._work(work)


def _answers(expected: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What tasks were answered, in the recorded order: Succeeded, Failed or TimedOut, with the details."""
    for event in expected.get("events", ()):
        kind = re.fullmatch(r"(?:Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)", event["type"])
        if kind:
            yield kind[1], next((value for name, value in event.items() if name.endswith("Details")), {})


def _payload(details: dict[str, Any]) -> Any:
    """What the function returned that has this Succeeded event."""
    output = read(details.get("output"))
    return output.get("Payload") if details.get("resourceType") == "lambda" else output


def _output(details: dict[str, Any]) -> str:
    output = details.get("output")
    return output if isinstance(output, str) else json.dumps(output)


def _unquoted(text: str) -> str:
    """A JSON text that was quoted once; one recording lost a quote."""
    return str(json.loads(f'"{text}"')).replace(':<request-id>"', ':"<request-id>"')


def _raising(failed: dict[str, Any]) -> str:
    """A handler that raises at the recorded line of the file, by the recorded statement."""
    found = re.search(r"line (\d+), in handler\n    (.*)", failed["stackTrace"][0])
    assert found is not None
    lines = []
    if failed["errorType"] != "Exception":
        message = json.dumps(failed["errorMessage"])
        lines = [f"class {failed['errorType']}(Exception):", "    def __init__(self):"]
        lines += [f"        super().__init__({message})"]
    lines += [""] * (int(found[1]) - 2 - len(lines))
    return "\n".join([*lines, "def handler(event, context):", f"    {found[2]}", ""])
