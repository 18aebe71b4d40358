"""Uploads of browsers' forms, held against what AWS answered."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

KEY = "test-presigned-post-key"
BOUNDARY = "----boundary"
REDIRECT = "http://localhost.test/random"


def multipart(fields: dict[str, str], file: str | bytes, filename: str | None = "file") -> bytes:
    """A form as a browser sends it, the file at its end."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    named = "" if filename is None else f'; filename="{filename}"\r\nContent-Type: application/octet-stream'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"{named}\r\n\r\n'
    data = file.encode() if isinstance(file, str) else file
    return "".join(parts).encode() + head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def post(fetch: Any) -> Any:
    """Send a presigned form: `post(form, "content", more="fields")`."""

    def post(form: dict[str, Any], file: str | bytes = "abcdef", filename: str | None = "file", **more: str) -> Any:
        body = multipart({**form["fields"], **more}, file, filename)
        return fetch(form["url"], "POST", body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    return post


def presigned(s3: Any, conditions: list[Any] | None = None, key: str = KEY, **fields: str) -> dict[str, Any]:
    """A form that boto3 presigned; what the fields are to be is among the conditions, unless those are given."""
    said = [{name: value} for name, value in fields.items()] if conditions is None else conditions
    form: dict[str, Any] = s3.generate_presigned_post("bucket", key, Fields=fields, Conditions=said)
    return form


def shown(s3: Any, key: str = KEY) -> Any:
    return s3.get_object(Bucket="bucket", Key=key, ChecksumMode="ENABLED")


@pytest.mark.recording("s3", "test_post_object_policy_conditions_validation_eq")
def test_a_field_is_what_the_policy_says(s3: Any, post: Any, parse: Any, recorded: Any) -> None:
    def refused(conditions: list[Any], redirect: str) -> Any:
        form = presigned(s3, conditions, success_action_redirect=redirect)
        return parse(post(form).body)

    recorded(
        invalid_condition_eq=refused([["eq", "$success_action_redirect", REDIRECT]], "http://wrong.test"),
        invalid_condition_missing_prefix=refused([["eq", "success_action_redirect", REDIRECT]], REDIRECT),
        invalid_condition_wrong_condition=refused([{"success_action_redirect": REDIRECT, "x": "y"}], REDIRECT),
        invalid_condition_wrong_value_casing=refused(
            [["eq", "$success_action_redirect", REDIRECT.replace("http", "HTTP")]], REDIRECT
        ),
    )
    described = {
        "x-amz-meta-test-1": "test-meta-1",
        "x-amz-meta-test-2": "test-meta-2",
        "Content-Type": "text/plain",
        "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
    }
    assert post(presigned(s3, **described)).status == 204
    recorded(head_object_metadata=s3.head_object(Bucket="bucket", Key=KEY))
    answer = post(presigned(s3, [["eq", "$SUCCESS_action_REDIRECT", REDIRECT]], success_action_redirect=REDIRECT))
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"{REDIRECT}?bucket=bucket&key={KEY}&etag=%22e80b")
    recorded(final_object=shown(s3))


@pytest.mark.recording("s3", "test_post_object_policy_conditions_validation_starts_with")
def test_a_field_begins_as_the_policy_says(s3: Any, post: Any, parse: Any, recorded: Any) -> None:
    conditions = [["starts-with", "$success_action_redirect", "http://localhost"]]

    def sent(redirect: str, file: str = "abcdef") -> Any:
        return post(presigned(s3, conditions, success_action_redirect=redirect), file)

    recorded(
        invalid_condition_starts_with=parse(sent("http://wrong.test").body),
        invalid_condition_starts_with_casing=parse(sent("HTTP://localhost.test").body),
    )
    assert sent(REDIRECT).status == 303
    recorded({"get-object-1": shown(s3)})
    assert sent(f"{REDIRECT}/2", "manual value to change ETag").status == 303
    recorded({"get-object-2": shown(s3)})


@pytest.mark.recording("s3", "test_post_object_with_file_as_string")
def test_a_file_without_a_name_is_a_field(s3: Any, post: Any, recorded: Any) -> None:
    recorded.only.unknown("518feee9a33977e5047cda470999729a", "31ac3a102af06a3d79f0172d01158b49")
    plain, named = "test-presigned-post-file-as-field", "file-as-field-${filename}"

    assert post(presigned(s3, key=plain), "x" * 23, None).status == 204
    assert post(presigned(s3, key=named), "y" * 44, None).status == 204

    recorded(head_object=s3.head_object(Bucket="bucket", Key=plain), list_objects=s3.list_objects_v2(Bucket="bucket"))


