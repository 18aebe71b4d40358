from __future__ import annotations

from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.services.lambda_.model import configuration, policy

BASE = {**configuration.defaults("f"), "Runtime": "python3.12", "Handler": "index.handler"}


def _refusal(settings: dict[str, Any]) -> AwsError:
    with pytest.raises(AwsError) as caught:
        configuration.require_valid(settings)
    return caught.value


def test_what_is_not_given_stays() -> None:
    settings = configuration.merged(BASE, {"Timeout": 9, "Description": None})

    assert settings == {**BASE, "Timeout": 9}


def test_an_empty_dead_letter_target_is_none() -> None:
    with_one = configuration.merged(BASE, {"DeadLetterConfig": {"TargetArn": "arn"}})

    without = configuration.merged(with_one, {"DeadLetterConfig": {"TargetArn": ""}})

    assert with_one["DeadLetterConfig"] == {"TargetArn": "arn"}
    assert "DeadLetterConfig" not in without


def test_a_log_group_of_its_own_keeps_the_format() -> None:
    settings = configuration.merged(BASE, {"LoggingConfig": {"LogGroup": "/mine"}})

    assert settings["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/mine"}


@pytest.mark.parametrize("member", ["Runtime", "Handler"])
def test_runtime_and_handler_are_mandatory(member: str) -> None:
    assert _refusal({**BASE, member: None}).code == "InvalidParameterValueException"


def test_variables_have_four_kilobytes() -> None:
    fitting = "x" * (4096 - len('{"A":""}'))
    configuration.require_valid({**BASE, "Environment": {"Variables": {"A": fitting}}})

    refusal = _refusal({**BASE, "Environment": {"Variables": {"A": fitting + "x"}}})

    assert "exceeded the 4KB limit. String measured: {" in refusal.message


def test_a_moment_has_milliseconds_and_an_offset() -> None:
    assert configuration.iso(1_767_225_600_123_456) == "2026-01-01T00:00:00.123+0000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", "*"),
        ("sns.amazonaws.com", {"Service": "sns.amazonaws.com"}),
        ("123456789012", {"AWS": "arn:aws:iam::123456789012:root"}),
        ("arn:aws:iam::123456789012:role/r", {"AWS": "arn:aws:iam::123456789012:role/r"}),
    ],
)
def test_a_principal_is_a_service_an_account_an_identity_or_anybody(text: str, expected: object) -> None:
    made = policy.statement(sid="a", action="lambda:InvokeFunction", principal=text, resource="r", conditions={})

    assert made["Principal"] == expected


def test_a_principal_that_is_none_of_these_is_refused() -> None:
    with pytest.raises(AwsError) as caught:
        policy.statement(sid="a", action="lambda:InvokeFunction", principal="x", resource="r", conditions={})

    assert caught.value.message == ("The provided principal was invalid. Please check the principal and try again.")


@pytest.mark.parametrize(
    ("principal", "conditions", "expected"),
    [
        ("*", {}, True),
        ("123456789012", {}, True),
        ("210987654321", {}, False),
        ("s3.amazonaws.com", {}, False),
        ("123456789012", {"PrincipalOrgID": "o-1"}, False),
    ],
)
def test_a_policy_lets_an_account_in(principal: str, conditions: dict[str, str | None], expected: bool) -> None:
    made = policy.statement(
        sid="a", action="lambda:InvokeFunction", principal=principal, resource="r", conditions=conditions
    )

    assert policy.allows_account([made], "123456789012") is expected
