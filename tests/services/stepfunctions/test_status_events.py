"""The status changes of Standard executions on EventBridge's default bus."""

import json

import pytest

from emulator import ids
from emulator.cli.client import Client
from emulator.errors import EmulatorError


@pytest.fixture
def heard(aws, queue):
    """What the default bus has told of executions so far."""
    events = aws("events")
    events.put_rule(Name="status", EventPattern=json.dumps({"source": ["aws.states"]}))
    events.put_targets(Rule="status", Targets=[{"Id": "q", "Arn": queue.arn}])
    return lambda: [json.loads(body) for body in queue.receive()]


def test_a_start_and_a_success_are_told(workflows, heard, aws):
    ended = workflows.run({"P": {"Type": "Pass", "End": True}}, {"n": 1})
    workflows.settle()

    told = sorted(heard(), key=lambda event: event["detail"]["status"])

    running, succeeded = (event["detail"] for event in told)
    first = told[0]
    assert (first["source"], first["detail-type"]) == ("aws.states", "Step Functions Execution Status Change")
    assert (first["resources"], first["account"]) == ([ended["executionArn"]], aws.account)
    assert running == {
        "executionArn": ended["executionArn"],
        "stateMachineArn": ended["stateMachineArn"],
        "name": ended["name"],
        "status": "RUNNING",
        "startDate": round(ended["startDate"].timestamp() * 1000),
        "stopDate": None,
        "input": '{"n": 1}',
        "output": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is RUNNING and cannot be redriven",
        "inputDetails": {"included": True},
        "outputDetails": None,
        "error": None,
        "cause": None,
    }
    assert (succeeded["status"], json.loads(succeeded["output"])) == ("SUCCEEDED", {"n": 1})
    assert succeeded["stopDate"] == round(ended["stopDate"].timestamp() * 1000)
    assert succeeded["outputDetails"] == {"included": True}


def test_a_failure_is_told_with_its_error(workflows, heard):
    workflows.run({"F": {"Type": "Fail", "Error": "E", "Cause": "C"}})
    workflows.settle()

    failed = next(event["detail"] for event in heard() if event["detail"]["status"] == "FAILED")

    assert (failed["error"], failed["cause"], failed["output"]) == ("E", "C", None)
    assert (failed["redriveStatus"], failed["redriveStatusReason"]) == ("REDRIVABLE", None)


@pytest.mark.parametrize(
    ("given", "made", "included"),
    [
        ("x" * 250_000, "small", {"RUNNING": (True, None), "SUCCEEDED": (True, True)}),
        ("x" * 250_000, "x" * 5_000, {"RUNNING": (True, None), "SUCCEEDED": (False, True)}),
        ('"' * 130_000, "small", {"RUNNING": (False, None), "SUCCEEDED": (False, True)}),
        ("small", "x" * 255_000, {"RUNNING": (True, None), "SUCCEEDED": (False, False)}),
    ],
)
def test_data_for_which_an_event_has_no_room_is_left_out(workflows, heard, given, made, included):
    workflows.run({"P": {"Type": "Pass", "Result": made, "End": True}}, given)
    workflows.settle()

    told = {}
    for event in heard():
        detail = event["detail"]
        shown = (detail["inputDetails"]["included"], (detail["outputDetails"] or {}).get("included"))
        assert (detail["input"] is not None, detail["output"] is not None) == (shown[0], bool(shown[1]))
        told[detail["status"]] = shown

    assert told == included


def test_express_executions_are_not_told(workflows, heard):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}}, "EXPRESS")
    workflows.client.start_sync_execution(stateMachineArn=machine)
    workflows.run({"P": {"Type": "Pass", "End": True}})
    workflows.settle()

    arns = {event["detail"]["stateMachineArn"] for event in heard()}

    assert machine not in arns
    assert len(arns) == 1


@pytest.fixture
def own(aws):
    return Client(aws.running.url, aws.account)


def test_changes_that_no_bus_hears_are_seen_all_the_same(workflows, own, aws):
    first, second = (workflows.run({"P": {"Type": "Pass", "End": True}}, {"n": n}) for n in range(2))

    seen = own.call("events", "ListSeenEvents")["Events"]

    told = [json.loads(event["Event"]) for event in seen]
    assert [(event["resources"][0], event["detail"]["status"]) for event in told] == [
        (second["executionArn"], "SUCCEEDED"),
        (second["executionArn"], "RUNNING"),
        (first["executionArn"], "SUCCEEDED"),
        (first["executionArn"], "RUNNING"),
    ]
    assert {event["Note"] for event in seen} == {"No rule of the bus matches the event."}
    assert len({event["EventId"] for event in seen}) == 4
    read_from_rows = [ids.number_of(event["EventId"]) is not None for event in seen]
    assert read_from_rows == [aws.running.emulator.house.store.exclusive] * 4  # else the start has no first burst


def test_changes_and_other_events_are_listed_as_they_came_though_the_clock_stands(workflows, own, aws):
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    aws.advance(0)
    aws("events").put_events(Entries=[entry, entry])
    workflows.run({"P": {"Type": "Pass", "End": True}})
    aws("events").put_events(Entries=[entry])

    seen = own.call("events", "ListSeenEvents", {"Limit": 4})["Events"]

    assert [json.loads(event["Event"])["detail"].get("status") for event in seen] == [
        None,
        "SUCCEEDED",
        "RUNNING",
        None,
    ]