@pytest.mark.recording("s3", "test_post_object_with_metadata")
def test_fields_are_headers_of_the_object(s3: Any, post: Any, recorded: Any) -> None:
    recorded.only.unknown("a7d8531d918474360de3e2eaeb110cda")
    described = {
        "x-amz-meta-test-1": "test-meta-1",
        "x-amz-meta-TEST-2": "test-meta-2",
        "Content-Type": "text/plain",
        "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
    }

    assert post(presigned(s3, **described), "x" * 17).status == 204

    recorded(head_object=s3.head_object(Bucket="bucket", Key=KEY))


@pytest.mark.parametrize(
    ("case", "tags"), [("single", ("TagName",)), ("list", ("TagName", "TagName2")), ("invalid", ())]
)
@pytest.mark.recording(
    "s3",
    "test_post_object_with_tags[single]",
    "test_post_object_with_tags[list]",
    "test_post_object_with_tags[invalid]",
)
def test_a_field_has_the_tags(s3: Any, post: Any, recorded: Any, case: str, tags: tuple[str, ...]) -> None:
    said = "".join(f"<Tag><Key>{tag}</Key><Value>{tag.replace('Name', 'Value')}</Value></Tag>" for tag in tags)
    document = f"<Tagging><TagSet>{said}</TagSet></Tagging>" if tags else "<InvalidXmlTagging></InvalidXmlTagging>"

    assert post(presigned(s3, tagging=document)).status == 204

    found = s3.get_object_tagging(Bucket="bucket", Key=KEY)
    recorded.one_of(f"test_post_object_with_tags[{case}]")(get_tagging=found)


@pytest.mark.recording("s3", "test_post_object_with_tags[notxml]")
def test_tags_are_a_document(s3: Any, post: Any, parse: Any, recorded: Any) -> None:
    answer = post(presigned(s3, tagging="not-xml"))

    assert answer.status == 400
    recorded(tagging_error=parse(answer.body))


@pytest.mark.recording("s3", "test_post_object_with_unicode_metadata")
def test_fields_beyond_ascii(s3: Any, post: Any, parse: Any, recorded: Any) -> None:
    recorded.only.unknown("a7d8531d918474360de3e2eaeb110cda")
    described = {
        "Cache-Control": "non-ascii-%E2%80%94_—_é_",
        "Content-Disposition": 'filename="test_—_file%E2%80%94_é_2-.pdf"',
        "success_action_status": "201",
        "x-amz-meta-b-encoded": "=?UTF-8?B?YWJj?=",
        "x-amz-meta-q-encoded": "=?UTF-8?Q?actually-ascii?=",
        "x-amz-meta-nonascii": "ÄMÄZÕÑ S3",
        "x-amz-meta-nonascii-2": "test_—_file%E2%80%94_é_2👑.pdf",
        "x-amz-meta-utf-8": "\x00\x01\x02\x03\x04",
        "x-amz-meta-safe-chars": "! \"#$%&'()*+,-./0123456789:;<>'?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
        "abcdefghijklmnopqrstuvwxyz{|}~\t",
    }
    key = "test_unicode—_file.pdf"

    answer = post(presigned(s3, key=key, **described), "x" * 17)

    assert answer.status == 201
    recorded(
        post_object={"LocationHeader": answer.headers["location"], **parse(answer.body)},
        head_object=s3.head_object(Bucket="bucket", Key=key),
    )


@pytest.mark.recording("s3", "test_post_object_with_wrong_content_type")
def test_a_form_is_of_one_type(s3: Any, fetch: Any, parse: Any, recorded: Any) -> None:
    form = presigned(s3)

    answer = fetch(form["url"], "POST", multipart(form["fields"], "abc"), {"Content-Type": "text/html"})

    assert answer.status == 412
    recorded(invalid_content_type_error=parse(answer.body))


