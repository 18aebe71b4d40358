"""Objects put, read, listed and deleted, held against what AWS answered."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config

SLASHED = ("/foo", "bar", "/bar/foo/")


def put(s3: Any, key: str, body: bytes | str = "test", **params: Any) -> Any:
    return s3.put_object(Bucket="bucket", Key=key, Body=body, **params)


def get(s3: Any, key: str, **params: Any) -> Any:
    return s3.get_object(Bucket="bucket", Key=key, **params)


def head(s3: Any, key: str, **params: Any) -> Any:
    return s3.head_object(Bucket="bucket", Key=key, **params)


def read(answer: Any) -> Any:
    """An answer whose body was read, as the recordings have some."""
    return {**answer, "Body": "" if answer.pop("Body").read() else "nothing"}


@pytest.mark.recording("s3", "test_delete_non_existing_keys")
def test_keys_that_are_not_there_are_deleted_too(s3: Any, recorded: Any) -> None:
    for key in ("dummy1", "dummy2"):
        put(s3, key)
    keys = [{"Key": key} for key in ("dummy1", "dummy2", "test-key-nonexistent")]

    recorded(deleted_resp=s3.delete_objects(Bucket="bucket", Delete={"Objects": keys}))


@pytest.mark.recording("s3", "test_delete_objects_encoding")
def test_keys_are_deleted_as_they_are_spelt(s3: Any, recorded: Any) -> None:
    keys = ("a%2Fb", "a/%F0%9F%98%80")
    for key, size in zip(keys, (16, 21), strict=True):
        put(s3, key, "x" * size)
    recorded.only.unknown("1ac438708eff428b768f07249b3e2bb2", "ec53baa61c0c0b736a567bdef59250f3")

    before = s3.list_objects_v2(Bucket="bucket")
    deleted = s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": key} for key in keys]})
    after = s3.list_objects_v2(Bucket="bucket")

    recorded(list_objects_before_delete=before, deleted_resp=deleted, list_objects=after)


@pytest.mark.recording("s3", "test_empty_bucket_fixture")
def test_an_emptied_bucket_lists_nothing(s3: Any, recorded: Any) -> None:
    for number in range(3):
        put(s3, f"key{number}", "123")
    before = s3.list_objects_v2(Bucket="bucket")
    s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": f"key{number}"} for number in range(3)]})

    recorded(list_obj=before, list_obj_after_empty=s3.list_objects_v2(Bucket="bucket"))


@pytest.mark.recording("s3", "test_object_with_slashes_in_key")
def test_slashes_at_the_ends_of_a_key_belong_to_it(s3: Any, recorded: Any) -> None:
    for key, body in zip(SLASHED, ("foobar", "barfoo", "test"), strict=True):
        put(s3, key, body)

    listed = s3.list_objects_v2(Bucket="bucket")

    assert [get(s3, key)["Body"].read() for key in SLASHED] == [b"foobar", b"barfoo", b"test"]
    recorded["True"](list_objects_slashes=listed)
    recorded["False"](list_objects_slashes=listed)


@pytest.mark.recording("s3", "test_url_encoded_key")
def test_a_percent_sign_in_a_key_is_no_escape(s3: Any, recorded: Any) -> None:
    for key, size in (("test@key/", 16), ("test%40key", 24), ("test%40key/", 12)):
        put(s3, key, key.ljust(size, "."))

    listed = s3.list_objects_v2(Bucket="bucket")

    for case in ("True", "False"):
        recorded[case].unknown(
            "03dc4443b5f395b54d011fdb7d9e0ae1", "51a6065890415b4b299dec1aa33d712c", "b792145c4a8e8d9ac95d3c2f9f0ac42d"
        )
        recorded[case](list_object_encoded_char=listed)


@pytest.mark.recording("s3", "test_put_get_object_single_character_trailing_slash")
def test_a_key_may_be_a_letter_and_a_slash(s3: Any, recorded: Any) -> None:
    answers = {}
    for letter in "atu":
        answers[f"put-object-single-char-{letter}/"] = put(s3, f"{letter}/")
        answers[f"get-object-single-char-{letter}/"] = get(s3, f"{letter}/")

    recorded({**answers, "list-objects-single-char": s3.list_objects_v2(Bucket="bucket")})


@pytest.mark.parametrize(
    "key",
    ["file%2Fname", "test@key/", "test%123", "test%percent", "test key/", "test key//", "a/%F0%9F%98%80/", "test%123/"],
)
@pytest.mark.recording("s3", "test_put_get_object_special_character")
def test_keys_with_odd_characters_come_back(s3: Any, recorded: Any, key: str) -> None:
    written = put(s3, key)
    listed = s3.list_objects_v2(Bucket="bucket")
    got = get(s3, key)

    recorded[key](
        put_object_special_char=written,
        list_object_special_char=listed,
        get_object_special_char=got,
        del_object_special_char=s3.delete_object(Bucket="bucket", Key=key),
    )


@pytest.mark.recording("s3", "test_put_and_get_object_with_hash_prefix")
def test_a_key_may_begin_with_a_hash(s3: Any, recorded: Any) -> None:
    recorded(put_object=put(s3, "#key-with-hash-prefix", "test 123"), get_object=read(get(s3, "#key-with-hash-prefix")))


@pytest.mark.recording("s3", "test_put_and_get_object_with_content_language_disposition")
def test_headers_of_an_object_come_back(s3: Any, recorded: Any) -> None:
    written = put(
        s3,
        "key-by-hostname",
        "abc123",
        ContentLanguage="de",
        ContentDisposition='attachment; filename="foo.jpg"',
        CacheControl="no-cache",
    )
    got = read(get(s3, "key-by-hostname"))

    recorded(
        put_object=written,
        put_object_headers=metadata(written),
        get_object=got,
        get_object_headers=metadata(got),
    )


def metadata(answer: Any) -> dict[str, Any]:
    """What boto3 says of the answer; that nothing is retried here is the client's affair."""
    return {name: value for name, value in answer["ResponseMetadata"].items() if name != "MaxAttemptsReached"}


