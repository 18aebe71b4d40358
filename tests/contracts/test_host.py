"""The function host, against real processes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import runpy
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import EmulatorError
from emulator.host import Answer, Function, Host

_PROCESSES = runpy.run_path(str(Path(__file__).with_name("processes.py")))
is_alive, wait_for_end = _PROCESSES["is_alive"], _PROCESSES["wait_for_end"]

Scenario = Callable[[Host], Awaitable[None]]


def function(code: Path, handler: str = "app.handler", **changes: Any) -> Function:
    settings: dict[str, Any] = {
        "key": f"{handler} 1",
        "name": "f",
        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "version": "$LATEST",
        "handler": handler,
        "code": code,
        "runtime": "python3.13",
        "environment": {},
        "timeout_seconds": 10.0,
        "memory_mb": 256,
        "log_group": "/aws/lambda/f",
        "region": "eu-west-1",
        "account": "123456789012",
    }
    return Function(**{**settings, **changes})


def code(folder: Path, text: str) -> Path:
    (folder / "app.py").write_text(text)
    return folder


def start(host: Host, subject: Function, event: Any = None, **options: Any) -> asyncio.Future[Answer]:
    future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    host.invoke(subject, json.dumps(event).encode(), done=future.set_result, **{"request_id": "r-1", **options})
    return future


def play(scenario: Scenario, **settings: Any) -> None:
    async def whole() -> None:
        host = Host(**settings)
        await host.start()
        try:
            await scenario(host)
        finally:
            await host.close()

    asyncio.run(whole())


def invoke_once(subject: Function, event: Any = None, **options: Any) -> Answer:
    answers: list[Answer] = []

    async def scenario(host: Host) -> None:
        answers.append(await start(host, subject, event, **options))

    play(scenario)
    return answers[0]


def texts(answer: Answer) -> list[str]:
    return [line.text for line in answer.logs]


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


def test_a_raised_exception_becomes_an_error_document(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    raise KeyError('x')\n")

    answer = invoke_once(function(folder))

    assert answer.error == "Unhandled"
    document = json.loads(answer.payload)
    assert list(document) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert [document["errorMessage"], document["errorType"], document["requestId"]] == [
        "'x'",
        "KeyError",
        "r-1",
    ]
    assert len(document["stackTrace"]) == 1
    assert document["stackTrace"][0].startswith(f'  File "{folder}/app.py", line 2, in handler\n    raise')
    assert texts(answer)[2].startswith("[ERROR] KeyError: 'x'\nTraceback (most recent call last):\n\xa0\xa0File ")


@pytest.mark.parametrize(
    ("text", "handler", "error_type", "message"),
    [
        (
            "import absent\n",
            "app.handler",
            "Runtime.ImportModuleError",
            "module 'app': No module named 'absent'",
        ),
        ("", "other.handler", "Runtime.ImportModuleError", "Unable to import module 'other'"),
        ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("def (\n", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': "),
        ("", "app", "Runtime.MalformedHandlerName", "Bad handler 'app': not enough values to unpack"),
        (
            "",
            "sys.exit",
            "Runtime.BuiltInModuleConflict",
            "Cannot use built-in module sys as a handler module",
        ),
        ("raise Exception('Runtime startup fails')\n", "app.handler", "Exception", "Runtime startup fails"),
    ],
)
def test_a_handler_that_cannot_be_loaded_is_an_error_without_a_request_id(
    tmp_path: Path, text: str, handler: str, error_type: str, message: str
) -> None:
    answer = invoke_once(function(code(tmp_path, text), handler))

    document = json.loads(answer.payload)
    assert document["errorType"] == error_type
    assert message in document["errorMessage"]
    assert document["requestId"] == ""
    assert answer.error == "Unhandled"
    assert texts(answer)[1].startswith(f"[ERROR] {error_type}: ")


def test_each_of_many_invocations_of_a_broken_function_fails(tmp_path: Path) -> None:
    broken = function(code(tmp_path, "import absent\n"))

    async def scenario(host: Host) -> None:
        answers = await asyncio.gather(*[start(host, broken) for _ in range(9)])

        assert [answer.error for answer in answers] == ["Unhandled"] * 9

    play(scenario)


def test_a_result_without_a_json_form_is_a_marshal_error(tmp_path: Path) -> None:
    answer = invoke_once(function(code(tmp_path, "def handler(event, context):\n    return {1, 2}\n")))

    assert json.loads(answer.payload) == {
        "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
        "errorType": "Runtime.MarshalError",
        "requestId": "r-1",
        "stackTrace": [],
    }


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("sys.exit(1)", "Runtime exited with error: exit status 1"),
        ("sys.exit('sorry')", "Runtime exited with error: exit status 1"),
        ("os._exit(127)", "Runtime exited with error: exit status 127"),
        ("sys.exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
    ],
)
@pytest.mark.parametrize("place", ["handler", "import"])
def test_a_process_that_ends_early_is_an_exit_error(tmp_path: Path, statement: str, message: str, place: str) -> None:
    body = "import os, sys\n" + (statement if place == "import" else "")
    body += "\ndef handler(event, context):\n    " + statement + "\n"

    answer = invoke_once(function(code(tmp_path, body)))

    assert json.loads(answer.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: r-1 Error: {message}",
    }
    assert "\tStatus: error\tError Type: Runtime.ExitError\n" in texts(answer)[-1]


def test_the_log_has_every_line_in_order_between_start_and_report(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import logging, os, subprocess, sys\n"
        "print('loading')\n"
        "def handler(event, context):\n"
        "    print('multi\\nline')\n"
        "    logging.getLogger().warning('one event\\nof two lines')\n"
        "    sys.stderr.write('error\\n')\n"
        "    os.write(1, b'raw\\n')\n"
        "    subprocess.run(['echo', 'child'])\n"
        "    logging.info('below the level')\n"
        "    print('no newline', end='')\n",
    )

    answer = invoke_once(function(folder))

    lines = texts(answer)
    assert lines[0].startswith("INIT_START Runtime Version: python:3.13.")
    assert lines[1:5] == ["loading\n", "START RequestId: r-1 Version: $LATEST\n", "multi\n", "line\n"]
    record = r"\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tr-1\tone event\nof two lines\n"
    assert re.fullmatch(record, lines[5])
    assert lines[6:11] == ["error\n", "raw\n", "child\n", "no newline\n", "END RequestId: r-1\n"]
    assert re.fullmatch(
        r"REPORT RequestId: r-1\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
        r"Max Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n",
        lines[11],
    )
    assert len(lines) == 12
    assert answer.logs == sorted(answer.logs, key=lambda line: line.at_us)


def test_the_json_log_format_writes_one_object_per_record(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import logging\ndef handler(event, context):\n    logging.getLogger('shop').info('sold', extra={'n': 2})\n",
    )
    variables = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}

    answer = invoke_once(function(folder, environment=variables))

    record = json.loads(texts(answer)[2])
    del record["timestamp"]
    assert record == {"level": "INFO", "message": "sold", "logger": "shop", "requestId": "r-1", "n": 2}


def test_megabytes_of_output_neither_block_the_function_nor_reach_the_frames(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os\ndef handler(event, context):\n    for n in range(30000): print('x' * 99)\n"
        "    os.write(1, bytes(range(256)))\n    return 'fine'\n",
    )

    answer = invoke_once(function(folder))

    assert answer.payload == b'"fine"'
    assert texts(answer).count("x" * 99 + "\n") == 30000


def test_the_time_limit_ends_the_process_and_everything_it_started(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, subprocess, time\n"
        "def handler(event, context):\n"
        "    inside = subprocess.Popen(['sleep', '600'])\n"
        "    hidden = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "    print(os.getpid(), inside.pid, hidden.pid)\n"
        "    time.sleep(600)\n",
    )

    async def scenario(host: Host) -> None:
        answer = await start(host, function(folder, timeout_seconds=0.5))

        assert json.loads(answer.payload) == {
            "errorType": "Sandbox.Timedout",
            "errorMessage": "RequestId: r-1 Error: Task timed out after 0.50 seconds",
        }
        assert answer.error == "Unhandled"
        assert 500 <= answer.duration_ms < 1500
        lines = texts(answer)
        assert re.fullmatch(r"[-\dT:.]+Z r-1 Task timed out after 0.50 seconds\n", lines[-3])
        assert lines[-1].endswith("\tStatus: timeout\n")
        pids = [int(pid) for pid in lines[2].split()]
        assert [pid for pid in pids if not wait_for_end(pid)] == []

    play(scenario)


def test_a_function_that_ignores_signals_is_ended_as_well(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "def handler(event, context):\n    while True: pass\n",
    )

    answer = invoke_once(function(folder, timeout_seconds=0.2))

    assert json.loads(answer.payload)["errorType"] == "Sandbox.Timedout"


def test_after_a_time_out_the_function_gets_a_new_worker(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import time\ncalls = []\ndef handler(event, context):\n    calls.append(1)\n"
        "    if event: time.sleep(600)\n    return len(calls)\n",
    )

    async def scenario(host: Host) -> None:
        subject = function(folder, timeout_seconds=0.3)
        await start(host, subject, False)
        await start(host, subject, True)

        answer = await start(host, subject, False)

        assert answer.payload == b"1"
        assert answer.init_ms is not None

    play(scenario)


def test_a_slow_function_does_not_block_another(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = f"def slow(event, context):\n    return open({str(gate)!r}).read()\n"
    folder = code(tmp_path, text + "def quick(event, context):\n    return 1\n")

    async def scenario(host: Host) -> None:
        slow = [start(host, function(folder, "app.slow"), request_id=f"s-{n}") for n in range(6)]
        quick = await start(host, function(folder, "app.quick"), request_id="q")

        assert quick.payload == b"1"
        assert sorted(host.running()) == [f"s-{n}" for n in range(6)]
        assert not any(future.done() for future in slow)

    play(scenario, workers_per_function=4)


def test_invocations_of_one_function_run_at_the_same_time(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = (
        f"def handler(event, context):\n    if event == 'write': open({str(gate)!r}, 'w').write('through')\n"
        f"    else: return open({str(gate)!r}).read()\n"
    )
    folder = code(tmp_path, text)

    async def scenario(host: Host) -> None:
        reader = start(host, function(folder), "read")
        writer = start(host, function(folder), "write")

        assert (await writer).error is None
        assert (await reader).payload == b'"through"'
        assert host.running() == []

    play(scenario)


def test_what_exceeds_the_bounds_waits_and_is_answered(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return event\n")

    async def scenario(host: Host) -> None:
        subjects = [function(folder, key=str(n % 5)) for n in range(40)]
        answers = await asyncio.gather(*[start(host, one, n) for n, one in enumerate(subjects)])

        assert [json.loads(answer.payload) for answer in answers] == list(range(40))

    play(scenario, workers_max=2, workers_per_function=2)


def test_a_function_that_forks_answers_once(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, threading\ndef handler(event, context):\n"
        "    thread = threading.Thread(target=print, args=('thread',))\n    thread.start(); thread.join()\n"
        "    child = os.fork()\n    if child: os.waitpid(child, 0)\n"
        "    return 'parent' if child else 'child'\n",
    )

    async def scenario(host: Host) -> None:
        first = await start(host, function(folder))
        second = await start(host, function(folder))

        assert [first.payload, second.payload] == [b'"parent"', b'"parent"']
        assert "thread\n" in texts(first)

    play(scenario)


def test_a_retired_key_loses_its_idle_workers_and_lets_busy_ones_finish(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    text = f"import os\ndef handler(event, context):\n    if event: open({str(gate)!r}).read()\n"
    text += "    return os.getpid()\n"
    folder = code(tmp_path, text)

    async def scenario(host: Host) -> None:
        busy = start(host, function(folder), True)
        idle = json.loads((await start(host, function(folder), False)).payload)

        host.retire(function(folder).key)

        assert wait_for_end(idle)
        gate.write_text("")
        finished = json.loads((await busy).payload)
        assert wait_for_end(finished)

    play(scenario)


def test_an_idle_worker_ends_after_its_time(tmp_path: Path) -> None:
    folder = code(tmp_path, "import os\ndef handler(event, context):\n    return os.getpid()\n")

    async def scenario(host: Host) -> None:
        pid = json.loads((await start(host, function(folder))).payload)

        assert await asyncio.to_thread(wait_for_end, pid)

    play(scenario, idle_seconds=0.05)


def test_close_ends_workers_and_what_they_started(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, subprocess, time\ndef handler(event, context):\n"
        "    child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "    return [os.getpid(), os.getppid(), child.pid]\n"
        "def slow(event, context):\n    time.sleep(600)\n",
    )
    pids: list[int] = []

    async def scenario(host: Host) -> None:
        start(host, function(folder, "app.slow"))
        pids.extend(json.loads((await start(host, function(folder))).payload))

    play(scenario)

    assert len(pids) == 3
    assert [pid for pid in pids if is_alive(pid)] == []


_VICTIM = """
import asyncio, json, sys
from pathlib import Path
from emulator.host import Function, Host

