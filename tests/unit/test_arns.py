"""ARNs are taken apart where AWS's own resources put their separators."""

import pytest

from emulator.arns import Arn, find_arn

ARNS = [
    "arn:aws:sqs:us-east-1:123456789012:orders",
    "arn:aws:states:eu-west-1:123456789012:stateMachine:checkout",
    "arn:aws:states:eu-west-1:123456789012:mapRun:checkout/Items:5f1c",
    "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/hello:*",
    "arn:aws:iam::123456789012:role/service-role/worker",
    "arn:aws:s3:::bucket/a/b:c.txt",
    "arn:aws-cn:events:cn-north-1:123456789012:rule/bus/rule",
    "arn:aws:sns:us-east-1:123456789012:höhe",
]


@pytest.mark.parametrize("text", ARNS)
def test_an_arn_is_put_together_as_it_was(text):
    assert str(find_arn(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "arn", "orders", "arn:aws:sqs:us-east-1:123456789012", "arn:aws:sqs:us-east-1:123456789012:",
     "arn:aws::us-east-1:123456789012:x", "ARN:aws:sqs:us-east-1:123456789012:x", "urn:aws:sqs:a:b:c"],
)  # fmt: skip
def test_what_is_no_arn_has_no_parts(text):
    assert find_arn(text) is None


@pytest.mark.parametrize(
    ("resource", "kind", "name"),
    [
        ("orders", "", "orders"),
        ("stateMachine:checkout", "stateMachine", "checkout"),
        ("mapRun:checkout/Items:5f1c", "mapRun", "checkout/Items:5f1c"),
        ("log-group:/aws/lambda/hello:*", "log-group", "/aws/lambda/hello:*"),
        ("role/service-role/worker", "role", "service-role/worker"),
        ("rule/bus/rule", "rule", "bus/rule"),
        ("function:hello:live", "function", "hello:live"),
    ],
)
def test_kind_and_name_part_at_the_first_separator(resource, kind, name):
    arn = Arn("any", "us-east-1", "123456789012", resource)

    assert (arn.kind, arn.name) == (kind, name)
