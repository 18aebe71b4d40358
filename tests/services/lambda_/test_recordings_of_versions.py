"""Versions and aliases, held against what AWS answered."""

import pytest

PLAIN = {"Handler": "index.handler", "Timeout": None, "Environment": None}
RACE = "AWS was asked while it was still creating the version"

VERSIONED = """
def handler(event, context):
    arn, version = context.invoked_function_arn, context.function_version
    return {{"version_id": "version{}", "invoked_arn": arn, "version_from_ctx": version}}
"""


@pytest.mark.recording("lambda", "TestLambdaVersions::test_publish_version_on_create")
def test_a_function_is_published_as_it_is_created(client, made, recorded):
    created = made(**PLAIN, Publish=True)

    recorded.agree(
        create_response=created,
        get_function_result=client.get_function(FunctionName="f"),
        get_function_version_result=client.get_function(FunctionName="f", Qualifier="1"),
        get_function_latest_result=client.get_function(FunctionName="f", Qualifier="$LATEST"),
        list_versions_result=client.list_versions_by_function(FunctionName="f"),
        repeated_publish_response=client.publish_version(FunctionName="f"),
        list_versions_result_after_publish=client.list_versions_by_function(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaVersions::test_publish_with_update")
def test_a_function_is_published_as_its_code_changes(client, made, zipped, recorded):
    created = made(**PLAIN)
    found = client.get_function(FunctionName="f")
    changed = client.update_function_code(FunctionName="f", ZipFile=zipped(index="handler = 1"), Publish=True)

    recorded.agree(create_response=created, get_function_result=found, update_function_code_result=changed)
    recorded.leave("get_function_version_result", "get_function_latest_result", because=RACE)


@pytest.mark.recording("lambda", "TestLambdaVersions::test_version_lifecycle")
def test_versions_are_published_described_and_deleted(client, made, zipped, recorded):
    publish, listed = client.publish_version, client.list_versions_by_function
    created = made(**PLAIN, Description="No version :(")
    found = client.get_function(FunctionName="f")
    none = listed(FunctionName="f")
    changed = client.update_function_configuration(FunctionName="f", Description="First version :)")
    latest = client.get_function(FunctionName="f")
    first = publish(FunctionName="f", Description="First version description :)")
    described = client.get_function(FunctionName="f", Qualifier="1")
    configured = client.get_function_configuration(FunctionName="f", Qualifier="1")

    recorded.agree(
        create_response=created,
        get_function_result=found,
        list_versions_result=none,
        first_update_response=changed,
        first_update_get_function=latest,
        first_publish_response=first,
        first_publish_get_function=described,
        first_publish_get_function_config=configured,
        second_update_response=client.update_function_configuration(FunctionName="f", Description="Second version :))"),
        first_publish_get_function_after_update=client.get_function(FunctionName="f", Qualifier="1"),
        second_publish_response=publish(FunctionName="f"),
        third_publish_response=publish(FunctionName="f", Description="Not used"),
        list_versions_result_after_third_publish=listed(FunctionName="f"),
    )
    client.delete_function(FunctionName="f", Qualifier="1")
    recorded.agree(list_versions_result_after_deletion_of_first_version=listed(FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaVersions::test_lambda_versions_with_code_changes")
def test_every_version_keeps_its_code(client, made, zipped, invoked, recorded):
    def code(number):
        return {"FunctionName": "f", "ZipFile": zipped(handler=VERSIONED.format(number))}

    created = made(source=VERSIONED.format(1), Description="No version :(", Timeout=None, Environment=None)
    first = client.publish_version(FunctionName="f", Description="First version description :)")
    recorded.agree(
        create_response=created,
        first_publish_response=first,
        update_lambda_response=client.update_function_code(**code(2)),
        invocation_result_latest=invoked(),
        invocation_result_v1=invoked(Qualifier="1"),
        second_publish_response=client.publish_version(FunctionName="f", Description="Second version description :)"),
        invocation_result_v2=invoked(Qualifier="2"),
        update_lambda_response_with_publish=client.update_function_code(**code(3), Publish=True),
        invocation_result_v3=invoked(Qualifier="3"),
        invocation_result_latest_end=invoked(),
        invocation_result_v2_end=invoked(Qualifier="2"),
        invocation_result_v1_end=invoked(Qualifier="1"),
    )


HANDLERS = "def handler(e, c):\n    return {'handler': 'handler'}\n\n\n" + (
    "def handler_two(e, c):\n    return {'handler': 'handler_two'}\n"
)


@pytest.mark.recording("lambda", "TestLambdaVersions::test_lambda_handler_update")
def test_another_handler_is_run_from_the_next_invocation_on(client, made, invoked, recorded):
    made(source=HANDLERS)
    one = invoked()

    recorded.agree(
        invoke_result_handler_one=one,
        update_function_configuration_result=client.update_function_configuration(
            FunctionName="f", Handler="handler.handler_two"
        ),
        get_function_result=client.get_function(FunctionName="f"),
        invoke_result_handler_two=invoked(),
    )
    client.publish_version(FunctionName="f")
    recorded.agree(invoke_result_handler_two_postpublish=invoked())


@pytest.mark.recording("lambda", "TestLambdaAlias::test_alias_lifecycle")
def test_aliases_live_change_and_die(client, made, recorded, error_of):
    plain = {**PLAIN, "Environment": {"Variables": {"testenv": "staging"}}}
    created = made(**plain)
    first = client.publish_version(FunctionName="f")
    client.update_function_configuration(FunctionName="f", Environment={"Variables": {"testenv": "prod"}})
    second = client.publish_version(FunctionName="f")
    create, find, listed = client.create_alias, client.get_alias, client.list_aliases
    weights = {"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.2}}}
    said = {"FunctionName": "f", "Description": "custom-alias"}

    def alias(number):
        return {"FunctionName": "f", "Name": f"aliasname{number}"}

    arn = created["FunctionArn"]
    recorded.agree(
        create_response=created,
        publish_v1=first,
        publish_v2=second,
        create_alias_1_1=create(**said, Name="aliasname1_1", FunctionVersion="1", **weights),
        get_alias_1_1=find(**alias("1_1")),
        get_function_alias_1_1=client.get_function(FunctionName="f", Qualifier="aliasname1_1"),
        get_function_byarn_alias_1_1=client.get_function(FunctionName=f"{arn}:aliasname1_1"),
        get_function_alias_notfound_exc=error_of(client.get_function, FunctionName="f", Qualifier="aliasdoesnotexist"),
        get_function_alias_byarn_notfound_exc=error_of(client.get_function, FunctionName=f"{arn}:aliasdoesnotexist"),
        create_alias_1_2=create(**said, Name="aliasname1_2", FunctionVersion="1"),
        get_alias_1_2=find(**alias("1_2")),
        create_alias_1_3=create(**alias("1_3"), FunctionVersion="1"),
        get_alias_1_3=find(**alias("1_3")),
        create_alias_2=create(**said, Name="aliasname2", FunctionVersion="2"),
        get_alias_2=find(**alias("2")),
        list_aliases_for_fnname={"Aliases": listed(FunctionName="f")["Aliases"]},
        update_alias_1_1=client.update_alias(**alias("1_1"), RoutingConfig={"AdditionalVersionWeights": {}}),
        get_alias_1_1_after_update=find(**alias("1_1")),
        list_aliases_for_fnname_after_update=listed(FunctionName="f"),
        update_alias_1_2=client.update_alias(**alias("1_2"), RoutingConfig={"AdditionalVersionWeights": {}}),
        get_alias_1_2_after_update=find(**alias("1_2")),
        list_aliases_for_fnname_after_update_2=listed(FunctionName="f"),
        list_aliases_for_version=listed(FunctionName="f", FunctionVersion="1"),
        delete_alias_response=client.delete_alias(**alias("1_1")),
        list_aliases_for_fnname_afterdelete=listed(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaAlias::test_non_existent_alias_deletion")
def test_an_alias_that_is_not_there_is_none_to_delete(client, made, recorded):
    created = made(**{**PLAIN, "Environment": {"Variables": {"testenv": "staging"}}})

    answer = client.delete_alias(FunctionName="f", Name="non-existent")

    recorded.agree(create_response=created, delete_alias_response=answer)


@pytest.mark.recording("lambda", "TestLambdaAlias::test_non_existent_alias_update")
def test_an_alias_that_is_not_there_cannot_be_changed(client, made, recorded, error_of):
    created = made(**{**PLAIN, "Environment": {"Variables": {"testenv": "staging"}}})

    error = error_of(client.update_alias, FunctionName="f", Name="non-existent", Description="d")

    recorded.agree(create_response=created, update_alias_response=error)


@pytest.mark.recording("lambda", "TestLambdaAlias::test_notfound_and_invalid_routingconfigs")
def test_weights_of_aliases_are_checked(client, made, recorded, error_of):
    plain = {**PLAIN, "Environment": {"Variables": {"testenv": "staging"}}}
    created = made(**plain, Publish=True)
    first = client.publish_version(FunctionName="f")
    client.update_function_configuration(FunctionName="f", Environment={"Variables": {"testenv": "prod"}})
    second = client.publish_version(FunctionName="f")

    def refused(version="1", function="f", **weights):
        routing = {"AdditionalVersionWeights": {name.replace("v", ""): weight for name, weight in weights.items()}}
        return error_of(
            client.create_alias, FunctionName=function, Name="custom", FunctionVersion=version, RoutingConfig=routing
        )

    def taken(name, version="1", **more):
        return client.create_alias(FunctionName="f", Name=name, FunctionVersion=version, **more)

    recorded.leave("routing_config_exc_subzero", because="boto3 refuses it before it is sent")
    latest = {"RoutingConfig": {"AdditionalVersionWeights": {"$LATEST": 0.5}}}
    recorded.agree(
        create_response=created,
        publish_v1=first,
        publish_v2=second,
        routing_config_exc_toomany=refused(v1=0.1, v2=0.1),
        routing_config_exc_toohigh=refused(v2=2.0),
        routing_config_exc_sameversion=refused(v1=0.5),
        target_version_doesnotexist=refused("10", v2=0.5),
        routing_config_exc_version_doesnotexist=refused(v10=0.5),
        target_version_exc_version_latest=refused("$LATEST", v1=0.5),
        routing_config_exc_version_latest=error_of(
            client.create_alias, FunctionName="f", Name="custom", FunctionVersion="1", **latest
        ),
        create_alias_latest=taken("custom-latest", "$LATEST"),
        routing_config_exc_fn_doesnotexist=refused(function="f-unknown", v2=0.5),
        create_alias_empty_routingconfig=taken("custom-empty-routingconfig", RoutingConfig={}),
        create_alias_response=taken("custom", RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}}),
        routing_config_exc_already_exist=refused(v2=0.5),
        alias_does_not_exist_esc=error_of(client.get_alias, FunctionName="f", Name="non-existent"),
    )


@pytest.mark.recording("lambda", "TestLambdaAliases::test_alias_routingconfig")
def test_an_alias_may_have_weights(client, made, recorded):
    made(Publish=True)
    client.update_function_configuration(FunctionName="f", Description="other")
    client.publish_version(FunctionName="f")
    weights = {"AdditionalVersionWeights": {"2": 0.5}}

    answer = client.create_alias(FunctionName="f", Name="alias1", FunctionVersion="1", RoutingConfig=weights)

    recorded.agree(create_alias_response=answer)


@pytest.mark.recording("lambda", "TestLambdaAliases::test_lambda_alias_moving")
def test_an_alias_moves_to_another_version(client, made, zipped, invoked, recorded, error_of):
    created = made(source=VERSIONED.format(1), Description="No version :(", Timeout=None, Environment=None)
    client.publish_version(FunctionName="f", Description="First version description :)")
    alias = {"FunctionName": "f", "Name": "alias1"}
    arn = created["FunctionArn"]

    recorded.agree(
        create_response=created,
        create_alias_response=client.create_alias(**alias, FunctionVersion="1"),
        invocation_result_qualifier_v1=invoked(Qualifier="alias1"),
        invocation_result_qualifier_v1_arn=invoked(f"{arn}:alias1"),
        update_lambda_response=client.update_function_code(
            FunctionName="f", ZipFile=zipped(handler=VERSIONED.format(2))
        ),
        invocation_result_qualifier_v1_after_update=invoked(Qualifier="alias1"),
        second_publish_response=client.publish_version(FunctionName="f", Description="Second version description :)"),
        invocation_result_qualifier_v1_after_publish=invoked(Qualifier="alias1"),
        update_alias_response=client.update_alias(**alias, FunctionVersion="2"),
        invocation_result_qualifier_v2=invoked(Qualifier="alias1"),
        invocation_exc_not_existent=error_of(client.invoke, FunctionName="f", Qualifier="non-existent-alias"),
    )
