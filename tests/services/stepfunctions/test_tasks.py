"""Tasks: what the integrated services are asked, what they answer, and how their errors are named."""

import json

import pytest

ARN = "arn:aws:states:::"


def task(resource, parameters=None, **fields):
    state = {"Type": "Task", "Resource": f"{ARN}{resource}", "End": True, **fields}
    return {"T": state if parameters is None else {**state, "Parameters": parameters}}


def computed(resource):
    """A task whose parameters nobody knows before it runs: the input."""
    return {"T": {**task(resource)["T"], "QueryLanguage": "JSONata", "Arguments": "{% $states.input %}"}}


def send(queue, body="$", **fields):
    return task("sqs:sendMessage", {"QueueUrl": queue.url, "MessageBody.$": body}, **fields)


def test_a_message_is_sent_and_its_answer_is_the_result(workflows, queue):
    output = workflows.output(send(queue), {"n": 1})

    assert queue.receive() == ['{"n":1}']
    assert output.keys() == {"MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"}
    assert output["SdkHttpMetadata"]["HttpStatusCode"] == 200
    assert output["SdkHttpMetadata"]["HttpHeaders"]["x-amzn-RequestId"] == output["SdkResponseMetadata"]["RequestId"]


def test_a_task_writes_its_three_events(workflows, queue):
    execution = workflows.run(send(queue))["executionArn"]

    types = workflows.types(execution)

    assert types[2:5] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]


def test_an_error_of_the_service_is_caught_by_its_name(workflows, aws):
    gone = f"http://sqs.us-east-1.amazonaws.com/{aws.account}/none"
    states = task("sqs:sendMessage", {"QueueUrl": gone, "MessageBody": "x"})
    states["T"]["Catch"] = [{"ErrorEquals": ["SQS.QueueDoesNotExistException"], "Next": "C"}]

    output = workflows.output({**states, "C": {"Type": "Pass", "End": True}})

    assert output["Error"] == "SQS.QueueDoesNotExistException"
    assert "(Service: AmazonSQS; Status Code: 400; Error Code: " in output["Cause"]


def test_a_task_is_retried_after_its_intervals_and_then_fails(workflows):
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 2}]
    states = task("events:putEvents", {"Entries": [{"Detail": "{"}]}, Retry=retry)

    ended = workflows.run(states)

    assert (ended["status"], ended["error"]) == ("FAILED", "EventBridge.FailedEntry")
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(30, abs=5)
    assert workflows.types(ended["executionArn"]).count("TaskFailed") == 3


def test_a_queue_that_appears_meanwhile_is_found_by_a_retry(workflows, late):
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3600}]
    execution = workflows.start(workflows.machine({"T": late.task(Retry=retry)}))
    workflows.settle()
    late.create()

    assert workflows.end(execution)["status"] == "SUCCEEDED"


def test_events_carry_the_execution_among_their_resources(workflows, aws, queue):
    events = aws("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["mine"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": queue.arn}])
    entry = {"Source": "mine", "DetailType": "t", "Detail.$": "$"}

    ended = workflows.run(task("events:putEvents", {"Entries": [entry]}), {"n": 1})

    event = json.loads(queue.receive()[0])
    assert (event["detail"], event["detail-type"]) == ({"n": 1}, "t")
    assert event["resources"] == [ended["executionArn"], ended["stateMachineArn"]]
    assert list(json.loads(ended["output"])) == ["Entries", "FailedEntryCount"]


