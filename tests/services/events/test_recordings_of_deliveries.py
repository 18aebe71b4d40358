"""What targets received of events, held against what they received on AWS."""

import json
from datetime import UTC, datetime

import pytest

DETAIL = {"command": "update-account", "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"}}
SOURCE = {"source": ["core.update-account-command"]}
ROLE = "arn:aws:iam::000000000000:role/r"


def arn_of_bus(place, name):
    return f"arn:aws:events:{place.region}:{place.account}:event-bus/{name}"


@pytest.mark.recording("events", "test_put_events_bus_to_bus", "test_put_events_with_target_events")
@pytest.mark.parametrize(("first", "second"), [("default", "two"), ("one", "two"), ("one", "default")])
def test_a_bus_hands_on_to_another(place, recorded, first, second):
    for name in {first, second} - {"default"}:
        place.events.create_event_bus(Name=name)
    queue = place.queue()
    place.rule(arn_of_bus(place, second), name="hand-on", bus=first)
    place.rule(queue, name="receive", bus=second)

    place.put(EventBusName=first)
    messages = place.received(queue)

    for combination in range(3):
        recorded.agree(f"test_put_events_with_target_events[bus_combination{combination}]", messages=messages)
    for address in ("standard", "domain", "path"):
        recorded.agree(f"test_put_events_bus_to_bus[{address}]", messages=messages)


@pytest.mark.recording("events", "test_put_events_to_default_eventbus_for_custom_eventbus")
def test_what_a_bucket_tells_reaches_a_bus_of_ours(place, aws, recorded):
    created = place.events.create_event_bus(Name="bus")
    queue = place.queue()
    pattern = json.dumps({"source": ["aws.s3"], "detail-type": ["Object Created"]})
    rules = [
        place.events.put_rule(Name="first", EventPattern=pattern),
        place.events.put_rule(Name="second", EventPattern=pattern, EventBusName="bus"),
    ]
    put = [
        place.events.put_targets(Rule="first", Targets=[{"Id": "1", "Arn": created["EventBusArn"]}]),
        place.events.put_targets(Rule="second", EventBusName="bus", Targets=[{"Id": "1", "Arn": queue}]),
    ]
    s3, bucket = aws("s3"), f"bucket-{place.account}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.put_object(Bucket=bucket, Key="key", Body=b"data")

    recorded.agree(
        "test_put_events_to_default_eventbus_for_custom_eventbus",
        create_custom_event_bus=created,
        create_rule_1=rules[0],
        create_rule_2=rules[1],
        put_target_1=put[0],
        put_target_2=put[1],
        get_events={"Messages": place.received(queue)},
    )


@pytest.mark.recording("events", "test_put_events_pattern_nested")
def test_a_pattern_looks_into_what_is_nested(place, recorded):
    queue = place.queue()
    place.rule({"Arn": queue, "InputPath": "$.detail"}, pattern={"detail": {"event": {"data": {"type": ["1"]}}}})

    place.put({"event": {"data": {"type": "2"}}})
    place.put({"event": {"data": {"type": "1"}}})

    recorded.agree("test_put_events_pattern_nested", messages=place.received(queue))


@pytest.mark.recording("events", "test_put_events_with_target_sqs_event_detail_match")
def test_a_pattern_looks_into_the_detail(place, recorded):
    queue = place.queue()
    place.rule({"Arn": queue, "InputPath": "$.detail"}, pattern={"detail": {"EventType": ["0", "1"]}})

    place.put({"EventType": "2"})
    place.put({"EventType": "1"})

    recorded.agree("test_put_events_with_target_sqs_event_detail_match", messages=place.received(queue))


@pytest.mark.recording("events", "test_process_to_single_matching_rules_single_target")
def test_each_rule_hands_on_what_it_matches(place, recorded):
    names = ["source-one", "source-two", "source-three"]
    queues = {}
    for count, name in enumerate(names, 1):
        queues[name] = place.queue(name)
        place.rule(queues[name], name=name, pattern={"source": names[:count]})

    answers: dict[str, list[object]] = {name: [] for name in names}
    for source in names:
        place.put(Source=source)
        for name, queue in queues.items():
            answers[name] += place.bodies(queue)

    recorded.agree(
        "test_process_to_single_matching_rules_single_target",
        **{f"events_{name.replace('-', '_')}": found for name, found in answers.items()},
    )


