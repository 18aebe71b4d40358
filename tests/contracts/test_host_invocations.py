"""What a function is given, and what it answers, in a real process."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from emulator.host import Answer, Host
from tests.contracts.hosting import code, function, invoke_once, play, start


def test_a_function_answers_with_what_its_handler_returns(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return {'got': event, 'text': 'é'}\n")

    answer = invoke_once(function(folder), {"a": [1, 2.5, None]})

    assert answer.error is None
    assert answer.payload == '{"got": {"a": [1, 2.5, null]}, "text": "é"}'.encode()
    assert answer.request_id == "r-1"
    assert answer.billed_ms >= answer.duration_ms > 0
    assert 0 < answer.max_memory_mb < 100


def test_runtimes_before_python_3_12_escape_characters_beyond_ascii(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return 'é'\n")

    answer = invoke_once(function(folder, runtime="python3.11"))

    assert answer.payload == b'"\\u00e9"'


def test_an_empty_payload_is_an_empty_event(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return event\n")

    async def scenario(host: Host) -> None:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        host.invoke(function(folder), b"", request_id="r", done=future.set_result)
        assert (await future).payload == b"{}"

    play(scenario)


def test_payloads_of_several_mebibytes_go_both_ways(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return event\n")

    answer = invoke_once(function(folder), "x" * 5_000_000)

    assert json.loads(answer.payload) == "x" * 5_000_000


def test_a_response_over_the_limit_is_an_error(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return 'x' * 6_291_556\n")

    answer = invoke_once(function(folder))

    assert answer.error == "Unhandled"
    assert json.loads(answer.payload) == {
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        "errorType": "Function.ResponseSizeTooLarge",
    }


def test_only_the_first_invocation_of_a_worker_has_an_init_duration(tmp_path: Path) -> None:
    folder = code(tmp_path, "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)\n")

    async def scenario(host: Host) -> None:
        first = await start(host, function(folder))
        second = await start(host, function(folder), request_id="r-2")

        assert first.init_ms is not None
        assert second.init_ms is None
        assert second.payload == b"2"
        assert second.log_stream == first.log_stream
        assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", first.log_stream)

    play(scenario)


def test_the_context_tells_about_the_invocation(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "def handler(event, context):\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    c = context.client_context\n"
        "    return [context.aws_request_id, context.function_name, context.function_version,\n"
        "            context.invoked_function_arn, context.memory_limit_in_mb, context.log_group_name,\n"
        "            len(context.log_stream_name) > 40, 8000 < left <= 10000, c.custom, c.env,\n"
        "            c.client.app_title, context.identity.cognito_identity_id]\n",
    )
    client = '{"custom": {"foo": "bar"}, "env": {"x": "y"}, "client": {"app_title": "T"}}'

    answer = invoke_once(function(folder), client_context=client)

    assert json.loads(answer.payload) == [
        "r-1",
        "f",
        "$LATEST",
        "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "256",
        "/aws/lambda/f",
        True,
        True,
        {"foo": "bar"},
        {"x": "y"},
        "T",
        None,
    ]


def test_the_invoked_arn_may_differ_between_invocations_of_one_worker(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return context.invoked_function_arn\n")

    async def scenario(host: Host) -> None:
        first = await start(host, function(folder, arn="arn:one"))
        second = await start(host, function(folder, arn="arn:one:alias"))

        assert [first.payload, second.payload] == [b'"arn:one"', b'"arn:one:alias"']

    play(scenario)


def test_a_function_sees_lambda_variables_its_own_and_those_of_the_host_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_EMULATOR", "1")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    folder = code(tmp_path, "import os\ndef handler(event, context):\n    return dict(os.environ)\n")
    subject = function(folder, environment={"COLOUR": "red", "_HANDLER": "ignored"})
    seen: dict[str, str] = {}

    async def scenario(host: Host) -> None:
        seen.update(json.loads((await start(host, subject)).payload))

    play(scenario, environment={"AWS_ENDPOINT_URL": "http://localhost:4566"})

    assert set(seen) - {"HOME", "PATH"} == {
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_XRAY_CONTEXT_MISSING",
        "COLOUR",
        "LAMBDA_TASK_ROOT",
        "LANG",
        "PWD",
        "TZ",
        "_HANDLER",
    }
    assert seen["AWS_ACCESS_KEY_ID"] == "123456789012"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert seen["_HANDLER"] == "app.handler"
    assert seen["AWS_ENDPOINT_URL"] == "http://localhost:4566"


def test_workers_of_two_functions_share_nothing(tmp_path: Path) -> None:
    text = "import os\nos.environ['LEFT'] = '1'\ndef handler(event, context):\n    return os.getcwd()\n"
    other = "import os\ndef handler(event, context):\n    return [os.environ.get('LEFT'), os.getcwd()]\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    async def scenario(host: Host) -> None:
        await start(host, function(code(tmp_path / "a", text), key="a"))
        answer = await start(host, function(code(tmp_path / "b", other), key="b"))

        assert json.loads(answer.payload) == [None, str(tmp_path / "b")]

    play(scenario)


def test_a_function_may_bring_its_own_aws_sdk(tmp_path: Path) -> None:
    users, owner = tmp_path / "users", tmp_path / "owner"
    users.mkdir()
    owner.mkdir()
    (owner / "boto3.py").write_text("__version__ = 'own'\n")
    text = "import sys\nloaded = 'boto3' in sys.modules\nimport boto3\n"
    text += "def handler(event, context):\n    return [loaded, boto3.__version__]\n"

    async def scenario(host: Host) -> None:
        first = json.loads((await start(host, function(code(users, text), key="1"))).payload)
        second = json.loads((await start(host, function(users, key="2"))).payload)
        own = json.loads((await start(host, function(code(owner, text), key="3"))).payload)

        assert first[0] is False
        assert second == [True, first[1]]  # the zygote has it by now
        assert own == [False, "own"]

    play(scenario)
