"""Deliveries are retried as the policy says, dead-lettered with the reason, and every attempt is recorded."""

import json

import pytest

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}


def attributes(letter):
    return {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}


def missing(place):
    return {
        "sqs": f"arn:aws:sqs:us-east-1:{place.account}:nowhere",
        "sns": f"arn:aws:sns:us-east-1:{place.account}:nowhere",
        "lambda": f"arn:aws:lambda:us-east-1:{place.account}:function:nowhere",
        "states": f"arn:aws:states:us-east-1:{place.account}:stateMachine:nowhere",
        "logs": f"arn:aws:logs:us-east-1:{place.account}:log-group:nowhere",
    }


@pytest.mark.recording("events", "test_put_events_with_target_delivery_failure")
def test_a_failing_target_does_not_fail_the_put(place, recorded):
    place.rule(missing(place)["sqs"])

    answer = place.events.put_events(
        Entries=[
            {
                "Source": "core.update-account-command",
                "DetailType": "core.update-account-command",
                "Detail": json.dumps(DETAIL),
            }
        ]
    )

    recorded.agree("test_put_events_with_target_delivery_failure", put_events_response=answer)


@pytest.mark.parametrize("service", ["sqs", "sns", "lambda", "states", "logs"])
def test_a_target_that_is_not_there_is_not_tried_again(place, service):
    letters, target = place.queue("letters"), missing(place)[service]
    rule = place.rule({"Arn": target, "DeadLetterConfig": {"Arn": letters}})

    answer = place.put()

    (letter,) = place.received(letters)
    found = attributes(letter)
    assert json.loads(letter["Body"])["id"] == answer["EventId"]
    assert found.pop("ERROR_MESSAGE")
    assert found == {"RULE_ARN": rule, "TARGET_ARN": target, "ERROR_CODE": "NO_RESOURCE"}
    assert [(where, outcome) for where, outcome, _ in place.attempts()] == [
        (target, "given up"),
        (letters, "dead-lettered"),
    ]


def test_the_dead_letter_is_the_event_not_what_the_target_would_have_received(place):
    letters = place.queue("letters")
    place.rule({"Arn": missing(place)["sqs"], "Input": '"constant"', "DeadLetterConfig": {"Arn": letters}})

    answer = place.put()

    assert [body["id"] for body in place.bodies(letters)] == [answer["EventId"]]


def test_what_is_refused_for_good_is_not_tried_again(place):
    queue, letters = place.queue(MaximumMessageSize="1024"), place.queue("letters")
    place.rule({"Arn": queue, "DeadLetterConfig": {"Arn": letters}})

    place.put({"command": "update-account", "long": "x" * 2_000})

    (letter,) = place.received(letters)
    assert attributes(letter)["ERROR_CODE"] == "INVALID_PARAMETER"


# A character that SQS does not take: the error it makes is none of those that EventBridge gives up at once.
REFUSED = {"Input": '"\uffff"'}


def test_a_failing_target_is_tried_again_until_the_attempts_are_used_up(place, aws):
    queue, letters = place.queue(), place.queue("letters")
    policy = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 3600}
    place.rule({"Arn": queue, **REFUSED, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": letters}})

    place.put()
    before = place.attempts()
    aws.advance(600)

    (letter,) = place.received(letters)
    found = attributes(letter)
    assert [outcome for _, outcome, _ in before] == ["failed"]
    assert [outcome for _, outcome, _ in place.attempts()] == [
        "failed",
        "failed",
        "given up",
        "dead-lettered",
    ]
    assert (found["ERROR_CODE"], found["RETRY_ATTEMPTS"]) == ("ERROR_FROM_TARGET", "2")
    assert found["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"


def test_a_failing_target_is_tried_again_until_the_event_is_too_old(place, aws):
    queue, letters = place.queue(), place.queue("letters")
    policy = {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": 60}
    place.rule({"Arn": queue, **REFUSED, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": letters}})

    place.put()
    aws.advance(600)

    (letter,) = place.received(letters)
    found = attributes(letter)
    assert found["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"
    assert found["RETRY_ATTEMPTS"] == "5"


def test_a_target_without_a_policy_is_tried_for_a_day(place, aws):
    place.rule({"Arn": place.queue(), **REFUSED})

    place.put()
    aws.advance(86_400)

    outcomes = [outcome for _, outcome, _ in place.attempts()]
    assert 90 < len(outcomes) <= 186
    assert place.stepwell.list_work()["Work"] == []


def test_a_dead_letter_queue_that_is_not_there_loses_the_event_and_says_so(place):
    letters = f"arn:aws:sqs:us-east-1:{place.account}:letters"
    target = missing(place)["sqs"]
    place.rule({"Arn": target, "DeadLetterConfig": {"Arn": letters}})

    place.put()

    assert [attempt[:2] for attempt in place.attempts()] == [
        (target, "given up"),
        (letters, "not dead-lettered"),
    ]
    assert place.stepwell.list_work()["Work"] == []


def test_a_dead_letter_queue_may_be_in_another_account(place, another, other_account):
    there = another(other_account)
    letters = there.queue("letters")
    place.rule({"Arn": missing(place)["sqs"], "DeadLetterConfig": {"Arn": letters}})

    answer = place.put()
    place.rest()

    assert [body["id"] for body in there.bodies(letters)] == [answer["EventId"]]


def test_every_attempt_is_recorded_with_its_outcome(place):
    queue = place.queue()
    place.rule(queue)

    place.put()

    assert place.attempts() == [(queue, "delivered", "")]