ODD = (None, 5, -1, 1.5, 1e30, True, "", "\ud800", [], [None], [[1]], {}, {"a": None}, {"\ud800": "\ud800"})
ATTRIBUTES = {"a": {"DataType": "String", "StringValue": "x"}}
TARGET = {"Id": "a", "Arn": "a", "InputTransformer": {"InputPathsMap": {"a": "$.x"}, "InputTemplate": "x"}}
OPTIONS = {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": "INDICES"}}
FITTING = {
    "sqs:sendMessage": {"QueueUrl": "q", "MessageBody": "x", "DelaySeconds": 0, "MessageAttributes": ATTRIBUTES},
    "sns:publish": {"TopicArn": "t", "Message": "x", "MessageAttributes": ATTRIBUTES},
    "events:putEvents": {"Entries": [{"Source": "s", "DetailType": "d", "Detail": {}, "Time": 0, "Resources": ["a"]}]},
    "lambda:invoke": {"FunctionName": "f", "Payload": {}, "InvocationType": "Event", "ClientContext": "e30="},
    "http:invoke": {"ApiEndpoint": "x", "Method": "GET", "Headers": {"a": "b"}, "Transform": OPTIONS},
    "aws-sdk:sqs:sendMessageBatch": {
        "QueueUrl": "q",
        "Entries": [{"Id": "a", "MessageBody": "x", "MessageAttributes": ATTRIBUTES}],
    },
    "aws-sdk:s3:putObject": {"Bucket": "bucket", "Key": "k", "Body": "x", "Metadata": {"a": "b"}, "Expires": 0},
    "aws-sdk:eventbridge:putTargets": {"Rule": "r", "Targets": [TARGET]},
    "aws-sdk:sfn:sendTaskSuccess": {"TaskToken": "x", "Output": "{}"},
}


def variants(value):
    """A value with each of its parts, itself among them, replaced by each of the odd ones."""
    yield from ODD
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        for variant in variants(member):
            copy = value.copy()
            copy[key] = variant
            yield copy


@pytest.mark.parametrize("resource", FITTING)
def test_a_task_ends_whatever_its_parameters_are(workflows, resource):
    machine = workflows.machine(computed(resource), "EXPRESS")

    for given in variants(FITTING[resource]):
        ended = workflows.client.start_sync_execution(stateMachineArn=machine, input=json.dumps(given))
        assert ended["status"] in ("SUCCEEDED", "FAILED"), given


def put_events(**entry):
    return task("events:putEvents", {"Entries": [{"Source": "mine", "DetailType": "t", "Detail": {}, **entry}]})


@pytest.mark.parametrize("moment", ["2023-11-14T22:13:20Z", 1_700_000_000])
def test_events_have_the_time_that_they_are_given(workflows, aws, queue, moment):
    events = aws("events")
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["mine"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": queue.arn}])

    workflows.output(put_events(Time=moment))

    assert json.loads(queue.receive()[0])["time"] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("entry", [{"Time": "soon"}, {"Time": 1e30}, {"Resources": "arn"}])
def test_what_an_event_cannot_have_is_refused_by_eventbridge(workflows, entry):
    ended = workflows.run(put_events(**entry))

    assert (ended["status"], ended["error"]) == ("FAILED", "EventBridge.AmazonCloudWatchEventsException")


def test_a_message_has_attributes_of_every_type(workflows, aws, queue):
    attributes = {
        "text": {"DataType": "String", "StringValue": "a"},
        "bytes": {"DataType": "Binary", "BinaryValue": "b"},
    }
    states = send(queue)
    states["T"]["Parameters"]["MessageAttributes"] = attributes

    workflows.output(states)

    sent = aws("sqs").receive_message(QueueUrl=queue.url, MessageAttributeNames=["All"])["Messages"][0]
    assert sent["MessageAttributes"]["text"]["StringValue"] == "a"
    assert sent["MessageAttributes"]["bytes"]["BinaryValue"] == b"b"


@pytest.mark.parametrize(
    "role", ["nobody", 5, "arn:aws:sqs:us-east-1:000000000000:q", "arn:aws:iam::000000000000:user/u"]
)
def test_credentials_that_name_no_role_fail_the_execution(workflows, aws, queue, role):
    states = send(queue, "$.role", Credentials={"RoleArn.$": "$.role"})

    ended = workflows.run(states, {"role": role})

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert f"is not the ARN of a role: {json.dumps(role)}" in ended["cause"]
    shown = aws("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessages"])
    assert shown["Attributes"] == {"ApproximateNumberOfMessages": "0"}


def test_a_message_is_published(workflows, aws, queue):
    topic = aws("sns").create_topic(Name="t")["TopicArn"]
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes={"RawMessageDelivery": "true"})

    output = workflows.output(task("sns:publish", {"TopicArn": topic, "Message.$": "$"}), {"n": 1})

    assert queue.receive() == ['{"n":1}']
    assert output["MessageId"]


def test_an_unknown_topic_is_named_as_sns_names_it(workflows, aws):
    topic = f"arn:aws:sns:us-east-1:{aws.account}:none"

    ended = workflows.run(task("sns:publish", {"TopicArn": topic, "Message": "x"}))

    assert ended["error"] == "SNS.NotFoundException"
    assert ended["cause"].startswith(
        "Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound;"
    )


