"""When a failed delivery is tried again, and what its dead-letter message says: AWS's rules as a table."""

import pytest

from emulator.clock import to_micros
from emulator.errors import AwsError
from emulator.kit.delivery import Delivery
from emulator.kit.delivery.retries import dead_letter_attributes, error_code, next_try

SECOND = 1_000_000
START = 1_000 * SECOND


def delivery(source="events", **more):
    settings = {"since": START, **more}
    return Delivery("arn:aws:sqs:us-east-1:1:q", "{}", "arn:rule", source, **settings)


def pause(given, attempts, now=START, code="InternalFailure"):
    """Seconds until the next attempt, None where there is none."""
    moment = next_try(given, attempts, now, AwsError(code, "text"))
    return None if moment is None else (to_micros(moment) - now) / SECOND


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (100, 60), (185, 60)])
def test_eventbridge_backs_off_up_to_a_minute(attempts, seconds):
    assert pause(delivery(), attempts) == seconds


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 0), (3, 0), (4, 1), (6, 1), (7, 2), (15, 20), (16, 20), (5_000, 20)],
)
def test_sns_backs_off_as_its_policy_says(attempts, seconds):
    assert pause(delivery("sns", attempts_max=100_015, age_max_seconds=10**7), attempts) == seconds


@pytest.mark.parametrize(
    ("attempts", "maximum", "tried"), [(1, 0, False), (1, 1, True), (2, 1, False), (186, 185, False)]
)
def test_attempts_are_bounded(attempts, maximum, tried):
    assert (pause(delivery(attempts_max=maximum), attempts) is not None) == tried


@pytest.mark.parametrize(("age", "tried"), [(50, True), (59, True), (60, False)])
def test_an_event_grows_too_old(age, tried):
    found = pause(delivery(age_max_seconds=60), 1, START + age * SECOND)

    assert (found is not None) == tried


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("AWS.SimpleQueueService.NonExistentQueue", "NO_RESOURCE"),
        ("QueueDoesNotExist", "NO_RESOURCE"),
        ("StateMachineDoesNotExist", "NO_RESOURCE"),
        ("NotFound", "NO_RESOURCE"),
        ("ResourceNotFoundException", "NO_RESOURCE"),
        ("AccessDeniedException", "NO_PERMISSIONS"),
        ("InvalidExecutionInput", "INVALID_PARAMETER"),
        ("INVALID_JSON", "INVALID_JSON"),
        ("THIRD_ACCOUNT_HOP_DETECTED", "THIRD_ACCOUNT_HOP_DETECTED"),
        ("NotImplementedException", "ERROR_FROM_TARGET"),
    ],
)
def test_what_cannot_succeed_is_not_tried_again(code, name):
    error = AwsError(code, "text")

    assert pause(delivery(), 1, code=code) is None
    assert error_code(error) == name
    assert dead_letter_attributes(delivery(), 0, error).keys() == {
        "RULE_ARN",
        "TARGET_ARN",
        "ERROR_CODE",
        "ERROR_MESSAGE",
    }


@pytest.mark.parametrize(("retries", "condition"), [(3, "MaximumRetryAttempts"), (1, "MaximumEventAgeInSeconds")])
def test_a_dead_letter_says_which_patience_ended(retries, condition):
    attributes = dead_letter_attributes(delivery(attempts_max=3), retries, AwsError("InternalFailure", "text"))

    assert {name: value["StringValue"] for name, value in attributes.items()} == {
        "RULE_ARN": "arn:rule",
        "TARGET_ARN": "arn:aws:sqs:us-east-1:1:q",
        "ERROR_CODE": "ERROR_FROM_TARGET",
        "ERROR_MESSAGE": "text",
        "RETRY_ATTEMPTS": str(retries),
        "EXHAUSTED_RETRY_CONDITION": condition,
    }
    assert {value["DataType"] for value in attributes.values()} == {"String"}


def test_an_attribute_without_a_value_is_left_out():
    assert "ERROR_MESSAGE" not in dead_letter_attributes(delivery(), 0, AwsError("NotFound", ""))


@pytest.mark.parametrize("source", ["sns", "lambda", "s3"])
def test_others_dead_letter_the_message_as_it_was(source):
    assert dead_letter_attributes(delivery(source), 3, AwsError("NotFound", "text")) == {}
