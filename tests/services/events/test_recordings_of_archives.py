"""Archives and their replays answer as AWS did."""

import json
from datetime import timedelta

import pytest

SOURCE = {"source": ["core.update-account-command"]}


@pytest.fixture(params=["default", "custom"])
def bus(request, place):
    """A bus of the kind that the recording was made with: kind, name and ARN."""
    name = "default" if request.param == "default" else "bus"
    if name == "bus":
        place.events.create_event_bus(Name=name)
    return {"kind": request.param, "name": name, "arn": arn(place, f"event-bus/{name}")}


def arn(place, resource):
    return f"arn:aws:events:{place.region}:{place.account}:{resource}"


@pytest.fixture
def archive(place):
    """Create an archive of a bus: `archive("name", RetentionDays=1)`; its ARN."""

    def create(name="archive", bus="default", **more):
        answer = place.events.create_archive(
            ArchiveName=name, EventSourceArn=arn(place, f"event-bus/{bus}"), **{"RetentionDays": 1, **more}
        )
        return answer["ArchiveArn"]

    return create


@pytest.fixture
def replay(place):
    """Start a replay of the hour around now: `replay("name", archive_arn)`."""

    def start(name, source, bus="default", rules=(), **more):
        now = place.stepwell.get_clock()["Now"]
        destination = {"Arn": arn(place, f"event-bus/{bus}"), **({"FilterArns": list(rules)} if rules else {})}
        times = {"EventStartTime": now - timedelta(hours=1), "EventEndTime": now + timedelta(hours=1)}
        return place.events.start_replay(
            ReplayName=name, EventSourceArn=source, Destination=destination, **{**times, **more}
        )

    return start


@pytest.mark.recording("events", "test_create_archive_error_duplicate")
def test_a_name_is_taken_once(recorded, archive, error_of, bus):
    archive(bus=bus["name"])

    error = error_of(archive, bus=bus["name"])

    recorded.agree(f"test_create_archive_error_duplicate[{bus['kind']}]", create_archive_duplicate_error=error)


@pytest.mark.recording(
    "events", "test_delete_archive_error_unknown_archive", "test_describe_archive_error_unknown_archive",
    "test_update_archive_error_unknown_archive", "test_describe_replay_error_unknown_replay",
)  # fmt: skip
def test_what_is_not_there(events, recorded, error_of):
    recorded.agree(
        "test_delete_archive_error_unknown_archive",
        delete_archive_unknown_archive_error=error_of(events.delete_archive, ArchiveName="a"),
    )
    recorded.agree(
        "test_describe_archive_error_unknown_archive",
        describe_archive_unknown_archive_error=error_of(events.describe_archive, ArchiveName="a"),
    )
    recorded.agree(
        "test_update_archive_error_unknown_archive",
        update_archive_unknown_archive_error=error_of(events.update_archive, ArchiveName="a"),
    )
    recorded.agree(
        "test_describe_replay_error_unknown_replay",
        describe_replay_unknown_replay_error=error_of(events.describe_replay, ReplayName="r"),
    )


@pytest.mark.recording("events", "test_list_archive_state_enabled", "test_list_archive_with_name_prefix")
def test_archives_are_listed(events, recorded, archive, bus):
    archive("archive-one", bus=bus["name"])

    recorded.agree(
        f"test_list_archive_state_enabled[{bus['kind']}]",
        list_archives_state_enabled=events.list_archives(State="ENABLED"),
    )
    recorded.agree(
        f"test_list_archive_with_name_prefix[{bus['kind']}]",
        list_archives_with_name_prefix=events.list_archives(NamePrefix="archive"),
        list_archives_with_full_name=events.list_archives(NamePrefix="archive-one"),
        list_archives_not_existing_archive=events.list_archives(NamePrefix="doesnotexist"),
    )


@pytest.mark.recording("events", "test_start_list_describe_canceled_replay")
def test_the_life_of_a_replay(place, aws, recorded, archive, replay, bus):
    aws("stepwell").set_clock(Mode="frozen")
    queue = place.queue()
    rule = place.rule(queue, bus=bus["name"], pattern=SOURCE)
    source = archive(bus=bus["name"], EventPattern=json.dumps(SOURCE))
    for _ in range(3):
        place.put(EventBusName=bus["name"])
    place.received(queue)
    more = {"rules": [rule], "bus": bus["name"], "Description": "description of the replay"}

    started = replay("replay-name", source, **more)
    aws.advance(2)
    messages = place.received(queue)
    listed = place.events.list_replays(NamePrefix="replay-name")
    described = place.events.describe_replay(ReplayName="replay-name")
    replay("replay-canceled-name", source, **more)
    cancelled = place.events.cancel_replay(ReplayName="replay-canceled-name")
    shown = place.events.describe_replay(ReplayName="replay-canceled-name")

    shown["ReplayName"] = described["ReplayName"]  # The recording has one placeholder for both.
    recorded.agree(
        f"test_start_list_describe_canceled_replay[{bus['kind']}]",
        start_replay=started,
        replay_messages=messages,
        list_replays=listed,
        describe_replay=described,
        cancel_replay=cancelled,
        describe_replay_canceled=shown,
    )
    aws.advance(2)
    assert place.events.describe_replay(ReplayName="replay-canceled-name")["State"] == "CANCELLED"
    assert place.received(queue) == []


@pytest.mark.recording("events", "test_list_replays_with_prefix", "test_list_replay_with_limit")
def test_replays_are_listed(place, aws, recorded, archive, replay):
    source = archive()
    for at in range(6):
        replay(f"a-test-replay-{at}", source)
    replay("b-test-replay", source)
    aws.advance(2)

    first = place.events.list_replays(NamePrefix="a-", Limit=3)

    recorded.agree(
        "test_list_replay_with_limit",
        list_replays_with_limit=first,
        list_replays_with_limit_next_token=place.events.list_replays(
            NamePrefix="a-", Limit=3, NextToken=first["NextToken"]
        ),
    )
    recorded.agree(
        "test_list_replays_with_prefix",
        list_replays_with_full_name=place.events.list_replays(NamePrefix="b-test-replay"),
        list_replays_with_prefix=place.events.list_replays(NamePrefix="b-"),
    )


@pytest.mark.recording(
    "events",
    "test_start_replay_error_duplicate_different_archive",
    "test_start_replay_error_duplicate_name_same_archive",
    "test_start_replay_error_invalid_end_time",
)
def test_a_replay_that_cannot_be(place, recorded, archive, replay, error_of):
    source, other = archive(), archive("other")
    replay("replay", source)
    now = place.stepwell.get_clock()["Now"]

    recorded.agree(
        "test_start_replay_error_duplicate_different_archive",
        start_replay_duplicate_error=error_of(replay, "replay", other),
    )
    recorded.agree(
        "test_start_replay_error_duplicate_name_same_archive",
        start_replay_duplicate_error=error_of(replay, "replay", source),
    )
    for minutes in (0, 10):
        error = error_of(replay, "wrong", source, EventStartTime=now, EventEndTime=now - timedelta(minutes=minutes))
        recorded.agree(
            f"test_start_replay_error_invalid_end_time[{minutes}]", start_replay_invalid_end_time_error=error
        )


@pytest.mark.recording("events", "tests_concurrency_error_too_many_active_replays")
def test_ten_replays_at_a_time(aws, recorded, archive, replay, error_of):
    aws("stepwell").set_clock(Mode="frozen")
    source = archive()
    for at in range(10):
        replay(f"replay-{at}", source)

    error = error_of(replay, "eleventh", source)

    recorded.agree("tests_concurrency_error_too_many_active_replays", list_replays_with_limit=error)
