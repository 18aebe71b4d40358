"""Names and ARNs of log groups and streams, and what is answered where there are none."""

from __future__ import annotations

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.services.logs import limits


def group_name(name: str | None, identifier: str | None) -> str:
    """The group that a request means by name or by identifier (a name or an ARN).

    Errors: ValidationException where both are given (recorded), InvalidParameterException where none is.
    """
    if name and identifier:
        raise AwsError("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
    if name:
        return name
    if not identifier:
        raise AwsError("InvalidParameterException", "LogGroup name or LogGroup ARN must be specified.")
    return name_of(identifier) if identifier.startswith("arn:") else identifier


def name_of(arn: str) -> str:
    """The name in a group's ARN, with or without its final `:*`. Errors: InvalidParameterException."""
    parts = find_arn(arn)
    if parts is None or parts.service != "logs" or not parts.resource.startswith("log-group:"):
        raise AwsError("InvalidParameterException", f"{arn} is not the ARN of a log group.")
    return parts.resource.removeprefix("log-group:").removesuffix(":*")


def require_length(name: str) -> None:
    """A group's or stream's name is not too long. Errors: InvalidParameterException (recorded)."""
    if len(name) > limits.NAME_LENGTH:
        raise AwsError(
            "InvalidParameterException",
            f"Invalid LogGroup or LogStream, both must have length less than or equal to {limits.NAME_LENGTH}.",
        )


def no_group() -> AwsError:
    """The group is not there."""
    return AwsError("ResourceNotFoundException", "The specified log group does not exist.")


def no_stream() -> AwsError:
    """The stream is not there."""
    return AwsError("ResourceNotFoundException", "The specified log stream does not exist.")


def exists(what: str) -> AwsError:
    """A log group or log stream of that name is there already."""
    return AwsError("ResourceAlreadyExistsException", f"The specified {what} already exists")
