"""Lifecycle rules, held against what AWS answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

KEY = "test-object-expiry"
TAGS = {"positive": "testlifecycle=positive", "both": "testlifecycle=positive&testlifecycletwo=positive-two"}


def rules(s3: Any, *given: dict[str, Any]) -> Any:
    """Put rules, and show them."""
    wanted = [{"Status": "Enabled", **rule} for rule in given]
    s3.put_bucket_lifecycle_configuration(Bucket="bucket", LifecycleConfiguration={"Rules": wanted})
    return s3.get_bucket_lifecycle_configuration(Bucket="bucket")


def put(s3: Any, key: str = KEY, body: str = "test", **params: Any) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body, **params)


def which(answer: Any) -> str:
    """The id of the rule that an answer names."""
    return str(answer["Expiration"].partition('rule-id="')[2].rstrip('"'))


@pytest.mark.recording(
    "s3",
    "test_delete_bucket_lifecycle_configuration",
    "test_delete_lifecycle_configuration_on_bucket_deletion",
)
def test_rules_live_and_die(s3: Any, recorded: Any, error_of: Any) -> None:
    rule = {"ID": "wholebucket", "Filter": {"Prefix": ""}, "Expiration": {"Days": 7}}

    def missing() -> dict[str, Any]:
        return dict(error_of(s3.get_bucket_lifecycle_configuration, Bucket="bucket"))

    recorded["test_delete_bucket_lifecycle_configuration"](
        {
            "get-bucket-lifecycle-exc-1": missing(),
            "delete-bucket-lifecycle-no-bucket": s3.delete_bucket_lifecycle(Bucket="bucket"),
            "get-bucket-lifecycle-conf": rules(s3, rule),
        }
    )
    s3.delete_bucket_lifecycle(Bucket="bucket")
    recorded["test_delete_bucket_lifecycle_configuration"]({"get-bucket-lifecycle-exc-2": missing()})
    shown = rules(s3, rule)
    s3.delete_bucket(Bucket="bucket")
    s3.create_bucket(Bucket="bucket")
    recorded["test_delete_lifecycle_configuration_on_bucket_deletion"](
        get_bucket_lifecycle_conf=shown, get_bucket_lifecycle_exc=missing()
    )


@pytest.mark.recording("s3", "test_put_bucket_lifecycle_conf_exc")
def test_rules_are_checked(s3: Any, unchecked: Any, recorded: Any, error_of: Any) -> None:
    expiration = {"Expiration": {"Days": 7}}
    twice = [{"Key": "testlifecycle", "Value": value} for value in ("positive", "positive-two")]

    def refused(rule: dict[str, Any]) -> dict[str, Any]:
        return dict(error_of(rules, unchecked, {"ID": "wholebucket", **rule}))

    recorded(
        {
            "missing-id": error_of(rules, unchecked, {"Status": "Enabled"}),
            "missing-filter": refused(expiration),
            "missing-noncurrent-version-expiration-data": refused({"Filter": {}, "NoncurrentVersionExpiration": {}}),
            "wrong-filter-and-plus-prefix": refused(
                {**expiration, "Filter": {"And": {"Prefix": "test", "ObjectSizeGreaterThan": 1}, "Prefix": "test"}}
            ),
            "wrong-filter-and-and-object-size": refused(
                {**expiration, "Filter": {"And": {"Prefix": "test"}, "ObjectSizeGreaterThan": 500}}
            ),
            "wrong-data-no-midnight": refused(
                {"Filter": {}, "Expiration": {"Date": datetime(2030, 1, 1, 10, tzinfo=UTC)}}
            ),
            "duplicate-tag-keys": refused({**expiration, "Filter": {"And": {"Tags": twice}}}),
            "expired-delete-marker-and-days": refused(
                {"Filter": {}, "Expiration": {"Days": 1, "ExpiredObjectDeleteMarker": True}}
            ),
        }
    )


@pytest.mark.recording("s3", "test_bucket_lifecycle_configuration_date")
def test_a_rule_names_a_day(s3: Any, recorded: Any) -> None:
    rule = {"ID": "rule_number_one", "Filter": {}, "Expiration": {"Date": datetime(2030, 1, 1, tzinfo=UTC)}}

    recorded(get_bucket_lifecycle_conf=rules(s3, rule))


@pytest.mark.recording("s3", "test_bucket_lifecycle_configuration_object_expiry")
def test_an_object_tells_when_it_expires(s3: Any, recorded: Any) -> None:
    shown = rules(s3, {"ID": "rule_number_one", "Filter": {"Prefix": ""}, "Expiration": {"Days": 7}})
    put(s3)
    head = s3.head_object(Bucket="bucket", Key=KEY)

    assert which(head) == "rule_number_one"
    assert '00:00:00 GMT"' in head["Expiration"]
    recorded(
        get_bucket_lifecycle_conf=shown,
        head_object_expiry=head,
        get_object_expiry=s3.get_object(Bucket="bucket", Key=KEY),
    )


@pytest.mark.recording("s3", "test_bucket_lifecycle_configuration_object_expiry_versioned")
def test_only_the_current_version_expires(versioned: Any, recorded: Any) -> None:
    s3 = versioned
    rule = {
        "ID": "rule2",
        "Filter": {},
        "Expiration": {"Days": 3},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
    }

    def head(**params: Any) -> Any:
        return s3.head_object(Bucket="bucket", Key=KEY, **params)

    shown = rules(s3, rule)
    first = put(s3)["VersionId"]
    before = head()
    second = put(s3)["VersionId"]

    recorded(
        get_bucket_lifecycle_conf=shown,
        head_object_expiry=before,
        head_object_expiry_noncurrent=head(VersionId=first),
        head_object_expiry_current_with_version_id=head(VersionId=second),
        head_object_expiry_current_without_version_id=head(),
    )


@pytest.mark.recording("s3", "test_bucket_lifecycle_multiple_rules")
def test_of_several_rules_the_soonest_counts(s3: Any, recorded: Any) -> None:
    shown = rules(
        s3,
        {"ID": "rule_one", "Filter": {"Prefix": "testobject"}, "Expiration": {"Days": 2}},
        {"ID": "rule_two", "Filter": {"Prefix": "test"}, "Expiration": {"Days": 3}},
        {"ID": "rule_three", "Filter": {"Prefix": "t"}, "Expiration": {"Days": 4}},
    )
    both, second = put(s3, "testobject-expiry"), put(s3, "test")

    assert (which(both), which(second)) == ("rule_one", "rule_two")
    recorded(
        {
            "get-bucket-lifecycle-conf": shown,
            "put-object-match-both-rules": both,
            "put-object-match-rule-2": second,
            "put-object-no-match": put(s3, "no-match"),
        }
    )


@pytest.mark.recording("s3", "test_bucket_lifecycle_object_size_rules")
def test_a_rule_is_for_sizes(s3: Any, recorded: Any) -> None:
    shown = rules(
        s3,
        {"ID": "rule_one", "Filter": {"ObjectSizeGreaterThan": 20}, "Expiration": {"Days": 2}},
        {"ID": "rule_two", "Filter": {"ObjectSizeLessThan": 10}, "Expiration": {"Days": 3}},
    )

    recorded(
        {
            "get-bucket-lifecycle-conf": shown,
            "put-object-match-rule-1": put(s3, body="a" * 22),
            "put-object-match-rule-2": put(s3, body="a" * 5),
            "put-object-no-match": put(s3, body="a" * 15),
        }
    )


@pytest.mark.recording("s3", "test_bucket_lifecycle_tag_rules")
def test_a_rule_is_for_tags(s3: Any, recorded: Any) -> None:
    one = {"Key": "testlifecycle", "Value": "positive"}
    two = {"Key": "testlifecycletwo", "Value": "positive-two"}
    shown = rules(
        s3,
        {"ID": "rule_one", "Filter": {"Tag": one}, "Expiration": {"Days": 2}},
        {"ID": "rule_two", "Filter": {"And": {"Tags": [one, two]}}, "Expiration": {"Days": 4}},
    )
    cases = {
        "match-both-rules": {"Tagging": TAGS["both"]},
        "match-rule-1": {"Tagging": TAGS["positive"]},
        "no-match": {"Tagging": "testlifecycle=negative"},
        "no-tags": {},
    }

    recorded({"get-bucket-lifecycle-conf": shown})
    for case, params in cases.items():
        written = put(s3, **params)
        got = s3.get_object(Bucket="bucket", Key=KEY)
        recorded({f"put-object-{case}": written, f"get-object-{case}": got})
