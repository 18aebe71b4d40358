"""Archived objects: restored for a while, then archived again."""

from __future__ import annotations

from typing import Any

import pytest

WHERE = {"Bucket": "bucket", "Key": "k"}
DAY = 86_400


def restore(s3: Any, days: int = 1, **params: Any) -> int:
    answer = s3.restore_object(**WHERE, RestoreRequest={"Days": days, **params})
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@pytest.fixture
def archived(s3: Any) -> Any:
    s3.put_object(**WHERE, Body=b"data", StorageClass="GLACIER")
    return s3


def test_a_copy_is_there_for_some_days(archived: Any, aws: Any, error_of: Any) -> None:
    assert restore(archived) == 202
    assert archived.head_object(**WHERE)["Restore"] == 'ongoing-request="true"'
    assert error_of(archived.get_object, **WHERE)["Error"]["Code"] == "InvalidObjectState"

    aws.advance(3 * 3600)
    assert archived.get_object(**WHERE)["Body"].read() == b"data"
    assert 'ongoing-request="false", expiry-date="' in archived.head_object(**WHERE)["Restore"]

    aws.advance(2 * DAY)
    assert "Restore" not in archived.head_object(**WHERE)
    assert error_of(archived.get_object, **WHERE)["Error"]["Code"] == "InvalidObjectState"


def test_a_copy_that_is_there_can_stay_longer(archived: Any, aws: Any) -> None:
    restore(archived)
    aws.advance(3 * 3600)

    assert restore(archived, 10) == 200

    aws.advance(5 * DAY)
    assert archived.get_object(**WHERE)["Body"].read() == b"data"


def test_what_cannot_be_restored(s3: Any, archived: Any, error_of: Any) -> None:
    s3.put_object(Bucket="bucket", Key="standard")
    standard = error_of(s3.restore_object, Bucket="bucket", Key="standard", RestoreRequest={"Days": 1})
    tier = error_of(restore, archived, GlacierJobParameters={"Tier": "Fast"})
    restore(archived)
    again = error_of(restore, archived)
    copied = error_of(s3.copy_object, Bucket="bucket", Key="copy", CopySource="bucket/k")

    codes = [answer["Error"]["Code"] for answer in (standard, tier, again, copied)]
    assert codes == ["InvalidObjectState", "InvalidArgument", "RestoreAlreadyInProgress", "InvalidObjectState"]


def test_an_object_that_is_overwritten_is_not_restored(archived: Any, aws: Any) -> None:
    restore(archived)
    archived.put_object(**WHERE, Body=b"new")

    aws.advance(3 * 3600)

    assert "Restore" not in archived.head_object(**WHERE)