@pytest.mark.parametrize("version", ["s3", "s3v4"])
@pytest.mark.recording("s3", "test_post_request_missing_fields", "test_post_request_missing_signature")
def test_a_form_has_all_fields_of_its_signature(
    s3: Any, signer: Any, post: Any, parse: Any, recorded: Any, version: str
) -> None:
    first, signature, others = {
        "s3": ("AWSAccessKeyId", "signature", ()),
        "s3v4": ("x-amz-algorithm", "x-amz-signature", ("x-amz-credential", "x-amz-date")),
    }[version]

    def without(*names: str) -> dict[str, Any]:
        form = presigned(signer(signature_version=version))
        fields = {name: value for name, value in form["fields"].items() if name not in names}
        answer = post({**form, "fields": fields})
        return {**parse(answer.body), "StatusCode": answer.status}

    recorded[f"test_post_request_missing_fields[{version}]"](
        exception_missing_fields=without(first),
        exception_no_sig_related_fields=without(first, signature, *others),
    )
    recorded[f"test_post_request_missing_signature[{version}]"](exception_missing_signature=without(signature))


@pytest.mark.recording("s3", "test_presigned_post_with_different_user_credentials")
def test_a_form_is_posted_by_who_signed_it(s3: Any, post: Any, recorded: Any) -> None:
    assert post(presigned(s3)).status == 204

    recorded(get_obj=shown(s3))


# What the recordings do not have.


def test_a_large_file_keeps_its_bytes(s3: Any, post: Any) -> None:
    data = bytes(range(256)) * 1000

    assert post(presigned(s3, key="${filename}"), data, "a large file.bin").status == 204

    assert s3.get_object(Bucket="bucket", Key="a large file.bin")["Body"].read() == data


def test_a_form_is_posted_to_the_host_of_its_bucket(s3: Any, running: Any, fetch: Any) -> None:
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Host": "bucket.s3.localhost.localstack.cloud",
    }

    answer = fetch(f"{running.url}/", "POST", multipart(presigned(s3)["fields"], "abcdef"), headers)

    assert answer.status == 204
    assert s3.get_object(Bucket="bucket", Key=KEY)["Body"].read() == b"abcdef"


def test_a_field_that_the_policy_does_not_know_is_refused(s3: Any, post: Any, parse: Any) -> None:
    answer = post(presigned(s3), acl="public-read")

    assert answer.status == 403
    assert parse(answer.body)["Error"]["Message"] == "Invalid according to Policy: Extra input fields: acl"


@pytest.mark.parametrize(("least", "most", "code"), [(7, 9, "EntityTooSmall"), (1, 5, "EntityTooLarge")])
def test_the_size_of_a_file_has_a_range(s3: Any, post: Any, parse: Any, least: int, most: int, code: str) -> None:
    form = s3.generate_presigned_post("bucket", KEY, Conditions=[["content-length-range", least, most]])

    answer = post(form, "abcdef")

    assert (answer.status, parse(answer.body)["Error"]["Code"]) == (400, code)


def test_a_policy_expires(s3: Any, post: Any, parse: Any) -> None:
    form = presigned(s3)
    policy = json.loads(base64.b64decode(form["fields"]["policy"]))
    policy["expiration"] = f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    form["fields"]["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()

    answer = post(form)

    assert answer.status == 403
    assert parse(answer.body)["Error"]["Message"] == "Invalid according to Policy: Policy expired."


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MalformedPOSTRequest"),
        (b"no form", "MalformedPOSTRequest"),
        (multipart({"key": "k"}, "x").replace(b'name="file"', b'name="other"'), "InvalidArgument"),
        (multipart({"key": "k"}, "x")[:-20], "MalformedPOSTRequest"),
    ],
)
def test_what_is_no_form_is_refused(s3: Any, fetch: Any, parse: Any, body: bytes, code: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    answer = fetch(presigned(s3)["url"], "POST", body, headers)

    assert (answer.status, parse(answer.body)["Error"]["Code"]) == (400, code)


def test_a_posted_object_is_told_as_one(aws: Any, s3: Any, post: Any) -> None:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    target = {"QueueArn": arn, "Events": ["s3:ObjectCreated:Post"]}
    s3.put_bucket_notification_configuration(
        Bucket="bucket", NotificationConfiguration={"QueueConfigurations": [target]}, SkipDestinationValidation=True
    )

    post(presigned(s3))

    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    assert json.loads(message["Body"])["Records"][0]["eventName"] == "ObjectCreated:Post"
