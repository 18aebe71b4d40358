"""What archives keep and for how long, and what replays bring back, beyond what is recorded."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from emulator.storage import Query

ARCHIVED = Query("archived", "SELECT count(*) AS rows FROM events_archived WHERE account = :account")


@pytest.fixture
def default_bus(place):
    return f"arn:aws:events:{place.region}:{place.account}:event-bus/default"


@pytest.fixture
def archive(place, default_bus):
    def create(name="archive", **more):
        return place.events.create_archive(ArchiveName=name, EventSourceArn=default_bus, **more)["ArchiveArn"]

    return create


@pytest.fixture
def replay(place, aws, default_bus):
    """Replay an archive to its end: `replay(archive_arn, begin, end)`."""

    def run(source, begin=datetime(2000, 1, 1, tzinfo=UTC), end=datetime(2100, 1, 1, tzinfo=UTC), **more):
        name = f"replay-{len(place.events.list_replays()['Replays'])}"
        place.events.start_replay(
            ReplayName=name,
            EventSourceArn=source,
            EventStartTime=begin,
            EventEndTime=end,
            Destination={"Arn": default_bus, **more},
        )
        aws.advance(2)
        return place.events.describe_replay(ReplayName=name)

    return run


def test_an_archive_keeps_what_its_pattern_matches(place, archive):
    archive(EventPattern='{"detail": {"kept": [true]}}', Description="some")
    archive("whole")

    for kept in (True, False):
        place.put({"kept": kept})

    found = place.events.describe_archive(ArchiveName="archive")
    assert (found["EventCount"], found["RetentionDays"], found["Description"]) == (1, 0, "some")
    assert found["SizeBytes"] > 200
    assert place.events.describe_archive(ArchiveName="whole")["EventCount"] == 2


def test_an_archive_forgets_what_is_older_than_its_retention(place, aws, archive, replay):
    queue, source = place.queue(), archive(RetentionDays=1)
    place.put({"at": "first"})
    aws.advance(90_000)
    place.put({"at": "second"})
    place.rule(queue, pattern={"replay-name": [{"exists": True}]})

    count = place.events.describe_archive(ArchiveName="archive")["EventCount"]
    replay(source)

    assert count == 1
    assert [body["detail"] for body in place.bodies(queue)] == [{"at": "second"}]


def test_a_replay_brings_events_back_in_the_order_of_their_times(running, place, archive, replay):
    queue, source = place.queue(), archive()
    times = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in (3, 1, 2, 4)]
    events = {place.put({"hour": time.hour}, Time=time)["EventId"]: time.hour for time in times}
    place.rule(queue, pattern={"replay-name": ["replay-0"]})

    done = replay(source, times[1], times[0])

    bodies = place.bodies(queue)
    if not running.emulator.house.store.exclusive:
        bodies.sort(key=lambda body: body["detail"]["hour"])  # where several workers deliver, whoever is first
    assert [body["detail"]["hour"] for body in bodies] == [1, 2, 3]
    assert [events[body["id"]] for body in bodies] == [1, 2, 3]
    assert (done["State"], done["EventLastReplayedTime"]) == ("COMPLETED", times[0])


def test_a_long_replay_brings_every_event_once(place, archive, replay):
    queue, source = place.queue(), archive()
    place.rule(queue, pattern={"replay-name": [{"exists": True}]})
    for at in range(45):
        place.put({"at": at})

    replay(source)

    assert sorted(body["detail"]["at"] for body in place.bodies(queue)) == list(range(45))


def test_what_was_replayed_is_not_archived_again(place, archive, replay):
    source = archive()
    place.put()

    replay(source)

    assert place.events.describe_archive(ArchiveName="archive")["EventCount"] == 1


def test_a_replay_may_be_for_some_rules(place, archive, replay):
    one, two, source = place.queue("one"), place.queue("two"), archive()
    place.put()
    rules = [place.rule(queue, name=f"rule-{at}") for at, queue in enumerate((one, two))]

    replay(source, FilterArns=rules[:1])

    assert (len(place.received(one)), len(place.received(two))) == (1, 0)


@pytest.mark.parametrize("count", [1, 700])
def test_an_archive_goes_with_its_events(place, aws, archive, count):
    source = archive()
    entry = {"Source": "s", "DetailType": "t", "Detail": "{}"}
    aws.inside(lambda ctx: [ctx.call("events", "PutEvents", {"Entries": [entry]}) for _ in range(count)])

    place.events.delete_archive(ArchiveName="archive")

    assert archive() == source
    assert place.events.describe_archive(ArchiveName="archive")["EventCount"] == 0
    aws.advance(0)
    assert aws.inside(lambda ctx: ctx.tx.one(ARCHIVED, account=ctx.account)["rows"]) == 0


def test_an_archive_is_changed(place, archive):
    archive(EventPattern='{"source": ["none"]}', RetentionDays=3)

    place.events.update_archive(ArchiveName="archive", EventPattern='{"source": [{"exists": true}]}')
    place.put()

    found = place.events.describe_archive(ArchiveName="archive")
    assert (found["EventCount"], found["RetentionDays"]) == (1, 3)


def test_a_replay_that_is_over_is_not_cancelled(place, archive, replay, error_of):
    replay(archive())

    error = error_of(place.events.cancel_replay, ReplayName="replay-0")["Error"]

    assert error == {
        "Code": "IllegalStatusException",
        "Message": "Replay replay-0 is not in a valid state for this operation.",
    }


def test_a_replay_goes_to_the_bus_of_its_archive(place, archive, error_of):
    source = archive()
    bus = place.events.create_event_bus(Name="bus")["EventBusArn"]
    now = datetime.now(UTC)

    error = error_of(
        place.events.start_replay,
        ReplayName="r",
        EventSourceArn=source,
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now,
        Destination={"Arn": bus},
    )["Error"]

    assert (
        error["Message"] == "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted."
    )


def test_an_archive_takes_the_patterns_of_rules(place, default_bus, error_of):
    error = error_of(
        place.events.create_archive, ArchiveName="a", EventSourceArn=default_bus, EventPattern=json.dumps({"a": 1})
    )["Error"]

    assert error["Code"] == "InvalidEventPatternException"
