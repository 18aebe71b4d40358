"""The errors that Lambda's operations answer with most."""

from __future__ import annotations

from emulator.errors import AwsError


def invalid(message: str) -> AwsError:
    """What is asked for cannot be."""
    return AwsError("InvalidParameterValueException", message)


def untyped(message: str) -> AwsError:
    """An InvalidParameterValueException of those few that AWS answers without a Type (recorded)."""
    return AwsError("InvalidParameterValueException", message, fields={"Type": None})


def not_found(message: str) -> AwsError:
    """What is named is not there."""
    return AwsError("ResourceNotFoundException", message)


def function_not_found(arn: str) -> AwsError:
    """The function, version or alias is not there."""
    return not_found(f"Function not found: {arn}")


def alias_not_found(arn: str) -> AwsError:
    """The alias is not there, where a function would have another text."""
    return not_found(f"Cannot find alias arn: {arn}")


def no_resource() -> AwsError:
    """What belongs to a function, or a version of a layer, is not there."""
    return not_found("The resource you requested does not exist.")


def conflict(message: str) -> AwsError:
    """It contradicts what is there."""
    return AwsError("ResourceConflictException", message)


def no_access() -> AwsError:
    """A resource of another account, for an operation that only its own may call (recorded: no text)."""
    return AwsError("AccessDeniedException", "", status=403)


def stale(operation: str) -> AwsError:
    """The caller knows another revision than the one that `operation` tells."""
    return AwsError(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. "
        f"Call the {operation} API to retrieve the latest Revision Id",
    )


def too_large(message: str) -> AwsError:
    """A request is too large; the model knows the code by another name."""
    return AwsError("RequestEntityTooLargeException", message, status=413)
