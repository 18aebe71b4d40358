from __future__ import annotations

import base64
import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/lambda"
ECHO = "def handler(event, context):\n    return event\n"


def _result(aws, name="f"):
    return json.loads(aws("lambda").invoke(FunctionName=name)["Payload"].read())


def test_a_new_function_has_the_defaults(aws, zipped):
    archive = zipped(index=ECHO)

    made = aws("lambda").create_function(
        FunctionName="f", Runtime="python3.12", Handler="index.handler", Role=ROLE, Code={"ZipFile": archive}
    )

    assert made.pop("ResponseMetadata")["HTTPStatusCode"] == 201
    assert made.pop("RevisionId")
    assert made.pop("LastModified").endswith("+0000")
    assert made.pop("RuntimeVersionConfig")["RuntimeVersionArn"].startswith("arn:aws:lambda:us-east-1::runtime:")
    assert made == {
        "FunctionName": "f",
        "FunctionArn": f"arn:aws:lambda:us-east-1:{aws.account}:function:f",
        "Runtime": "python3.12",
        "Role": ROLE,
        "Handler": "index.handler",
        "CodeSize": len(archive),
        "CodeSha256": base64.b64encode(hashlib.sha256(archive).digest()).decode(),
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "Version": "$LATEST",
        "TracingConfig": {"Mode": "PassThrough"},
        "State": "Pending",
        "StateReason": "The function is being created.",
        "StateReasonCode": "Creating",
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"},
    }


def test_a_function_is_described_with_its_tags_and_its_code(aws, create):
    create(ECHO, Tags={"team": "a"})

    found = aws("lambda").get_function(FunctionName="f")

    assert found["Tags"] == {"team": "a"}
    location = found["Code"]["Location"]
    assert zipfile.ZipFile(location.removeprefix("file://")).namelist() == ["index.py"]


def test_two_functions_cannot_have_one_name(aws, create):
    create(ECHO)

    with pytest.raises(ClientError) as caught:
        create(ECHO)

    assert caught.value.response["Error"]["Code"] == "ResourceConflictException"
    assert caught.value.response["Error"]["Message"] == "Function already exist: f"


def test_other_code_is_run_from_the_next_invocation_on(aws, create, zipped):
    made = create("def handler(event, context):\n    return 1\n")
    first = _result(aws)

    changed = aws("lambda").update_function_code(
        FunctionName="f", ZipFile=zipped(index="def handler(event, context):\n    return 2\n")
    )

    assert (first, _result(aws)) == (1, 2)
    assert changed["CodeSha256"] != made["CodeSha256"]
    assert changed["RevisionId"] != made["RevisionId"]


def test_other_variables_are_seen_from_the_next_invocation_on(aws, create):
    create(
        "import os\n\n\ndef handler(event, context):\n    return os.environ['COLOUR']\n",
        Environment={"Variables": {"COLOUR": "red"}},
    )
    first = _result(aws)

    aws("lambda").update_function_configuration(
        FunctionName="f", Environment={"Variables": {"COLOUR": "blue"}}, Timeout=7
    )

    assert (first, _result(aws)) == ("red", "blue")
    assert aws("lambda").get_function_configuration(FunctionName="f")["Timeout"] == 7


def test_a_function_finds_the_emulator_in_its_environment(aws, create, running):
    create("import os\n\n\ndef handler(event, context):\n    return dict(os.environ)\n")

    found = _result(aws)

    assert found["AWS_ENDPOINT_URL"] == running.url
    assert f"http://{found['LOCALSTACK_HOSTNAME']}:{found['EDGE_PORT']}" == running.url
    assert found["AWS_ACCESS_KEY_ID"] == aws.account
    assert found["AWS_REGION"] == "us-east-1"


def test_a_function_can_call_the_emulator(aws, create):
    create(
        "import boto3\n\n\ndef handler(event, context):\n"
        "    return boto3.client('sqs').create_queue(QueueName='made')['QueueUrl']\n",
        Timeout=30,
    )

    url = _result(aws)

    assert url.endswith(f"/{aws.account}/made")
    assert aws("sqs").list_queues()["QueueUrls"] == [url]


def test_a_change_for_another_revision_is_refused(aws, create, refusal_and_status):
    create(ECHO)

    refused = refusal_and_status(
        aws("lambda").update_function_configuration, FunctionName="f", Timeout=4, RevisionId="other"
    )

    assert refused == (
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. "
        "Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        412,
    )


