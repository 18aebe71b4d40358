"""Activities: their tasks are taken by workers, one each, and answered by token."""

import json
import threading

import pytest


@pytest.fixture
def activity(workflows):
    return workflows.client.create_activity(name="a")["activityArn"]


def machine(workflows, activity, **fields):
    return workflows.machine({"T": {"Type": "Task", "Resource": activity, "End": True, **fields}})


def test_an_activity_is_created_once_and_listed(workflows, activity, aws):
    again = workflows.client.create_activity(name="a")

    shown = workflows.client.describe_activity(activityArn=activity)

    assert activity == f"arn:aws:states:us-east-1:{aws.account}:activity:a"
    assert (again["activityArn"], again["creationDate"]) == (activity, shown["creationDate"])
    assert [entry["name"] for entry in workflows.client.list_activities()["activities"]] == ["a"]


def test_an_activity_keeps_its_key(workflows, activity, refusal):
    key = {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"}
    other = workflows.client.create_activity(name="b", encryptionConfiguration=key)["activityArn"]

    assert workflows.client.describe_activity(activityArn=other)["encryptionConfiguration"] == key
    code, _ = refusal(workflows.client.create_activity, name="a", encryptionConfiguration=key)

    assert code == "ActivityAlreadyExists"
    assert workflows.client.describe_activity(activityArn=activity)["encryptionConfiguration"] == {
        "type": "AWS_OWNED_KEY"
    }


def test_an_activity_of_another_account_is_not_deleted(workflows, activity, aws):
    workflows.client.delete_activity(activityArn=activity.replace(aws.account, "000000000000"))

    assert workflows.client.describe_activity(activityArn=activity)["name"] == "a"


def test_a_deleted_activity_is_gone(workflows, activity, refusal):
    workflows.client.delete_activity(activityArn=activity)

    assert refusal(workflows.client.describe_activity, activityArn=activity)[0] == "ActivityDoesNotExist"
    assert refusal(workflows.client.get_activity_task, activityArn=activity)[0] == "ActivityDoesNotExist"


def test_a_worker_takes_a_task_and_answers_it(workflows, activity):
    execution = workflows.start(machine(workflows, activity), {"n": 1})

    given = workflows.client.get_activity_task(activityArn=activity, workerName="w")
    workflows.client.send_task_success(taskToken=given["taskToken"], output='{"n": 2}')

    assert json.loads(given["input"]) == {"n": 1}
    assert json.loads(workflows.end(execution)["output"]) == {"n": 2}
    events = workflows.history(execution)
    assert [event["type"] for event in events[2:5]] == ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]
    assert events[3]["activityStartedEventDetails"] == {"workerName": "w"}


def test_a_waiting_worker_hears_of_a_task(workflows, activity):
    given = []
    worker = threading.Thread(
        target=lambda: given.append(workflows.client.get_activity_task(activityArn=activity)["input"])
    )
    worker.start()

    workflows.start(machine(workflows, activity), {"n": 1})

    worker.join(timeout=30)
    assert given == ['{"n":1}']


def test_a_task_that_no_worker_takes_times_out_and_is_withdrawn(workflows, activity):
    first = workflows.start(machine(workflows, activity, TimeoutSeconds=60), {"n": 1})
    ended = workflows.end(first)

    workflows.start(machine(workflows, activity), {"n": 2})

    assert ended["error"] == "States.Timeout"
    assert workflows.client.get_activity_task(activityArn=activity)["input"] == '{"n":2}'


def test_a_worker_that_is_silent_misses_its_heartbeat(workflows, activity):
    execution = workflows.start(machine(workflows, activity, TimeoutSeconds=600, HeartbeatSeconds=30))
    workflows.client.get_activity_task(activityArn=activity)

    ended = workflows.end(execution)

    assert ended["error"] == "States.Timeout"
    assert "ActivityTimedOut" in workflows.types(execution)


def test_an_activity_that_is_not_there_fails_its_task(workflows, aws):
    gone = f"arn:aws:states:us-east-1:{aws.account}:activity:none"

    ended = workflows.end(workflows.start(machine(workflows, gone)))

    assert ended["status"] == "FAILED"
    assert ended["cause"].endswith(f"Activity Does Not Exist: '{gone}'")


def test_an_activity_of_another_region_fails_the_task_that_its_worker_could_not_answer(workflows, aws):
    there = aws("stepfunctions", "eu-west-1").create_activity(name="there")["activityArn"]

    ended = workflows.end(workflows.start(machine(workflows, there)))

    assert ended["cause"].endswith(f"Activity Does Not Exist: '{there}'")


def test_activities_are_tagged(workflows, activity):
    workflows.client.tag_resource(resourceArn=activity, tags=[{"key": "a", "value": "1"}])

    assert workflows.client.list_tags_for_resource(resourceArn=activity)["tags"] == [{"key": "a", "value": "1"}]
