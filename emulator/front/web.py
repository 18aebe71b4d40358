"""The Flask application behind the front: health, function URLs, and one clear line for what nobody serves."""

from __future__ import annotations

import json
import platform
import sys
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from emulator import ids
from emulator.clock import SystemClock, from_micros
from emulator.errors import AwsError
from emulator.front import function_urls
from emulator.services import SERVICES

EDITION = "community"
"""What tools made for LocalStack take for the one that needs no licence."""

NO_PAGE = " Stepwell speaks AWS's APIs here and has no page: `stepwell status` and `stepwell explain` tell more."


class Calls(Protocol):
    """The way from a thread of Flask to the operations on the loop."""

    def call(
        self,
        service: str,
        operation: str,
        params: dict[str, Any],
        *,
        account: str = "",
        region: str = "",
        request_id: str = "",
    ) -> dict[str, Any]:
        """An operation by its wire names; blocks until it is durable. Errors: AwsError.

        Where they are empty, the account is the default one, the region the configured one, the id a new one.
        """
        ...


def make_app(calls: Calls, started: int | None = None) -> Flask:
    """Our health, LocalStack's health and info; all else is a 404 of one line of JSON.

    `started` is when the process did, in microseconds since the epoch; now, where it is not given.
    """
    app = Flask("stepwell", static_folder=None)
    session = ids.new_uuid()
    began = SystemClock().micros() if started is None else started

    @app.get("/_stepwell/health")
    def health() -> tuple[Response, int]:
        """200 with status `ok`, 503 with status `failing` and the reason when no call gets through."""
        failure = _failure(calls)
        told = {"status": "failing" if failure else "ok", "version": _version(), "services": _services()}
        if failure:
            told["reason"] = failure
        return jsonify(told), 503 if failure else 200

    @app.get("/_localstack/health")
    def localstack_health() -> tuple[Response, int]:
        """The members that tools made for LocalStack wait for."""
        told = {"services": _services(), "edition": EDITION, "version": _version()}
        return _spaced(told), 503 if _failure(calls) else 200

    @app.get("/_localstack/info")
    def localstack_info() -> Response:
        """What LocalStack's tools show of the instance they found."""
        return _spaced(_info(session, began))

    app.register_blueprint(function_urls.make_blueprint(calls))

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        return _refusal(error)

    return app


def _refusal(error: HTTPException) -> Response:
    """werkzeug's page of HTML as one line of JSON, with its status and its headers (Allow, Location)."""
    if isinstance(error, NotFound):
        text = f"Nothing is served at {request.method} {request.path}."
        if request.path == "/":
            text += NO_PAGE
    else:
        text = f"{request.method} {request.path}: {error.name}."
    answer = jsonify(error=text)
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _info(session: str, began: int) -> dict[str, Any]:
    now = SystemClock().micros()
    return {
        "version": _version(),
        "edition": EDITION,
        "is_license_activated": False,
        "session_id": session,
        "machine_id": sha256(platform.node().encode()).hexdigest()[:12],
        "system": sys.platform,
        "is_docker": Path("/.dockerenv").exists(),
        "server_time_utc": from_micros(now).replace(tzinfo=None).isoformat(timespec="seconds"),
        "uptime": (now - began) // 1_000_000,
    }


def _spaced(told: dict[str, Any]) -> Response:
    """JSON with a space after each colon: scripts wait by `grep '"s3": "available"'`."""
    return Response(json.dumps(told) + "\n", mimetype="application/json")


def _failure(calls: Calls) -> str | None:
    """Why the simplest call does not come back, None when it does; an AwsError is an answer too."""
    try:
        calls.call("sts", "GetCallerIdentity", {})
    except AwsError:
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def _services() -> dict[str, str]:
    """The services that have operations; they are looked for, not imported."""
    return {service.name: "available" for service in SERVICES if find_spec(f"{service.package}.operations")}


def _version() -> str:
    try:
        return version("stepwell")
    except PackageNotFoundError:  # run from its sources
        return "unknown"
