"""Functions, held against what AWS answered."""

import json

import pytest

LIVELY = {"MemorySize": 256, "Timeout": 5}
PLAIN = {"Handler": "index.handler", "Timeout": None, "Environment": None}


@pytest.mark.recording("lambda", "TestLambdaFunction::test_function_lifecycle")
def test_a_function_lives_changes_and_dies(client, made, zipped, recorded, error_of):
    created = made(**LIVELY)
    found = client.get_function(FunctionName="f")
    changes = {"Description": "Changed-Description", "Timeout": 10, "MemorySize": 512, "Runtime": "python3.11"}
    changed = client.update_function_configuration(
        FunctionName="f", Environment={"Variables": {"ENV_A": "a"}}, **changes
    )
    after = client.get_function(FunctionName="f")
    coded = client.update_function_code(FunctionName="f", ZipFile=zipped(handler="handler = 1"))

    recorded.agree(
        create_response=created,
        get_function_response=found,
        update_func_conf_response=changed,
        get_function_response_postupdate=after,
        update_code_response=coded,
        get_function_response_postcodeupdate=client.get_function(FunctionName="f"),
        delete_response=client.delete_function(FunctionName="f"),
        delete_postdelete=error_of(client.delete_function, FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaFunction::test_function_arns")
def test_functions_are_named_by_arns(aws, made, recorded, error_of):
    arn = f"arn:aws:lambda:us-east-1:{aws.account}:function:"
    partial, whole = made(f"{aws.account}:function:partial"), made(f"{arn}whole")

    recorded.agree(
        create_function_arn_response=whole,
        create_function_partial_arn_response=partial,
        invalid_function_name_exc=error_of(made, "invalid:function:name"),
        long_function_name_exc=error_of(made, "a" * 65),
        long_function_arn_exc=error_of(made, arn + "a" * 100),
        function_arn_other_region_exc=error_of(made, arn.replace("us-east-1", "ap-southeast-1") + "f"),
        function_arn_other_account_exc=error_of(made, "arn:aws:lambda:us-east-1:123456789012:function:f"),
    )


@pytest.mark.recording("lambda", "TestLambdaFunction::test_list_functions")
def test_functions_are_listed(client, made, recorded, error_of):
    first, second = made("a", Publish=True), made("b")

    recorded.agree(
        create_response_1=first,
        create_response_2=second,
        list_functions_invalid_functionversion=error_of(client.list_functions, FunctionVersion="invalid"),
        list_all={"Functions": client.list_functions(FunctionVersion="ALL")["Functions"]},
        list_default={"Functions": client.list_functions()["Functions"]},
    )


@pytest.mark.recording(
    "lambda",
    "TestLambdaFunction::test_get_function_wrong_region",
    "TestPartialARNMatching::test_cross_region_arn_function_access",
)
def test_functions_of_another_region_are_not_reached(aws, client, recorded, error_of):
    situation = "TestLambdaFunction::test_get_function_wrong_region"
    arn = f"arn:aws:lambda:eu-central-1:{aws.account}:function:f"

    for operation in ("delete_function", "get_function", "get_function_configuration", "invoke"):
        error = error_of(getattr(client, operation), FunctionName=arn)
        recorded.agree(f"{situation}[{operation}]", wrong_region_exception=error)
    for thing in ("code_signing_config", "concurrency", "event_invoke_config", "url_config"):
        error = error_of(getattr(client, f"get_function_{thing}"), FunctionName=arn)
        recorded.agree(f"{situation}[get_function_{thing}]", wrong_region_exception=error)


@pytest.mark.recording("lambda", "TestLambdaFunction::test_vpc_config")
def test_a_function_shows_its_vpc(client, made, recorded):
    def change(*ids):
        subnets, groups = ([f"{kind}-{id}" for id in ids] for kind in ("subnet", "sg"))
        return client.update_function_configuration(
            FunctionName="f", VpcConfig={"SubnetIds": subnets, "SecurityGroupIds": groups}
        )

    recorded.agree(
        create_response=made(**LIVELY, VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
        get_function_response=client.get_function(FunctionName="f"),
        update_vpcconfig_update_response=change(2),
        update_vpcconfig_get_function_response=client.get_function(FunctionName="f"),
        delete_vpcconfig_update_response=change(),
        delete_vpcconfig_get_function_response=client.get_function(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaRecursion::test_put_function_recursion_config_default_terminate")
def test_recursive_loops_are_to_be_ended(client, made, recorded):
    made()

    recorded.agree(get_recursion_default_terminate_response=client.get_function_recursion_config(FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaRecursion::test_put_function_recursion_config_invalid_value")
def test_what_becomes_of_recursive_loops_is_checked(client, made, recorded, error_of):
    made()
    put = client.put_function_recursion_config

    recorded.agree(put_recursion_invalid_value_error=error_of(put, FunctionName="f", RecursiveLoop="InvalidValue"))
    assert put(FunctionName="f", RecursiveLoop="Allow")["RecursiveLoop"] == "Allow"


@pytest.mark.recording("lambda", "TestLambdaFunction::test_ops_on_nonexisting_version")
def test_versions_that_are_not_there(client, made, recorded, error_of):
    situation = "TestLambdaFunction::test_ops_on_nonexisting_version"
    made()

    for operation in ("get_function", "get_function_configuration", "get_function_event_invoke_config"):
        error = error_of(getattr(client, operation), FunctionName="f", Qualifier="1221")
        recorded.agree(f"{situation}[{operation}]", version_not_found_exception=error)


@pytest.mark.recording("lambda", "TestLambdaFunction::test_ops_with_arn_qualifier_mismatch")
def test_qualifiers_must_not_contradict_each_other(aws, client, recorded, error_of):
    situation = "TestLambdaFunction::test_ops_with_arn_qualifier_mismatch"
    arn = f"arn:aws:lambda:us-east-1:{aws.account}:function:some-function:{{}}"

    for operation in ("delete_function", "get_function", "get_function_configuration"):
        call = getattr(client, operation)
        recorded.agree(
            f"{situation}[{operation}]",
            not_match_exception=error_of(call, FunctionName=arn.format("1"), Qualifier="$LATEST"),
            match_exception=error_of(call, FunctionName=arn.format("$LATEST"), Qualifier="$LATEST"),
        )


@pytest.mark.recording("lambda", "TestLambdaFunction::test_update_lambda_exceptions")
def test_settings_are_checked(client, made, recorded, error_of):
    made()
    call = client.update_function_configuration

    recorded.agree(
        invalid_role_arn_exc=error_of(call, FunctionName="f", Role="r1"),
        invalid_runtime_exc=error_of(call, FunctionName="f", Runtime="non-existent-runtime"),
        uppercase_runtime_exc=error_of(call, FunctionName="f", Runtime="PYTHON3.9"),
    )


@pytest.mark.recording("lambda", "TestLambdaFunction::test_invalid_invoke")
def test_what_is_no_functions_name(client, recorded, error_of):
    name = "arn:aws:lambda:us-east-1:123400000000@function:myfn"

    error = error_of(client.invoke, FunctionName=name)

    recorded.agree(invoke_function_name_pattern_exc=error)


@pytest.mark.recording("lambda", "TestLambdaFunction::test_lambda_code_location_zipfile")
def test_code_is_shown_where_it_lies(client, made, zipped, recorded):
    created = made(**PLAIN)
    found = client.get_function(FunctionName="f")
    changed = client.update_function_code(FunctionName="f", ZipFile=zipped(index="handler = 1"))

    recorded.agree(create_response_zip_file=created, get_function_response=found, update_function_response=changed)
    recorded.leave("get_function_response_updated", because="AWS was asked before the update had ended")


@pytest.mark.recording("lambda", "TestLambdaRevisions::test_function_revisions_basic")
def test_every_change_is_another_revision(client, made, zipped, recorded, error_of):
    code = {"FunctionName": "f", "ZipFile": zipped(index="handler = 1")}
    first = made(Handler="index.handler")
    second = client.get_function(FunctionName="f")
    stale_code = error_of(client.update_function_code, RevisionId=first["RevisionId"], **code)
    third = client.update_function_code(RevisionId=second["Configuration"]["RevisionId"], **code)
    fourth = client.get_function(FunctionName="f")
    configure = client.update_function_configuration
    stale = error_of(configure, FunctionName="f", Runtime="python3.8", RevisionId=third["RevisionId"])
    current = fourth["Configuration"]["RevisionId"]
    fifth = configure(FunctionName="f", Runtime="python3.8", RevisionId=current)
    sixth = client.get_function(FunctionName="f")

    recorded.agree(
        create_function_response_rev1=first,
        get_function_response_rev2=second,
        update_function_revision_exception=stale_code,
        update_function_code_response_rev3=third,
        get_function_response_rev4=fourth,
        update_function_configuration_revision_exception=stale,
        update_function_configuration_response_rev5=fifth,
        get_function_response_rev6=sixth,
    )
    shown = [first, second["Configuration"], third, fourth["Configuration"], fifth, sixth["Configuration"]]
    assert len({each["RevisionId"] for each in shown}) == 6


@pytest.mark.recording("lambda", "TestLambdaRevisions::test_function_revisions_version_and_alias")
def test_versions_and_aliases_have_revisions_of_their_own(client, made, recorded, error_of):
    created = made()
    active = client.get_function(FunctionName="f")
    stale = error_of(client.publish_version, FunctionName="f", RevisionId=created["RevisionId"])
    revision = active["Configuration"]["RevisionId"]
    published = client.publish_version(FunctionName="f", RevisionId=revision)
    alias = {"FunctionName": "f", "Name": "revision_alias"}

    recorded.agree(
        create_function_response_rev1=created,
        get_function_active_rev2=active,
        publish_version_revision_exception=stale,
        publish_version_response_rev_v1=published,
        get_function_published_version_rev_v2=client.get_function(FunctionName="f", Qualifier="1"),
        get_function_latest_rev3=(latest := client.get_function(FunctionName="f")),
        create_alias_response_rev_a1=(made_alias := client.create_alias(**alias, FunctionVersion="1")),
        get_function_latest_rev4=(again := client.get_function(FunctionName="f")),
        get_function_published_version_rev_v3=client.get_function(FunctionName="f", Qualifier="1"),
        update_alias_revision_exception=error_of(
            client.update_alias, **alias, RevisionId=published["RevisionId"], Description="something changed"
        ),
        update_alias_response_rev_a2=client.update_alias(
            **alias, RevisionId=made_alias["RevisionId"], Description="something changed"
        ),
    )
    assert latest["Configuration"]["RevisionId"] == again["Configuration"]["RevisionId"] != revision


@pytest.mark.recording(
    "lambda",
    "TestLambdaSizeLimits::test_lambda_envvars_near_limit_succeeds",
    "TestLambdaSizeLimits::test_large_environment_fails_multiple_keys",
    "TestLambdaSizeLimits::test_large_environment_variables_fails",
)
def test_variables_have_a_limit(made, recorded, error_of):
    def variables(**values):
        return {"Environment": {"Variables": values}}

    near, several, one = (
        f"TestLambdaSizeLimits::test_{name}"
        for name in (
            "lambda_envvars_near_limit_succeeds",
            "large_environment_fails_multiple_keys",
            "large_environment_variables_fails",
        )
    )
    kept = recorded(near)["successful_create_fn_result"]["Environment"]["Variables"]
    measured = recorded(several)["failured_create_fn_result_multi_key"]["Error"]["Message"]
    many = json.loads(measured.partition("String measured: ")[2])
    long = len(
        json.loads(recorded(one)["failed_create_fn_result"]["Error"]["Message"].partition("d: ")[2])["LARGE_VAR"]
    )

    recorded.agree(near, successful_create_fn_result=made("near", **variables(**kept)))
    recorded.agree(several, failured_create_fn_result_multi_key=error_of(made, **variables(**many)))
    recorded.agree(one, failed_create_fn_result=error_of(made, **variables(LARGE_VAR="x" * long)))


@pytest.mark.recording("lambda", "TestLambdaSizeLimits::test_large_lambda")
def test_large_code_is_taken(made, recorded):
    source = "# " + "x" * 1_000_000

    recorded.agree(create_function_large_zip=made(source=source, Timeout=10, Environment=None))


@pytest.mark.slow
@pytest.mark.recording("lambda", "TestLambdaSizeLimits::test_oversized_request_create_lambda")
def test_a_request_can_be_too_large(made, recorded, error_of):
    archive = bytes(52_428_801)

    recorded.agree(invalid_param_exc=error_of(made, Code={"ZipFile": archive}))


@pytest.mark.recording("lambda", "TestLambdaSnapStart::test_snapstart_lifecycle")
def test_functions_of_every_runtime_are_kept(client, made, recorded):
    situation = "TestLambdaSnapStart::test_snapstart_lifecycle"
    handlers = dict.fromkeys(("java11", "java17", "java21", "java25"), "echo.Handler")
    handlers |= dict.fromkeys(("dotnet8", "dotnet10"), "dotnet::Dotnet.Function::FunctionHandler")
    handlers |= dict.fromkeys(("python3.12", "python3.13"), "handler.handler")

    for runtime, handler in handlers.items():
        name = runtime.replace(".", "_")
        created = made(name, Runtime=runtime, Handler=handler, MemorySize=1024, Timeout=5, Environment=None)
        client.publish_version(FunctionName=name, Description="version1")

        recorded.agree(
            f"{situation}[{runtime}]",
            create_function_response=created,
            get_function_response_latest=client.get_function(FunctionName=name),
            get_function_response_version_1=client.get_function(FunctionName=f"{name}:1"),
        )


@pytest.mark.recording("lambda", "TestLambdaSnapStart::test_snapstart_exceptions")
def test_snap_start_is_checked(made, recorded, error_of):
    error = error_of(made, SnapStart={"ApplyOn": "invalidOption"})

    recorded.agree(create_function_invalid_snapstart_apply=error)


@pytest.mark.recording("lambda", "TestLambdaAccountSettings::test_account_settings")
def test_the_account_has_settings(client, recorded):
    answer = client.get_account_settings()

    shown = {name: sorted(answer[name]) for name in ("AccountLimit", "AccountUsage")}
    recorded.agree(acc_settings_modded={**answer, **shown})


@pytest.mark.recording("lambda", "TestLambdaAccountSettings::test_account_settings_total_code_size_config_update")
def test_versions_count_for_the_size_of_the_code(client, made, recorded):
    def grown():
        before = grown.total
        grown.total = client.get_account_settings()["AccountUsage"]["TotalCodeSize"]
        return grown.total - before

    grown.total = 0
    made(source="# " + "".join(map(chr, range(33, 126))) * 3)
    first = grown()
    client.update_function_configuration(FunctionName="f", Description="other")
    second = grown()
    client.publish_version(FunctionName="f")

    recorded.agree(
        is_total_code_size_diff_create_function_more_than_200=first > 200,
        total_code_size_diff_update_function_configuration=second,
        is_total_code_size_diff_publish_version_after_config_update_more_than_200=grown() > 200,
    )


@pytest.mark.recording("lambda", "TestLoggingConfig::test_advanced_logging_configuration_format_switch")
def test_the_format_of_logs_is_switched(client, made, recorded):
    change, configured = client.update_function_configuration, client.get_function_configuration
    recorded.agree(
        create_response=made(**LIVELY),
        get_function_response=client.get_function(FunctionName="f"),
        function_config=configured(FunctionName="f"),
        updated_config=change(FunctionName="f", LoggingConfig={"LogFormat": "JSON"}),
        received_config=configured(FunctionName="f"),
        updated_config_v2=change(FunctionName="f", LoggingConfig={"LogFormat": "Text"}),
        received_config_v2=configured(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLoggingConfig::test_function_advanced_logging_configuration")
def test_a_function_logs_where_it_is_told(client, made, recorded):
    configured = client.get_function_configuration
    recorded.agree(
        create_response=made(**LIVELY, LoggingConfig={"LogFormat": "JSON"}),
        get_function_response=client.get_function(FunctionName="f"),
        function_config=configured(FunctionName="f"),
        updated_config=client.update_function_configuration(
            FunctionName="f", LoggingConfig={"LogGroup": "cool_lambda"}
        ),
        received_config=configured(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLoggingConfig::test_function_partial_advanced_logging_configuration_update")
def test_what_is_not_said_of_logs_has_a_default(client, made, recorded):
    situation = "TestLoggingConfig::test_function_partial_advanced_logging_configuration_update"
    configured = client.get_function_configuration
    changes = [
        {"LogFormat": "JSON"},
        {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"},
        {"LogFormat": "JSON", "SystemLogLevel": "DEBUG"},
        {"LogGroup": "cool_lambda"},
    ]
    for case, change in enumerate(changes):
        name = f"f{case}"
        recorded.agree(
            f"{situation}[partial_config{case}]",
            create_response=made(name, **LIVELY),
            get_function_response=client.get_function(FunctionName=name),
            function_config=configured(FunctionName=name),
            updated_config=client.update_function_configuration(FunctionName=name, LoggingConfig=change),
            received_config=configured(FunctionName=name),
        )


def test_a_function_logs_objects(aws, made, invoked):
    source = "import logging\n\n\ndef handler(event, context):\n    logging.getLogger().info('hello')\n"
    made(source=source, LoggingConfig={"LogFormat": "JSON"})

    invoked()

    events = aws("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    objects = [json.loads(event["message"]) for event in events]
    said = [each.get("type") or each["message"] for each in objects]
    assert said == ["platform.initStart", "platform.start", "hello", "platform.report"]
