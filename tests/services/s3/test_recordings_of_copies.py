"""Copies, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

JSON = '{"key": "value"}'
SOURCE = "source-key"


def put(s3: Any, key: str = SOURCE, body: str = JSON, **params: Any) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body, **params)


def copy(s3: Any, key: str = "copy-key", source: str = SOURCE, version: str = "", **params: Any) -> Any:
    which = f"?versionId={version}" if version else ""
    return s3.copy_object(Bucket="bucket", Key=key, CopySource=f"bucket/{source}{which}", **params)


def head(s3: Any, key: str, **params: Any) -> Any:
    return s3.head_object(Bucket="bucket", Key=key, **params)


def attributes(s3: Any, key: str, *names: str) -> Any:
    return s3.get_object_attributes(Bucket="bucket", Key=key, ObjectAttributes=list(names))


@pytest.mark.recording("s3", "test_s3_copy_content_type_and_metadata")
def test_a_copy_has_the_type_and_the_metadata(s3: Any, recorded: Any) -> None:
    recorded(
        put_object=put(s3, ContentType="application/json", Metadata={"key": "value"}),
        head_object=head(s3, SOURCE),
        copy_object=copy(s3, MetadataDirective="COPY"),
        head_object_copy=head(s3, "copy-key"),
        copy_object_second=copy(s3, "copy-key-2"),
        head_object_second_copy=head(s3, "copy-key-2"),
    )


@pytest.mark.recording("s3", "test_s3_copy_metadata_directive_copy")
def test_what_is_given_with_a_copy_does_not_count(s3: Any, recorded: Any) -> None:
    recorded(
        put_object=put(s3, body="test", Metadata={"key": "value"}, ContentLanguage="en-US"),
        head_object=head(s3, SOURCE),
        copy_object=copy(s3, MetadataDirective="COPY", Metadata={"another-key": "value"}, ContentLanguage="de-DE"),
        head_object_copy=head(s3, "copy-key"),
    )


@pytest.mark.recording("s3", "test_s3_copy_metadata_replace")
def test_what_is_given_with_a_copy_replaces_all(s3: Any, recorded: Any) -> None:
    recorded(
        put_object=put(s3, ContentType="application/json", Metadata={"key": "value"}, ContentLanguage="en-US"),
        head_object=head(s3, SOURCE),
        copy_object=copy(s3, MetadataDirective="REPLACE", Metadata={"another-key": "value"}, ContentType="image/jpg"),
        head_object_copy=head(s3, "copy-key"),
    )


@pytest.mark.recording("s3", "test_s3_copy_object_in_place")
def test_a_copy_onto_itself_changes_something(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, ContentType="application/json", Metadata={"key": "value"})
    recorded(
        put_object=written,
        head_object=head(s3, SOURCE),
        object_attrs=attributes(s3, SOURCE, "StorageClass"),
        copy_object_in_place_no_change=error_of(copy, s3, SOURCE),
        copy_object_in_place_with_storage_class=copy(s3, SOURCE, ChecksumAlgorithm="SHA256", StorageClass="STANDARD"),
        object_attrs_after_copy=attributes(s3, SOURCE, "StorageClass"),
        copy_object_in_place_with_acl=error_of(copy, s3, SOURCE, ACL="public-read"),
        object_acl=acl_of_two_owners(s3.get_object_acl(Bucket="bucket", Key=SOURCE)),
    )


def acl_of_two_owners(answer: Any) -> Any:
    """The recording gives the owner and the grantee, who are the same, two numbers."""
    return {**answer, "Owner": {"ID": f"the owner {answer['Owner']['ID']}"}}


@pytest.mark.recording("s3", "test_s3_copy_object_in_place_versioned")
def test_a_copy_onto_itself_is_a_new_version(versioned: Any, recorded: Any, error_of: Any) -> None:
    s3 = versioned

    def get() -> Any:
        return s3.get_object(Bucket="bucket", Key=SOURCE)

    def in_place() -> Any:
        return copy(s3, SOURCE, MetadataDirective="REPLACE")

    written = put(s3, ContentType="application/json", Metadata={"key": "value"})
    recorded(
        put_object=written,
        head_object=head(s3, SOURCE),
        object_attrs=attributes(s3, SOURCE, "StorageClass"),
        copy_object_in_place_no_change=error_of(copy, s3, SOURCE),
    )
    second = in_place()
    recorded(copy_in_place_versioned=second, head_object_copied=head(s3, SOURCE), get_object_copied=get())
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})
    recorded(
        copy_in_place_versioned_suspended=in_place(),
        head_object_copied_suspended=head(s3, SOURCE),
        get_object_copied_suspended=get(),
        head_object_previous_version_suspended=head(s3, SOURCE, VersionId=second["VersionId"]),
    )
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    recorded(copy_in_place_versioned_re_enabled=in_place())


@pytest.mark.recording("s3", "test_s3_copy_object_in_place_with_encryption")
def test_a_copy_onto_itself_may_change_the_encryption(s3: Any, recorded: Any) -> None:
    # The ETag of an encrypted object is no MD5 on AWS; here it is.
    recorded.only.unknown("b00b3bfc95beb7094e6a43eaa2ca08ab")
    key = "134f2428-cec1-4b25-a1ae-9048164dba47"
    with_key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key, "BucketKeyEnabled": True}
    recorded(
        put_object_with_kms_encryption=put(s3, body="test", **with_key),
        head_object=head(s3, SOURCE),
    )
    recorded.only.unknown("a92b4ea5fde51dc81ab84292dfee0367")
    recorded(
        copy_object_in_place_with_sse=copy(s3, SOURCE, ServerSideEncryption="aws:kms"),
        head_copy_with_sse=head(s3, SOURCE),
        copy_object_in_place_without_kms_sse=copy(s3, SOURCE, MetadataDirective="REPLACE"),
        head_copy_without_kms_sse=head(s3, SOURCE),
        copy_object_in_place_with_aes=copy(s3, SOURCE, ServerSideEncryption="AES256"),
        head_copy_with_aes=head(s3, SOURCE),
    )


@pytest.mark.recording("s3", "test_copy_in_place_with_bucket_encryption")
def test_the_encryption_of_a_bucket_is_change_enough(s3: Any, recorded: Any) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}

    recorded(
        put_bucket_encryption=s3.put_bucket_encryption(
            Bucket="bucket", ServerSideEncryptionConfiguration={"Rules": [rule]}
        ),
        put_obj=put(s3, body=""),
        copy_obj=copy(s3, SOURCE),
    )


@pytest.mark.recording("s3", "test_s3_copy_object_src_not_exists")
def test_the_source_of_a_copy_is_an_object(s3: Any, recorded: Any, error_of: Any) -> None:
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    where = {"Bucket": "versions", "Key": "random-src-key"}

    def copied(source: str) -> Any:
        return s3.copy_object(Bucket="versions", Key="copy", CopySource=source)

    no_bucket = error_of(copied, "missing/random-src-key")
    no_object = error_of(copied, "versions/random-src-key")
    written = s3.put_object(**where, Body="")
    deleted = s3.delete_object(**where)
    copy = copied(f"versions/random-src-key?versionId={written['VersionId']}")
    of_marker = error_of(copied, f"versions/random-src-key?versionId={deleted['VersionId']}")
    # Recorded before clients sent a checksum with every object.
    for shown in (written, copy["CopyObjectResult"]):
        del shown["ChecksumCRC32"], shown["ChecksumType"]
    recorded(
        copy_object_src_bucket_not_exists=no_bucket,
        copy_object_src_object_not_exists=no_object,
        put_obj_versioned=written,
        del_obj_versioned=deleted,
        copy_object_src_delete_marker_current_version=error_of(copied, "versions/random-src-key"),
        copy_object_src_target_delete_marker=of_marker,
        copy_object_src_target_object_version=copy,
    )


@pytest.mark.recording("s3", "test_s3_copy_object_storage_class")
def test_a_copy_has_the_storage_class_that_is_asked_for(s3: Any, recorded: Any, error_of: Any) -> None:
    written = put(s3, body="test", StorageClass="STANDARD_IA")
    recorded(
        put_object={name: value for name, value in written.items() if name != "StorageClass"},
        head_object=head(s3, SOURCE),
        object_attrs=attributes(s3, SOURCE, "StorageClass"),
        copy_object_in_place_with_storage_class=copy(s3, SOURCE, StorageClass="STANDARD"),
        object_attrs_after_copy=attributes(s3, SOURCE, "StorageClass"),
        exc_invalid_request_storage_class=error_of(copy, s3, SOURCE),
    )


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"])
@pytest.mark.recording("s3", "test_s3_copy_object_with_checksum")
def test_a_copy_has_the_checksum_that_is_asked_for(s3: Any, recorded: Any, algorithm: str) -> None:
    recorded[algorithm](
        put_object_no_checksum=put(s3, ContentType="application/json", Metadata={"key": "value"}),
        object_attrs=attributes(s3, SOURCE, "Checksum"),
        copy_object_in_place_with_checksum=copy(s3, SOURCE, ChecksumAlgorithm=algorithm, MetadataDirective="REPLACE"),
        object_attrs_after_copy=attributes(s3, SOURCE, "Checksum"),
        copy_object_to_dest_keep_checksum=copy(s3, "dest-key"),
    )


@pytest.mark.recording("s3", "test_s3_copy_object_wrong_format")
def test_a_source_is_a_bucket_and_a_key(s3: Any, recorded: Any, error_of: Any) -> None:
    error = error_of(s3.copy_object, Bucket="bucket", Key="copy", CopySource="wrongformat")

    recorded(copy_object_wrong_copy_source=error)


@pytest.mark.parametrize("directive", ["COPY", "REPLACE", None])
@pytest.mark.recording("s3", "test_s3_copy_tagging_directive_versioned")
def test_a_copy_takes_tags_over_or_gets_its_own(versioned: Any, recorded: Any, directive: str | None) -> None:
    s3 = versioned
    first = put(s3, body="test", Tagging="key1=value1")
    second = put(s3, body="test-v2", Tagging="key1=value1-v2")
    said = {} if directive is None else {"TaggingDirective": directive}

    def tags(key: str, **which: str) -> Any:
        return s3.get_object_tagging(Bucket="bucket", Key=key, **which)

    situation = recorded[str(directive)]
    situation(
        {
            "put-object": first,
            "put-object-v2": second,
            "get-object-tag": tags(SOURCE),
            "get-object-tag-v1": tags(SOURCE, VersionId=first["VersionId"]),
        }
    )
    for suffix, version in (("", ""), ("-v1", first["VersionId"])):
        for empty, given in (("", {"Tagging": "key2=value2"}), ("-tag-empty", {})):
            key = f"copy{empty}{suffix}"
            copied = copy(s3, key, version=version, **given, **said)
            shown = "copy-object-tag-empty" if empty else "copy-object"
            tagged = "get-copy-object-tag-empty" if empty else "get-copy-object-tag"
            situation({f"{shown}{suffix}": copied, f"{tagged}{suffix}": tags(key)})


@pytest.mark.recording("s3", "test_s3_copy_md5")
def test_a_copy_of_what_came_with_an_md5(s3: Any, recorded: Any) -> None:
    put(s3, body="something", ContentMD5="Q3uTDbhLgHnC3YBKcZNrXw==")

    recorded(copy_obj=copy(s3))