@pytest.mark.parametrize(
    ("resource", "given", "problems"),
    [
        ("sqs:sendMessage", {"Urgent": True}, 'The field "Urgent" is not supported by Step Functions'),
        (
            "sqs:sendMessage",
            {"MessageAttributes": {"n": {"Kind": "String"}}},
            'The field "Kind" is not supported by Step Functions',
        ),
        ("events:putEvents", {"Entries": [{"Odd": 1}]}, 'The field "Odd" is not supported by Step Functions'),
        ("lambda:invoke", {"Odd": 1}, 'The field "Odd" is not supported by Step Functions'),
        ("states:startExecution", {}, 'The field "StateMachineArn" is required but was missing'),
        (
            "aws-sdk:sqs:deleteQueue",
            {"Force": True, "queueUrl": "u"},
            'The field "Force" is not supported by Step Functions, The field "queueUrl" is not supported by '
            "Step Functions",
        ),
    ],
)
def test_parameters_that_an_api_does_not_have_fail_the_execution(workflows, resource, given, problems):
    ended = workflows.run(computed(resource), given)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    shown = json.dumps(given, separators=(",", ":"))
    assert ended["cause"] == (
        "An error occurred while executing the state 'T' (entered at the event id #2). "
        f"The Parameters '{shown}' could not be used to start the Task: [{problems}]"
    )


@pytest.mark.parametrize("resource", ["bedrock:invokeModel", "aws-sdk:rekognition:detectFaces"])
def test_an_integration_that_is_not_emulated_fails_and_is_named(workflows, resource):
    ended = workflows.run(task(resource, {}))

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert resource in ended["cause"]
    assert ended["cause"].endswith(
        " A mock configuration can answer for it (workflows/mocks.json, or SFN_MOCK_CONFIG)."
    )


def test_parameters_that_are_no_object_fail_the_task(workflows):
    ended = workflows.run(task("sqs:sendMessage", InputPath="$.text"), {"text": "hello"})

    assert ended["error"] == "States.Runtime"
    assert "must be a JSON object" in ended["cause"]


def test_the_sdk_calls_any_operation_by_its_own_names(workflows, aws, queue):
    states = task("aws-sdk:sqs:getQueueAttributes", {"QueueUrl": queue.url, "AttributeNames": ["QueueArn"]})

    assert workflows.output(states) == {"Attributes": {"QueueArn": queue.arn}}


def test_the_sdk_names_members_in_upper_case_and_moments_as_text(workflows, aws):
    machine = workflows.machine({"P": {"Type": "Pass", "End": True}})

    output = workflows.output(task("aws-sdk:sfn:describeStateMachine", {"StateMachineArn": machine}))

    assert (output["StateMachineArn"], output["Status"]) == (machine, "ACTIVE")
    assert output["CreationDate"].endswith("Z")


def test_an_object_is_read_as_text_and_its_metadata_keeps_its_names(workflows, aws):
    s3 = aws("s3")
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k", Body=b'{"a":1}', Metadata={"author": "x"})
    read = task("aws-sdk:s3:getObject", {"Bucket": "bucket", "Key": "k"})

    output = workflows.output(read)

    assert (output["Body"], output["Metadata"]) == ('{"a":1}', {"author": "x"})
    assert output["LastModified"].endswith("Z")
    assert "." not in output["LastModified"]
    assert workflows.output(task("aws-sdk:s3:getObject", {"Bucket": "bucket", "Key": "k", "Range": "bytes=0-1"})) == {
        **output,
        "Body": '{"',
        "ContentLength": 2,
        "ContentRange": "bytes 0-1/7",
    }


def test_a_listing_without_objects_has_no_contents(workflows, aws):
    aws("s3").create_bucket(Bucket="bucket")

    output = workflows.output(task("aws-sdk:s3:listObjectsV2", {"Bucket": "bucket"}))

    assert "Contents" not in output
    assert output["KeyCount"] == 0


@pytest.mark.parametrize(
    ("resource", "parameters", "error"),
    [
        ("s3:getObject", {"Bucket": "bucket", "Key": "none"}, "S3.NoSuchKeyException"),
        ("s3:listObjectsV2", {"Bucket": "none"}, "S3.NoSuchBucketException"),
        ("sqs:getQueueUrl", {"QueueName": "none"}, "Sqs.QueueDoesNotExistException"),
        ("sqs:createQueue", {"QueueName": "a b"}, "Sqs.SqsException"),
        ("sns:getTopicAttributes", {"TopicArn": "arn:aws:sns:us-east-1:1:none"}, "Sns.NotFoundException"),
        ("eventbridge:describeRule", {"Name": "none"}, "EventBridge.ResourceNotFoundException"),
        ("lambda:getFunction", {"FunctionName": "none"}, "Lambda.ResourceNotFoundException"),
        ("cloudwatchlogs:deleteLogGroup", {"LogGroupName": "n"}, "CloudWatchLogs.ResourceNotFoundException"),
        ("iam:getRole", {"RoleName": "none"}, "Iam.NoSuchEntityException"),
    ],
)
def test_the_errors_of_every_service_are_named(workflows, aws, resource, parameters, error):
    aws("s3").create_bucket(Bucket="bucket")

    assert workflows.run(task(f"aws-sdk:{resource}", parameters))["error"] == error


