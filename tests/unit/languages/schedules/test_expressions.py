"""rate() and at(), time zones, and the two ways AWS words a refusal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emulator.languages.schedules import InvalidSchedule, parse

NOW = datetime(2026, 3, 7, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "interval"),
    [
        ("rate(1 minute)", timedelta(minutes=1)),
        ("rate(5 minutes)", timedelta(minutes=5)),
        ("rate(1 hour)", timedelta(hours=1)),
        ("rate(36 hours)", timedelta(hours=36)),
        ("rate(1 day)", timedelta(days=1)),
        ("rate(7 days)", timedelta(days=7)),
    ],
)
def test_a_rate_counts_from_its_start(expression: str, interval: timedelta) -> None:
    schedule = parse(expression)

    assert schedule.next_after(NOW, start=NOW) == NOW + interval
    assert schedule.next_after(NOW + 2.5 * interval, start=NOW) == NOW + 3 * interval
    assert schedule.next_after(NOW + 3 * interval, start=NOW) == NOW + 4 * interval
    assert schedule.next_after(NOW) == NOW + interval


def test_a_start_to_come_is_the_first_time() -> None:
    start = NOW + timedelta(days=3)

    assert parse("rate(1 hour)").next_after(NOW, start=start) == start


def test_a_rate_in_days_ignores_the_change_to_summer_time() -> None:
    schedule = parse("rate(1 day)", timezone="America/New_York")

    assert schedule.next_after(NOW, start=NOW) == NOW + timedelta(hours=24)


def test_a_rate_that_leaves_the_calendar_has_no_next_time() -> None:
    assert parse("rate(3650000 days)").next_after(NOW) is None


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(1 days)",
        "rate(0 minutes)",
        "rate(-10 minutes)",
        "rate(10 seconds)",
        "rate(10 years)",
        "rate(10)",
        "rate()",
        "rate(foo minutes)",
        "rate( 10 minutes )",
        " rate(10 minutes)",
        "rate(10  minutes)",
        "rate(1.5 hours)",
        "at(2026-03-08T10:00:00)",
        "every minute",
        "",
    ],
)
def test_a_rule_refuses_what_is_no_rate_or_cron(expression: str) -> None:
    with pytest.raises(InvalidSchedule) as caught:
        parse(expression)

    assert caught.value.message == "Parameter ScheduleExpression is not valid."


def test_scheduler_takes_either_unit_and_words_its_refusal_with_the_expression() -> None:
    assert parse("rate(1 minutes)", allow_at=True).next_after(NOW) == NOW + timedelta(minutes=1)

    with pytest.raises(InvalidSchedule) as caught:
        parse("rate(10 minutess)", allow_at=True)

    assert caught.value.message == "Invalid Schedule Expression rate(10 minutess)."


def test_at_fires_once_in_its_time_zone() -> None:
    schedule = parse("at(2026-11-20T13:00:00)", timezone="America/Los_Angeles", allow_at=True)
    instant = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)

    assert schedule.next_after(NOW) == instant
    assert schedule.next_after(NOW, start=datetime(2027, 1, 1, tzinfo=UTC)) == instant
    assert schedule.next_after(instant) is None


@pytest.mark.parametrize(
    "expression", ["at(2021-12-31)", "at(2021-12-31T23:59:59Z)", "at(2021-13-31T23:59:59)", "at()"]
)
def test_a_wrong_at_is_refused(expression: str) -> None:
    with pytest.raises(InvalidSchedule) as caught:
        parse(expression, allow_at=True)

    assert caught.value.message == f"Invalid Schedule Expression {expression}."


@pytest.mark.parametrize("timezone", ["Mars/Olympus", "", "../etc/passwd", "America"])
def test_an_unknown_time_zone_is_refused(timezone: str) -> None:
    with pytest.raises(InvalidSchedule):
        parse("rate(5 minutes)", timezone=timezone, allow_at=True)


def test_the_text_is_kept() -> None:
    for expression in ("rate(5 minutes)", "cron(0 10 * * ? *)", "at(2026-03-08T10:00:00)"):
        assert parse(expression, allow_at=True).text == expression
