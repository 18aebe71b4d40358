from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

VERSION = "def handler(event, context):\n    return context.function_version\n"
ARN = "def handler(event, context):\n    return context.invoked_function_arn\n"


def _invoke(aws, name="f", **params):
    answer = aws("lambda").invoke(FunctionName=name, **params)
    return answer["ExecutedVersion"], json.loads(answer["Payload"].read())


def test_a_version_keeps_what_the_function_was(aws, create):
    create(VERSION, Description="old")
    published = aws("lambda").publish_version(FunctionName="f")
    aws("lambda").update_function_configuration(FunctionName="f", Description="new")

    found = aws("lambda").get_function_configuration(FunctionName="f", Qualifier="1")

    assert published["Version"] == "1"
    assert published["FunctionArn"].endswith(":function:f:1")
    assert found["Description"] == "old"
    assert _invoke(aws, Qualifier="1") == ("1", "1")


def test_publishing_without_a_change_gives_the_same_version(aws, create):
    create(VERSION)
    aws("lambda").publish_version(FunctionName="f")

    again = aws("lambda").publish_version(FunctionName="f")

    assert again["Version"] == "1"
    versions = aws("lambda").list_versions_by_function(FunctionName="f")["Versions"]
    assert [each["Version"] for each in versions] == ["$LATEST", "1"]
    assert versions[0]["FunctionArn"].endswith(":f:$LATEST")


def test_an_alias_is_invoked_as_the_version_it_names(aws, create):
    create(ARN, Publish=True)

    made = aws("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion="1")

    assert made["AliasArn"] == f"arn:aws:lambda:us-east-1:{aws.account}:function:f:live"
    assert _invoke(aws, "f:live") == ("1", made["AliasArn"])


def test_a_moved_alias_is_invoked_as_its_new_version(aws, create):
    create(VERSION, Publish=True)
    aws("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    before = _invoke(aws, "f:live")
    aws("lambda").update_function_configuration(FunctionName="f", Description="new")
    aws("lambda").publish_version(FunctionName="f")

    aws("lambda").update_alias(FunctionName="f", Name="live", FunctionVersion="2")

    assert (before, _invoke(aws, "f:live")) == (("1", "1"), ("2", "2"))


def test_a_weight_of_one_sends_every_invocation_to_the_other_version(aws, create):
    create(VERSION, Publish=True)
    aws("lambda").update_function_configuration(FunctionName="f", Description="new")
    aws("lambda").publish_version(FunctionName="f")

    aws("lambda").create_alias(
        FunctionName="f",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}},
    )

    assert _invoke(aws, "f:live") == ("2", "2")


def test_a_version_that_an_alias_names_cannot_be_deleted(aws, create):
    create(VERSION, Publish=True)
    aws("lambda").create_alias(FunctionName="f", Name="live", FunctionVersion="1")

    with pytest.raises(ClientError) as caught:
        aws("lambda").delete_function(FunctionName="f", Qualifier="1")

    assert caught.value.response["Error"]["Code"] == "ResourceConflictException"


def test_the_qualifier_must_be_the_one_in_the_name(aws, create):
    create(VERSION)

    with pytest.raises(ClientError) as caught:
        aws("lambda").get_function(FunctionName="f:$LATEST", Qualifier="1")

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "The derived qualifier from the function name does not match the specified qualifier.",
    }
