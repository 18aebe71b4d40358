"""What Flask serves."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from emulator.clock import SystemClock
from emulator.errors import AwsError
from emulator.front.web import NO_PAGE, make_app


class Answers:
    """Calls that answer every operation alike."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self.answer = answer

    def call(
        self, service: str, operation: str, params: dict[str, Any], *, account: str = "", region: str = ""
    ) -> dict[str, Any]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def client(answer: dict[str, Any] | Exception) -> FlaskClient:
    return make_app(Answers(answer)).test_client()


@pytest.mark.parametrize("answer", [{"Account": "000000000000"}, AwsError("AccessDenied", "no")])
def test_a_house_that_answers_is_healthy(answer: dict[str, Any] | Exception) -> None:
    told = client(answer).get("/_stepwell/health")

    assert told.status_code == 200
    assert told.json is not None
    assert told.json.keys() == {"status", "version", "services"}
    assert told.json["status"] == "ok"
    assert told.json["services"]["sqs"] == "available"


def test_a_house_that_does_not_answer_says_why() -> None:
    told = client(RuntimeError("the store is closed")).get("/_stepwell/health")

    assert told.status_code == 503
    assert told.json is not None
    assert (told.json["status"], told.json["reason"]) == ("failing", "RuntimeError: the store is closed")


def test_tools_made_for_localstack_find_its_health() -> None:
    told = client({}).get("/_localstack/health")

    assert told.status_code == 200
    assert told.json is not None
    assert told.json.keys() == {"services", "edition", "version"}
    assert told.json["edition"] == "community"
    assert client(RuntimeError()).get("/_localstack/health").status_code == 503


def test_a_script_may_look_for_a_service_in_the_text_of_localstacks_health() -> None:
    told = client({}).get("/_localstack/health")

    assert '"sqs": "available"' in told.text
    assert told.content_type == "application/json"


def test_tools_made_for_localstack_find_its_info() -> None:
    an_hour_ago = SystemClock().micros() - 3600 * 10**6

    told = make_app(Answers({}), an_hour_ago).test_client().get("/_localstack/info").json

    assert told is not None
    assert {name: type(value) for name, value in told.items()} == {
        "version": str,
        "edition": str,
        "is_license_activated": bool,
        "session_id": str,
        "machine_id": str,
        "system": str,
        "is_docker": bool,
        "server_time_utc": str,
        "uptime": int,
    }
    assert 3600 <= told["uptime"] < 3660


def test_localstacks_session_stays_the_same() -> None:
    asked = client({})

    first, second = (asked.get("/_localstack/info").json for _ in range(2))

    assert first is not None
    assert second is not None
    assert first["session_id"] == second["session_id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "line"),
    [
        ("GET", "/nowhere", 404, "Nothing is served at GET /nowhere."),
        ("GET", "/", 404, f"Nothing is served at GET /.{NO_PAGE}"),
        ("POST", "/_stepwell/health", 405, "POST /_stepwell/health: Method Not Allowed."),
    ],
)
def test_what_nobody_serves_is_one_line_of_json(method: str, path: str, status: int, line: str) -> None:
    told = client({}).open(path, method=method)

    assert told.status_code == status
    assert told.json == {"error": line}
    assert told.data.count(b"\n") == 1


def test_a_refused_method_names_the_allowed_ones() -> None:
    told = client({}).post("/_stepwell/health")

    assert {method.strip() for method in told.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}
