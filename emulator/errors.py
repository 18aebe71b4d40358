"""The two errors that cross floors: what an AWS client sees, and what the person running us sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class AwsError(Exception):
    """An error that the client of an AWS API sees; `wire` encodes it by the operation's model.

    `code` is the error's code as AWS sends it (`QueueDoesNotExist`, `ValidationException`), `message` its text.
    `status` is the HTTP status where the model does not say it (400 for a client's fault, 500 for ours);
    `fields` are further members of the error's shape; `fault` is `Sender` or `Receiver` (query protocol).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        fields: Mapping[str, Any] | None = None,
        fault: str = "Sender",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})
        self.fault = fault


def not_implemented(service: str, operation: str, detail: str = "") -> AwsError:
    """The loud answer to what AWS has and we have not: a 501 that names it."""
    return AwsError(
        "NotImplementedException",
        f"Stepwell does not emulate {service}:{operation}{' ' + detail if detail else ''}.",
        status=501,
        fault="Receiver",
    )


class EmulatorError(Exception):
    """What stops the emulator itself (a port in use, a broken setting): one clear line for the person running it."""
