"""The tour with boto3: `environment`, `endpoint_url` or `localstack` (README.md beside this file)."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import localstack_client.session
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ["TOUR_URL"]
FOLDER = Path(os.environ["TOUR_FOLDER"])
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/tour"
VISITED = "arn:aws:iam::444455556666:role/visited"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]})

Make = Callable[..., Any]


def by_environment(service: str, **given: Any) -> Any:
    """A client that is told nothing: `stepwell env` has said it all."""
    return boto3.client(service, **given)


def by_endpoint_url(service: str, **given: Any) -> Any:
    keys = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "any"}
    settings = Config(inject_host_prefix=False)
    return boto3.client(service, endpoint_url=URL, region_name="us-east-1", **{"config": settings} | keys | given)


def by_localstack(service: str, **given: Any) -> Any:
    """A session of LocalStack's own client; it takes keys, LOCALSTACK_HOST says where it looks."""
    session = localstack_client.session.Session(aws_access_key_id=given.get("aws_access_key_id", ACCOUNT))
    if "aws_session_token" not in given:
        return session.client(service, config=given.get("config", Config(inject_host_prefix=False)))
    return session.client(service, aws_session_token=given["aws_session_token"])


def code(call: Callable[..., Any], **given: Any) -> str:
    try:
        call(**given)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "no error"


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + 30
    while not (answer := found()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
    return answer


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def identities(client: Make) -> None:
    sts = client("sts")
    print("sts account", sts.get_caller_identity()["Account"])
    assumed = sts.assume_role(RoleArn=VISITED, RoleSessionName="tour")
    print("sts assumed", assumed["AssumedRoleUser"]["Arn"])
    issued = {
        "aws_access_key_id": assumed["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": assumed["Credentials"]["SecretAccessKey"],
        "aws_session_token": assumed["Credentials"]["SessionToken"],
    }
    print("sts issued keys are", client("sts", **issued).get_caller_identity()["Account"])
    url = client("sqs", **issued).create_queue(QueueName="visited")["QueueUrl"]
    print("sts queue made in", url.split("/")[3])
    print("sts own queues", len(client("sqs").list_queues().get("QueueUrls", [])))

    iam = client("iam")
    iam.create_role(RoleName="tour", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="tour", PolicyName="inline", PolicyDocument=POLICY)
    role = iam.get_role(RoleName="tour")["Role"]
    trusted = role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"]
    names = iam.list_role_policies(RoleName="tour")["PolicyNames"]
    print("iam", role["Arn"], "trusts", trusted, "has", *names)
    print("iam error", code(iam.get_role, RoleName="nobody"))


def queues(client: Make) -> str:
    sqs = client("sqs")
    url = str(sqs.create_queue(QueueName="tour", Attributes={"VisibilityTimeout": "60"})["QueueUrl"])
    print("sqs same url", sqs.get_queue_url(QueueName="tour")["QueueUrl"] == url)
    colour = {"colour": {"DataType": "String", "StringValue": "red"}}
    sqs.send_message(QueueUrl=url, MessageBody="héllo", MessageAttributes=colour)
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"])["Messages"][0]
    print("sqs received", message["Body"], message["MessageAttributes"]["colour"]["StringValue"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    entries = [
        {"Id": "a", "MessageBody": "1"},
        {"Id": "b", "MessageBody": "2", "DelaySeconds": 901},
        {"Id": "c", "MessageBody": "3"},
    ]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    refused = sent["Failed"][0]
    print("sqs batch sent", *[entry["Id"] for entry in sent["Successful"]], "refused", refused["Id"], refused["Code"])
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    print("sqs has", told["ApproximateNumberOfMessages"], "visible after", told["VisibilityTimeout"])
    sqs.purge_queue(QueueUrl=url)
    print("sqs left", len(sqs.receive_message(QueueUrl=url).get("Messages", [])))
    print("sqs error", code(sqs.get_queue_url, QueueName="nowhere"))
    return url


def take(sqs: Any, url: str) -> str:
    """The body of the next message, which is deleted."""
    message = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return str(message["Body"])


def messages(client: Make, url: str) -> None:
    sqs, sns, events = client("sqs"), client("sns"), client("events")
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="tour")["TopicArn"]
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": compact({"colour": ["red"]})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)
    for text, colour in (("first", "blue"), ("second", "red")):
        value = {"colour": {"DataType": "String", "StringValue": colour}}
        sns.publish(TopicArn=topic, Message=text, MessageAttributes=value)
    print("sns delivered", take(sqs, url))
    print("sns error", code(sns.get_topic_attributes, TopicArn=f"{topic}-not"))

    pattern = compact({"source": ["tour"], "detail": {"n": [{"numeric": [">", 1]}]}})
    rule = events.put_rule(Name="tour", EventPattern=pattern)["RuleArn"]
    events.put_targets(Rule="tour", Targets=[{"Id": "queue", "Arn": queue, "InputPath": "$.detail"}])
    entries = [{"Source": "tour", "DetailType": "step", "Detail": compact({"n": n})} for n in (1, 2)]
    put = events.put_events(Entries=entries)
    print("events", rule.rpartition(":")[2], "failed", put["FailedEntryCount"], "delivered", take(sqs, url))
    print("events error", code(events.describe_rule, Name="nowhere"))


def objects(client: Make) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="tour")
    s3.put_object(Bucket="tour", Key="a/hello.txt", Body=b"hello", ContentType="text/plain", Metadata={"made": "here"})
    found = s3.get_object(Bucket="tour", Key="a/hello.txt")
    print("s3 read", found["Body"].read().decode(), found["ContentType"], found["Metadata"]["made"], found["ETag"])
    part = s3.get_object(Bucket="tour", Key="a/hello.txt", Range="bytes=1-3")
    print("s3 range", part["Body"].read().decode(), part["ContentRange"])
    with (FOLDER / "function.zip").open("rb") as stream:
        s3.put_object(Bucket="tour", Key="streamed", Body=stream, ChecksumAlgorithm="SHA256")
    same = s3.get_object(Bucket="tour", Key="streamed")["Body"].read() == (FOLDER / "function.zip").read_bytes()
    print("s3 streamed", same)
    s3.upload_file(str(FOLDER / "large.bin"), "tour", "large.bin")
    large = s3.head_object(Bucket="tour", Key="large.bin")
    print("s3 multipart", large["ContentLength"], large["ETag"].strip('"').rpartition("-")[2], "parts")
    s3.download_file("tour", "large.bin", str(FOLDER / "large.back"))
    print("s3 back", (FOLDER / "large.back").read_bytes() == (FOLDER / "large.bin").read_bytes())
    s3.copy_object(Bucket="tour", Key="b/copy of é.txt", CopySource={"Bucket": "tour", "Key": "a/hello.txt"})
    listed = s3.list_objects_v2(Bucket="tour", Delimiter="/")
    folders = [prefix["Prefix"] for prefix in listed["CommonPrefixes"]]
    print("s3 listed", *folders, *[entry["Key"] for entry in listed["Contents"]])
    signed = s3.generate_presigned_url("get_object", Params={"Bucket": "tour", "Key": "b/copy of é.txt"})
    print("s3 presigned get", urllib.request.urlopen(signed).read().decode())
    signed = s3.generate_presigned_url("put_object", Params={"Bucket": "tour", "Key": "presigned"})
    urllib.request.urlopen(urllib.request.Request(signed, b"by a link", {"Content-Type": ""}, method="PUT"))
    print("s3 presigned put", s3.get_object(Bucket="tour", Key="presigned")["Body"].read().decode())
    hosted = virtual_host_client(client)
    print("s3 virtual host", hosted.get_object(Bucket="tour", Key="a/hello.txt")["Body"].read().decode())
    print("s3 error", code(s3.get_object, Bucket="tour", Key="nowhere"), code(s3.list_objects_v2, Bucket="nowhere"))
    keys = [{"Key": entry["Key"]} for entry in s3.list_objects_v2(Bucket="tour")["Contents"]]
    print("s3 deleted", len(s3.delete_objects(Bucket="tour", Delete={"Objects": keys})["Deleted"]))
    s3.delete_bucket(Bucket="tour")


def virtual_host_client(client: Make) -> Any:
    """A client that puts the bucket before the host; the emulator is its proxy, so no name need be resolved."""
    proxied = Config(s3={"addressing_style": "virtual"}, proxies={"http": URL})
    return boto3.client(
        "s3",
        endpoint_url=f"http://s3.localhost:{urlsplit(URL).port}",
        region_name="us-east-1",
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="any",
        config=proxied,
    )


def functions(client: Make) -> str:
    functions, logs = client("lambda"), client("logs")
    made = functions.create_function(
        FunctionName="double",
        Runtime="python3.13",
        Role=ROLE,
        Handler="function.handler",
        Code={"ZipFile": (FOLDER / "function.zip").read_bytes()},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="double")
    answer = functions.invoke(FunctionName="double", Payload=b'{"n":21}', LogType="Tail")
    print("lambda answered", compact(json.load(answer["Payload"])), "logged", "LogResult" in answer)
    failed = functions.invoke(FunctionName="double", Payload=b"{}")
    print("lambda failed", failed["FunctionError"], json.load(failed["Payload"])["errorType"])
    later = functions.invoke(FunctionName="double", Payload=b'{"n":1}', InvocationType="Event")
    print("lambda queued", later["StatusCode"])
    print("lambda error", code(functions.invoke, FunctionName="nowhere"))

    group = "/aws/lambda/double"
    until(lambda: logs.filter_log_events(logGroupName=group, filterPattern='"doubling 1"')["events"])
    print("logs group", logs.describe_log_groups(logGroupNamePrefix="/aws/lambda")["logGroups"][0]["logGroupName"])
    logs.create_log_group(logGroupName="tour")
    logs.create_log_stream(logGroupName="tour", logStreamName="one")
    now = int(time.time() * 1000)
    lines = [{"timestamp": now, "message": "all is well"}, {"timestamp": now, "message": "ERROR one"}]
    logs.put_log_events(logGroupName="tour", logStreamName="one", logEvents=lines)
    found = logs.filter_log_events(logGroupName="tour", filterPattern="ERROR")["events"]
    print("logs found", *[event["message"] for event in found])
    missing = code(logs.describe_log_streams, logGroupName="nowhere")
    print("logs error", missing)
    return str(made["FunctionArn"])


def workflows(client: Make, function: str) -> None:
    states = client("stepfunctions")
    task = {"Type": "Task", "Resource": function, "End": True}
    definition = compact({"StartAt": "Double", "States": {"Double": task}})
    machine = states.create_state_machine(name="tour", definition=definition, roleArn=ROLE)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, name="one", input='{"n":4}')["executionArn"]
    ended = until(lambda: finished(states.describe_execution(executionArn=execution)))
    print("states", ended["status"], ended["output"])
    history = states.get_execution_history(executionArn=execution)["events"]
    print("states history", history[0]["type"], history[-1]["type"])
    quick = states.create_state_machine(name="quick", definition=definition, roleArn=ROLE, type="EXPRESS")
    sync = states.start_sync_execution(stateMachineArn=quick["stateMachineArn"], input='{"n":5}')
    print("states sync", sync["status"], sync["output"])
    passing = compact({"Type": "Pass", "Result": {"tested": True}, "End": True})
    tested = states.test_state(definition=passing, roleArn=ROLE, input="{}")
    print("states tested", tested["status"], tested["output"])
    print("states error", code(states.describe_execution, executionArn=f"{execution}-not"))


def finished(execution: dict[str, Any]) -> dict[str, Any] | None:
    return None if execution["status"] == "RUNNING" else execution


def main(client: Make) -> None:
    identities(client)
    url = queues(client)
    messages(client, url)
    objects(client)
    workflows(client, functions(client))


main({"environment": by_environment, "endpoint_url": by_endpoint_url, "localstack": by_localstack}[sys.argv[1]])
