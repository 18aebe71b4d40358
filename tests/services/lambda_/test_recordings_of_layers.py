"""Layers, held against what AWS answered."""

import json

import pytest

MODULE = "python/shelf"
VERSION = {"LayerName": "shelf", "VersionNumber": 1}


@pytest.fixture
def publish(client, zipped):
    """publish("shelf", **members): a version of a layer that has the module `shelf`."""

    def publish(name="shelf", **members):
        content = {"ZipFile": zipped(**{MODULE: "HELD = 'books'\n"})}
        return client.publish_layer_version(LayerName=name, Content=content, **members)

    return publish


@pytest.mark.recording("lambda", "TestLambdaLayer::test_layer_lifecycle")
def test_a_layer_outlives_its_deletion_in_its_functions(client, made, publish, recorded):
    said = {"CompatibleRuntimes": ["python3.12"], "CompatibleArchitectures": ["x86_64"], "Description": "d"}
    made()
    found, configured = client.get_function(FunctionName="f"), client.get_function_configuration(FunctionName="f")
    first, second = publish(**said, LicenseInfo="l"), publish(**said, LicenseInfo="l")
    arn = first["LayerVersionArn"]
    changed = client.update_function_configuration(FunctionName="f", Layers=[arn])

    recorded.agree(
        get_fn_result=found,
        get_fn_config_result=configured,
        publish_result=first,
        publish_result_2=second,
        update_fn_config=changed,
        get_fn_config=client.get_function_configuration(FunctionName="f"),
        get_layer_ver_result=client.get_layer_version(**VERSION),
        get_layer_by_arn_version=client.get_layer_version_by_arn(Arn=arn),
        list_layer_versions_predelete=client.list_layer_versions(LayerName="shelf"),
        delete_layer_1=client.delete_layer_version(**VERSION),
        get_fn_config_postdelete=client.get_function_configuration(FunctionName="f"),
        delete_layer_2=client.delete_layer_version(LayerName="shelf", VersionNumber=2),
        list_layer_versions_postdelete=client.list_layer_versions(LayerName="shelf"),
        publish_result_3=publish(**said, LicenseInfo="l"),
    )


@pytest.mark.recording("lambda", "TestLambdaLayer::test_layer_exceptions")
def test_layers_are_checked(client, publish, recorded, error_of):
    first = publish(CompatibleRuntimes=["python3.12"], CompatibleArchitectures=["x86_64"])
    get, get_by_arn = client.get_layer_version, client.get_layer_version_by_arn

    recorded.agree(
        publish_result=first,
        list_layers_exc_compatibleruntime_invalid=error_of(client.list_layers, CompatibleRuntime="runtimedoesnotexist"),
        list_layers_exc_compatiblearchitecture_invalid=error_of(
            client.list_layers, CompatibleArchitecture="archdoesnotexist"
        ),
        list_nonexistent_layer=client.list_layer_versions(LayerName="unknown"),
        get_layer_version_exc_layer_doesnotexist=error_of(get, LayerName="unknown", VersionNumber=1),
        get_layer_version_exc_layer_version_doesnotexist_negative=error_of(get, LayerName="shelf", VersionNumber=-1),
        get_layer_version_exc_layer_version_doesnotexist_zero=error_of(get, LayerName="shelf", VersionNumber=0),
        get_layer_version_exc_layer_version_doesnotexist_2=error_of(get, LayerName="shelf", VersionNumber=2),
        get_layer_version_by_arn_exc_invalidarn=error_of(get_by_arn, Arn=first["LayerArn"]),
        get_layer_version_by_arn_exc_nonexistentversion=error_of(get_by_arn, Arn=first["LayerArn"] + ":2"),
        delete_nonexistent_response=client.delete_layer_version(LayerName="unknown", VersionNumber=1),
        delete_nonexistent_version_response=client.delete_layer_version(LayerName="shelf", VersionNumber=2),
        delete_layer_response=client.delete_layer_version(**VERSION),
        delete_layer_again_response=client.delete_layer_version(**VERSION),
        delete_layer_version_exc_layerversion_invalid_version=error_of(
            client.delete_layer_version, LayerName="shelf", VersionNumber=-1
        ),
        publish_empty_result=publish("empty", CompatibleRuntimes=[], CompatibleArchitectures=[]),
    )
    recorded.leave(
        "publish_layer_version_exc_invalid_runtime_arch",
        "publish_layer_version_exc_partially_invalid_values",
        because="AWS names fewer runtimes here than the model has, and words the check of a list in another way",
    )


