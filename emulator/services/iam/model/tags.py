"""Tags of IAM's resources: keys are the same whatever their case."""

from __future__ import annotations

from emulator.errors import AwsError
from emulator.services.iam import limits
from emulator.services.iam.model.errors import invalid_input


def with_tags(before: dict[str, str], given: list[dict[str, str]]) -> dict[str, str]:
    """`before` with the given tags put over it. Errors: InvalidInput, LimitExceeded."""
    folded = [tag["Key"].lower() for tag in given]
    if len(set(folded)) != len(folded):
        raise invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    kept = {key: value for key, value in before.items() if key.lower() not in folded}
    after = {**kept, **{tag["Key"]: tag["Value"] for tag in given}}
    if len(after) > limits.TAGS:
        raise AwsError("LimitExceeded", f"The number of tags has reached the maximum limit of {limits.TAGS}.")
    return after


def without_tags(before: dict[str, str], keys: list[str]) -> dict[str, str]:
    """`before` without the tags of these keys."""
    gone = {key.lower() for key in keys}
    return {key: value for key, value in before.items() if key.lower() not in gone}
