"""Moments in AWS's three forms."""

from datetime import UTC, datetime

import pytest

from emulator.wire import timestamps

MOMENT = datetime(2026, 11, 20, 6, 7, 8, 9_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso8601", "2026-11-20T06:07:08.009Z"),
        ("rfc822", "Fri, 20 Nov 2026 06:07:08 GMT"),
        ("unixTimestamp", 1795154828.009),
    ],
)
def test_a_moment_is_written_in_each_form(form: str, text: object) -> None:
    assert timestamps.write(MOMENT, form) == text


def test_s3_always_writes_milliseconds() -> None:
    whole = MOMENT.replace(microsecond=0)

    assert timestamps.write(whole, "iso8601") == "2026-11-20T06:07:08Z"
    assert timestamps.write(whole, "iso8601ms") == "2026-11-20T06:07:08.000Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-20T06:07:08.009Z",
        "2026-11-20T07:07:08.009+01:00",
        "2026-11-20T06:07:08.009",
        1795154828.009,
        "1795154828.009",
    ],
)
def test_every_form_is_read(value: object) -> None:
    assert timestamps.parse(value) == MOMENT


@pytest.mark.parametrize("value", ["", "soon", True, None, [], 1e300, "Xyz, 99 Foo 2026", float("nan")])
def test_what_is_no_moment_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        timestamps.parse(value)