@pytest.mark.recording("events", "test_put_events_response_entries_order")
def test_two_rules_hand_on_the_same_event(place, recorded):
    one, two = place.queue("one"), place.queue("two")
    place.rule(one, name="one", pattern=SOURCE)
    place.rule(two, name="two", pattern=SOURCE)
    entry = {"Source": "core.update-account-command", "DetailType": "core.update-account-command", "Detail": "{}"}

    answer = place.events.put_events(Entries=[entry])

    recorded.unchecked |= {"detail"}  # The recording does not show it.
    messages = {"queue1_messages": place.received(one), "queue2_messages": place.received(two)}
    recorded.agree("test_put_events_response_entries_order", put_events_response=answer, sqs_messages=messages)


@pytest.mark.recording("events", "test_put_events_time")
def test_the_time_of_an_event_may_be_given(place, recorded):
    queue = place.queue()
    place.rule(queue, pattern=SOURCE)
    times = {"short time": datetime(2022, 1, 1, tzinfo=UTC), "long time": datetime(2022, 1, 1, 12, 0, 1, tzinfo=UTC)}

    place.put({"message": "short time"}, Time=times["short time"])
    place.put({"message": "new time"})
    place.put({"message": "long time"}, Time=times["long time"])

    recorded.agree("test_put_events_time", messages=place.received(queue))


@pytest.mark.recording("events", "test_put_events[custom-account]")
def test_an_event_is_put_on_the_bus_of_another_account(place, another, other_account, recorded):
    there = another(other_account)
    queue = there.queue()
    there.events.create_event_bus(Name="bus")
    there.rule(queue, bus="bus", pattern={"source": ["source-primary"]})
    there.events.put_permission(
        EventBusName="bus", Action="events:PutEvents", Principal=place.account, StatementId="sender"
    )

    place.put(EventBusName=arn_of_bus(there, "bus"), Source="source-primary")

    recorded.agree("test_put_events[custom-account]", messages=there.received(queue))


@pytest.mark.recording("events", "test_event_bus_to_event_bus_cross_account_region")
@pytest.mark.parametrize("bus", ["custom", "default"])
@pytest.mark.parametrize("where", ["account", "region", "region_account"])
def test_an_event_is_handed_on_elsewhere(place, another, other_account, recorded, bus, where):
    there = another(
        other_account if "account" in where else place.account, "eu-west-1" if "region" in where else "us-east-1"
    )
    name = "default" if bus == "default" else "bus"
    if name == "bus":
        for one in (place, there):
            one.events.create_event_bus(Name=name)
    there.events.put_permission(
        EventBusName=name, Action="events:PutEvents", Principal=place.account, StatementId="sender"
    )
    here, from_here, from_there = place.queue("here"), there.queue("from-here"), there.queue("from-there")
    place.rule(here, arn_of_bus(there, name), bus=name, pattern={"source": ["source-primary"]})
    there.rule(from_here, name="one", bus=name, pattern={"source": ["source-primary"]})
    there.rule(from_there, name="two", bus=name, pattern={"source": ["source-secondary"]})

    place.put(EventBusName=name, Source="source-primary")
    there.put(EventBusName=name, Source="source-secondary")
    place.rest()

    recorded.agree(
        f"test_event_bus_to_event_bus_cross_account_region[{bus}-{where}]",
        messages_primary_queue_from_primary_event_bus=place.received(here),
        messages_secondary_queue_from_primary_event_bus=there.received(from_here),
        messages_secondary_queue_from_secondary_event_bus=there.received(from_there),
    )


@pytest.mark.recording("events", "test_put_events_with_rule_pattern_exists_true")
def test_a_pattern_asks_whether_something_is_there(place, recorded):
    queue = place.queue()
    place.rule(queue, pattern={"source": [{"exists": True}], "detail": {"payload": [{"exists": True}]}})

    place.put({"key": "value"})
    place.put({"key": "value", "payload": "baz"})

    recorded.agree("test_put_events_with_rule_pattern_exists_true", rule_exists_true=place.received(queue))