@pytest.mark.recording("s3", "test_get_object_content_length_with_virtual_host")
def test_an_object_is_the_same_by_path_and_by_host(s3: Any, fetch: Any, recorded: Any) -> None:
    put(s3, "test-key-hostname", "123")
    url = s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "test-key-hostname"})

    by_path = fetch(url)
    by_host = fetch(url.replace("/bucket/", "/"), headers={"Host": "bucket.s3.localhost.localstack.cloud"})

    assert by_path.body == by_host.body == b"123"
    recorded["False"](get_obj_content_len_headers=by_path.headers)
    recorded["True"](get_obj_content_len_headers=by_host.headers)


@pytest.mark.recording("s3", "test_get_object_with_anon_credentials")
def test_an_object_is_read_without_a_signature(running: Any, session: Any, recorded: Any) -> None:
    running.client("s3").create_bucket(Bucket="anonymous-reads")
    running.client("s3").put_object(Bucket="anonymous-reads", Key="k", Body=b"body data")
    config = Config(signature_version=UNSIGNED, s3={"addressing_style": "path"})
    anonymous = session.client("s3", endpoint_url=running.url, region_name="us-east-1", config=config)

    recorded(get_object=anonymous.get_object(Bucket="anonymous-reads", Key="k"))


@pytest.mark.recording("s3", "test_head_object_fields")
def test_the_head_of_an_object(s3: Any, recorded: Any, error_of: Any) -> None:
    put(s3, "my-key", "abcdefgh")

    recorded(head_object=head(s3, "my-key"), head_object_404=error_of(head, s3, "doesnotexist"))


@pytest.mark.recording("s3", "test_upload_file_with_xml_preamble")
def test_a_body_of_xml_is_a_body(s3: Any, recorded: Any) -> None:
    put(s3, "foo", '<?xml version="1.0" encoding="UTF-8"?><test/>')
    recorded.only.unknown("8a793423f1e69103a7056b99e4ad6c0b", "hkzSQw==")

    recorded(get_object=get(s3, "foo"))


@pytest.mark.recording("s3", "test_s3_upload_download_gzip")
def test_a_compressed_body_keeps_its_encoding(s3: Any, recorded: Any) -> None:
    data = gzip.compress(b"1234567890 abcdefghijk", mtime=0).ljust(41, b"\0")[:41]
    recorded.only.unknown("5287ceabf01e3e9c080606b5a5b9bf70", "KBARJw==")

    recorded(put_object=put(s3, "z.gz", data, ContentEncoding="gzip"), get_object=read(get(s3, "z.gz")))


@pytest.mark.parametrize(
    "storage_class",
    ["STANDARD", "STANDARD_IA", "GLACIER_IR", "INTELLIGENT_TIERING", "ONEZONE_IA", "REDUCED_REDUNDANCY"],
)
@pytest.mark.recording(
    "s3",
    "test_put_object_storage_class[STANDARD-True]",
    "test_put_object_storage_class[STANDARD_IA-True]",
    "test_put_object_storage_class[GLACIER_IR-True]",
    "test_put_object_storage_class[INTELLIGENT_TIERING-True]",
    "test_put_object_storage_class[ONEZONE_IA-True]",
    "test_put_object_storage_class[REDUCED_REDUNDANCY-True]",
)
def test_a_storage_class_is_shown(s3: Any, recorded: Any, storage_class: str) -> None:
    put(s3, "test-put-object-storage-class", "body-test", StorageClass=storage_class)

    recorded.one_of(f"test_put_object_storage_class[{storage_class}-True]")(
        get_object_storage_class=s3.get_object_attributes(
            Bucket="bucket", Key="test-put-object-storage-class", ObjectAttributes=["StorageClass"]
        ),
        get_object=get(s3, "test-put-object-storage-class"),
    )


