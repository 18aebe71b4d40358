"""The errors that several operations of SNS share, in AWS's words."""

from __future__ import annotations

from emulator.arns import Arn, find_arn
from emulator.errors import AwsError


def invalid(reason: str) -> AwsError:
    """InvalidParameter, by far the commonest error of SNS."""
    return AwsError("InvalidParameter", f"Invalid parameter: {reason}")


def invalid_message_attribute(message: str) -> AwsError:
    """What is wrong with a message attribute."""
    return AwsError("ParameterValueInvalid", message)


def topic_does_not_exist() -> AwsError:
    """The ARN is well-formed, but names no topic."""
    return AwsError("NotFound", "Topic does not exist")


def subscription_does_not_exist() -> AwsError:
    """The ARN is well-formed, but names no subscription."""
    return AwsError("NotFound", "Subscription does not exist")


def require_arn(parameter: str, text: str, elements: int = 6) -> Arn:
    """The parts of an ARN that must have `elements` parts. Error: InvalidParameter."""
    parts = text.split(":")
    if len(parts) < elements:
        raise invalid(f"{parameter} Reason: An ARN must have at least {elements} elements, not {len(parts)}")
    found = find_arn(text)
    if found is None or found.service != "sns":
        raise invalid(parameter)
    return found
