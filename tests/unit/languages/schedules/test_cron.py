"""cron(): what is valid, which minutes fit, and that aws-croniter finds the same ones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aws_croniter import AwsCroniter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from emulator.languages.schedules import InvalidSchedule, parse


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def following(expression: str, moment: str, count: int = 1, timezone: str = "UTC") -> list[str]:
    schedule, found = parse(expression, timezone=timezone), [utc(moment)]
    for _ in range(count):
        instant = schedule.next_after(found[-1])
        if instant is None:
            break
        found.append(instant)
    return [f"{instant:%Y-%m-%dT%H:%M}" for instant in found[1:]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 10 * * ? *)", ["2026-03-08T10:00", "2026-03-09T10:00"]),
        ("cron(*/20 12 * * ? *)", ["2026-03-07T12:20", "2026-03-07T12:40", "2026-03-08T12:00"]),
        ("cron(5/25 12 * * ? *)", ["2026-03-07T12:05", "2026-03-07T12:30", "2026-03-07T12:55"]),
        ("cron(5,35 14 * * ? *)", ["2026-03-07T14:05", "2026-03-07T14:35"]),
        ("cron(0-59/30 22-1 * * ? *)", ["2026-03-07T22:00", "2026-03-07T22:30", "2026-03-07T23:00"]),
        ("cron(0 18 ? * MON-FRI *)", ["2026-03-09T18:00"]),
        ("cron(0 9 ? * SAT-SUN *)", ["2026-03-08T09:00", "2026-03-14T09:00"]),
        ("cron(0 9 ? * 1 *)", ["2026-03-08T09:00"]),
        ("cron(0 9 ? * L *)", ["2026-03-14T09:00"]),
        ("cron(0 9 ? * 6L *)", ["2026-03-27T09:00", "2026-04-24T09:00"]),
        ("cron(0 9 ? * friL *)", ["2026-03-27T09:00"]),
        ("cron(0 9 ? * 3#2 *)", ["2026-03-10T09:00", "2026-04-14T09:00"]),
        ("cron(0 9 ? * SUN#5 *)", ["2026-03-29T09:00", "2026-05-31T09:00"]),
        ("cron(0 9 L * ? *)", ["2026-03-31T09:00", "2026-04-30T09:00"]),
        ("cron(0 9 L-3 * ? *)", ["2026-03-28T09:00"]),
        ("cron(0 9 15W * ? *)", ["2026-03-16T09:00", "2026-04-15T09:00"]),
        ("cron(0 9 1W 8 ? *)", ["2026-08-03T09:00"]),
        ("cron(0 9 31W 5 ? *)", ["2026-05-29T09:00"]),
        ("cron(0 9 31W 4,6 ? *)", []),
        ("cron(0 0 1 JAN,jul ? *)", ["2026-07-01T00:00", "2027-01-01T00:00"]),
        ("cron(0 0 1 NOV-FEB ? *)", ["2026-11-01T00:00", "2026-12-01T00:00", "2027-01-01T00:00"]),
        ("cron(0 0 29 2 ? *)", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("cron(0 0 30 2 ? *)", []),
        ("cron(0 0 1 1 ? 2026/2)", ["2028-01-01T00:00", "2030-01-01T00:00"]),
        ("cron(15 10 ? * 6L 2002-2005)", []),
        ("cron(0 0 1 1 ? 2199)", ["2199-01-01T00:00"]),
    ],
)
def test_cron_fires_at_the_minutes_that_fit(expression: str, expected: list[str]) -> None:
    assert following(expression, "2026-03-07T12:00", max(len(expected), 1)) == expected


def test_the_next_minute_is_strictly_later_whatever_the_seconds() -> None:
    schedule = parse("cron(* * * * ? *)")

    assert schedule.next_after(utc("2026-03-07T12:00:00")) == utc("2026-03-07T12:01:00")
    assert schedule.next_after(utc("2026-03-07T12:00:59.999")) == utc("2026-03-07T12:01:00")
    assert schedule.next_after(utc("2026-12-31T23:59:30")) == utc("2027-01-01T00:00:00")


def test_nothing_fires_before_the_start_but_the_start_itself_may() -> None:
    schedule = parse("cron(0 10 * * ? *)")

    assert schedule.next_after(utc("2026-03-01"), start=utc("2026-03-09T10:00")) == utc("2026-03-09T10:00")
    assert schedule.next_after(utc("2026-03-01"), start=utc("2026-03-09T10:01")) == utc("2026-03-10T10:00")


def test_a_time_of_the_zone_is_given_in_utc() -> None:
    assert following("cron(0 9 * * ? *)", "2026-01-01T00:00", 1, "Asia/Tokyo") == ["2026-01-02T00:00"]
    assert following("cron(0 0 1 * ? *)", "2026-06-30T18:00", 1, "Asia/Kolkata") == ["2026-06-30T18:30"]


def test_a_time_skipped_in_spring_does_not_fire() -> None:
    fired = following("cron(30 2 * * ? *)", "2026-03-07T00:00", 3, "America/New_York")

    assert fired == ["2026-03-07T07:30", "2026-03-09T06:30", "2026-03-10T06:30"]


def test_a_time_repeated_in_autumn_fires_once() -> None:
    fired = following("cron(30 1 * * ? *)", "2026-10-31T12:00", 2, "America/New_York")

    assert fired == ["2026-11-01T05:30", "2026-11-02T06:30"]


def test_a_moment_inside_the_repeated_hour_does_not_fire_it_again() -> None:
    fired = following("cron(0/30 * * * ? *)", "2026-11-01T06:15", 1, "America/New_York")

    assert fired == ["2026-11-01T07:00"]


@pytest.mark.parametrize(
    "fields",
    [
        "",
        "INVALID",
        "0 10 * * ?",
        "0 10 * * ? * *",
        "0 1 * * * *",
        "0 1 ? * ? *",
        "60 1 * * ? *",
        "71 8 1 * ? *",
        "0 24 * * ? *",
        "0 ² * * ? *",
        "0 1 0 * ? *",
        "0 1 32 * ? *",
        "0 1 * 13 ? *",
        "0 1 * 0 ? *",
        "0 1 ? * 0 *",
        "0 1 ? * 8 *",
        "0 1 ? * MON/2 *",
        "0 1 ? * MON#6 *",
        "0 1 ? * 3#1,6#3 *",
        "0 1 ? * FOOL *",
        "7 20 * * NOT *",
        "0 dummy ? * MON-FRI *",
        "0 1 LW * ? *",
        "0 1 32W * ? *",
        "0 1 1W,15W * ? *",
        "0 1 L,1 * ? *",
        "0 1 L-31 * ? *",
        "0 1 * * ? 1969",
        "0 1 * * ? 2200",
        "0 1 * * ? 2030-2026",
        "*/60 * * * ? *",
        "*/0 * * * ? *",
        "1,,2 * * * ? *",
        "1- * * * ? *",
        "JAN * * * ? *",
        "-5 * * * ? *",
    ],
)
def test_a_wrong_cron_is_refused(fields: str) -> None:
    with pytest.raises(InvalidSchedule) as caught:
        parse(f"cron({fields})")

    assert caught.value.message == "Parameter ScheduleExpression is not valid."


def _field(lowest: int, highest: int) -> st.SearchStrategy[str]:
    value = st.integers(lowest, highest).map(str)
    spread = st.tuples(value, value).map(lambda pair: "-".join(sorted(pair, key=int)))
    step = st.tuples(value | spread | st.just("*"), st.integers(max(lowest, 1), highest)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    )
    return st.just("*") | st.lists(value | spread | step, min_size=1, max_size=3).map(",".join)


DAYS = st.tuples(_field(1, 31) | st.sampled_from(["L", "L-2", "1W", "15W", "30W"]), st.just("?")) | st.tuples(
    st.just("?"),
    st.sampled_from(["*", "MON-FRI", "SAT-SUN", "2,4,6", "5L", "SUNL", "1#1", "FRI#5", "7#2", "TUE,THU-SAT"]),
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@given(_field(0, 59), _field(0, 23), DAYS, _field(1, 12), st.just("*") | st.just("2024-2040"), MOMENTS)
def test_aws_croniter_finds_the_same_times(
    minutes: str, hours: str, days: tuple[str, str], months: str, years: str, moment: datetime
) -> None:
    fields = f"{minutes} {hours} {days[0]} {months} {days[1]} {years}"
    schedule = parse(f"cron({fields})")
    ours = [moment]
    for _ in range(3):
        if (instant := schedule.next_after(ours[-1])) is not None:
            ours.append(instant)

    theirs = [instant for instant in AwsCroniter(fields).get_next(moment, 3) if instant is not None]

    # It gives up after some attempts: a fifth Friday in February is too far away for it.
    assert ours[1 : len(theirs) + 1] == theirs
    assert len(theirs) == len(ours) - 1 or days[1] == "FRI#5"
