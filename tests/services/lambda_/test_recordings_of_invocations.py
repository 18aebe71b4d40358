"""Invocations, held against what AWS answered."""

import base64
import json

import pytest

NOTHING = "def handler(event, context):\n    pass\n"
ECHO = "def handler(event, context):\n    return event\n"
# Members that the oldest recordings do not have.
OF_2023 = ("LoggingConfig", "RuntimeVersionConfig", "SnapStart")


@pytest.mark.recording("lambda", "aws/services/lambda_/test_lambda.py::TestLambdaFeatures::test_invoke_exceptions")
def test_a_function_that_is_not_there_cannot_be_invoked(client, recorded, error_of):
    error = error_of(client.invoke, FunctionName="doesnotexist")

    recorded.agree(invoke_function_doesnotexist=error)


@pytest.mark.recording("lambda", "TestLambdaFeatures::test_basic_invoke")
def test_functions_are_created_and_invoked(client, made, invoked, recorded):
    said = {"Runtime": "python3.9", "Handler": "index.handler", "Timeout": None, "Environment": None}
    first, second = made("f", **said), made("g", **said)

    recorded.agree(
        newer=OF_2023,
        lambda_create_fn=first,
        lambda_create_fn_2=second,
        lambda_get_fn=client.get_function(FunctionName="f"),
        lambda_get_fn_2=client.get_function(FunctionName="g"),
        lambda_invoke_result=invoked(),
    )


@pytest.mark.recording(
    "lambda",
    "TestLambdaFeatures::test_invocation_type_dry_run[python3.9]",
    "TestLambdaFeatures::test_invocation_type_dry_run[python3.10]",
    "TestLambdaFeatures::test_invocation_type_request_response[python3.9]",
    "TestLambdaFeatures::test_invocation_type_request_response[python3.10]",
)
def test_a_function_is_run_or_only_asked_for(made, invoked, recorded):
    for runtime in ("python3.9", "python3.10"):
        name = runtime.replace(".", "_")
        made(name, Runtime=runtime)

        dry, real = invoked(name, InvocationType="DryRun"), invoked(name, InvocationType="RequestResponse")

        recorded.agree(f"TestLambdaFeatures::test_invocation_type_dry_run[{runtime}]", invoke_result=dry)
        recorded.agree(f"TestLambdaFeatures::test_invocation_type_request_response[{runtime}]", invoke_result=real)


@pytest.mark.recording(
    "lambda",
    "TestLambdaFeatures::test_invocation_type_no_return_payload[python-Event]",
    "TestLambdaFeatures::test_invocation_type_no_return_payload[python-RequestResponse]",
)
def test_a_function_that_returns_nothing(made, invoked, recorded):
    made(source=NOTHING)

    for kind in ("Event", "RequestResponse"):
        situation = f"TestLambdaFeatures::test_invocation_type_no_return_payload[python-{kind}]"
        recorded.agree(situation, invoke_result=invoked(payload={}, InvocationType=kind))


@pytest.mark.recording("lambda", "TestLambdaFeatures::test_upload_lambda_from_s3")
def test_code_from_a_bucket_sees_its_context(aws, client, zipped, invoked, recorded):
    source = """
NAMES = ("invoked_function_arn", "function_version", "function_name", "memory_limit_in_mb", "aws_request_id")
NAMES += ("log_group_name", "log_stream_name", "client_context")


def handler(event, context):
    return {"event": event, "context": {name: getattr(context, name) for name in NAMES}}
"""
    aws("s3").create_bucket(Bucket="code")
    aws("s3").put_object(Bucket="code", Key="f.zip", Body=zipped(handler=source))
    created = client.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="handler.handler",
        Role="arn:aws:iam::000000000000:role/lambda",
        Code={"S3Bucket": "code", "S3Key": "f.zip"},
        Timeout=10,
    )

    answer = invoked(payload={"foo": "bar with 'quotes\""})

    assert answer["Payload"]["context"].pop("client_context") is None
    recorded.agree(creation_response=created, invocation_response=answer)


@pytest.mark.recording("lambda", "TestLambdaFeatures::test_lambda_with_context")
def test_a_client_context_reaches_the_function(made, invoked, recorded):
    source = """
def handler(event, context):
    seen = {"functionVersion": context.function_version, "functionName": context.function_name}
    seen |= {"memoryLimitInMB": context.memory_limit_in_mb, "invokedFunctionArn": context.invoked_function_arn}
    seen |= {"logGroupName": context.log_group_name, "logStreamName": context.log_stream_name}
    told = context.client_context
    seen |= {"awsRequestId": context.aws_request_id, "clientContext": {"custom": told.custom, "env": told.env}}
    return {"context": seen}
"""
    created = made("kept", Runtime="nodejs16.x", Handler="lambda_integration.handler")
    made(source=source)
    expected = recorded()["invocation"]["Payload"]["context"]
    told = base64.b64encode(json.dumps(expected["clientContext"]).encode()).decode()

    answer = invoked(ClientContext=told)

    del expected["callbackWaitsForEmptyEventLoop"]  # of Node.js alone
    del expected["clientContext"]["client"]  # Python shows a client's known members only
    recorded.agree(newer=OF_2023, creation=created, invocation=answer)