@pytest.mark.parametrize("storage_class", ["GLACIER", "DEEP_ARCHIVE"])
@pytest.mark.recording(
    "s3", "test_put_object_storage_class[GLACIER-False]", "test_put_object_storage_class[DEEP_ARCHIVE-False]"
)
def test_an_archived_object_is_not_read(s3: Any, recorded: Any, error_of: Any, storage_class: str) -> None:
    put(s3, "test-put-object-storage-class", "body-test", StorageClass=storage_class)

    recorded.one_of(f"test_put_object_storage_class[{storage_class}-False]")(
        get_object_storage_class=s3.get_object_attributes(
            Bucket="bucket", Key="test-put-object-storage-class", ObjectAttributes=["StorageClass"]
        ),
        get_object=error_of(get, s3, "test-put-object-storage-class"),
    )


@pytest.mark.recording("s3", "test_range_header_body_length")
def test_a_part_of_a_body_has_its_length(s3: Any, recorded: Any) -> None:
    put(s3, "sample.bin", b"x" * 2048)

    recorded(
        {
            "get-object": read(get(s3, "sample.bin", Range="bytes=0-1023")),
            "get-object-2": read(get(s3, "sample.bin", Range="bytes=1024-2047")),
        }
    )


@pytest.mark.recording("s3", "test_invalid_range_error")
def test_a_range_behind_the_end_is_refused(s3: Any, recorded: Any, error_of: Any) -> None:
    put(s3, "my-key", "abcdefgh")

    recorded(exc=error_of(get, s3, "my-key", Range="bytes=1024-4096"))


@pytest.mark.recording("s3", "test_get_object_range")
def test_ranges_are_read_as_aws_reads_them(s3: Any, recorded: Any, error_of: Any) -> None:
    put(s3, "k", "0123456789")
    names = {
        "get-0-8": "bytes=0-8",
        "get-1-1": "bytes=1-1",
        "get-1-0": "bytes=1-0",
        "get-1-": "bytes=1-",
        "get--1-": "bytes=-1-",
        "get--2": "bytes=-2",
        "get--9": "bytes=-9",
        "get--15": "bytes=-15",
        "get-0-100": "bytes=0-100",
        "get-0-0": "bytes=0-0",
        "get-0--1": "bytes=0--1",
        "get-multiple-ranges": "bytes=0-1,3-4,7-9",
        "get-wrong-format": "0-1",
        "get--": "bytes=-",
    }

    answers = {name: get(s3, "k", Range=text) for name, text in names.items()}
    with_checksum = get(s3, "k", Range="bytes=0-8", ChecksumMode="ENABLED")

    recorded(
        {
            **answers,
            "get-0-8-checksum": with_checksum,
            "get--0": error_of(get, s3, "k", Range="bytes=-0"),
            "get-100-200": error_of(get, s3, "k", Range="bytes=100-200"),
            "put-after-failed": put(s3, "k", "0123456789" * 2),
        }
    )


@pytest.mark.recording("s3", "test_metadata_header_character_decoding")
def test_names_of_metadata_are_in_lower_case(s3: Any, recorded: Any) -> None:
    put(s3, "k", "foo", Metadata={"TEST_META_1": "foo", "__meta_2": "bar"})

    recorded(head_object=head(s3, "k"))


@pytest.mark.recording("s3", "test_user_metadata_rfc2047_encoded")
def test_metadata_beyond_ascii_comes_back_as_encoded_words(s3: Any, recorded: Any) -> None:
    written = put(
        s3,
        "k",
        "",
        Metadata={
            "asciib64-encoded": "=?UTF-8?B?YWJj?=",
            "fake-encoded": "=?UTF-8?Q?actually-ascii?=",
            "non-ascii": "=?UTF-8?B?dGVzdF/igJRfZmlsZSVFMiU4MCU5NF/DqV8yPy5wZGY=?=",
            "non-ascii-2": "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=",
            "non-ascii-binary": "=?UTF-8?Q?=00=01=02=03?=",
            "replacement-chars": "=?UTF-8?B?77+977+977+977+977+977+977+9?=",
            "safe-chars": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        },
    )

    recorded(put_object=written, get_object=get(s3, "k"))


@pytest.mark.recording("s3", "test_user_metadata_rfc2047_bad_b64_encoded")
def test_an_encoded_word_that_is_no_utf_8_is_mended(s3: Any, recorded: Any) -> None:
    written = put(s3, "k", "", Metadata={"bad-b64-encoded": "=?UTF-8?B?4WHi?="})

    recorded(put_object=written, get_object=get(s3, "k"))
