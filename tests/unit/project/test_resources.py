"""Whom a refusal of AWS's is blamed on, and what a plain name means."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.errors import AwsError
from emulator.project.documents import Document
from emulator.project.names import Names, UnknownNameError
from emulator.project.resources import Resource, blame

TEXT = "[queues.a]\n[queues.q]\nDelaySeconds = 1\nVisibilityTimeout = 99999999\n"
VALUE = {"queues": {"a": {}, "q": {"DelaySeconds": 1, "VisibilityTimeout": 99_999_999}}}


@pytest.mark.parametrize(
    ("message", "line"),
    [("Invalid value for the parameter VisibilityTimeout.", 4), ("Something else.", 2)],
)
def test_a_refusal_is_at_the_property_it_names_or_at_the_whole(message: str, line: int) -> None:
    document = Document(Path("stepwell.toml"), TEXT, VALUE)
    resource = Resource("queue", "q", document, {}, "", ("queues", "q"))

    problem = blame(resource, AwsError("InvalidAttributeValue", message))

    assert (problem.line, problem.reason) == (line, f"InvalidAttributeValue: {message}")


NAMES = Names("000000000000", "eu-west-1", frozenset({("function", "f"), ("bucket", "b"), ("bus", "x")}))


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        ("function/f", "arn:aws:lambda:eu-west-1:000000000000:function:f"),
        ("bucket/b", "arn:aws:s3:::b"),
        ("bus/x", "arn:aws:events:eu-west-1:000000000000:event-bus/x"),
        ("arn:aws:sns:us-east-1:1:t", "arn:aws:sns:us-east-1:1:t"),
    ],
)
def test_a_plain_name_stands_for_an_arn(text: str, arn: str) -> None:
    assert NAMES.arn(text) == arn


@pytest.mark.parametrize("text", ["f", "function/g", "lambda/f", "queue/f", ""])
def test_a_name_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError):
        NAMES.arn(text)
