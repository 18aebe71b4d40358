"""What the files of a project ask for, and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.project import reading
from emulator.project.resources import Wanted

Read = Callable[[dict[str, Any]], Wanted]
HANDLER = "def handler(event, context):\n    return event\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes files (text, or a value as JSON) and reads the project that they are."""

    def made(files: dict[str, Any]) -> Wanted:
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
        return reading.read(tmp_path, tmp_path / ".stepwell", "000000000000", "eu-west-1", frozenset())

    return made


def _problems(wanted: Wanted) -> list[tuple[str, int | None, str]]:
    return [(problem.file.name, problem.line, problem.reason) for problem in wanted.problems]


def test_an_empty_folder_asks_for_nothing(read: Read) -> None:
    wanted = read({})

    assert not wanted.resources
    assert not wanted.problems


def test_a_function_has_defaults_for_what_its_file_does_not_say(read: Read) -> None:
    wanted = read({"functions/f/handler.py": HANDLER, "functions/f/function.json": {"Timeout": 7}})

    body = wanted.resources["function", "f"].body
    assert (body["Handler"], body["Timeout"]) == ("handler.handler", 7)
    assert body["Role"] == "arn:aws:iam::000000000000:role/stepwell"


def test_a_function_changes_when_any_of_its_files_does(read: Read) -> None:
    before = read({"functions/f/handler.py": HANDLER}).resources["function", "f"].fingerprint

    after = read({"functions/f/tables/data.txt": "x"}).resources["function", "f"].fingerprint

    assert before != after


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"handler.py": "x = 1\ndef handler(\n"}, ("handler.py", 2, "SyntaxError: '(' was never closed")),
        ({"other.py": HANDLER}, ("f", None, "Handler handler.handler: there is no handler.py")),
        (
            {"handler.py": "def main(event, context): ...\n"},
            ("handler.py", None, "Handler handler.handler: there is no function handler in it"),
        ),
        (
            {"handler.py": HANDLER, "function.json": {"Timeuot": 3}},
            ("function.json", 2, "there is no property Timeuot (did you mean Timeout?)"),
        ),
        (
            {"handler.py": HANDLER, "function.json": {"MemorySize": "big"}},
            ("function.json", 2, "MemorySize: STRING_VALUE can not be converted to an Integer"),
        ),
        (
            {"handler.py": HANDLER, "function.json": {"FunctionName": "g"}},
            ("function.json", 2, "FunctionName is what the folder is"),
        ),
    ],
)
def test_a_broken_function_is_told_with_file_line_and_reason(
    read: Read, files: dict[str, Any], problem: tuple[str, int | None, str]
) -> None:
    wanted = read({f"functions/f/{name}": content for name, content in files.items()})

    assert _problems(wanted) == [problem]
    assert wanted.broken == {("function", "f")}


def test_a_handler_may_be_imported_or_assigned(read: Read) -> None:
    wanted = read(
        {
            "functions/a/handler.py": "from inner import run as handler\n",
            "functions/b/handler.py": "handler = print\n",
            "functions/c/handler.py": "from inner import *\n",
        }
    )

    assert {name for _, name in wanted.resources} == {"a", "b", "c"}


def test_a_rule_has_arns_for_plain_names_and_text_for_json(read: Read) -> None:
    wanted = read(
        {
            "stepwell.toml": "[queues.q]\n",
            "rules/r.json": {
                "EventPattern": {"source": ["a"]},
                "Targets": [{"Arn": "queue/q", "Input": {"a": 1}}, {"Arn": "arn:aws:sns:eu-west-1:1:t", "Id": "t"}],
            },
        }
    )

    body = wanted.resources["rule", "default/r"].body
    assert body["rule"] == {"Name": "r", "EventPattern": '{"source": ["a"]}'}
    assert body["targets"] == [
        {"Arn": "arn:aws:sqs:eu-west-1:000000000000:q", "Id": "queue-q", "Input": '{"a": 1}'},
        {"Arn": "arn:aws:sns:eu-west-1:1:t", "Id": "t"},
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"EventPattern": {"source": ["a"], "detail": {"x": []}}}, (7, "EventPattern: Empty arrays are not allowed")),
        (
            {"ScheduleExpression": "rate(1 day)", "Target": []},
            (3, "there is no property Target (did you mean Targets?)"),
        ),
        ({"Name": "other", "ScheduleExpression": "rate(1 day)"}, (2, "the rule is named r by its file")),
        (
            {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": "queue/none"}]},
            (5, "this project has no queue named 'none' (for one outside it, write its ARN)"),
        ),
        (
            {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": "arn:aws:sqs:x:1:q", "Inputs": "x"}]},
            (6, "there is no property Inputs (did you mean Input?)"),
        ),
        ({"ScheduleExpression": "rate(1 day)", "Targets": {}}, (3, "Targets is not a list of objects")),
    ],
)
def test_a_broken_rule_is_told_with_line_and_reason(read: Read, rule: dict[str, Any], problem: tuple[int, str]) -> None:
    wanted = read({"rules/r.json": rule})

    assert _problems(wanted) == [("r.json", *problem)]
    assert wanted.broken == {("rule", "default/r")}


PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}


def test_a_workflow_has_arns_for_plain_names(read: Read) -> None:
    task = {"Type": "Task", "Resource": "function/f", "Parameters": {"Note": "function/f"}, "End": True}

    wanted = read(
        {
            "functions/f/handler.py": HANDLER,
            "workflows/w.asl.json": {"StartAt": "A", "States": {"A": task}},
            "workflows/w.properties.json": {"type": "EXPRESS"},
        }
    )

    body = wanted.resources["stateMachine", "w"].body
    state = json.loads(body["definition"])["States"]["A"]
    assert body["type"] == "EXPRESS"
    assert state["Resource"] == "arn:aws:lambda:eu-west-1:000000000000:function:f"
    assert state["Parameters"] == {"Note": "function/f"}


