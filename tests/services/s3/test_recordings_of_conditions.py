"""Conditions of reads, writes, copies and deletes, held against what AWS answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

KEY = "test-precondition"
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def put(s3: Any, body: str = "", key: str = KEY, **params: Any) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body, **params)


def copy(s3: Any, key: str, source: str = "source-object", **params: Any) -> Any:
    return s3.copy_object(Bucket="bucket", Key=key, CopySource=f"bucket/{source}", **params)


def listed(s3: Any) -> Any:
    return s3.list_object_versions(Bucket="bucket")


def delete(s3: Any, key: str = KEY) -> Any:
    return s3.delete_object(Bucket="bucket", Key=key)


@pytest.mark.recording("s3", "test_precondition_failed_error")
def test_an_object_is_not_the_one_that_is_meant(s3: Any, recorded: Any, error_of: Any) -> None:
    put(s3, "bar", "foo")

    recorded(get_object_if_match=error_of(s3.get_object, Bucket="bucket", Key="foo", IfMatch='"not good etag"'))


@pytest.mark.recording("s3", "test_s3_get_object_headers")
def test_what_is_known_is_not_sent_again(s3: Any, recorded: Any, error_of: Any) -> None:
    etag = put(s3, "data")["ETag"]

    def get(**condition: str) -> Any:
        return s3.get_object(Bucket="bucket", Key=KEY, **condition)

    def status(**condition: str) -> int:
        return int(get(**condition)["ResponseMetadata"]["HTTPStatusCode"])

    recorded(
        if_none_match_err_1=error_of(get, IfNoneMatch=etag)["Error"],
        if_none_match_err_2=error_of(get, IfNoneMatch=etag.strip('"'))["Error"],
        if_none_match_1=status(IfNoneMatch='"etag"'),
        if_match_1=status(IfMatch=etag),
        if_match_2=status(IfMatch=etag.strip('"')),
        if_match_err_1=error_of(get, IfMatch='"etag"')["Error"],
    )


@pytest.mark.parametrize("operation", ["get_object", "head_object"])
@pytest.mark.recording("s3", "test_s3_get_object_preconditions")
def test_a_read_has_conditions(s3: Any, aws: Any, recorded: Any, error_of: Any, operation: str) -> None:
    put(s3, "data")
    aws.advance(100)
    etag, modified = (s3.head_object(Bucket="bucket", Key=KEY)[name] for name in ("ETag", "LastModified"))

    def read(**conditions: Any) -> Any:
        return getattr(s3, operation)(Bucket="bucket", Key=KEY, **conditions)

    refused = {
        "precondition-if-match": {"IfMatch": '"etag"'},
        "precondition-if-unmodified-since": {"IfUnmodifiedSince": LONG_AGO},
        "precondition-if-none-match": {"IfNoneMatch": etag},
        "copy-precondition-if-modified-since": {"IfModifiedSince": modified + timedelta(seconds=5)},
        "etag-missing-quotes": {"IfNoneMatch": etag.strip('"')},
        "precondition-if-modified-since-is-object": {"IfModifiedSince": modified},
    }
    recorded[operation]({name: error_of(read, **conditions) for name, conditions in refused.items()})
    recorded[operation](
        {
            "obj-ignore-future-modified-since": read(IfModifiedSince=modified + timedelta(days=1)),
            "precondition-if-unmodified-since-is-object": read(IfUnmodifiedSince=modified),
            "obj-success": read(
                IfMatch=etag, IfNoneMatch='"etag"', IfModifiedSince=LONG_AGO, IfUnmodifiedSince=modified
            ),
        }
    )


@pytest.mark.recording("s3", "test_s3_copy_object_preconditions")
def test_a_copy_has_conditions_on_its_source(s3: Any, aws: Any, recorded: Any, error_of: Any) -> None:
    put(s3, "data", "source-object")
    aws.advance(100)
    head = s3.head_object(Bucket="bucket", Key="source-object")
    etag, modified = head["ETag"], head["LastModified"]

    def copied(**conditions: Any) -> Any:
        return copy(s3, "copy", **{f"CopySource{name}": value for name, value in conditions.items()})

    refused = {
        "copy-precondition-if-match": {"IfMatch": '"etag"'},
        "copy-precondition-if-unmodified-since": {"IfUnmodifiedSince": LONG_AGO},
        "copy-precondition-if-none-match": {"IfNoneMatch": etag},
        "copy-precondition-if-modified-since": {"IfModifiedSince": modified + timedelta(seconds=5)},
        "copy-etag-missing-quotes": {"IfNoneMatch": etag.strip('"')},
    }
    recorded({name: error_of(copied, **conditions) for name, conditions in refused.items()})
    recorded(
        head_object=head,
        copy_ignore_future_modified_since=copied(IfModifiedSince=modified + timedelta(days=1)),
        copy_success=copied(IfMatch=etag, IfNoneMatch='"etag"', IfModifiedSince=LONG_AGO, IfUnmodifiedSince=modified),
    )


@pytest.mark.recording("s3", "test_s3_copy_object_if_source_unmodified_since_versioned")
def test_a_copy_of_a_version_has_conditions(versioned: Any, recorded: Any, error_of: Any) -> None:
    put(versioned, "data", "source-object")
    head = versioned.head_object(Bucket="bucket", Key="source-object")

    def copied(since: datetime) -> Any:
        return copy(versioned, "copy", CopySourceIfUnmodifiedSince=since)

    recorded(
        head_object=head,
        copy_if_unmodified_since=copied(head["LastModified"]),
        copy_past_if_unmodified_since=error_of(copied, LONG_AGO),
    )


@pytest.mark.recording("s3", "test_put_object_if_none_match")
def test_an_object_is_put_only_where_there_is_none(s3: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        put_obj=put(s3),
        put_obj_if_none_match=error_of(put, s3, IfNoneMatch="*"),
        del_obj=delete(s3),
        put_obj_after_del=put(s3, IfNoneMatch="*"),
    )


@pytest.mark.recording("s3", "test_put_object_if_none_match_versioned_bucket")
def test_a_delete_marker_is_no_object(versioned: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        put_obj=put(versioned),
        put_obj_if_none_match=error_of(put, versioned, IfNoneMatch="*"),
        del_obj=delete(versioned),
        put_obj_after_del=put(versioned, IfNoneMatch="*"),
        list_object_versions=listed(versioned),
    )


@pytest.mark.recording("s3", "test_put_object_if_match")
def test_an_object_is_put_only_over_the_one_that_is_meant(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, "test")
    etag = written["ETag"]
    recorded(
        put_obj=written,
        put_obj_if_match_wrong_etag=error_of(put, s3, IfMatch='"etag"'),
        put_obj_overwrite=put(s3, IfMatch=etag),
        del_obj=delete(s3),
        put_obj_if_match_key_not_exists=error_of(put, s3, IfMatch=etag),
        put_obj_after_del=put(s3),
    )


@pytest.mark.recording("s3", "test_put_object_if_match_versioned_bucket")
def test_a_version_is_put_only_over_the_one_that_is_meant(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned
    written = put(s3, "test")
    recorded(
        put_obj=written,
        put_obj_if_none_match_bad_value=error_of(put, s3, IfMatch='"etag"'),
        del_obj=delete(s3),
        put_obj_after_del_exc=error_of(put, s3, IfMatch=written["ETag"]),
    )
    again = put(s3, "test-after-del")
    recorded(
        put_obj_after_del=again,
        put_obj_if_match=put(s3, "test-if-match", IfMatch=again["ETag"]),
        list_object_versions=listed(s3),
    )


@pytest.mark.recording(
    "s3", "test_put_object_if_match_validation", "test_put_object_if_match_and_if_none_match_validation"
)
def test_conditions_of_a_write_are_checked(s3: Any, recorded: Any, error_of: Any) -> None:
    key = "test-precondition-validation"

    def refused(**conditions: str) -> dict[str, Any]:
        return dict(error_of(put, s3, "", key, **conditions))

    recorded["test_put_object_if_match_validation"](
        {
            "put-obj-if-match-star-value": refused(IfMatch="*"),
            "put-obj-if-match-bad-value": refused(IfMatch="abcdef"),
            "put-obj-if-match-bad-value-2": refused(IfMatch="bad-char_/"),
        }
    )
    both = refused(IfMatch="abcdef", IfNoneMatch="*")
    recorded["test_put_object_if_match_and_if_none_match_validation"](put_obj_both_precondition=both)


@pytest.fixture
def source(s3: Any) -> Any:
    put(s3, "source content", "source-object")
    return s3


@pytest.mark.recording("s3", "test_copy_object_if_none_match")
def test_a_copy_goes_only_where_there_is_none(source: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        copy_obj=copy(source, "dest-object", IfNoneMatch="*"),
        copy_obj_if_none_match_fail=error_of(copy, source, "dest-object", IfNoneMatch="*"),
    )


@pytest.mark.recording("s3", "test_copy_object_if_match", "test_copy_object_if_match_in_place")
def test_a_copy_goes_only_over_the_one_that_is_meant(source: Any, recorded: Any, error_of: Any) -> None:
    etag = put(source, "some destination", "dest-object")["ETag"]
    own = source.head_object(Bucket="bucket", Key="source-object")["ETag"]

    recorded["test_copy_object_if_match"](
        copy_obj_if_match=copy(source, "dest-object", IfMatch=etag),
        copy_obj_if_match_fail_wrong_etag=error_of(copy, source, "dest-object", IfMatch='"etag"'),
        copy_obj_if_match_fail_no_object=error_of(copy, source, "non-existent-key", IfMatch=etag),
    )
    in_place = copy(source, "source-object", IfMatch=own, MetadataDirective="REPLACE")
    recorded["test_copy_object_if_match_in_place"](copy_obj_if_match_in_place=in_place)


@pytest.mark.recording("s3", "test_copy_object_precondition_write_validation")
def test_conditions_of_a_copy_are_checked(source: Any, recorded: Any, error_of: Any) -> None:
    recorded(
        copy_obj_none_match_etag=error_of(copy, source, "dest", IfNoneMatch="abcdef"),
        copy_obj_if_match_star=error_of(copy, source, "dest", IfMatch="*"),
        copy_obj_both=error_of(copy, source, "dest", IfMatch="abcdef", IfNoneMatch="*"),
    )


@pytest.mark.recording("s3", "test_copy_object_if_none_match_versioned_bucket")
def test_a_copy_goes_over_a_delete_marker(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned
    put(s3, "source content", "source-object")

    recorded(
        copy_obj=copy(s3, "dest-object", IfNoneMatch="*"),
        copy_obj_if_none_match_fail=error_of(copy, s3, "dest-object", IfNoneMatch="*"),
        del_obj=delete(s3, "dest-object"),
        copy_obj_after_del=copy(s3, "dest-object", IfNoneMatch="*"),
        list_object_versions=listed(s3),
    )


@pytest.mark.recording("s3", "test_copy_object_if_match_versioned_bucket")
def test_a_copy_goes_only_over_the_version_that_is_meant(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned
    put(s3, "source content", "source-object")
    written = put(s3, "initial content", "dest-object")
    recorded.only.unknown("06becddd7457b4bad77f1d3bca3a3ad1", "ORgJnw==")
    recorded(
        put_obj=written,
        copy_obj_if_match_wrong_etag=error_of(copy, s3, "dest-object", IfMatch='"etag"'),
        del_obj=delete(s3, "dest-object"),
        copy_obj_after_del_exc=error_of(copy, s3, "dest-object", IfMatch=written["ETag"]),
    )
    again = put(s3, "content of 24 characters", "dest-object")
    recorded(
        put_obj_after_del=again,
        copy_obj_if_match=copy(s3, "dest-object", IfMatch=again["ETag"]),
        list_object_versions=listed(s3),
    )


def begin(s3: Any) -> tuple[Any, Any]:
    """Begin an upload of one part: the answer, and how to complete it on conditions."""
    upload = s3.create_multipart_upload(Bucket="bucket", Key=KEY)
    which = {"Bucket": "bucket", "Key": KEY, "UploadId": upload["UploadId"]}
    part = {"PartNumber": 1, "ETag": s3.upload_part(**which, PartNumber=1, Body="test")["ETag"]}

    def complete(**conditions: str) -> Any:
        return s3.complete_multipart_upload(**which, MultipartUpload={"Parts": [part]}, **conditions)

    return upload, complete


@pytest.mark.recording("s3", "test_multipart_if_none_match_with_delete")
def test_an_upload_does_not_come_after_a_delete(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3)
    upload, complete = begin(s3)
    recorded(
        put_obj=written,
        create_multipart=upload,
        complete_multipart_if_none_match=error_of(complete, IfNoneMatch="*"),
        del_obj=delete(s3),
        complete_multipart_after_del=error_of(complete, IfNoneMatch="*"),
    )
    _, complete = begin(s3)
    recorded(complete_multipart_after_del_restart=complete(IfNoneMatch="*"))


@pytest.mark.recording("s3", "test_multipart_if_match_with_put")
def test_an_upload_does_not_come_over_what_was_put_meanwhile(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, "test")
    upload, complete = begin(s3)
    during = put(s3, "test2")
    recorded(
        put_obj=written,
        create_multipart=upload,
        put_obj_during=during,
        complete_multipart_if_match_put_before=error_of(complete, IfMatch=written["ETag"]),
        complete_multipart_if_match_put_during=error_of(complete, IfMatch=during["ETag"]),
    )
    upload, complete = begin(s3)
    recorded(
        create_multipart_again=upload,
        complete_multipart_if_match_put_before_restart=complete(IfMatch=during["ETag"]),
    )


@pytest.mark.recording("s3", "test_multipart_if_match_with_put_identical")
def test_the_same_put_again_is_another_write(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, "test")
    upload, complete = begin(s3)
    recorded(
        put_obj=written,
        create_multipart=upload,
        put_obj_during=put(s3, "test"),
        complete_multipart_if_match_put_during=error_of(complete, IfMatch=written["ETag"]),
    )
    upload, complete = begin(s3)
    recorded(
        create_multipart_again=upload,
        complete_multipart_if_match_put_before_restart=complete(IfMatch=written["ETag"]),
    )


@pytest.mark.recording("s3", "test_multipart_if_match_etag")
def test_an_upload_comes_only_over_the_one_that_is_meant(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, "test")
    upload, complete = begin(s3)
    first = complete(IfMatch=written["ETag"])
    recorded(put_obj=written, create_multipart=upload, complete_multipart_if_match=first)
    upload, complete = begin(s3)
    recorded(
        create_multipart_overwrite=upload,
        complete_multipart_if_match_true_etag=error_of(complete, IfMatch=written["ETag"]),
        complete_multipart_if_match_overwrite_multipart=complete(IfMatch=first["ETag"]),
    )


@pytest.mark.recording("s3", "test_delete_object_if_match_all_non_express")
def test_conditions_of_a_delete_are_those_of_general_purpose_buckets(s3: Any, recorded: Any, error_of: Any) -> None:
    head = put(s3, "test")
    modified = s3.head_object(Bucket="bucket", Key=KEY)["LastModified"]

    error = error_of(
        s3.delete_object,
        Bucket="bucket",
        Key=KEY,
        IfMatch=head["ETag"],
        IfMatchSize=4,
        IfMatchLastModifiedTime=modified,
    )

    recorded(delete_obj_if_match_all=error)