def test_a_deleted_function_is_not_found(aws, create, refusal_and_status):
    create(ECHO)

    aws("lambda").delete_function(FunctionName="f")

    refused = refusal_and_status(aws("lambda").get_function, FunctionName="f")
    assert refused == (
        "ResourceNotFoundException",
        f"Function not found: arn:aws:lambda:us-east-1:{aws.account}:function:f",
        404,
    )


def test_functions_are_listed_in_pages(aws, create):
    for name in ("a", "b", "c"):
        create(ECHO, name)

    first = aws("lambda").list_functions(MaxItems=2)
    second = aws("lambda").list_functions(Marker=first["NextMarker"])

    names = [each["FunctionName"] for each in (*first["Functions"], *second["Functions"])]
    assert names == ["a", "b", "c"]
    assert "NextMarker" not in second


@pytest.mark.parametrize("marker", ["x", "²"])
def test_a_marker_of_no_page_is_refused(aws, create, marker, refusal_and_status):
    create(ECHO)

    refused = [
        refusal_and_status(aws("lambda").list_versions_by_function, FunctionName="f", Marker=marker)[::2],
        refusal_and_status(aws("lambda").list_functions, FunctionVersion="ALL", Marker=marker)[::2],
    ]

    assert refused == [("InvalidParameterValueException", 400)] * 2


def test_a_function_of_another_runtime_is_kept_but_cannot_be_invoked(aws, create, refusal_and_status):
    create(ECHO, Runtime="nodejs22.x")

    refused = refusal_and_status(aws("lambda").invoke, FunctionName="f")

    assert refused == (
        "InvalidRuntimeException",
        "Stepwell runs functions of Python 3 only: f has the runtime nodejs22.x.",
        502,
    )


def test_what_is_no_archive_is_refused(aws, create, refusal_and_status):
    refused = refusal_and_status(create, source="", Code={"ZipFile": b"no archive"})

    assert refused == (
        "InvalidParameterValueException",
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
        400,
    )


@pytest.mark.parametrize("name", ["../outside.py", "/outside.py", "a/../../outside.py"])
def test_an_archive_cannot_write_outside_its_folder(aws, create, name, refusal_and_status):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(name, "")

    refused = refusal_and_status(create, source="", Code={"ZipFile": written.getvalue()})

    assert refused[0] == "InvalidParameterValueException"
    assert refusal_and_status(aws("lambda").get_function, FunctionName="f")[2] == 404


def test_an_archive_cannot_bring_a_link(aws, create, refusal_and_status):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        link = zipfile.ZipInfo("index.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    refused = refusal_and_status(create, source="", Code={"ZipFile": written.getvalue()})

    assert refused[0] == "InvalidParameterValueException"


def test_variables_of_the_runtime_cannot_be_set(aws, create, refusal_and_status):
    refused = refusal_and_status(create, source=ECHO, Environment={"Variables": {"AWS_REGION": "x"}})

    assert refused[0] == "InvalidParameterValueException"
    assert refused[1].endswith("Reserved keys used in this request: AWS_REGION")


def test_code_comes_from_a_bucket(aws, create, zipped):
    aws("s3").create_bucket(Bucket="code")
    aws("s3").put_object(Bucket="code", Key="f.zip", Body=zipped(index=ECHO))

    create("", Code={"S3Bucket": "code", "S3Key": "f.zip"})

    assert _result(aws) == {}


def test_code_that_is_not_in_the_bucket_is_refused(aws, create, refusal_and_status):
    aws("s3").create_bucket(Bucket="code")

    refused = refusal_and_status(create, source="", Code={"S3Bucket": "code", "S3Key": "f.zip"})

    assert refused == (
        "InvalidParameterValueException",
        "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
        400,
    )


def test_code_in_a_folder_is_run_as_it_lies(aws, running, tmp_path: Path):
    (tmp_path / "index.py").write_text("def handler(event, context):\n    return __file__\n")
    wanted = {
        "FunctionName": "f",
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": ROLE,
        "Code": {"Folder": str(tmp_path)},
    }
    call = running.emulator.call

    made = call("lambda", "CreateFunction", wanted, account=aws.account)

    assert _result(aws) == str(tmp_path / "index.py")
    (tmp_path / "index.py").write_text("def handler(event, context):\n    return 'changed'\n")
    update = {"FunctionName": "f", "Folder": str(tmp_path)}
    changed = call("lambda", "UpdateFunctionCode", update, account=aws.account)
    assert _result(aws) == "changed"
    assert changed["CodeSha256"] != made["CodeSha256"]