@pytest.mark.recording("lambda", "TestLambdaBaseFeatures::test_lambda_too_large_response")
def test_a_response_can_be_too_large(made, invoked, recorded):
    made(source="def handler(event, context):\n    return 'x' * (6 * 1024 * 1024 + 100)\n")

    recorded.agree(invoke_result=invoked(), invoke_result_2=invoked())


@pytest.mark.recording(
    "lambda",
    "TestLambdaBaseFeatures::test_lambda_large_response",
    "TestLambdaBaseFeatures::test_large_payloads",
)
def test_payloads_of_five_megabytes_come_and_go(made, invoked, recorded):
    made(source=ECHO)
    text = "x" * (5 * 1024 * 1024)

    answer = invoked(payload={"large": text})

    assert answer["Payload"] == {"large": text}


@pytest.mark.recording("lambda", "TestLambdaBehavior::test_lambda_cache_local[python]")
def test_a_process_serves_several_invocations(made, invoked, recorded):
    made(source="counts = []\n\n\ndef handler(e, c):\n    counts.append(1)\n    return {'counter': len(counts) - 1}\n")

    recorded.agree(first_invoke_result=invoked(), second_invoke_result=invoked())


@pytest.mark.recording("lambda", "TestLambdaBehavior::test_lambda_invoke_no_timeout")
def test_a_function_has_its_time(made, invoked, recorded):
    created = made(source="import time\n\n\ndef handler(event, context):\n    time.sleep(0.01)\n", Timeout=2)

    recorded.agree(create_result=created, invoke_result=invoked())


@pytest.mark.recording("lambda", "TestLambdaBehavior::test_mixed_architecture")
def test_the_architecture_can_be_changed(client, made, zipped, recorded):
    created = made()
    changed = client.update_function_code(FunctionName="f", ZipFile=zipped(handler=ECHO), Architectures=["arm64"])

    recorded.agree(create_function_response=created, update_function_code_response=changed)


@pytest.mark.recording("lambda", "TestLambdaErrors::test_lambda_runtime_error")
def test_a_module_that_raises_as_it_is_loaded(made, invoked, recorded):
    made(source='raise Exception("Runtime startup fails")\n', Handler="lambda_runtime_error.handler")

    answer = invoked()

    theirs = recorded()["invocation_error"]["Payload"].pop("stackTrace")
    ours = answer["Payload"].pop("stackTrace")
    assert ours[-1].partition("lambda_runtime_error.py")[2] == theirs[-1].partition("lambda_runtime_error.py")[2]
    recorded.agree(invocation_error=answer)


@pytest.mark.recording("lambda", "TestLambdaErrors::test_lambda_runtime_exit")
def test_a_function_that_ends_its_process(made, invoked, recorded):
    made(source="import os\n\n\ndef handler(event, context):\n    os._exit(0)\n")

    recorded.agree(invocation_error=invoked())


@pytest.mark.recording("lambda", "TestLambdaBaseFeatures::test_lambda_different_iam_keys_environment")
def test_a_function_has_keys_of_its_own(made, invoked, recorded):
    source = "import os\n\n\ndef handler(e, c):\n    return {k: os.environ[k] for k in os.environ if 'KEY' in k}\n"
    created = made(source=source)

    recorded.agree(create_result=created)
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= invoked()["Payload"].keys()


