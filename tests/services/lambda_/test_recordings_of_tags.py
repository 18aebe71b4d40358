"""Tags of functions and of event source mappings, held against what AWS answered."""

import pytest


@pytest.fixture
def mapping(aws, client, made):
    """mapping(**params): a mapping of a queue to the function f."""

    def create(**params):
        aws("sqs").create_queue(QueueName="q")
        made()
        source = f"arn:aws:sqs:us-east-1:{aws.account}:q"
        return client.create_event_source_mapping(FunctionName="f", EventSourceArn=source, **params)

    return create


def lifecycle(client, arn):
    """What tagging, untagging and listing answer, by the names of the recording."""
    steps = {
        "tag_single_response": {"A": "tag-a"},
        "tag_multiple_response": {"B": "tag-b", "C": "tag-c"},
        "tag_overlap_response": {"C": "tag-c-newsuffix", "D": "tag-d"},
        "untag_single_response": ["A"],
        "untag_multiple_response": ["B", "C"],
        "untag_nonexisting_response": ["F"],
        "untag_existing_and_nonexisting_response": ["D", "F"],
    }
    answers = {}
    for name, change in steps.items():
        if isinstance(change, dict):
            answers[name] = client.tag_resource(Resource=arn, Tags=change)
        else:
            answers[name] = client.untag_resource(Resource=arn, TagKeys=change)
        answers[f"{name}_listtags"] = client.list_tags(Resource=arn)
    return answers


@pytest.mark.recording("lambda", "TestLambdaTag::test_tag_lifecycle")
def test_tags_come_change_and_go(client, made, mapping, recorded):
    situation = "TestLambdaTag::test_tag_lifecycle"
    source = mapping()["EventSourceMappingArn"]
    function = client.get_function(FunctionName="f")["Configuration"]["FunctionArn"]

    recorded.agree(f"{situation}[event_source_mapping]", **lifecycle(client, source))
    recorded.agree(f"{situation}[lambda_function]", **lifecycle(client, function))
    recorded.agree(situation, **lifecycle(client, function))


@pytest.mark.recording("lambda", "TestLambdaTags::test_tag_lifecycle")
def test_a_function_shows_its_tags(client, made, recorded, error_of):
    arn = made(Tags={"key_a": "value_a"})["FunctionArn"]

    def seen(name):
        recorded.agree(**{f"list_tags_response_{name}": client.list_tags(Resource=arn)})
        recorded.agree(**{f"get_fn_response_{name}": client.get_function(FunctionName="f")})

    seen("postfncreate")
    more = {f"key_{name}": f"value_{name}" for name in "bcde"}
    recorded.agree(tag_resource_response=client.tag_resource(Resource=arn, Tags=more))
    seen("postaddtags")
    recorded.agree(tag_resource_overwrite=client.tag_resource(Resource=arn, Tags={"key_c": "value_x"}))
    seen("overwrite")
    client.untag_resource(Resource=arn, TagKeys=["key_c", "key_d"])
    seen("postuntag")
    client.untag_resource(Resource=arn, TagKeys=["key_a", "key_b", "key_e"])
    seen("postuntagall")
    client.delete_function(FunctionName="f")
    recorded.agree(list_tags_postdelete=error_of(client.list_tags, Resource=arn))


@pytest.mark.recording("lambda", "TestLambdaTag::test_create_tag_on_esm_create")
def test_a_mapping_is_tagged_as_it_is_created(client, mapping, recorded):
    created = mapping(Tags={"testtag": "of ours"})
    arn = created["EventSourceMappingArn"]

    shown = client.get_event_source_mapping(UUID=created["UUID"])

    recorded.agree(
        get_event_source_mapping_with_tag=shown["EventSourceMappingArn"] == arn,
        list_tags_result=client.list_tags(Resource=arn),
    )


@pytest.mark.recording("lambda", "TestLambdaTag::test_tag_exceptions")
def test_what_cannot_be_tagged(aws, client, recorded, error_of):
    things = {
        "capacity_provider": "capacity-provider:nothing",
        "event_source_mapping": "event-source-mapping:12345678-1234-1234-1234-123456789012",
        "lambda_function": "function:nothing",
    }
    for thing, name in things.items():
        arn = f"arn:aws:lambda:us-east-1:{aws.account}:{name}"
        recorded.agree(
            f"TestLambdaTag::test_tag_exceptions[{thing}]",
            not_found_exception_tag=error_of(client.tag_resource, Resource=arn, Tags={"A": "a"}),
            not_found_exception_untag=error_of(client.untag_resource, Resource=arn, TagKeys=["A"]),
            not_found_exception_list=error_of(client.list_tags, Resource=arn),
            aliased_arn_exception=error_of(client.list_tags, Resource=f"{arn}:alias"),
            invalid_arn_exception=error_of(client.list_tags, Resource=arn.replace(name, "foobar:nothing")),
        )


@pytest.mark.recording(
    "lambda",
    "TestLambdaMultiAccounts::test_delete_function",
    "TestLambdaMultiAccounts::test_function_tags",
    "TestLambdaMultiAccounts::test_get_function",
    "TestLambdaMultiAccounts::test_get_function_configuration",
)
def test_functions_are_managed_in_their_own_account_alone(aws, running, made, recordings, error_of):
    arn = made()["FunctionArn"]
    other = running.client("lambda", "111122223333")

    for call in (other.delete_function, other.get_function, other.get_function_configuration):
        assert error_of(call, FunctionName=arn)["Error"]["Code"] == "AccessDeniedException"
    assert error_of(other.list_tags, Resource=arn)["Error"]["Code"] == "AccessDeniedException"
