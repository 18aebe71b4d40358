"""Code of functions between its upload and its end."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import select
import zipfile
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    return event\n"
PID = "import os\n\n\ndef handler(event, context):\n    return os.getpid()\n"


def _large(source: str) -> bytes:
    """An archive that is too large to be unpacked at once."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("handler.py", source)
        archive.writestr("weight", os.urandom(200_000))
    return written.getvalue()


def _settle(aws) -> None:
    assert aws("stepwell").wait_until(NothingPending=True, TimeoutSeconds=0)["Reached"]


def _folder(running, archive: bytes) -> Path:
    return running.config.data.resolve() / "functions" / hashlib.sha256(archive).hexdigest()


def test_large_code_is_unpacked_by_a_thread(made, client, invoked):
    archive = _large(ECHO)

    created = made(Code={"ZipFile": archive})
    changed = client.update_function_code(
        FunctionName="f", ZipFile=_large("def handler(event, context):\n    return 2\n")
    )

    assert created["CodeSha256"] == base64.b64encode(hashlib.sha256(archive).digest()).decode()
    assert changed["CodeSize"] > 200_000
    assert invoked()["Payload"] == "2"


def test_large_code_that_is_no_archive_is_refused(made, client):
    with pytest.raises(ClientError) as caught:
        made(Code={"ZipFile": bytes(200_000)})

    assert caught.value.response["Error"]["Message"].startswith("Could not unzip uploaded file.")
    assert client.list_functions()["Functions"] == []


def test_code_that_nobody_has_any_more_is_removed(aws, running, client, made):
    archives = [_large(ECHO), _large(ECHO)]
    made("f", Code={"ZipFile": archives[0]})
    made("g", Code={"ZipFile": archives[0]})
    client.publish_version(FunctionName="f")
    client.update_function_code(FunctionName="f", ZipFile=archives[1])
    client.delete_function(FunctionName="g")
    _settle(aws)
    first, second = (_folder(running, archive) for archive in archives)
    kept = first.is_dir()

    client.delete_function(FunctionName="f", Qualifier="1")
    _settle(aws)
    after_version = (first.exists(), second.is_dir())
    client.delete_function(FunctionName="f")
    _settle(aws)

    assert kept
    assert after_version == (False, True)
    assert [path for path in (first, second, first.with_name(f"{first.name}.zip")) if path.exists()] == []


def test_the_code_of_a_deleted_layer_stays_while_a_function_has_it(aws, running, client, made):
    archive = _large("")
    layer = client.publish_layer_version(LayerName="l", Content={"ZipFile": archive})["LayerVersionArn"]
    made(Layers=[layer])
    client.delete_layer_version(LayerName="l", VersionNumber=1)
    _settle(aws)
    kept = _folder(running, archive).is_dir()

    client.update_function_configuration(FunctionName="f", Layers=[])
    _settle(aws)

    assert kept
    assert not _folder(running, archive).exists()


def test_code_is_there_again_after_it_was_removed(aws, client, made, invoked):
    archive = _large(ECHO)
    for _ in range(2):
        made(Code={"ZipFile": archive})
        assert invoked(payload={"a": 1})["Payload"] == {"a": 1}
        client.delete_function(FunctionName="f")
        _settle(aws)


@pytest.mark.parametrize("change", ["configuration", "code", "deletion"])
def test_the_workers_of_what_is_no_more_end(aws, client, made, invoked, zipped, change):
    made(source=PID)
    pid = int(invoked()["Payload"])
    ended = os.pidfd_open(pid)

    if change == "configuration":
        client.update_function_configuration(FunctionName="f", Timeout=7)
    elif change == "code":
        client.update_function_code(FunctionName="f", ZipFile=zipped(handler=ECHO))
    else:
        client.delete_function(FunctionName="f")

    _settle(aws)
    assert _readable(ended)


def _readable(descriptor: int) -> bool:
    """Whether a process has ended, within five seconds."""
    try:
        return bool(select.select([descriptor], [], [], 5.0)[0])
    finally:
        os.close(descriptor)


def test_reserved_concurrency_is_free_again_after_an_invocation(client, made, invoked):
    made(source=ECHO)
    client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)

    answers = [invoked(payload={"n": n})["Payload"] for n in range(3)]

    assert json.dumps(answers) == '[{"n": 0}, {"n": 1}, {"n": 2}]'
