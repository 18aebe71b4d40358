"""Real clients, each on the same tour over every service (clients/README.md): all must see the same."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from emulator.cli import env

pytestmark = pytest.mark.slow  # each starts processes of its own

CLIENTS = Path(__file__).parent / "clients"
ACCOUNT = "111122223333"
PATIENCE = 600
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "STEPWELL_", "LOCALSTACK"))}

FUNCTION = """
def handler(event, context):
    print("doubling", event.get("n"))
    return {"doubled": event["n"] * 2}
"""

SEEN = """\
sts account 111122223333
sts assumed arn:aws:sts::444455556666:assumed-role/visited/tour
sts issued keys are 444455556666
sts queue made in 444455556666
sts own queues 0
iam arn:aws:iam::111122223333:role/tour trusts lambda.amazonaws.com has inline
iam error NoSuchEntity
sqs same url True
sqs received héllo red
sqs batch sent a c refused b InvalidParameterValue
sqs has 2 visible after 60
sqs left 0
sqs error AWS.SimpleQueueService.NonExistentQueue
sns delivered second
sns error NotFound
events rule/tour failed 0 delivered {"n":2}
events error ResourceNotFoundException
s3 read hello text/plain here "5d41402abc4b2a76b9719d911017c592"
s3 range ell bytes 1-3/5
s3 streamed True
s3 multipart 9437184 2 parts
s3 back True
s3 listed a/ b/ large.bin streamed
s3 presigned get hello
s3 presigned put by a link
s3 virtual host hello
s3 error NoSuchKey NoSuchBucket
s3 deleted 5
lambda answered {"doubled":42} logged True
lambda failed Unhandled KeyError
lambda queued 202
lambda error ResourceNotFoundException
logs group /aws/lambda/double
logs found ERROR one
logs error ResourceNotFoundException
states SUCCEEDED {"doubled":8}
states history ExecutionStarted ExecutionSucceeded
states sync SUCCEEDED {"doubled":10}
states tested SUCCEEDED {"tested":true}
states error ExecutionDoesNotExist
"""

Tour = Callable[..., str]


def in_ci() -> bool:
    return os.environ.get("CI", "") not in ("", "0", "false")


def installed(name: str, *files: str, install: Callable[[Path], None]) -> Path:
    """A folder of this user's cache with the clients that `files` ask for; made in CI, else it must be there."""
    wanted = hashlib.sha256(b"".join((CLIENTS / file).read_bytes() for file in files)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stepwell-tests"
    folder = cache / f"{name}-{wanted}"
    whole = folder / "whole"
    if not whole.exists() and not in_ci():
        pytest.skip(f"{folder} is not there; with CI=1 this test makes it, from the registry of the client")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as lock:  # tests may run in several processes
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            install(folder)
            whole.touch()
    return folder


def run(*command: object, cwd: Path, environment: dict[str, str]) -> str:
    """What a program printed, which must succeed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def install_command_lines(folder: Path) -> None:
    """`aws` and `awslocal`: packages beside an interpreter of their own, which they would else fight over with ours."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder, environment=dict(os.environ))
    pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input"]
    run(*pip, "--requirement", CLIENTS / "requirements.txt", cwd=folder, environment=dict(os.environ))


def install_javascript(folder: Path) -> None:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(CLIENTS / file, folder)
    run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=folder, environment=dict(os.environ))


@pytest.fixture
def tour(up: Callable[..., Any], tmp_path: Path) -> Tour:
    """Runs a program of a tour against an emulator of its own: what it printed."""
    running = up()
    folder = tmp_path / "tour"
    (folder / "home").mkdir(parents=True)
    with zipfile.ZipFile(folder / "function.zip", "w") as archive:
        archive.writestr("function.py", FUNCTION)
    (folder / "large.bin").write_bytes(os.urandom(9 * 2**20))

    def start(*command: object, without: tuple[str, ...] = (), **given: str) -> str:
        variables = env.variables(running.url, ACCOUNT, "us-east-1")
        told = {name: value for name, value in variables.items() if name not in without}
        if "localstack" in given:
            told["LOCALSTACK_HOST"] = given.pop("localstack") + f":{urlsplit(running.url).port}"
        ours = {"TOUR_URL": running.url, "TOUR_FOLDER": str(folder), "HOME": str(folder / "home")}
        return run(*command, cwd=folder, environment=CLEAN | told | ours | given)

    return start


def test_boto3_by_the_environment(tour: Tour) -> None:
    assert tour(sys.executable, CLIENTS / "tour_boto3.py", "environment") == SEEN


def test_containers_are_waited_for_by_their_last_line(up: Callable[..., Any]) -> None:
    assert up().screen.endswith("\nReady.\n")


def test_queue_urls_have_the_public_address_where_one_is_set(up: Callable[..., Any], project: Path) -> None:
    (project / "stepwell.toml").write_text('[stepwell]\npublic_url = "http://stepwell.test:4566"\n')
    sqs = up().aws("sqs")

    url = sqs.create_queue(QueueName="q")["QueueUrl"]

    assert url == "http://stepwell.test:4566/000000000000/q"
    assert sqs.list_queues()["QueueUrls"] == [url]
    sqs.send_message(QueueUrl=url, MessageBody="hello")
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"


BY_ITSELF = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DISABLE_HOST_PREFIX_INJECTION")


def test_boto3_by_endpoint_url(tour: Tour) -> None:
    assert tour(sys.executable, CLIENTS / "tour_boto3.py", "endpoint_url", without=BY_ITSELF) == SEEN


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_session_of_localstack_client(tour: Tour, host: str) -> None:
    program = CLIENTS / "tour_boto3.py"

    assert tour(sys.executable, program, "localstack", without=BY_ITSELF, localstack=host) == SEEN


@pytest.mark.slow
@pytest.mark.timeout(2 * PATIENCE)
def test_the_aws_cli(tour: Tour) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl, which fetches the links, is not here")
    clients = installed("cli", "requirements.txt", install=install_command_lines)
    path = f"{clients / 'venv' / 'bin'}:{os.environ['PATH']}"

    assert tour(CLIENTS / "tour_aws.sh", "aws", PATH=path) == SEEN


@pytest.mark.slow
@pytest.mark.timeout(2 * PATIENCE)
def test_awslocal(tour: Tour) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl, which fetches the links, is not here")
    clients = installed("cli", "requirements.txt", install=install_command_lines)
    path = f"{clients / 'venv' / 'bin'}:{os.environ['PATH']}"

    seen = tour(CLIENTS / "tour_aws.sh", "awslocal", without=("AWS_ENDPOINT_URL",), localstack="127.0.0.1", PATH=path)

    assert seen == SEEN


@pytest.mark.slow
@pytest.mark.timeout(2 * PATIENCE)
def test_the_javascript_sdk(tour: Tour) -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not here")
    clients = installed("javascript", "package.json", "package-lock.json", install=install_javascript)
    # A module finds packages beside itself and above.
    program = Path(shutil.copy(CLIENTS / "tour.mjs", clients))

    assert tour("node", program) == SEEN
