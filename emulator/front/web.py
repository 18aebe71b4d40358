"""The Flask application behind the front: health, and one clear line for what nobody serves."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Protocol

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from emulator.errors import AwsError
from emulator.services import SERVICES


class Calls(Protocol):
    """The way from a thread of Flask to the operations on the loop."""

    def call(
        self,
        service: str,
        operation: str,
        params: dict[str, Any],
        *,
        account: str = "000000000000",
        region: str = "us-east-1",
    ) -> dict[str, Any]:
        """An operation by its wire names; blocks until it is durable. Errors: AwsError."""
        ...


def make_app(calls: Calls) -> Flask:
    """GET /_stepwell/health and /_localstack/health; all else is a 404 of one line of JSON."""
    app = Flask("stepwell", static_folder=None)

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
        told = {"services": _services(), "edition": "stepwell", "version": _version()}
        return jsonify(told), 503 if _failure(calls) else 200

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        return _refusal(error)

    return app


def _refusal(error: HTTPException) -> Response:
    """werkzeug's page of HTML as one line of JSON, with its status and its headers (Allow, Location)."""
    if isinstance(error, NotFound):
        text = f"Nothing is served at {request.method} {request.path}."
    else:
        text = f"{request.method} {request.path}: {error.name}."
    answer = jsonify(error=text)
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


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
