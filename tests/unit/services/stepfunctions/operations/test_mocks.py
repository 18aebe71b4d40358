"""Mocked results of TestState against the models of the APIs."""

from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.services.stepfunctions.operations.mocks import require_result

START = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution"}
SYNC_2 = {**START, "Resource": f"{START['Resource']}.sync:2"}
ENDED = '"ExecutionArn": "a", "StateMachineArn": "m", "Status": "SUCCEEDED", "StartDate": "d"'
SDK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:sendMessage"}
SEND = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}
LOGS = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:cloudwatchlogs:describeLogGroups"}
AGENT = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:bedrockagent:getAgent"}
PUT = {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents"}


@pytest.mark.parametrize(
    ("state", "text", "mode"),
    [
        (START, '{"ExecutionArn": "a", "StartDate": "d", "SdkHttpMetadata": {}}', "STRICT"),
        (START, "{}", "PRESENT"),
        (START, '{"ExecutionArn": 1}', "NONE"),
        (SYNC_2, '{"Output": "{}"}', "PRESENT"),
        (SYNC_2, f'{{{ENDED}, "Input": "[]"}}', "STRICT"),
        (SYNC_2, '{"Output": {"any": 1}, "StopDate": 1}', "NONE"),
        (SDK, '{"MD5OfMessageBody": 1}', "STRICT"),
        ({**START, "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f"}, "7", "STRICT"),
        ({**START, "Resource": "arn:aws:states:::odd:thing"}, '{"a": 1}', "STRICT"),
    ],
)
def test_a_result_that_looks_like_the_answer_is_taken(state: dict[str, Any], text: str, mode: str) -> None:
    require_result(text, state, mode)


@pytest.mark.parametrize(
    ("state", "text", "mode", "message"),
    [
        (START, "{}", "STRICT", "Required field 'ExecutionArn' is missing"),
        (START, '{"ExecutionArn": 1}', "PRESENT", "Field 'ExecutionArn' must be a string"),
        (PUT, '{"Entries": {}}', "PRESENT", "Field 'Entries' must be an array"),
        (PUT, '{"Entries": ["x"]}', "PRESENT", "Field 'Entries' must be an object"),
        (PUT, '{"FailedEntryCount": "1"}', "STRICT", "Field 'FailedEntryCount' must be a number"),
        (SDK, '{"Md5OfMessageBody": 1}', "STRICT", "Field 'Md5OfMessageBody' must be a string"),
        (SEND, '{"MD5OfMessageBody": 1}', "STRICT", "Field 'MD5OfMessageBody' must be a string"),
        (LOGS, '{"LogGroups": [{"StoredBytes": "1"}]}', "STRICT", "Field 'StoredBytes' must be a number"),
        (AGENT, "{}", "STRICT", "Required field 'Agent' is missing"),
        (SYNC_2, '{"Output": {}}', "STRICT", "Required field 'ExecutionArn' is missing"),
        (SYNC_2, '{"Status": "DONE"}', "PRESENT", "Field 'Status' is not an expected value"),
        (SYNC_2, '{"Output": {"any": 1}}', "PRESENT", "Field 'Output' must be a string"),
        (SYNC_2, '{"StopDate": 1}', "PRESENT", "Field 'StopDate' must be a string"),
        (SYNC_2, '{"Name": ""}', "PRESENT", "Field 'Name' must have length greater than or equal to 1"),
        (SYNC_2, f'{{"Name": "{"n" * 81}"}}', "PRESENT", "Field 'Name' must have length less than or equal to 80"),
    ],
)
def test_a_result_of_another_form_is_refused(state: dict[str, Any], text: str, mode: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        require_result(text, state, mode)

    assert refused.value.message == f"Mock result schema validation error: {message}"