@pytest.mark.recording("lambda", "TestRequestIdHandling::test_request_id_async_invoke_with_retry")
def test_an_event_keeps_its_id_when_it_is_tried_again(aws, made, invoked, recorded):
    made(source="def handler(event, context):\n    raise Exception('no')\n")
    answer = invoked(payload={}, InvocationType="Event")
    aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=61)  # the second retry is later

    found = aws("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"END RequestId"')

    ends = [event["message"].strip() for event in found["events"]]
    recorded.agree(invoke_result=answer, end_messages=ends)
    assert {end.split()[-1] for end in ends} == {answer["ResponseMetadata"]["RequestId"]}


@pytest.mark.recording("lambda", "TestCloudwatchLogs::test_multi_line_prints")
def test_every_line_is_an_event(aws, made, invoked, recorded):
    source = 'def handler(event, context):\n    print("multi\\nline\\nstring")\n    print("another\\rline")\n'
    made(source=source, Runtime="python3.13")
    invoked()

    found = aws("logs").filter_log_events(logGroupName="/aws/lambda/f")

    recorded.agree(log_events=found["events"])


@pytest.mark.recording("lambda", "TestLambdaVersions::test_function_update_during_invoke")
def test_an_invocation_ends_with_the_code_it_began_with(aws, client, made, zipped, invoked, recorded):
    source = """
import os, json, time
import boto3

VARIANT = os.environ["VARIANT"]


def handler(event, context):
    queue = boto3.client("sqs")
    if "gate" in event:
        queue.send_message(QueueUrl=event["began"], MessageBody="began")
        queue.receive_message(QueueUrl=event["gate"], WaitTimeSeconds=20)
    seen = {"function_version": context.function_version, "request_id": context.aws_request_id}
    seen |= {"request_prefix": event["request_prefix"], "function_variant": VARIANT}
    queue.send_message(QueueUrl=event["seen"], MessageBody=json.dumps(seen))
"""
    queues = {name: aws("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("began", "gate", "seen")}
    made(source=source, Environment={"Variables": {"VARIANT": "variant-1"}})
    invoked(payload={**queues, "request_prefix": "1-sleep"}, InvocationType="Event")
    aws("sqs").receive_message(QueueUrl=queues["began"], WaitTimeSeconds=20)

    client.update_function_configuration(FunctionName="f", Environment={"Variables": {"VARIANT": "variant-2"}})
    aws("sqs").send_message(QueueUrl=queues["gate"], MessageBody="go")

    (message,) = aws("sqs").receive_message(QueueUrl=queues["seen"], WaitTimeSeconds=20)["Messages"]
    expected = recorded()["invoke_response_before"]
    seen = {**expected, "Payload": json.loads(message["Body"])}
    recorded.agree(invoke_response_before=seen)


# What is where on a machine of Lambda's, and what a daemon or a runtime there listens to: none of it is here.
MACHINE = {
    *("AWS_LAMBDA_RUNTIME_API", "AWS_SESSION_TOKEN", "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR"),
    *("LAMBDA_TASK_ROOT", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PWD", "PYTHONPATH", "SHLVL"),
    *("_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT", "_LAMBDA_TELEMETRY_LOG_FD"),
}
# What tells a function where the emulator is.
OURS = {"AWS_CONFIG_FILE", "AWS_DISABLE_HOST_PREFIX_INJECTION", "AWS_ENDPOINT_URL", "EDGE_PORT", "HOME"}
OURS |= {"LOCALSTACK_HOSTNAME"}

INSPECTING = """
import os

NAMES = ("aws_request_id", "function_name", "function_version", "invoked_function_arn", "log_group_name")
NAMES += ("log_stream_name", "memory_limit_in_mb")


def handler(event, context):
    seen = {name: getattr(context, name) for name in NAMES}
    seen["remaining_time_in_millis"] = context.get_remaining_time_in_millis()
    return {"ctx": seen, "environment": dict(os.environ), "packages": []}
"""


def _without_machine(seen):
    kept = {name: value for name, value in seen["environment"].items() if name not in MACHINE | OURS}
    return {**seen, "environment": kept}


@pytest.mark.recording(
    "lambda",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.8]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.9]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.10]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.11]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.12]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.13]",
    "TestLambdaRuntimesCommon::test_introspection_invoke[python3.14]",
)
def test_a_function_sees_what_lambda_tells_it(made, invoked, recorded):
    for minor in range(8, 15):
        name, runtime = f"f3_{minor}", f"python3.{minor}"
        variables = {"Variables": {"TEST_KEY": "TEST_VAL"}}
        created = made(name, INSPECTING, Runtime=runtime, MemorySize=1024, Timeout=None, Environment=variables)
        seen = {
            "invocation_result_payload": invoked(name)["Payload"],
            "invocation_result_payload_qualified": invoked(f"{name}:$LATEST")["Payload"],
        }

        situation = f"TestLambdaRuntimesCommon::test_introspection_invoke[{runtime}]"
        for answer in seen:
            recorded(situation)[answer] = _without_machine(recorded(situation)[answer])
        recorded.agree(
            situation,
            create_function_result=created,
            **{answer: _without_machine(value) for answer, value in seen.items()},
        )


@pytest.mark.recording("lambda", "TestLambdaBehavior::test_lambda_init_environment")
def test_a_module_sees_what_lambda_tells_it_as_it_is_loaded(made, invoked, recorded):
    source = (
        "import os\n\nSEEN = dict(os.environ)\n\n\ndef handler(event, context):\n    return {'environment': SEEN}\n"
    )
    created = made(source=source, Runtime="python3.14")

    answer = invoked()

    expected = recorded()["lambda_init_inspection"]
    expected["Payload"] = _without_machine(expected["Payload"])
    del expected["Payload"]["environment"]["_X_AMZN_TRACE_ID"]  # ours is told with each invocation
    answer["Payload"] = _without_machine(answer["Payload"])
    recorded.agree(create_result=created, lambda_init_inspection=answer)


