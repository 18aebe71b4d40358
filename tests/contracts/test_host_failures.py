"""What comes of a function that fails, ends its process or takes too long."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest

from emulator.host import Host
from tests.contracts.hosting import code, function, invoke_once, play, start, texts
from tests.contracts.processes import wait_for_end


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