async def main():
    host = Host()
    await host.start()
    settings = json.loads(sys.argv[1])
    subject = Function(**{**settings, "code": Path(settings["code"])})
    answered = asyncio.get_running_loop().create_future()
    host.invoke(subject, b'"pids"', request_id="1", done=answered.set_result)
    answer = await answered
    host.invoke(subject, b'"spin"', request_id="2", done=lambda _: None)
    print(answer.payload.decode(), flush=True)
    await asyncio.get_running_loop().create_future()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_no_process_survives_when_the_emulator_is_killed(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, subprocess\ndef handler(event, context):\n"
        "    if event == 'spin':\n        while True: pass\n"
        "    child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "    return [os.getpid(), os.getppid(), child.pid]\n",
    )
    subject = function(folder, timeout_seconds=600)
    told = [name for name in subject.__dataclass_fields__ if name not in ("layers", "logging")]
    settings = json.dumps({name: getattr(subject, name) for name in told}, default=str)

    with subprocess.Popen([sys.executable, "-c", _VICTIM, settings], stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        pids = json.loads(victim.stdout.readline())
        victim.send_signal(signal.SIGKILL)

    assert [pid for pid in pids if not wait_for_end(pid)] == []


def test_when_the_zygote_dies_its_invocations_fail_and_the_next_one_works(tmp_path: Path) -> None:
    folder = code(
        tmp_path,
        "import os, time\ndef handler(event, context):\n"
        "    if event: os.kill(os.getppid(), 9); time.sleep(600)\n"
        "    return 'well'\n",
    )

    async def scenario(host: Host) -> None:
        answer = await start(host, function(folder), True)

        assert json.loads(answer.payload)["errorMessage"].endswith("Runtime exited with error: signal: killed")
        assert (await start(host, function(folder), False)).payload == b'"well"'

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


def test_the_host_runs_on_uvloop(tmp_path: Path) -> None:
    uvloop = pytest.importorskip("uvloop")
    folder = code(tmp_path, "import time\ndef handler(event, context):\n    time.sleep(event)\n    return event\n")

    async def scenario() -> None:
        host = Host()
        await host.start()
        answers = await asyncio.gather(*[start(host, function(folder), 0) for _ in range(20)])
        late = await start(host, function(folder, key="late", timeout_seconds=0.2), 600)
        await host.close()

        assert [answer.payload for answer in answers] == [b"0"] * 20
        assert json.loads(late.payload)["errorType"] == "Sandbox.Timedout"

    uvloop.run(scenario())


def test_nothing_runs_before_the_first_invocation() -> None:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text()

    async def scenario(host: Host) -> None:
        assert host.running() == []
        assert children.read_text() == before

    play(scenario)


@pytest.mark.parametrize(
    ("runtime", "supported"),
    [
        ("python3.9", True),
        ("python3.15", True),
        ("nodejs24.x", False),
        ("python2.7", False),
        ("provided.al2", False),
    ],
)
def test_every_python_3_is_supported_and_nothing_else(runtime: str, supported: bool) -> None:
    assert Host.supports(runtime) is supported


def test_an_unsupported_runtime_or_a_missing_interpreter_is_a_clear_error(tmp_path: Path) -> None:
    async def scenario(host: Host) -> None:
        with pytest.raises(EmulatorError, match="cannot run java25"):
            start(host, function(tmp_path, runtime="java25"))
        with pytest.raises(EmulatorError, match="cannot start /nowhere/python"):
            start(host, function(tmp_path))

    play(scenario, python="/nowhere/python")


def test_when_no_process_can_be_started_the_invocation_is_refused(tmp_path: Path) -> None:
    folder = code(tmp_path, "def handler(event, context):\n    return 1\n")

    async def scenario(host: Host) -> None:
        await start(host, function(folder, key="warm"))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        used = len(os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(used, soft), hard))
        try:
            with pytest.raises(EmulatorError, match=r"cannot start a worker for f: .*Too many open files"):
                start(host, function(folder, key="new"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

        assert host.running() == []
        assert (await start(host, function(folder, key="new"))).payload == b"1"

    play(scenario)