def test_an_error_of_the_sdk_is_named_as_the_java_sdk_names_it(workflows):
    ended = workflows.run(task("aws-sdk:sfn:sendTaskFailure", {"TaskToken": "x"}))

    assert ended["error"] == "Sfn.InvalidTokenException"
    assert ended["cause"].startswith("Invalid Token: 'Invalid token' (Service: Sfn, Status Code: 400, Request ID: ")
    assert ended["cause"].endswith(") (SDK Attempt Count: 1)")


def test_a_long_poll_of_the_sdk_is_answered_when_something_comes(workflows, aws, queue):
    execution = workflows.start(
        workflows.machine(task("aws-sdk:sqs:receiveMessage", {"QueueUrl": queue.url, "WaitTimeSeconds": 20}))
    )
    workflows.settle()
    aws("sqs").send_message(QueueUrl=queue.url, MessageBody="hello")

    ended = workflows.end(execution)

    assert [message["Body"] for message in json.loads(ended["output"])["Messages"]] == ["hello"]


def test_a_long_poll_of_the_sdk_ends_empty(workflows, queue):
    ended = workflows.run(task("aws-sdk:sqs:receiveMessage", {"QueueUrl": queue.url, "WaitTimeSeconds": 20}))

    assert "Messages" not in json.loads(ended["output"])
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() == pytest.approx(20, abs=5)


def test_a_task_that_fails_leaves_no_half_of_its_call_behind(workflows, aws, queue):
    entries = [{"Id": "a", "MessageBody": "x"}, {"Id": "a", "MessageBody": "y"}]

    ended = workflows.run(task("aws-sdk:sqs:sendMessageBatch", {"QueueUrl": queue.url, "Entries": entries}))

    assert ended["error"] == "Sqs.BatchEntryIdsNotDistinctException"
    shown = aws("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=["ApproximateNumberOfMessages"])
    assert shown["Attributes"] == {"ApproximateNumberOfMessages": "0"}


def test_an_execution_may_stop_itself(workflows):
    states = task("aws-sdk:sfn:stopExecution", {"ExecutionArn.$": "$$.Execution.Id", "Error": "Enough"})
    del states["T"]["End"]
    states["T"]["Next"] = "W"

    ended = workflows.run({**states, "W": {"Type": "Wait", "Seconds": 60, "End": True}})

    assert (ended["status"], ended["error"]) == ("ABORTED", "Enough")


HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"


@pytest.mark.parametrize("resource", ["sqs:sendMessage", "aws-sdk:sqs:sendMessage"])
def test_the_trace_header_of_a_start_goes_on_with_what_its_tasks_send(workflows, aws, queue, resource):
    first = task("states:startExecution.sync:2", {"StateMachineArn.$": "$.inner", "Input": {}})
    inner = workflows.machine(task(resource, {"QueueUrl": queue.url, "MessageBody": "x"}))

    execution = workflows.start(workflows.machine(first), {"inner": inner}, traceHeader=HEADER)

    workflows.end(execution)
    sent = aws("sqs").receive_message(QueueUrl=queue.url, AttributeNames=["AWSTraceHeader"])["Messages"][0]
    assert sent["Attributes"]["AWSTraceHeader"] == HEADER
    assert workflows.client.describe_execution(executionArn=execution)["traceHeader"] == HEADER


def test_the_trace_header_of_a_request_comes_before_that_of_its_parameter(workflows, aws, queue):
    machine = workflows.machine(send(queue))
    workflows.client = aws.own("stepfunctions")
    workflows.client.meta.events.register_first(
        "before-send.stepfunctions.StartExecution",
        lambda request, **_: request.headers.update({"X-Amzn-Trace-Id": "Root=1-11111111-of"}),
    )

    workflows.end(workflows.start(machine))
    workflows.end(workflows.start(machine, traceHeader=HEADER))

    shown = [
        message["Attributes"]["AWSTraceHeader"]
        for _ in range(2)
        for message in aws("sqs").receive_message(QueueUrl=queue.url, AttributeNames=["All"])["Messages"]
    ]
    assert shown == ["Root=1-11111111-of"] * 2
