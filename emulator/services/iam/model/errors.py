"""The errors of IAM in AWS's words."""

from emulator.errors import AwsError


def no_such_entity(message: str) -> AwsError:
    return AwsError("NoSuchEntity", message)


def already_exists(message: str) -> AwsError:
    return AwsError("EntityAlreadyExists", message)


def delete_conflict(message: str) -> AwsError:
    return AwsError("DeleteConflict", message)


def limit_exceeded(quota: str, limit: int) -> AwsError:
    return AwsError("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}")


def malformed_document(message: str) -> AwsError:
    return AwsError("MalformedPolicyDocument", message)


def invalid_input(message: str) -> AwsError:
    return AwsError("InvalidInput", message)
