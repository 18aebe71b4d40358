"""Every kind of target receives events, in other accounts and regions too, as far as these admit it."""

import json

import pytest

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}


def attributes(letter):
    return {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}


def test_a_topic_receives_the_event(place, aws):
    queue, topics = place.queue(), aws("sns")
    topic = topics.create_topic(Name="topic")["TopicArn"]
    topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
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


def test_a_log_group_receives_the_event(place, aws):
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


def test_a_function_is_invoked_with_the_event(place, aws):
    place.rule(aws.function("def handler(event, context):\n    print('received', event['id'])\n"))

    answer = place.put()
    place.rest()

    lines = aws("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert any(f"received {answer['EventId']}" in line["message"] for line in lines)


# -- other buses, other accounts


def entry_of(body):
    return {key: body[key] for key in ("source", "detail-type", "account", "region", "resources", "detail", "time")}


def test_a_bus_passes_on_to_another_bus(place):
    queue = place.queue()
    second = place.events.create_event_bus(Name="second")["EventBusArn"]
    place.rule(second, queue, name="first")
    place.rule(place.queue("second"), name="second", bus="second")

    place.put(Resources=["arn:aws:s3:::bucket"])

    (first,), (passed,) = place.bodies(queue), place.bodies(queue.replace("queue", "second"))
    assert entry_of(passed) == entry_of(first)


def test_a_bus_passes_on_what_aws_itself_put_there(place, aws):
    second = place.events.create_event_bus(Name="second")["EventBusArn"]
    queue = place.queue()
    place.rule(second, name="first", ScheduleExpression="rate(1 minute)")
    place.rule(queue, name="second", bus="second", pattern={"source": ["aws.events"]})

    aws.advance(61)

    assert [body["detail-type"] for body in place.bodies(queue)] == ["Scheduled Event"]


def test_a_queue_of_another_account_receives_the_event(place, another, other_account):
    there = another(other_account)
    queue = there.queue()
    place.rule(queue)

    place.put()
    place.rest()

    assert [body["account"] for body in there.bodies(queue)] == [place.account]


def test_a_state_machine_of_another_account_is_started(place, running, other_account):
    states = running.client("stepfunctions", other_account)
    machine = states.create_state_machine(
        name="machine",
        roleArn="arn:aws:iam::000000000000:role/r",
        definition=json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}),
    )["stateMachineArn"]
    place.rule(machine)

    answer = place.put()
    place.rest()

    (execution,) = states.list_executions(stateMachineArn=machine)["executions"]
    shown = states.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(shown["input"])["id"] == answer["EventId"]


def test_a_queue_of_another_region_receives_the_event(place, another):
    there = another(region="eu-west-1")
    queue = there.queue()
    place.rule(queue)

    place.put()
    place.rest()

    assert [body["region"] for body in there.bodies(queue)] == ["us-east-1"]


def admit(there, bus, account):
    there.events.put_permission(EventBusName=bus, Action="events:PutEvents", Principal=account, StatementId="sender")


def test_a_bus_of_another_account_that_admits_us_receives_the_event(place, another, other_account):
    there = another(other_account, "eu-west-1")
    queue = there.queue()
    there.rule(queue)
    admit(there, "default", place.account)
    place.rule(f"arn:aws:events:eu-west-1:{other_account}:event-bus/default")

    place.put()
    place.rest()

    assert [(body["account"], body["region"]) for body in there.bodies(queue)] == [(place.account, "us-east-1")]


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

    assert [attributes(letter)["ERROR_CODE"] for letter in there.received(letters)] == ["THIRD_ACCOUNT_HOP_DETECTED"]


def test_a_bus_does_not_take_what_is_no_event(place):
    second = place.events.create_event_bus(Name="second")["EventBusArn"]
    letters = place.queue("letters")
    place.rule({"Arn": second, "Input": "{}", "DeadLetterConfig": {"Arn": letters}})

    place.put()

    assert [attributes(letter)["ERROR_CODE"] for letter in place.received(letters)] == ["INVALID_PARAMETER"]