def test_a_workflow_may_be_yaml(read: Read) -> None:
    wanted = read({"workflows/w.yaml": "StartAt: A\nStates:\n  A:\n    Type: Succeed\n"})

    assert json.loads(wanted.resources["stateMachine", "w"].body["definition"])["StartAt"] == "A"


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}},
            (6, "MISSING_TRANSITION_TARGET: Missing 'Next' target: B"),
        ),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "function/g", "End": True}}},
            (6, "this project has no function named 'g' (for one outside it, write its ARN)"),
        ),
    ],
)
def test_a_broken_workflow_is_told_with_line_and_reason(
    read: Read, definition: dict[str, Any], problem: tuple[int, str]
) -> None:
    wanted = read({"workflows/w.asl.json": definition})

    assert ("w.asl.json", *problem) in _problems(wanted)
    assert wanted.broken == {("stateMachine", "w")}


def test_stepwell_toml_asks_for_queues_topics_buses_and_buckets(read: Read, tmp_path: Path) -> None:
    wanted = read(
        {
            "stepwell.toml": """
[stepwell]
port = 4000
[queues.dead]
[queues.q]
VisibilityTimeout = 5
RedrivePolicy = { deadLetterTargetArn = "queue/dead", maxReceiveCount = 3 }
[topics.t]
subscriptions = ["mailto:a@b.c", { to = "queue/q", RawMessageDelivery = true }]
[buses.b]
[buckets.in]
eventbridge = true
folder = "drop"
[buckets.out]
[buckets.plain]
folder = false
"""
        }
    )

    assert not wanted.problems
    assert wanted.resources["queue", "q"].body["VisibilityTimeout"] == "5"
    dead = "arn:aws:sqs:eu-west-1:000000000000:dead"
    policy = {"deadLetterTargetArn": dead, "maxReceiveCount": 3}
    assert json.loads(wanted.resources["queue", "q"].body["RedrivePolicy"]) == policy
    mail = wanted.resources["subscription", "t -> mailto:a@b.c"].body
    assert (mail["Protocol"], mail["Endpoint"]) == ("email", "a@b.c")
    assert wanted.resources["subscription", "t -> queue/q"].body["Attributes"] == {"RawMessageDelivery": "true"}
    assert ("bus", "b") in wanted.resources
    folders = {name: r.body["folder"] for (kind, name), r in wanted.resources.items() if kind == "bucket"}
    here = tmp_path.resolve()
    assert folders == {
        "in": str(here / "drop"),
        "out": str(here / ".stepwell" / "buckets" / "out"),
        "plain": None,
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[queue.q]\n", 1, "there is no section queue, but [queues.NAME]"),
        ("[buckets.b]\nfoldr = 'x'\n", 2, "there is no property foldr (there are eventbridge, folder)"),
        ("[buckets.b]\neventbridge = 1\n", 2, "eventbridge is true or false"),
        ("[topics.t]\nsubscriptions = ['queue/no']\n", 2, "this project has no queue named 'no'"),
        ("[topics.t]\nsubscriptions = ['bus/x']\n[buses.x]\n", 2, "a topic does not deliver to bus/x"),
        ("[queues]\nq = 1\n", 2, "write [queues.q]"),
    ],
)
def test_a_broken_setting_is_told_with_line_and_reason(read: Read, text: str, line: int, reason: str) -> None:
    wanted = read({"stepwell.toml": text})

    (problem,) = wanted.problems
    assert problem.line == line
    assert problem.reason.startswith(reason)


def test_while_stepwell_toml_cannot_be_read_what_it_asked_for_stays(tmp_path: Path) -> None:
    (tmp_path / "stepwell.toml").write_text("[queues.q\n")
    before = frozenset({("queue", "q"), ("rule", "default/r")})

    wanted = reading.read(tmp_path, tmp_path / "data", "000000000000", "eu-west-1", before)

    assert wanted.broken == {("queue", "q")}
    assert [problem.line for problem in wanted.problems] == [1]


MOCKS = {
    "StateMachines": {"m": {"TestCases": {"C": {"T": "R"}}}},
    "MockedResponses": {"R": {"0": {"Return": 1}}},
}
TASK = {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::a:b", "End": True}}}


def test_the_mock_configuration_is_a_file_beside_the_workflows(read: Read) -> None:
    wanted = read({"workflows/m.asl.json": TASK, "workflows/mocks.json": MOCKS})

    assert not wanted.problems
    assert json.loads(wanted.resources["mocks", "configuration"].body["configuration"]) == MOCKS
    assert ("stateMachine", "mocks") not in wanted.resources


@pytest.mark.parametrize(
    ("case", "responses", "problem"),
    [
        ({"T": "None"}, {}, ("mocks.json", 6, "there is no mocked response None")),
        ({"S": "R"}, {"R": {}}, ("mocks.json", 6, "m has no Task state named S")),
        (
            {"T": "R"},
            {"R": {"0": {"Return": 1, "Throw": {}}}},
            ("mocks.json", 13, "exactly one of Return and Throw is required"),
        ),
    ],
)
def test_mistakes_in_the_mock_configuration_are_told_with_their_lines(
    read: Read, case: dict[str, Any], responses: dict[str, Any], problem: tuple[str, int, str]
) -> None:
    value = {"StateMachines": {"m": {"TestCases": {"C": case}}}, "MockedResponses": responses}

    wanted = read({"workflows/m.asl.json": TASK, "workflows/mocks.json": value})

    assert _problems(wanted) == [problem]
    assert ("mocks", "configuration") in wanted.broken
