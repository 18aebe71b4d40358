"""Reserved and provisioned concurrency, held against what AWS answered."""

import pytest

READY_AT_ONCE = "AWS was asked while it was still at it; ours is ready as soon as somebody asks"
VERSION = {"FunctionName": "f", "Qualifier": "1"}
ECHO = "def handler(event, context):\n    return {'hello': 'world'}\n"


@pytest.fixture
def provision(client):
    """provision(executions, qualifier="1"): PutProvisionedConcurrencyConfig of the function f."""

    def put(executions, qualifier="1", function="f"):
        return client.put_provisioned_concurrency_config(
            FunctionName=function, Qualifier=qualifier, ProvisionedConcurrentExecutions=executions
        )

    return put


@pytest.fixture
def reserve(client):
    def put(executions):
        return client.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=executions)

    return put


@pytest.mark.recording("lambda", "TestLambdaReservedConcurrency::test_function_concurrency")
def test_concurrency_is_reserved_and_given_back(client, made, reserve, recorded):
    made()

    recorded.agree(
        put_function_concurrency_with_reserved_0=reserve(0),
        put_function_concurrency_with_reserved_1=reserve(1),
        get_function_concurrency=client.get_function_concurrency(FunctionName="f"),
        delete_response=client.delete_function_concurrency(FunctionName="f"),
        get_function_concurrency_after_delete=client.get_function_concurrency(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_lambda_concurrency_crud")
def test_no_concurrency_may_be_reserved(client, made, reserve, recorded):
    made()
    find = client.get_function_concurrency

    recorded.agree(
        get_function_concurrency_default=find(FunctionName="f"),
        put_function_concurrency=reserve(0),
        get_function_concurrency_updated=find(FunctionName="f"),
    )
    client.delete_function_concurrency(FunctionName="f")
    recorded.agree(get_function_concurrency_deleted=find(FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaReservedConcurrency::test_function_concurrency_limits")
def test_others_keep_a_hundred(made, reserve, recorded, error_of):
    made()

    recorded.agree(
        put_function_concurrency_account_limit_exceeded=error_of(reserve, 1001),
        put_function_concurrency_below_unreserved_min_value=error_of(reserve, 901),
    )


@pytest.mark.recording("lambda", "TestLambdaProvisionedConcurrency::test_provisioned_concurrency_limits")
def test_others_keep_a_hundred_of_what_is_not_provisioned(made, provision, recorded, error_of):
    made(Publish=True)

    recorded.agree(
        put_provisioned_concurrency_account_limit_exceeded=error_of(provision, 1001),
        put_provisioned_concurrency_below_unreserved_min_value=error_of(provision, 901),
    )


@pytest.mark.recording("lambda", "TestLambdaProvisionedConcurrency::test_lambda_provisioned_lifecycle")
def test_a_version_is_provisioned_once(client, made, provision, recorded, error_of):
    made()
    find = client.get_provisioned_concurrency_config
    published = client.publish_version(FunctionName="f")
    alias = client.create_alias(FunctionName="f", Name="alias", FunctionVersion="1")

    recorded.agree(
        publish_version_result=published,
        create_alias_result=alias,
        put_provisioned_on_version=provision(1),
        put_provisioned_on_alias_versionconflict=error_of(provision, 1, "alias"),
        delete_provisioned_version=client.delete_provisioned_concurrency_config(**VERSION),
        get_provisioned_version_postdelete=error_of(find, **VERSION),
        put_provisioned_on_alias=provision(1, "alias"),
        put_provisioned_on_version_conflict=error_of(provision, 1),
        delete_alias_result=client.delete_alias(FunctionName="f", Name="alias"),
        get_provisioned_alias_postaliasdelete=error_of(find, FunctionName="f", Qualifier="alias"),
        list_response_postdeletes=client.list_provisioned_concurrency_configs(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaProvisionedConcurrency::test_provisioned_concurrency_exceptions")
def test_what_is_provisioned_is_checked(client, made, provision, recorded, error_of):
    made()
    published = client.publish_version(FunctionName="f")
    find, listed = client.get_provisioned_concurrency_config, client.list_provisioned_concurrency_configs
    delete = client.delete_provisioned_concurrency_config

    def refused(call, function, qualifier):
        return error_of(call, FunctionName=function, Qualifier=qualifier)

    recorded.agree(
        publish_version_result=published,
        get_provisioned_config_doesnotexist=refused(find, "f", "1"),
        get_provisioned_functionname_doesnotexist=refused(find, "doesnotexist", "noalias"),
        get_provisioned_qualifier_doesnotexist=refused(find, "f", "noalias"),
        get_provisioned_version_doesnotexist=refused(find, "f", "10"),
        get_provisioned_latest=refused(find, "f", "$LATEST"),
        list_provisioned_noconfigs=listed(FunctionName="f"),
        list_provisioned_functionname_doesnotexist=error_of(listed, FunctionName="doesnotexist"),
        delete_provisioned_functionname_doesnotexist=refused(delete, "doesnotexist", "1"),
        delete_provisioned_qualifier_doesnotexist=refused(delete, "f", "noalias"),
        delete_provisioned_version_doesnotexist=refused(delete, "f", "10"),
        delete_provisioned_latest=refused(delete, "f", "$LATEST"),
        delete_provisioned_config_doesnotexist=delete(**VERSION),
        put_provisioned_functionname_doesnotexist_alias=error_of(provision, 1, "noalias", "doesnotexist"),
        put_provisioned_functionname_doesnotexist_version=error_of(provision, 1, "1", "doesnotexist"),
        put_provisioned_qualifier_doesnotexist=error_of(provision, 1, "doesnotexist"),
        put_provisioned_version_doesnotexist=error_of(provision, 1, "10"),
        put_provisioned_latest=error_of(provision, 1, "$LATEST"),
    )
    recorded.leave("put_provisioned_invalid_param_0", because="boto3 refuses it before it is sent")


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_provisioned_concurrency")
def test_what_is_provisioned_is_ready(client, made, provision, recorded):
    made(Publish=True)

    recorded.agree(
        put_provisioned_5=provision(5), get_provisioned_postwait=client.get_provisioned_concurrency_config(**VERSION)
    )
    recorded.leave("get_provisioned_prewait", because=READY_AT_ONCE)


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_provisioned_concurrency_on_alias")
def test_what_is_provisioned_for_an_alias_is_ready(client, made, provision, recorded):
    made(Publish=True)
    client.create_alias(FunctionName="f", Name="alias", FunctionVersion="1")

    recorded.agree(
        put_provisioned_5=provision(5, "alias"),
        get_provisioned_postwait=client.get_provisioned_concurrency_config(FunctionName="f", Qualifier="alias"),
    )
    recorded.leave("get_provisioned_prewait", because=READY_AT_ONCE)


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_reserved_provisioned_overlap")
def test_provisioned_concurrency_is_taken_from_the_reserved(client, made, provision, reserve, recorded, error_of):
    made(source=ECHO, Publish=True)
    put = provision(2)
    ready = client.get_provisioned_concurrency_config(**VERSION)
    too_low = error_of(reserve, 1)
    reserve(2)
    kept = client.get_function_concurrency(FunctionName="f")
    refused = error_of(client.invoke, FunctionName="f")
    changed = client.update_function_configuration(FunctionName="f", Timeout=15)
    client.publish_version(FunctionName="f")

    recorded.agree(
        put_provisioned_5=put,
        get_provisioned_postwait=ready,
        reserved_lower_than_provisioned_exc=too_low,
        get_concurrency=kept,
        reserved_equals_provisioned_latest_invoke_exc=refused,
        update_func_config=changed,
        reserved_equals_provisioned_another_provisioned_exc=error_of(provision, 1, "2"),
        reserved_equals_provisioned_increase_provisioned_exc=error_of(provision, 3),
    )
    recorded.leave("get_provisioned_prewait", because=READY_AT_ONCE)


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_lambda_concurrency_block")
def test_only_the_provisioned_version_runs_where_all_is_provisioned(
    client, made, provision, reserve, invoked, recorded, error_of
):
    made(source=ECHO)
    published = client.publish_version(FunctionName="f")

    recorded.agree(
        v1_result=published,
        reserved_concurrency_result=reserve(1),
        invoke_latest_before_block=invoked(),
        provisioned_concurrency_result=provision(1),
        invoke_latest_first_exc=error_of(client.invoke, FunctionName="f"),
        invoke_v1_after_block=invoked(Qualifier="1"),
        invoke_latest_second_exc=error_of(client.invoke, FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaConcurrency::test_lambda_provisioned_concurrency_moves_with_alias")
def test_what_is_provisioned_moves_with_its_alias(client, made, provision, recorded, error_of):
    newer = ("LoggingConfig",)
    configured, alias = client.get_function_configuration, {"FunctionName": "f", "Name": "alias"}
    created = made(Runtime="python3.8", Timeout=2)
    latest = configured(FunctionName="f", Qualifier="$LATEST")
    first = client.publish_version(FunctionName="f", Description="my-first-version")
    described = configured(**VERSION)
    before = client.get_function(**VERSION)
    recorded.agree(
        newer=newer,
        create_result=created,
        get_function_configuration=latest,
        publish_version_1=first,
        get_function_configuration_version_1=described,
        create_alias=client.create_alias(**alias, FunctionVersion="1"),
        get_function_before_provisioned=before,
    )

    provision(1, "alias")
    after = client.get_function(FunctionName="f", Qualifier="alias")
    client.update_function_configuration(FunctionName="f", Timeout=10)

    recorded.agree(
        newer=newer,
        get_function_after_provisioned=after,
        get_function_after_update=configured(FunctionName="f"),
        publish_version_2=client.publish_version(FunctionName="f"),
        update_alias=client.update_alias(**alias, FunctionVersion="2"),
        provisioned_concurrency_notfound=error_of(
            client.get_provisioned_concurrency_config, FunctionName="f", Qualifier="1"
        ),
    )
    recorded.leave("get_provisioned_config_after_alias_move", because=READY_AT_ONCE)
