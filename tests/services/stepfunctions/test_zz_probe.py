"""probe"""
import json
from tests.services.stepfunctions.test_deleting import refusal, WAITS

def test_retry(workflows, aws):
    send = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:createQueue", "Parameters": {"QueueName": "x"}, "Next": "P", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]}
    send = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:getQueueUrl", "Parameters": {"QueueName": "x"}, "Next": "P", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]}
    machine = workflows.machine({"T": send, "P": {"Type": "Pass", "Next": "Q"}, "Q": {"Type": "Pass", "End": True}})
    execution = workflows.start(machine)
    workflows.settle()
    workflows.client.delete_state_machine(stateMachineArn=machine)
    aws("sqs").create_queue(QueueName="x")
    ended = workflows.end(execution)
    print(workflows.types(execution))
    assert ended["status"] == "ABORTED"

def test_recreate_same_name(workflows, aws):
    machine = workflows.machine(WAITS)
    ex = workflows.start(machine)
    workflows.client.delete_state_machine(stateMachineArn=machine)
    workflows.end(ex)
    d = json.dumps({"StartAt": "P", "States": {"P": WAITS["P"]}})
    name = machine.rpartition(":")[2]
    workflows.client.create_state_machine(name=name, definition=d, roleArn="arn:aws:iam::000000000000:role/r")
    print(workflows.client.describe_state_machine(stateMachineArn=machine)["status"])

def test_redrive_while_deleting(workflows, aws):
    machine = workflows.machine(WAITS)
    a, b = workflows.start(machine), workflows.start(machine)
    workflows.client.stop_execution(executionArn=a)
    workflows.client.delete_state_machine(stateMachineArn=machine)
    try:
        print(workflows.client.redrive_execution(executionArn=a))
    except Exception as e:
        print(e)
    workflows.client.stop_execution(executionArn=b)
    print(workflows.client.describe_execution(executionArn=a)["status"])
    print(workflows.end(a)["status"], workflows.types(a))
    assert refusal(workflows.client.describe_state_machine, stateMachineArn=machine) == "StateMachineDoesNotExist"
    try:
        print(workflows.client.redrive_execution(executionArn=b))
        print(workflows.end(b)["status"], workflows.types(b))
    except Exception as e:
        print(e)

def test_dates(workflows, aws):
    for res, params in (
        ("s3:getObject", {"Bucket": "bucket-zz-1", "Key": "k", "IfModifiedSince": "2024-01-01T00:00:00"}),
        ("scheduler:createSchedule", {"Name": "s", "ScheduleExpression": "rate(1 hour)", "StartDate": "2024-01-01T00:00:00", "EndDate": "2027-01-01T00:00:00Z", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": "arn:aws:iam::000000000000:role/r"}}),
        ("eventbridge:startReplay", {"ReplayName": "r", "EventSourceArn": "arn:aws:events:us-east-1:000000000000:archive/a", "EventStartTime": "2024-01-01T00:00:00", "EventEndTime": "2025-01-01T00:00:00Z", "Destination": {"Arn": "arn:aws:events:us-east-1:000000000000:event-bus/default"}}),
        ("sqs:sendMessage", {"QueueUrl": "http://x/y", "MessageBody": "x", "DelaySeconds": 1e300}),
        ("cloudwatchlogs:putLogEvents", {"LogGroupName": "g", "LogStreamName": "s", "LogEvents": [{"Timestamp": 1e300, "Message": "x"}]}),
        ("sqs:sendMessage", {"QueueUrl": "http://x/y", "MessageBody": "\ud800"}),
        ("cloudwatchlogs:putRetentionPolicy", {"LogGroupName": "g", "RetentionInDays": 1e300}),
        ("eventbridge:putEvents", {"Entries": [{"Source": "a", "DetailType": "b", "Detail": "{}", "Time": "2024-01-01T00:00:00"}]}),
        ("eventbridge:putEvents", {"Entries": [{"Source": "a", "DetailType": "b", "Detail": "{}", "Time": -1e12}]}),
        ("sfn:listStateMachines", {"NextToken": "x"}),
        ("stepfunctions:listStateMachines", {"NextToken": "x"}),
    ):
        aws("s3").create_bucket(Bucket="bucket-zz-1") if res == "s3:getObject" else None
        if res == "s3:getObject":
            aws("s3").put_object(Bucket="bucket-zz-1", Key="k", Body=b"x")
            aws("logs").create_log_group(logGroupName="g"); aws("logs").create_log_stream(logGroupName="g", logStreamName="s")
            u = aws("sqs").create_queue(QueueName="q")["QueueUrl"]
            aws("events").create_archive(ArchiveName="a", EventSourceArn=f"arn:aws:events:us-east-1:{aws.account}:event-bus/default")
        if res.startswith("sqs"): params["QueueUrl"] = u
        params = json.loads(json.dumps(params).replace("000000000000", aws.account))
        try:
            ended = workflows.end(workflows.start(workflows.machine({"T": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:" + res, "Parameters": params, "End": True}})), 5)
            print(res, ended["status"], ended.get("output", "")[:80], ended.get("error"), ended.get("cause", "")[:150])
        except AssertionError as e:
            print(res, "STUCK", e)
        except Exception as e:
            print(res, "EXC", e)
