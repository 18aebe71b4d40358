"""Conditions of reads, copies and writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emulator.clock import to_micros
from emulator.errors import AwsError
from emulator.services.s3.model.conditions import Conditions, check_write, check_write_headers

MODIFIED = datetime(2026, 1, 1, tzinfo=UTC)
NOW = to_micros(MODIFIED + timedelta(hours=1))
BEFORE, AFTER = MODIFIED - timedelta(seconds=1), MODIFIED + timedelta(seconds=1)


def read(conditions: Conditions) -> str:
    try:
        conditions.check_read("abc", to_micros(MODIFIED), NOW)
    except AwsError as error:
        return f"{error.status} {error.fields.get('Condition', '')}".strip()
    return "200"


@pytest.mark.parametrize(
    ("conditions", "outcome"),
    [
        (Conditions(), "200"),
        (Conditions(if_match='"abc"'), "200"),
        (Conditions(if_match="x, abc"), "200"),
        (Conditions(if_match="*"), "200"),
        (Conditions(if_match='"x"'), "412 If-Match"),
        (Conditions(if_unmodified_since=BEFORE), "412 If-Unmodified-Since"),
        (Conditions(if_unmodified_since=MODIFIED), "200"),
        (Conditions(if_match="abc", if_unmodified_since=BEFORE), "200"),
        (Conditions(if_none_match="abc"), "304"),
        (Conditions(if_none_match="x"), "200"),
        (Conditions(if_modified_since=MODIFIED), "304"),
        (Conditions(if_modified_since=BEFORE), "200"),
        (Conditions(if_modified_since=MODIFIED + timedelta(days=1)), "200"),
        (Conditions(if_none_match="x", if_modified_since=AFTER), "200"),
    ],
)
def test_a_read_is_answered_as_its_conditions_say(conditions: Conditions, outcome: str) -> None:
    assert read(conditions) == outcome


def test_a_copy_fails_where_a_read_would_say_not_modified() -> None:
    with pytest.raises(AwsError) as caught:
        Conditions(if_none_match="abc").check_copy("abc", 0, 0)

    assert caught.value.status == 412
    assert caught.value.fields == {"Condition": "x-amz-copy-source-If-None-Match"}


def test_a_write_only_if_absent_fails_where_there_is_an_object() -> None:
    check_write("k", None, None, "*")
    with pytest.raises(AwsError, match="PreconditionFailed"):
        check_write("k", "abc", None, "*")


def test_a_write_over_a_known_object_fails_where_it_is_another_or_none() -> None:
    check_write("k", "abc", '"abc"', None)
    with pytest.raises(AwsError, match="PreconditionFailed"):
        check_write("k", "abc", '"x"', None)
    with pytest.raises(AwsError, match="NoSuchKey"):
        check_write("k", None, '"x"', None)


@pytest.mark.parametrize(
    ("if_match", "if_none_match", "header"),
    [("*", None, "If-Match"), (None, "abc", "If-None-Match"), ("a", "*", "If-Match,If-None-Match")],
)
def test_conditions_that_s3_does_not_have_on_writes_are_refused(
    if_match: str | None, if_none_match: str | None, header: str
) -> None:
    with pytest.raises(AwsError) as caught:
        check_write_headers(if_match, if_none_match)

    assert caught.value.status == 501
    assert caught.value.fields["Header"] == header
