"""Resource policies of functions, held against what AWS answered."""

import pytest

S3 = {"StatementId": "s3", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
BUCKET = {"SourceArn": "arn:aws:s3:::bucket"}


@pytest.mark.recording("lambda", "TestLambdaPermissions::test_add_lambda_permission_aws")
def test_a_permission_is_a_statement_of_the_policy(client, made, recorded):
    created = made()
    added = client.add_permission(FunctionName="f", **S3, **BUCKET)

    policy = client.get_policy(FunctionName="f")

    recorded.agree(create_lambda=created, add_permission=added, get_policy=policy)


@pytest.mark.recording("lambda", "TestLambdaPermissions::test_lambda_permission_fn_versioning")
def test_versions_and_aliases_have_policies_of_their_own(client, made, recorded, error_of):
    add, find = client.add_permission, client.get_policy
    permission = {"FunctionName": "f", **S3, **BUCKET}
    made()
    added = add(**permission)
    policy = find(FunctionName="f")
    published = client.publish_version(FunctionName="f")
    recorded.agree(
        add_permission=added,
        get_policy=policy,
        publish_version_result=published,
        get_function_result_after_publishing=client.get_function(FunctionName="f"),
        get_policy_after_publishing_latest=find(FunctionName="f"),
        get_policy_after_publishing_new_version=error_of(find, FunctionName="f", Qualifier="1"),
    )

    add(**permission, Qualifier="1")
    of_version = find(FunctionName="f", Qualifier="1")
    alias = client.create_alias(FunctionName="f", Name="permission-alias", FunctionVersion="1")
    shown = client.get_alias(FunctionName="f", Name="permission-alias")
    on_alias = {**permission, "Qualifier": "permission-alias"}
    stale = error_of(add, **on_alias, RevisionId=alias["RevisionId"])
    add(**on_alias)

    recorded.agree(
        get_policy_version=of_version,
        create_alias_response=alias,
        get_alias=shown,
        add_permission_alias_revision_exception=stale,
        get_policy_alias=find(FunctionName="f", Qualifier="permission-alias"),
        get_policy_after_adding_to_new_version=find(FunctionName="f"),
    )
    add(**{**permission, "StatementId": "s3_2"})
    recorded.agree(get_policy_after_adding_2=find(FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaRevisions::test_function_revisions_permissions")
def test_a_policy_has_a_revision(client, made, recorded, error_of):
    made()
    client.add_permission(FunctionName="f", **S3)

    error = error_of(client.add_permission, FunctionName="f", **{**S3, "StatementId": "other"}, RevisionId="wrong")

    recorded.agree(add_permission_revision_exception=error)


@pytest.mark.recording("lambda", "TestLambdaPermissions::test_permission_exceptions")
def test_permissions_are_checked(client, made, recorded, error_of):
    made()
    add, remove, find = client.add_permission, client.remove_permission, client.get_policy

    def refused(call=add, function="f", **changes):
        return error_of(call, FunctionName=function, **{**(S3 if call is add else {}), **changes})

    no_policy = refused(remove, StatementId="s3")
    add(FunctionName="f", **S3)
    recorded.agree(
        add_permission_invalid_statement_id=refused(StatementId="example.com"),
        add_permission_fn_qualifier_mismatch=refused(function="f:1", Qualifier="2"),
        add_permission_fn_qualifier_latest=refused(Qualifier="$LATEST"),
        add_permission_principal_invalid=refused(Principal="invalid.nonaws.com"),
        get_policy_fn_doesnotexist=refused(find, "doesnotexist"),
        get_policy_fn_version_doesnotexist=refused(find, Qualifier="1"),
        add_permission_fn_doesnotexist=refused(function="doesnotexist"),
        remove_permission_policy_doesnotexist=no_policy,
        add_permission_fn_alias_doesnotexist=refused(Qualifier="alias-doesnotexist"),
        add_permission_fn_version_doesnotexist=refused(Qualifier="42"),
        add_permission_fn_qualifier_invalid=refused(Qualifier="invalid-qualifier-with-?-char"),
        add_permission_fn_qualifier_valid_doesnotexist=refused(Qualifier="valid-with-$-but-doesnotexist"),
        add_permission_conflicting_statement_id=refused(),
        remove_permission_fn_doesnotexist=refused(remove, "doesnotexist", StatementId="s3"),
        remove_permission_fn_alias_doesnotexist=refused(remove, StatementId="s3", Qualifier="alias-doesnotexist"),
    )


@pytest.mark.recording("lambda", "TestLambdaPermissions::test_remove_multi_permissions")
def test_permissions_are_taken_back(client, made, recorded, error_of):
    made()
    find, remove = client.get_policy, client.remove_permission
    one = client.add_permission(FunctionName="f", **S3)
    queue = {"StatementId": "sqs", "Action": "lambda:InvokeFunction", "Principal": "sqs.amazonaws.com"}
    two = client.add_permission(FunctionName="f", **queue, **BUCKET)

    recorded.agree(
        add_permission_1=one,
        add_permission_2=two,
        policy_after_2_add=find(FunctionName="f"),
        remove_permission_exception_nonexisting_sid=error_of(remove, FunctionName="f", StatementId="non-existent"),
    )
    remove(FunctionName="f", StatementId="sqs")
    left = find(FunctionName="f")
    error_of(remove, FunctionName="f", StatementId="sqs")
    recorded.agree(policy_after_removal=left, policy_after_removal_attempt=find(FunctionName="f"))
    remove(FunctionName="f", StatementId="s3")
    recorded.agree(get_policy_exception_removed_all=error_of(find, FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaPermissions::test_add_lambda_permission_optional_fields")
def test_a_permission_may_be_narrowed(client, made, recorded):
    made()

    def condition(sid, **members):
        answer = client.add_permission(FunctionName="f", **{**S3, "StatementId": sid}, **members)
        return answer["Statement"].partition('"Condition":')[2]

    assert recorded() == {}
    assert condition("a", SourceAccount="123456789012") == ('{"StringEquals":{"AWS:SourceAccount":"123456789012"}}}')
    assert condition("b", EventSourceToken="t") == '{"StringEquals":{"lambda:EventSourceToken":"t"}}}'
    assert condition("c", PrincipalOrgID="o-1234567890") == '{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}}'
