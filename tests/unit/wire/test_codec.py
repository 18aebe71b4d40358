"""Decoding and encoding where the protocols have corners of their own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.wire import models
from emulator.wire.codec import decode, encode
from emulator.wire.http import Request
from emulator.wire.http_bindings import split_list
from emulator.wire.routing import Match
from emulator.wire.validation import validate

ID = "c2ae1b2f-5b7a-4b1e-9d5c-000000000000"


def decoded(
    service: str, operation: str, body: bytes, target: str = "/", protocol: str | None = None, **path: str
) -> dict[str, Any]:
    found = models.service(service)
    match = Match(service, found.over(protocol or found.protocol).operations[operation], path, None, None)
    return decode(match, Request("POST", target, {}, body))


def encoded(service: str, operation: str, result: dict[str, Any] | None) -> bytes:
    body = encode(models.service(service).operations[operation], result, ID).body
    assert isinstance(body, bytes)
    return body


def test_a_null_member_is_an_absent_member_at_any_depth() -> None:
    body = b'{"Name":"r","State":null,"Tags":[{"Key":"k","Value":null}]}'

    assert decoded("events", "PutRule", body) == {"name": "r", "tags": [{"Key": "k"}]}


def test_an_unknown_member_is_not_read() -> None:
    assert decoded("events", "PutRule", b'{"Name":"r","Colour":"red","Tags":[{"Key":"k","X":1}]}') == {
        "name": "r",
        "tags": [{"Key": "k"}],
    }


def test_an_empty_body_is_an_empty_object() -> None:
    assert decoded("sqs", "ListQueues", b"") == {}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"a":NaN}', b'{"MessageAttributes":[]}'])
def test_a_body_that_does_not_parse_is_a_serialization_error(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        decoded("sqs", "SendMessage", body)

    assert refused.value.code == "SerializationException"


def test_a_lone_surrogate_comes_through() -> None:
    params = decoded("sqs", "SendMessage", b'{"MessageBody":"\\ud800"}')

    assert params == {"message_body": "\ud800"}
    assert json.loads(encoded("sqs", "SendMessage", {"MessageId": "\ud800"})) == {"MessageId": "\ud800"}


def test_what_is_nested_too_deeply_is_refused() -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(450):
        value = {"L": [value]}
    body = json.dumps({"TableName": "ttt", "Item": {"a": value}}).encode()

    with pytest.raises(AwsError) as refused:
        validate(models.service("dynamodb").operations["PutItem"], decoded("dynamodb", "PutItem", body))

    assert refused.value.code == "SerializationException"


def test_a_none_is_left_out_of_an_answer() -> None:
    result = {"Messages": [{"MessageId": "m", "Body": None}], "NextToken": None}

    assert encoded("sqs", "ReceiveMessage", result) == b'{"Messages":[{"MessageId":"m"}]}'


def test_an_operation_without_output_answers_nothing() -> None:
    assert encoded("sqs", "DeleteMessage", None) == b""


def test_an_attribute_in_xml_is_read_by_its_local_name() -> None:
    kind = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"'
    grant = f"<Grant><Grantee {kind}><URI>u</URI></Grantee></Grant>"
    body = f"<AccessControlPolicy><AccessControlList>{grant}</AccessControlList></AccessControlPolicy>"

    params = decoded("s3", "PutBucketAcl", body.encode(), "/b?acl", Bucket="b")

    grants = params["access_control_policy"]["Grants"]
    assert grants == [{"Grantee": {"Type": "Group", "URI": "u"}}]


def test_an_attribute_in_xml_is_written_with_its_namespace() -> None:
    text = encoded("s3", "GetBucketAcl", {"Grants": [{"Grantee": {"Type": "Group", "URI": "u"}}]})

    assert b'<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI>' in text
    assert text.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    )


@pytest.mark.parametrize(
    ("operation", "root"),
    [
        ("ListObjectsV2", b"<ListBucketResult "),
        ("ListBuckets", b"<ListAllMyBucketsResult "),
        ("CopyObject", b"<CopyObjectResult "),
    ],
)
def test_an_s3_answer_has_the_root_that_s3_gives_it(operation: str, root: bytes) -> None:
    assert root in encoded("s3", operation, {"CopyObjectResult": {"ETag": "e"}})


def test_the_location_of_a_bucket_is_the_root_itself() -> None:
    text = encoded("s3", "GetBucketLocation", {"LocationConstraint": "eu-west-1"})

    assert text.endswith(
        b'<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>'
    )


def test_s3_writes_moments_with_milliseconds() -> None:
    created = datetime(2026, 11, 20, tzinfo=UTC)

    assert b"<CreationDate>2026-11-20T00:00:00.000Z<" in encoded(
        "s3", "ListBuckets", {"Buckets": [{"CreationDate": created}]}
    )


@pytest.mark.parametrize(
    "body",
    [b"<a", b"<!DOCTYPE x [<!ENTITY a 'b'>]><Delete/>", b"<Delete><Quiet>perhaps</Quiet></Delete>", b"\xff"],
)
def test_xml_that_does_not_parse_is_malformed(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        decoded("s3", "DeleteObjects", body, "/b?delete", Bucket="b")

    assert refused.value.code == "MalformedXML"


def test_a_streaming_body_is_handed_on_as_it_is() -> None:
    class Spooled:
        size = 1 << 30

        def read(self) -> bytes:
            raise AssertionError("a streaming body is the handler's to read")

    spooled = Spooled()
    match = Match("s3", models.service("s3").operations["PutObject"], {"Bucket": "b", "Key": "k"}, None, None)

    params = decode(match, Request("PUT", "/b/k", {}, spooled))

    assert params["body"] is spooled


def test_a_streaming_member_is_the_body_of_the_answer_as_it_is() -> None:
    stream = object()

    response = encode(models.service("s3").operations["GetObject"], {"Body": stream, "ETag": '"e"'}, ID)

    assert response.body is stream
    assert ("ETag", '"e"') in response.headers


def test_a_part_of_an_object_is_partial_content() -> None:
    operation = models.service("s3").operations["GetObject"]

    response = encode(operation, {"Body": b"ell", "ContentRange": "bytes 1-3/5"}, ID)

    assert response.status == 206
    assert ("Content-Range", "bytes 1-3/5") in response.headers


def test_a_status_member_is_the_status() -> None:
    operation = models.service("lambda").operations["Invoke"]

    assert encode(operation, {"StatusCode": 202}, ID).status == 202


def test_a_query_list_is_read_in_the_order_of_its_numbers() -> None:
    body = b"Action=X&AttributeName.2=b&AttributeName.10=c&AttributeName.1=a"

    params = decoded("sqs", "GetQueueAttributes", body, protocol="query")

    assert params == {"attribute_names": ["a", "b", "c"]}


@pytest.mark.parametrize(
    "body",
    [
        b"Attribute.1.Name=a",
        b"Attribute.x.Name=a&Attribute.x.Value=b",
        b"QueueName.1=a",
        b"a..b=1",
        b"QueueName=%ff",
    ],
)
def test_a_query_parameter_of_another_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(AwsError) as refused:
        decoded("sqs", "CreateQueue", body, protocol="query")

    assert refused.value.code == "MalformedInput"


def test_the_legacy_query_answer_of_sqs_has_the_names_of_old() -> None:
    operation = models.service("sqs").over("query").operations["ReceiveMessage"]
    result = {"Messages": [{"MessageId": "m", "Attributes": {"SentTimestamp": "1"}}]}

    response = encode(operation, result, ID)

    assert response.body == (
        b'<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message>'
        b"<MessageId>m</MessageId><Attribute><Name>SentTimestamp</Name><Value>1</Value></Attribute></Message>"
        b"</ReceiveMessageResult><ResponseMetadata><RequestId>" + ID.encode() + b"</RequestId></ResponseMetadata>"
        b"</ReceiveMessageResponse>"
    )


@pytest.mark.parametrize(
    ("text", "items"),
    [("a,b", ["a", "b"]), (' a , "b,c" ,d', ["a", "b,c", "d"]), (r'"a\"b"', ['a"b']), ("", [""])],
)
def test_a_header_list_is_split_at_commas_outside_quotes(text: str, items: list[str]) -> None:
    assert split_list(text) == items