CONTENT = {
    "env": [{"anything-but": "dev"}],
    "user": ["user1", "user2", "user3"],
    "admins": ["skyli", {"prefix": "hey"}, {"prefix": "ad"}],
    "test1": [{"anything-but": 200}],
    "test2": [{"anything-but": "test2"}],
    "test3": [{"anything-but": ["test3", "test33"]}],
    "test4": [{"anything-but": {"prefix": "test4"}}],
    "ip": [{"cidr": "10.102.1.0/24"}],
    "num-test1": [{"numeric": ["<", 200]}],
    "num-test2": [{"numeric": ["<=", 200]}],
    "num-test3": [{"numeric": [">", 200]}],
    "num-test4": [{"numeric": [">=", 200]}],
    "num-test5": [{"numeric": [">=", 200, "<=", 500]}],
    "num-test6": [{"numeric": [">", 200, "<", 500]}],
    "num-test7": [{"numeric": [">=", 200, "<", 500]}],
}


FORBIDDEN = {"env": "dev", "test1": 200, "test2": "test2", "test3": "test33", "test4": "test4", "ip": "10.102.2.1"}


@pytest.mark.recording("events", "test_put_event_with_content_base_rule_in_pattern")
def test_a_pattern_looks_at_content_in_every_way(place, recorded):
    (expected,) = recorded("test_put_event_with_content_base_rule_in_pattern")["messages"]
    queue = place.queue()
    place.rule({"Arn": queue, "InputPath": "$.detail"}, pattern={**SOURCE, "detail": CONTENT})

    for name in CONTENT:
        place.put({**expected["Body"], name: FORBIDDEN.get(name)})
    place.put(expected["Body"])

    (message,) = place.received(queue)
    assert json.loads(message["Body"]) == expected["Body"]


@pytest.mark.recording("events", "test_put_events_with_target_cloudwatch_logs")
def test_a_log_group_gets_the_event(place, aws, recorded):
    logs = aws("logs")
    logs.create_log_group(logGroupName="/aws/events/group")
    bus = place.events.create_event_bus(Name="bus")
    pattern = json.dumps(SOURCE)
    rule = place.events.put_rule(Name="rule", EventBusName="bus", EventPattern=pattern)
    group = f"arn:aws:logs:us-east-1:{place.account}:log-group:/aws/events/group"
    targets = place.events.put_targets(Rule="rule", EventBusName="bus", Targets=[{"Id": "1", "Arn": group}])
    entry = {
        "Source": "core.update-account-command",
        "DetailType": "core.update-account-command",
        "Detail": json.dumps(DETAIL),
        "EventBusName": "bus",
    }

    put = place.events.put_events(Entries=[entry])
    place.rest()
    (stream,) = logs.describe_log_streams(logGroupName="/aws/events/group")["logStreams"]
    found = logs.get_log_events(logGroupName="/aws/events/group", logStreamName=stream["logStreamName"])

    recorded.agree(
        "test_put_events_with_target_cloudwatch_logs",
        event_bus_response=bus,
        rule_response=rule,
        put_targets_response=targets,
        put_events_response=put,
        log_events=found["events"],
    )


@pytest.fixture
def function(aws):
    """The ARN of a function that prints the events it receives, and what it has printed."""
    arn = aws.function("import json\ndef handler(event, context):\n    print('got', json.dumps(event))\n")

    def printed():
        lines = aws("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"got {"')["events"]
        return [json.loads(line["message"].removeprefix("got ")) for line in lines]

    return arn, printed


FUNCTION_SITUATIONS = [
    "TestEventsTargetLambda::test_put_events_with_target_lambda",
    "TestEventsTargetLambda::test_put_events_with_target_lambda_list_entry",
    "test_events_targets.py::test_put_events_with_target_lambda_list_entries_partial_match",
    "test_events_targets.py::test_put_events_with_target_lambda_list_entry",
]


@pytest.mark.recording("events", *FUNCTION_SITUATIONS)
def test_a_function_gets_the_events(place, function, recorded):
    arn, printed = function
    place.rule(arn, name="whole", pattern={"detail": {"command": ["update-account"]}})
    place.rule(
        arn,
        name="in-lists",
        pattern={"detail": {"payload": {"automations": {"actions": {"type": ["SEND_NOTIFICATION"]}}}}},
    )

    place.put({"payload": {"automations": [{"actions": [{"type": "ELSE"}]}]}})
    for situation in FUNCTION_SITUATIONS:
        place.put(recorded(situation)["events"][0]["detail"])
    place.rest()

    events = printed()
    assert len(events) == len(FUNCTION_SITUATIONS)
    for situation in FUNCTION_SITUATIONS:
        detail = recorded(situation)["events"][0]["detail"]
        recorded.agree(situation, events=[next(event for event in events if event["detail"] == detail)])
