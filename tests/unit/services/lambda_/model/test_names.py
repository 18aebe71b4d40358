from __future__ import annotations

import pytest

from emulator.errors import AwsError
from emulator.services.lambda_.model.names import FunctionName, Qualified, parse, resolve

ACCOUNT = "123456789012"
ARN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f", FunctionName("f")),
        ("f:live", FunctionName("f", "live")),
        ("f:$LATEST", FunctionName("f", "$LATEST")),
        ("function:f", FunctionName("f")),
        (f"{ACCOUNT}:function:f", FunctionName("f", None, ACCOUNT)),
        (ARN, FunctionName("f", None, ACCOUNT, "us-east-1")),
        (f"{ARN}:3", FunctionName("f", "3", ACCOUNT, "us-east-1")),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f", None),
    ],
)
def test_a_name_has_parts(text: str, expected: FunctionName | None) -> None:
    expected = expected or FunctionName("f", None, ACCOUNT, "us-gov-west-1")

    assert parse(text) == expected


@pytest.mark.parametrize("text", ["", "a b", "f:$OTHER", "arn:aws:sqs:us-east-1:123456789012:q", "x" * 65])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(AwsError) as caught:
        parse(text)

    assert caught.value.code == "InvalidParameterValueException"


def test_what_a_name_leaves_out_is_the_callers() -> None:
    assert resolve("f", "1", ACCOUNT, "eu-west-1") == Qualified(ACCOUNT, "eu-west-1", "f", "1")


def test_the_qualifiers_may_agree() -> None:
    assert resolve("f:1", "1", ACCOUNT, "us-east-1").arn == f"{ARN}:1"


def test_the_qualifiers_may_not_disagree() -> None:
    with pytest.raises(AwsError) as caught:
        resolve("f:1", "2", ACCOUNT, "us-east-1")

    assert caught.value.code == "InvalidParameterValueException"
