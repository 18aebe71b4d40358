"""Notification configurations read, and who takes which event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.services.s3.model.notifications import Happened, Where, detail, normalized, parsed, record

QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"
WHERE = Where("b", "111122223333", "eu-west-1", "req", datetime(2026, 1, 1, 12, 0, 0, 1500, UTC))
PUT = Happened("ObjectCreated:Put", "PutObject", "a dir/ä@.txt", "00A1", 5, "abc")


def queue(events: list[str], prefix: str = "", suffix: str = "", **more: Any) -> dict[str, Any]:
    rules = [{"Name": "prefix", "Value": prefix}, {"Name": "suffix", "Value": suffix}]
    return {"QueueArn": QUEUE, "Events": events, "Filter": {"Key": {"FilterRules": rules}}, **more}


def takes(events: list[str], event: str, key: str, prefix: str = "", suffix: str = "") -> bool:
    (target,) = parsed(normalized({"QueueConfigurations": [queue(events, prefix, suffix)]})).targets
    return target.takes(event, key)


def test_a_star_takes_every_event_of_its_kind() -> None:
    assert takes(["s3:ObjectCreated:*"], "ObjectCreated:Copy", "k")
    assert not takes(["s3:ObjectCreated:*"], "ObjectRemoved:Delete", "k")
    assert not takes(["s3:ObjectCreated:Put"], "ObjectCreated:Copy", "k")


def test_prefix_and_suffix_select_keys() -> None:
    assert takes(["s3:ObjectCreated:*"], "ObjectCreated:Put", "in/x.csv", "in/", ".csv")
    assert not takes(["s3:ObjectCreated:*"], "ObjectCreated:Put", "out/x.csv", "in/", ".csv")
    assert not takes(["s3:ObjectCreated:*"], "ObjectCreated:Put", "in/x.txt", "in/", ".csv")


def test_a_configuration_is_shown_with_ids_and_capital_names() -> None:
    shown = normalized({"QueueConfigurations": [queue(["s3:ObjectCreated:*"], "in/")], "EventBridgeConfiguration": {}})

    (entry,) = shown["QueueConfigurations"]
    assert entry["Id"]
    assert [rule["Name"] for rule in entry["Filter"]["Key"]["FilterRules"]] == ["Prefix", "Suffix"]
    assert parsed(shown).event_bridge


def test_an_empty_configuration_is_nothing() -> None:
    assert normalized({"QueueConfigurations": []}) == {}


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({"TopicConfigurations": [{"TopicArn": "invalid-topic", "Events": ["s3:ObjectCreated:*"]}]},
         "The ARN could not be parsed"),
        ({"TopicConfigurations": [{"TopicArn": QUEUE, "Events": ["s3:ObjectCreated:*"]}]},
         "The ARN is not well formed"),
        ({"QueueConfigurations": [queue(["s3:Nothing"])]}, "The event is not supported for notifications"),
        ({"QueueConfigurations": [queue(["s3:ObjectCreated:*"], "a"), queue(["s3:ObjectCreated:Put"], "ab")]},
         "Configurations overlap. Configurations on the same bucket cannot share a common event type."),
    ],
)  # fmt: skip
def test_what_s3_refuses_is_refused(configuration: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError) as caught:
        normalized(configuration)

    assert (caught.value.code, caught.value.message) == ("InvalidArgument", message)


def test_configurations_of_other_keys_or_other_events_do_not_overlap() -> None:
    normalized(
        {
            "QueueConfigurations": [
                queue(["s3:ObjectCreated:*"], "a/"),
                queue(["s3:ObjectCreated:*"], "b/"),
                queue(["s3:ObjectRemoved:*"], "a/"),
                queue(["s3:ObjectTagging:*"], "", ".x"),
            ]
        }
    )


def test_a_record_has_the_key_encoded_and_the_event_does_not() -> None:
    assert record(WHERE, PUT, "id")["s3"]["object"] == {
        "key": "a+dir/%C3%A4%40.txt",
        "size": 5,
        "eTag": "abc",
        "sequencer": "00A1",
    }
    assert detail(WHERE, PUT)["object"] == {"key": "a dir/ä@.txt", "size": 5, "etag": "abc", "sequencer": "00A1"}


def test_a_removal_tells_neither_size_nor_etag() -> None:
    removed = Happened("ObjectRemoved:Delete", "DeleteObject", "k", "00A2")

    assert record(WHERE, removed, "id")["s3"]["object"] == {"key": "k", "sequencer": "00A2"}
    assert detail(WHERE, removed)["deletion-type"] == "Permanently Deleted"


def test_a_record_tells_milliseconds_and_both_ids_of_the_request() -> None:
    told = record(WHERE, PUT, "id")

    assert told["eventTime"] == "2026-01-01T12:00:00.001Z"
    assert told["responseElements"]["x-amz-request-id"] == "req"
    assert len(told["responseElements"]["x-amz-id-2"]) == 76


def test_a_version_is_named_in_record_and_detail() -> None:
    put = Happened("ObjectCreated:Put", "PutObject", "k", "00A1", 5, "abc", "v1")

    assert record(WHERE, put, "id")["s3"]["object"]["versionId"] == "v1"
    assert detail(WHERE, put)["object"]["version-id"] == "v1"


def test_a_delete_marker_is_told_from_a_removal_for_good() -> None:
    marked = Happened("ObjectRemoved:DeleteMarkerCreated", "DeleteObject", "k", "00A2", None, "d41d", "v2")

    assert detail(WHERE, marked)["deletion-type"] == "Delete Marker Created"
    assert record(WHERE, marked, "id")["s3"]["object"]["eTag"] == "d41d"
