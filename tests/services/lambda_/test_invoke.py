from __future__ import annotations

import base64
import json

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    return event\n"


def test_a_function_answers_with_what_its_handler_returns(aws, create):
    create(ECHO)

    answer = aws("lambda").invoke(FunctionName="f", Payload=b'{"a": [1, "\xc3\xa4"]}')

    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read()) == {"a": [1, "ä"]}


def test_an_exception_is_an_unhandled_function_error(aws, create):
    create("def handler(event, context):\n    raise ValueError('no')\n")

    answer = aws("lambda").invoke(FunctionName="f")

    assert answer["StatusCode"] == 200
    assert answer["FunctionError"] == "Unhandled"
    document = json.loads(answer["Payload"].read())
    assert document["errorType"] == "ValueError"
    assert document["errorMessage"] == "no"


def test_the_tail_of_the_log_comes_on_request(aws, create):
    create("def handler(event, context):\n    print('said aloud')\n")

    answer = aws("lambda").invoke(FunctionName="f", LogType="Tail")

    tail = base64.b64decode(answer["LogResult"]).decode()
    assert "said aloud\n" in tail
    assert f"REPORT RequestId: {answer['ResponseMetadata']['RequestId']}" in tail


def test_an_unknown_function_is_not_found(aws):
    with pytest.raises(ClientError) as caught:
        aws("lambda").invoke(FunctionName="none")

    assert caught.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": f"Function not found: arn:aws:lambda:us-east-1:{aws.account}:function:none:$LATEST",
    }