def test_what_a_start_told_is_not_older_than_what_led_to_it(workflows, own, aws):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}})
    aws("events").create_event_bus(Name="orders")
    aws("events").put_rule(Name="r", EventBusName="orders", EventPattern='{"source": ["shop"]}')
    aws("events").put_targets(
        Rule="r", EventBusName="orders", Targets=[{"Id": "m", "Arn": machine, "RoleArn": "arn:aws:iam::0:role/r"}]
    )
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}", "EventBusName": "orders"}
    aws("events").put_events(Entries=[entry])
    workflows.settle()

    *told, order = own.call("events", "ListSeenEvents")["Events"]

    assert [event["Source"] for event in (*told, order)] == ["aws.states", "aws.states", "shop"]
    assert order["At"] <= min(event["At"] for event in told)


def test_a_change_that_no_bus_heard_is_what_a_rule_would_have_had(workflows, heard, own, aws):
    workflows.run({"P": {"Type": "Pass", "End": True}}, {"n": 1})
    workflows.settle()
    told = heard()
    aws("events").remove_targets(Rule="status", Ids=["q"])
    aws("events").delete_rule(Name="status")
    workflows.run({"P": {"Type": "Pass", "End": True}}, {"n": 1})

    seen = own.call("events", "ListSeenEvents", {"Limit": 2})["Events"]

    for one, other in zip(seen, sorted(told, key=lambda event: event["detail"]["status"], reverse=True), strict=True):
        event = json.loads(one["Event"])
        assert list(event) == list(other)
        assert list(event["detail"]) == list(other["detail"])
        same = ("version", "detail-type", "source", "account", "region")
        assert [event[name] for name in same] == [other[name] for name in same]
        assert (event["detail"]["output"], event["detail"]["status"]) == (
            other["detail"]["output"],
            other["detail"]["status"],
        )


def test_a_rule_that_takes_failures_alone_hears_them_and_successes_are_seen(workflows, own, aws, queue):
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED"]}}
    aws("events").put_rule(Name="failed", EventPattern=json.dumps(pattern))
    aws("events").put_targets(Rule="failed", Targets=[{"Id": "q", "Arn": queue.arn}])
    workflows.run({"P": {"Type": "Pass", "End": True}})
    workflows.run({"F": {"Type": "Fail"}})
    workflows.settle()

    seen = own.call("events", "ListSeenEvents")["Events"]

    statuses = [(json.loads(event["Event"])["detail"]["status"], event["Matched"]) for event in seen]
    assert statuses == [("FAILED", ["failed"]), ("RUNNING", []), ("SUCCEEDED", []), ("RUNNING", [])]
    assert [json.loads(body)["detail"]["status"] for body in queue.receive()] == ["FAILED"]


def test_a_change_that_no_bus_heard_is_explained_by_its_id(workflows, own, aws):
    ended = workflows.run({"P": {"Type": "Pass", "End": True}})
    aws("events").put_rule(
        Name="late", EventPattern=json.dumps({"source": ["aws.states"], "detail": {"status": ["X"]}})
    )
    succeeded, running = own.call("events", "ListSeenEvents")["Events"]

    told = own.call("events", "ExplainEvent", {"EventId": running["EventId"]})

    assert (told["Event"], told["TraceId"]) == (running["Event"], succeeded["TraceId"])
    assert json.loads(told["Event"])["detail"]["executionArn"] == ended["executionArn"]
    assert [(rule["Name"], rule["Matched"]) for rule in told["Rules"]] == [("late", False)]
    assert told["Rules"][0]["Mismatches"][0]["Path"] == "detail.status"


@pytest.mark.parametrize("changed", [slice(0, 8), slice(-8, None)])
def test_an_id_that_only_looks_like_one_is_no_event(workflows, own, changed):
    workflows.run({"P": {"Type": "Pass", "End": True}})
    known = own.call("events", "ListSeenEvents")["Events"][0]["EventId"]
    other = known.replace(known[changed], "0000ffff")

    with pytest.raises(EmulatorError, match="ResourceNotFoundException"):
        own.call("events", "ExplainEvent", {"EventId": other})


def test_what_fails_is_put_though_no_bus_hears_it(workflows, own):
    workflows.run({"F": {"Type": "Fail"}})
    workflows.settle()

    seen = own.call("events", "ListSeenEvents")["Events"]

    assert [json.loads(event["Event"])["detail"]["status"] for event in seen] == ["FAILED", "RUNNING"]
    assert {ids.number_of(event["EventId"]) for event in seen} == {None}


def test_an_execution_that_waits_has_told_its_start(workflows, own):
    execution = workflows.start(workflows.machine({"W": {"Type": "Wait", "Seconds": 60, "End": True}}), {"n": 1})
    workflows.settle()
    before = own.call("events", "ListSeenEvents")["Events"]
    workflows.end(execution)
    workflows.settle()
    after = own.call("events", "ListSeenEvents")["Events"]

    (running,) = before
    assert after[1] == running
    assert [json.loads(event["Event"])["detail"]["status"] for event in after] == ["SUCCEEDED", "RUNNING"]
    assert json.loads(running["Event"])["detail"]["input"] == '{"n": 1}'
    assert own.call("events", "ExplainEvent", {"EventId": running["EventId"]})["Event"] == running["Event"]


def test_a_redrive_changes_nothing_of_what_was_told_before(workflows, own, late):
    states = {"W": {"Type": "Wait", "Seconds": 1, "Next": "T"}, "T": late.task()}
    execution = workflows.start(workflows.machine(states))
    workflows.end(execution)
    late.create()
    workflows.client.redrive_execution(executionArn=execution)
    workflows.end(execution)
    workflows.settle()

    seen = [json.loads(event["Event"])["detail"] for event in own.call("events", "ListSeenEvents")["Events"]]

    told = [(detail["status"], detail["redriveCount"], detail["redriveDate"] is not None) for detail in seen]
    assert told == [("SUCCEEDED", 1, True), ("RUNNING", 1, True), ("FAILED", 0, False), ("RUNNING", 0, False)]
