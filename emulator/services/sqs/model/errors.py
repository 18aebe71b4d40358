"""The errors of SQS that its model files leave out, and the texts that several operations share."""

from __future__ import annotations

from emulator.errors import AwsError


def invalid_value(message: str) -> AwsError:
    """InvalidParameterValue, as the query protocol calls it."""
    return AwsError("InvalidParameterValueException", message)


def invalid_parameter(value: object, parameter: str, reason: str) -> AwsError:
    """InvalidParameterValue in the form that names value, parameter and reason."""
    return invalid_value(f"Value {value} for parameter {parameter} is invalid. Reason: {reason}")


def missing_parameter(name: str) -> AwsError:
    """MissingParameter, as the query protocol calls it."""
    return AwsError("MissingRequiredParameterException", f"The request must contain the parameter {name}.")


def queue_does_not_exist() -> AwsError:
    """What every operation answers that is given the URL or name of no queue."""
    return AwsError("QueueDoesNotExist", "The specified queue does not exist.")


def unknown_attribute(name: str) -> AwsError:
    """An attribute that queues of this kind do not have."""
    return AwsError("InvalidAttributeName", f"Unknown Attribute {name}.")


def invalid_attribute(name: str) -> AwsError:
    """A value that the attribute cannot have."""
    return AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.")


_ENTRY_CODES = {
    "InvalidParameterValueException": "InvalidParameterValue",
    "MissingRequiredParameterException": "MissingParameter",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
}


def entry_code(error: AwsError) -> str:
    """The code by which a failed entry of a batch names its error."""
    return _ENTRY_CODES.get(error.code, error.code)