@pytest.mark.recording("lambda", "TestLambdaLayer::test_layer_function_exceptions")
def test_a_function_names_layers_that_are_there(aws, client, made, publish, recorded, error_of):
    made()
    found = client.get_function(FunctionName="f")
    one, two, three = (publish(CompatibleRuntimes=[], CompatibleArchitectures=["x86_64"]) for _ in range(3))
    first, second, third = (each["LayerVersionArn"] for each in (one, two, three))
    unknown = first.replace("shelf", "doesnotexist")

    def refused(*arns):
        return error_of(client.update_function_configuration, FunctionName="f", Layers=list(arns))

    elsewhere = aws("lambda", region="eu-west-1")
    recorded.agree(
        publish_result=one,
        publish_result_2=two,
        publish_result_3=three,
        get_fn_result=found,
        two_layer_versions_single_function_exc=refused(first, second),
        three_layer_versions_single_function_exc=refused(first, second, third),
        two_identical_layer_versions_single_function_exc=refused(first, first),
        add_nonexistent_layer_exc=refused(unknown),
        add_nonexistent_layer_version_exc=refused(one["LayerArn"] + ":9"),
        add_layer_arn_without_version_exc=refused(one["LayerArn"]),
        create_function_with_layer_in_different_region=error_of(
            elsewhere.create_function,
            FunctionName="f",
            Runtime="python3.12",
            Handler="handler.handler",
            Role=found["Configuration"]["Role"],
            Code={"ZipFile": b"no matter"},
            Layers=[first],
        ),
    )


@pytest.mark.recording("lambda", "TestLambdaLayer::test_layer_policy_exceptions")
def test_policies_of_layers_are_checked(client, publish, recorded, error_of):
    said = {"Action": "lambda:GetLayerVersion", "Principal": "*"}
    first = publish(CompatibleRuntimes=["python3.12"], CompatibleArchitectures=["x86_64"])
    no_policy = error_of(client.get_layer_version_policy, **VERSION)
    add, get, remove = (
        client.add_layer_version_permission,
        client.get_layer_version_policy,
        client.remove_layer_version_permission,
    )
    added = add(**VERSION, StatementId="s1", **said)

    recorded.agree(
        publish_result=first,
        layer_permission_nopolicy_get=no_policy,
        add_layer_permission_result=added,
        layer_permission_action_invalid=error_of(add, **VERSION, StatementId="s2", Action="*", Principal="*"),
        layer_permission_duplicate_statement=error_of(add, **VERSION, StatementId="s1", **said),
        layer_permission_wrong_revision=error_of(add, **VERSION, StatementId="s2", RevisionId="wrong", **said),
        layer_permission_statementid_doesnotexist_remove=error_of(remove, **VERSION, StatementId="doesnotexist"),
        layer_permission_wrong_revision_remove=error_of(remove, **VERSION, StatementId="s1", RevisionId="wrong"),
    )
    for thing, place in {
        "layername": {"LayerName": "shelf-doesnotexist", "VersionNumber": 1},
        "layerversion": {"LayerName": "shelf", "VersionNumber": 2},
    }.items():
        recorded.agree(
            **{
                f"layer_permission_{thing}_doesnotexist_add": error_of(add, **place, StatementId="s1", **said),
                f"layer_permission_{thing}_doesnotexist_get": error_of(get, **place),
                f"layer_permission_{thing}_doesnotexist_remove": error_of(remove, **place, StatementId="s1"),
            }
        )


@pytest.mark.recording("lambda", "TestLambdaLayer::test_layer_s3_content")
def test_the_content_of_a_layer_comes_from_a_bucket(aws, client, zipped, recorded):
    aws("s3").create_bucket(Bucket="shelves")
    aws("s3").put_object(Bucket="shelves", Key="shelf.zip", Body=zipped(**{MODULE: ""}))

    answer = client.publish_layer_version(LayerName="shelf", Content={"S3Bucket": "shelves", "S3Key": "shelf.zip"})

    recorded.agree(publish_layer_result=answer)


@pytest.mark.recording("lambda", "TestLambdaAccountSettings::test_account_settings_total_code_size")
def test_code_of_functions_and_layers_counts_for_the_account(client, made, zipped, recorded):
    def total():
        return client.get_account_settings()["AccountUsage"]["TotalCodeSize"]

    def sized(size, text):
        room = size - len(zipped(handler=""))
        return {"ZipFile": zipped(handler=text * room)}

    totals = [total()]
    made(Code=sized(276, "#"))
    totals.append(total())
    client.update_function_code(FunctionName="f", **sized(276, " "))
    totals.append(total())
    for text in "#\n":
        client.publish_layer_version(LayerName="l", Content=sized(169, text))
        totals.append(total())

    recorded.agree(
        total_code_size_diff_create_function=totals[1] - totals[0],
        total_code_size_diff_update_function=totals[2] - totals[0],
        total_code_size_diff_publish_layer=totals[3] - totals[2],
        total_code_size_diff_publish_layer_version=totals[4] - totals[3],
    )


def test_a_function_imports_what_its_layers_have(client, made, publish, invoked):
    layer = publish()["LayerVersionArn"]

    made(source="import shelf\n\n\ndef handler(event, context):\n    return {'held': shelf.HELD}\n", Layers=[layer])

    assert invoked()["Payload"] == {"held": "books"}
    assert json.dumps(client.list_layers()["Layers"][0]["LatestMatchingVersion"]["Version"]) == "1"
