"""Tags of buckets and objects, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

OBJECT = {"Bucket": "bucket", "Key": "test-key-tagging"}


def tag_set(*tags: tuple[str | None, str | None]) -> dict[str, Any]:
    """A Tagging structure; what is None is left out."""
    said = [{"Key": key, "Value": value} for key, value in tags]
    return {"TagSet": [{name: text for name, text in tag.items() if text is not None} for tag in said]}


def put(s3: Any, tagging: str | None = None, **more: Any) -> Any:
    given = {} if tagging is None else {"Tagging": tagging}
    return s3.put_object(**{**OBJECT, "Body": "test-tagging", **given, **more})


def tags(s3: Any, **more: Any) -> Any:
    return s3.get_object_tagging(**OBJECT, **more)


@pytest.mark.recording("s3", "test_create_bucket_with_empty_tags")
def test_a_bucket_is_created_with_no_tags(s3: Any, recorded: Any, error_of: Any) -> None:
    created = s3.create_bucket(Bucket="tagless", CreateBucketConfiguration={"Tags": []})
    shown = error_of(s3.get_bucket_tagging, Bucket="tagless")

    recorded(
        create_bucket_with_empty_tags=created,
        get_bucket_tags=shown,
        create_bucket_with_none_tags=s3.create_bucket(Bucket="tagless", CreateBucketConfiguration={}),
    )


@pytest.mark.recording("s3", "test_create_bucket_with_tags")
def test_a_bucket_is_created_with_tags(aws: Any, recorded: Any) -> None:
    s3 = aws("s3", region="us-east-2")
    configuration = {"Tags": [{"Key": "tag1", "Value": "value1"}], "LocationConstraint": "us-east-2"}

    recorded(
        create_bucket_with_tags=s3.create_bucket(Bucket="tagged", CreateBucketConfiguration=configuration),
        get_bucket_tags=s3.get_bucket_tagging(Bucket="tagged"),
    )


@pytest.mark.recording("s3", "test_create_bucket_with_tags_us_east_1_idempotency")
def test_only_without_tags_is_a_bucket_created_again(aws: Any, recorded: Any, error_of: Any) -> None:
    s3 = aws("s3")

    def create(*tags: str) -> Any:
        configuration = {"Tags": [{"Key": tag, "Value": tag.replace("tag", "value")} for tag in tags]}
        return s3.create_bucket(Bucket="tagged", CreateBucketConfiguration=configuration)

    recorded(
        create_bucket_with_tags=create("tag1"),
        get_bucket_tags=s3.get_bucket_tagging(Bucket="tagged"),
        create_bucket_different_tags=error_of(create, "tag2"),
        create_bucket_with_no_tags=s3.create_bucket(Bucket="tagged"),
        get_bucket_tags_after_re_create=s3.get_bucket_tagging(Bucket="tagged"),
        create_bucket_with_same_tags=error_of(create, "tag1"),
        create_bucket_with_empty_tags=create(),
        get_bucket_tags_after_create_empty=s3.get_bucket_tagging(Bucket="tagged"),
    )


@pytest.mark.recording("s3", "test_create_bucket_with_tags_exc")
def test_tags_of_a_new_bucket_are_checked(aws: Any, unchecked: Any, recorded: Any, error_of: Any) -> None:
    def refused(*tags: tuple[str | None, str | None]) -> dict[str, Any]:
        configuration = {"Tags": tag_set(*tags)["TagSet"]}
        return dict(error_of(unchecked.create_bucket, Bucket="tagged", CreateBucketConfiguration=configuration))

    recorded(
        tags_key_none=refused((None, "value1")),
        tags_value_none=refused(("key1", None)),
        tags_key_aws_prefix=refused(("aws:test", "value1")),
        tags_key_aws_duplicated_key=refused(("key1", "value1"), ("key1", "value2")),
        tags_key_aws_bad_value=refused(("test", "value1,value2")),
        tags_key_aws_bad_key=refused(("test,test2", "value1")),
    )


@pytest.mark.recording("s3", "test_put_bucket_tagging_none_value")
def test_no_tags_are_no_tag_set(s3: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        put_bucket_tags_origin=s3.put_bucket_tagging(Bucket="bucket", Tagging=tag_set(("key1", "value1"))),
        put_none_tag_set=s3.put_bucket_tagging(Bucket="bucket", Tagging=tag_set()),
        no_such_tag_set=error_of(s3.get_bucket_tagging, Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_tagging_validation")
def test_tags_are_checked(s3: Any, unchecked: Any, recorded: Any, error_of: Any) -> None:
    put(s3)

    def of_bucket(*tags: tuple[str | None, str | None]) -> dict[str, Any]:
        return dict(error_of(unchecked.put_bucket_tagging, Bucket="bucket", Tagging=tag_set(*tags)))

    def of_object(*tags: tuple[str | None, str | None]) -> dict[str, Any]:
        return dict(error_of(unchecked.put_object_tagging, **OBJECT, Tagging=tag_set(*tags)))

    recorded(
        put_bucket_tags_duplicate_keys=of_bucket(("Key1", "Val1"), ("Key1", "Val1")),
        put_bucket_tags_invalid_key=of_bucket(("Key1,Key2", "Val1")),
        put_bucket_tags_none_key=of_bucket((None, "Val1")),
        put_bucket_tags_invalid_value=of_bucket(("Key1", "Val1,Val2")),
        put_bucket_tags_none_value=of_bucket(("Key1", None)),
        put_bucket_tags_aws_prefixed=of_bucket(("aws:prefixed", "Val1")),
        put_object_tags_duplicate_keys=of_object(("Key1", "Val1"), ("Key1", "Val1")),
        put_object_tags_invalid_field=of_object(("Key1,Key2", "Val1")),
        put_object_tags_aws_prefixed=of_object(("aws:prefixed", "Val1")),
        put_object_tags_none_key=of_object((None, "Val1")),
        put_object_tags_none_value=of_object(("Key1", None)),
    )


@pytest.mark.recording("s3", "test_put_object_tagging_empty_list")
def test_tags_of_an_object_can_be_none(s3: Any, recorded: Any) -> None:
    put(s3)
    created = tags(s3)
    s3.put_object_tagging(**OBJECT, Tagging=tag_set(("tag1", "tag1"), ("tag2", "")))
    updated = tags(s3)
    s3.put_object_tagging(**OBJECT, Tagging=tag_set())

    recorded(created_object_tags=created, updated_object_tags=updated, deleted_object_tags=tags(s3))


@pytest.mark.recording("s3", "test_head_object_with_tags")
def test_the_head_of_an_object_counts_its_tags(s3: Any, recorded: Any) -> None:
    three = "tag1=tag1&tag2=tag2&tag="
    written = put(s3, three)
    first = s3.head_object(**OBJECT)
    tagged = s3.put_object_tagging(**OBJECT, Tagging=tag_set(("tag3", "tag3")))
    second = s3.head_object(**OBJECT)
    put(s3, three)
    third = s3.head_object(**OBJECT)
    s3.delete_object_tagging(**OBJECT)

    recorded(
        put_object=written,
        head_obj_after_create=first,
        put_object_tags=tagged,
        head_obj_after_tagging=second,
        head_obj_after_overwrite=third,
        head_obj_after_removal=s3.head_object(**OBJECT),
    )


@pytest.mark.recording("s3", "test_put_object_with_tags")
def test_an_object_is_put_with_tags(s3: Any, recorded: Any) -> None:
    recorded(
        put_object=put(s3, "tag1=tag1&tag2=tag2&tag="),
        get_object_tags=tags(s3),
        put_object_tags=s3.put_object_tagging(**OBJECT, Tagging=tag_set(("tag3", "tag3"))),
        get_object_tags_override=tags(s3),
        head_obj=s3.head_object(**OBJECT),
        get_obj=s3.get_object(**OBJECT),
    )
    put(s3, "wrongquery&wrongagain")
    recorded(get_object_tags_wrong_format_qs=tags(s3))
    put(s3, "key1&key2")
    recorded(get_object_tags_wrong_format_qs_2=tags(s3))


@pytest.mark.recording("s3", "test_object_tags_delete_or_overwrite_object")
def test_tags_go_with_their_object(s3: Any, recorded: Any) -> None:
    put(s3, "tag1=val1")
    created = tags(s3)
    put(s3)
    overwritten = tags(s3)
    put(s3, "tag1=val1")
    s3.delete_object(**OBJECT)
    put(s3)

    recorded(
        get_object_after_creation=created,
        get_object_after_overwrite=overwritten,
        get_object_after_recreation=tags(s3),
    )


@pytest.mark.recording("s3", "test_object_tagging_versioned")
def test_each_version_has_its_tags(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned
    first = put(s3, "test_tag=tagv1", Body="test-0")
    second = put(s3, "test_tag=tagv2", Body="test-1")
    old = {**OBJECT, "VersionId": first["VersionId"]}

    def tag(where: dict[str, str], name: str) -> Any:
        return s3.put_object_tagging(**where, Tagging=tag_set((name, name)))

    recorded(
        {
            "put-obj-0": first,
            "put-obj-1": second,
            "put-object-tags-current-version": tag(OBJECT, "tag3"),
            "get-object-tags-current-version": tags(s3),
            "get-object-tags-previous-version": s3.get_object_tagging(**old),
            "put-object-tags-previous-version": tag(old, "tag1"),
            "get-object-tags-previous-version-again": s3.get_object_tagging(**old),
        }
    )
    s3.delete_object_tagging(**OBJECT)
    recorded(get_object_tags_deleted_current=tags(s3))
    s3.delete_object_tagging(**old)
    recorded(get_object_tags_previous_version_deleted=tags(s3))

    marker = s3.delete_object(**OBJECT)
    recorded(put_delete_marker=marker)
    hidden = {"id": {**OBJECT, "VersionId": marker["VersionId"]}, "latest": OBJECT}
    for name, where in hidden.items():
        recorded(
            {
                f"put-object-tags-delete-marker-{name}": error_of(tag, where, "t"),
                f"get-object-tags-delete-marker-{name}": error_of(s3.get_object_tagging, **where),
                f"delete-object-tags-delete-marker-{name}": error_of(s3.delete_object_tagging, **where),
            }
        )
