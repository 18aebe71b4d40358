"""The second argument of a handler. https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

from __future__ import annotations

import json
import time
from typing import Any


class _Fields:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__})"


class CognitoIdentity(_Fields):
    """`cognito_identity_id` and `cognito_identity_pool_id`, None unless a mobile application called."""


class Client(_Fields):
    """The `client` of a client context: `installation_id`, `app_title`, `app_version_name`, ..."""


class ClientContext(_Fields):
    """`custom`, `env` and `client`, as the caller of the function sent them."""


_CLIENT_FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


def client_context(document: str | None) -> ClientContext | None:
    """The client context from its JSON text; ValueError when it is not JSON."""
    if not document:
        return None
    parsed = json.loads(document)
    if not isinstance(parsed, dict):
        raise ValueError("the client context is not a JSON object")
    client = parsed.get("client")
    known = {name: client.get(name) for name in _CLIENT_FIELDS} if isinstance(client, dict) else None
    return ClientContext(
        custom=parsed.get("custom"),
        env=parsed.get("env"),
        client=Client(**known) if known is not None else None,
    )


class LambdaContext:
    """One invocation, as its handler sees it. Times are milliseconds of wall time."""

    def __init__(self, function: dict[str, Any], invocation: dict[str, Any]) -> None:
        self.function_name: str = function["name"]
        self.function_version: str = function["version"]
        self.memory_limit_in_mb: str = str(function["memory_mb"])
        self.log_group_name: str = function["log_group"]
        self.log_stream_name: str = function["log_stream"]
        self.invoked_function_arn: str = invocation["arn"]
        self.aws_request_id: str = invocation["request_id"]
        self.client_context = client_context(invocation["client_context"])
        self.identity = CognitoIdentity(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.tenant_id: str | None = None
        self._deadline = time.monotonic() + invocation["timeout"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation is ended by force; 0 when that is overdue."""
        return max(0, int((self._deadline - time.monotonic()) * 1000))

    def log(self, text: object) -> None:
        """Write to the log, as `print` does."""
        print(text)

    def __repr__(self) -> str:
        return f"LambdaContext({self.__dict__})"
