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


# -- the kinds of targets


def test_a_topic_receives_the_event(place, aws):
    queue, topics = place.queue(), aws("sns")
    topic = topics.create_topic(Name="topic")["TopicArn"]
    topics.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"}
    )
    place.rule(topic)

    answer = place.put()

    assert [body["id"] for body in place.bodies(queue)] == [answer["EventId"]]


def test_a_fifo_queue_receives_the_event_in_its_group(place):
    place.sqs.create_queue(
        QueueName="queue.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    )
    queue = f"arn:aws:sqs:us-east-1:{place.account}:queue.fifo"
    place.rule({"Arn": queue, "SqsParameters": {"MessageGroupId": "group"}})

    place.put()
    place.rest()

    url = place.sqs.get_queue_url(QueueName="queue.fifo")["QueueUrl"]
    (message,) = place.sqs.receive_message(QueueUrl=url, AttributeNames=["MessageGroupId"])["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "group"


def test_a_log_group_receives_the_event(place, aws, recorded):
    logs = aws("logs")
    logs.create_log_group(logGroupName="/aws/events/group")
    place.rule(f"arn:aws:logs:us-east-1:{place.account}:log-group:/aws/events/group:*")

    answer = place.put()
    place.rest()

    found = logs.filter_log_events(logGroupName="/aws/events/group")["events"]
    assert [json.loads(event["message"])["id"] for event in found] == [answer["EventId"]]


def test_a_state_machine_is_started_with_the_event(place, aws):
    states = aws("stepfunctions")
    machine = states.create_state_machine(
        name="machine",
        roleArn="arn:aws:iam::000000000000:role/r",
        definition=json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}),
    )["stateMachineArn"]
    place.rule({"Arn": machine, "RoleArn": "arn:aws:iam::000000000000:role/r", "InputPath": "$.detail"})

    place.put()
    place.rest()

    (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
    shown = states.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(shown["input"]) == DETAIL


# -- other buses, other accounts


def entry_of(body):
    return {
        key: body[key]
        for key in ("source", "detail-type", "account", "region", "resources", "detail", "time")
    }


def test_a_bus_passes_on_to_another_bus(place):
    queue = place.queue()
    second = place.events.create_event_bus(Name="second")["EventBusArn"]
    place.rule(second, queue, name="first")
    place.rule(place.queue("second"), name="second", bus="second")

    place.put(Resources=["arn:aws:s3:::bucket"])

    (first,), (passed,) = place.bodies(queue), place.bodies(queue.replace("queue", "second"))
    assert entry_of(passed) == entry_of(first)


def test_a_queue_of_another_account_receives_the_event(place, another, other_account):
    there = another(other_account)
    queue = there.queue()
    place.rule(queue)

    place.put()
    place.rest()

    assert [body["account"] for body in there.bodies(queue)] == [place.account]


def test_a_queue_of_another_region_receives_the_event(place, another):
    there = another(region="eu-west-1")
    queue = there.queue()
    place.rule(queue)

    place.put()
    place.rest()

    assert [body["region"] for body in there.bodies(queue)] == ["us-east-1"]


def admit(there, bus, account):
    there.events.put_permission(
        EventBusName=bus, Action="events:PutEvents", Principal=account, StatementId="sender"
    )


def test_a_bus_of_another_account_that_admits_us_receives_the_event(place, another, other_account):
    there = another(other_account, "eu-west-1")
    queue = there.queue()
    there.rule(queue)
    admit(there, "default", place.account)
    place.rule(f"arn:aws:events:eu-west-1:{other_account}:event-bus/default")

    place.put()
    place.rest()

    assert [(body["account"], body["region"]) for body in there.bodies(queue)] == [
        (place.account, "us-east-1")
    ]


def test_a_bus_of_another_account_that_does_not_admit_us_receives_nothing(place, another, other_account):
    there, letters = another(other_account), place.queue("letters")
    there.rule(there.queue())
    bus = f"arn:aws:events:us-east-1:{other_account}:event-bus/default"
    place.rule({"Arn": bus, "DeadLetterConfig": {"Arn": letters}})

    place.put()

    (letter,) = place.received(letters)
    assert attributes(letter)["ERROR_CODE"] == "NO_PERMISSIONS"
    assert there.received(f"arn:aws:sqs:us-east-1:{other_account}:queue") == []


@pytest.mark.parametrize("admitted", [True, False])
def test_an_event_is_put_on_a_bus_of_another_account(place, another, other_account, admitted):
    there = another(other_account)
    queue = there.queue()
    there.events.create_event_bus(Name="bus")
    there.rule(queue, bus="bus")
    if admitted:
        admit(there, "bus", place.account)

    answer = place.put(EventBusName=f"arn:aws:events:us-east-1:{other_account}:event-bus/bus")

    assert ("EventId" in answer) == admitted
    assert len(there.received(queue)) == int(admitted)


def test_an_event_does_not_pass_on_to_a_third_account(place, another, other_account):
    there = another(other_account)
    third = another(f"8{other_account[1:]}")
    letters = there.queue("letters")
    admit(there, "default", place.account)
    admit(third, "default", there.account)
    place.rule(f"arn:aws:events:us-east-1:{there.account}:event-bus/default")
    bus = f"arn:aws:events:us-east-1:{third.account}:event-bus/default"
    there.rule({"Arn": bus, "DeadLetterConfig": {"Arn": letters}})

    place.put()
    place.rest()

    assert [attributes(letter)["ERROR_CODE"] for letter in there.received(letters)] == [
        "THIRD_ACCOUNT_HOP_DETECTED"
    ]


def test_a_bus_does_not_take_what_is_no_event(place):
    second = place.events.create_event_bus(Name="second")["EventBusArn"]
    letters = place.queue("letters")
    place.rule({"Arn": second, "Input": "{}", "DeadLetterConfig": {"Arn": letters}})

    place.put()

    assert [attributes(letter)["ERROR_CODE"] for letter in place.received(letters)] == ["INVALID_PARAMETER"]