@pytest.mark.recording(
    "lambda",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.8]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.9]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.10]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.11]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.12]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.13]",
    "TestLambdaCallingLocalstack::test_manual_endpoint_injection[python3.14]",
)
def test_a_function_reaches_the_emulator_at_the_address_that_it_is_told(aws, made, invoked, recorded):
    source = """
import os
import boto3

URL = os.environ.get("AWS_ENDPOINT_URL") or f"http://{os.environ['LOCALSTACK_HOSTNAME']}:{os.environ['EDGE_PORT']}"


def handler(event, context):
    client = boto3.client("sts", endpoint_url=URL, region_name=os.environ["AWS_REGION"])
    return {"account": client.get_caller_identity()["Account"]}
"""
    for minor in range(8, 15):
        name = f"f3_{minor}"
        made(name, source, Runtime=f"python3.{minor}")
        assert invoked(name)["Payload"] == {"account": aws.account}


@pytest.mark.recording("lambda", "TestLambdaErrors::test_lambda_runtime_wrapper_not_found")
def test_a_wrapper_that_is_not_there_ends_the_process(made, invoked, recorded):
    made(Environment={"Variables": {"AWS_LAMBDA_EXEC_WRAPPER": "/idontexist.sh"}})

    recorded.agree(invocation_error=invoked())


@pytest.mark.recording("lambda", "TestLambdaVersions::test_async_invoke_queue_upon_function_update")
def test_events_that_wait_are_handled_by_the_code_of_their_turn(aws, client, made, invoked, recorded):
    queues = {name: aws("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("began", "gate", "seen")}
    source = """
import os
import boto3


def handler(event, context):
    queue = boto3.client("sqs")
    if event["request_prefix"] == "01-sleep":
        queue.send_message(QueueUrl=event["began"], MessageBody="began")
        queue.receive_message(QueueUrl=event["gate"], WaitTimeSeconds=20)
    text = event["request_prefix"] + "--" + os.environ["VARIANT"]
    queue.send_message(QueueUrl=event["seen"], MessageBody=text)
"""
    made(source=source, Environment={"Variables": {"VARIANT": "variant-1"}})
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)

    def send(*names):
        for name in names:
            invoked(payload={**queues, "request_prefix": name}, InvocationType="Event")

    send("01-sleep")
    aws("sqs").receive_message(QueueUrl=queues["began"], WaitTimeSeconds=20)
    send(*(f"{number:02}-before" for number in range(2, 11)))
    client.update_function_configuration(FunctionName="f", Environment={"Variables": {"VARIANT": "variant-2"}})
    send(*(f"{number:02}-after" for number in range(11, 16)))
    aws("sqs").send_message(QueueUrl=queues["gate"], MessageBody="go")

    seen = []
    while len(seen) < 15:
        assert aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=3600)["Reached"]
        answer = aws("sqs").receive_message(QueueUrl=queues["seen"], MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer["Messages"]:
            aws("sqs").delete_message(QueueUrl=queues["seen"], ReceiptHandle=message["ReceiptHandle"])
            seen.append(message["Body"])
    recorded.agree(async_invoke_history_sorted=sorted(seen))


@pytest.mark.recording(
    "lambda",
    "TestPythonRuntimes::test_handler_in_submodule[python3.8]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.9]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.10]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.11]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.12]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.13]",
    "TestPythonRuntimes::test_handler_in_submodule[python3.14]",
)
def test_a_handler_may_be_in_a_submodule(client, made, zipped, invoked, recorded):
    code = {"ZipFile": zipped(**{"localstack_package/__init__": "", "localstack_package/main": ECHO})}

    for minor in range(8, 15):
        name = f"f3_{minor}"
        made(name, Code=code, Runtime=f"python3.{minor}", Handler="localstack_package.main.handler")
        assert invoked(name, {"a": 1})["Payload"] == {"a": 1}


@pytest.mark.recording("lambda", "test_lambda_integration_xray.py::test_xray_trace_propagation")
def test_what_a_function_causes_has_the_trace_of_its_cause(aws, running, made, invoked):
    source = """
import boto3


def handler(event, context):
    boto3.client("sqs").create_queue(QueueName="made")
    boto3.client("lambda").invoke(FunctionName="g", InvocationType="Event")
"""
    made("g", source=NOTHING)
    made("f", source=source)
    invoked("f", InvocationType="Event")
    assert aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)["Reached"]

    attempts = aws("stepwell").list_attempts()["Attempts"]

    targets = {each["Target"].rpartition(":")[2]: each["TraceId"] for each in attempts}
    assert targets["f"] == targets["g"]
