"""Inline policies, managed policies with their versions, and what they are attached to."""

import json

import pytest

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Sid": "All queues"}],
}
TEXT = json.dumps(DOCUMENT)
TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})
MANAGED = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.fixture
def iam(aws):
    client = aws("iam")
    client.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    return client


@pytest.fixture
def arn(iam):
    return iam.create_policy(PolicyName="p", Path="/team/", PolicyDocument=TEXT, Description="d")["Policy"]["Arn"]


def test_an_inline_policy_is_put_read_listed_and_deleted(iam, refusal):
    iam.put_role_policy(RoleName="r", PolicyName="in", PolicyDocument=TEXT)

    read = iam.get_role_policy(RoleName="r", PolicyName="in")
    listed = iam.list_role_policies(RoleName="r")["PolicyNames"]
    iam.delete_role_policy(RoleName="r", PolicyName="in")

    assert (read["RoleName"], read["PolicyName"], read["PolicyDocument"]) == ("r", "in", DOCUMENT)
    assert listed == ["in"]
    assert refusal(iam.get_role_policy, RoleName="r", PolicyName="in") == (
        "NoSuchEntity",
        "The role policy with name in cannot be found.",
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "Syntax errors in policy."),
        ("[]", "Syntax errors in policy."),
        ('{"Statement": []}', "Syntax errors in policy."),
        ('{"Version": "2020-01-01", "Statement": {}}', "Syntax errors in policy."),
        ('{"Statement": {"Effect": "Allow", "Resource": "*"}}', "Policy statement must contain actions."),
        ('{"Statement": {"Effect": "Allow", "Action": "a:b"}}', "Policy statement must contain resources."),
        (
            '{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*", "Principal": "*"}}',
            "Policy document should not specify a principal.",
        ),
    ],
)
def test_a_policy_must_be_one(iam, document, message, refusal):
    inline = refusal(iam.put_role_policy, RoleName="r", PolicyName="p", PolicyDocument=document)
    managed = refusal(iam.create_policy, PolicyName="p", PolicyDocument=document)

    assert inline == managed == ("MalformedPolicyDocument", message)


def test_the_inline_policies_of_a_role_have_a_size_together(iam, refusal):
    statement = {"Effect": "Allow", "Action": "a:b", "Resource": "x" * 6000}
    large = json.dumps({"Statement": statement}, indent=20)
    iam.put_role_policy(RoleName="r", PolicyName="one", PolicyDocument=large)

    found = refusal(iam.put_role_policy, RoleName="r", PolicyName="two", PolicyDocument=large)

    assert found == ("LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role r")


def test_a_managed_policy_is_read_back(aws, iam, arn):
    policy = iam.get_policy(PolicyArn=arn)["Policy"]

    assert arn == f"arn:aws:iam::{aws.account}:policy/team/p"
    assert policy["PolicyId"].startswith("ANPA")
    assert (policy["DefaultVersionId"], policy["AttachmentCount"], policy["Description"]) == ("v1", 0, "d")
    assert policy["IsAttachable"]


def test_a_managed_policy_has_one_name(iam, arn, refusal):
    found = refusal(iam.create_policy, PolicyName="P", PolicyDocument=TEXT)

    assert found == (
        "EntityAlreadyExists",
        "A policy called P already exists. Duplicate names are not allowed.",
    )


def test_versions_are_numbered_and_one_is_in_force(iam, arn):
    second = iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT)["PolicyVersion"]
    third = iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT, SetAsDefault=True)["PolicyVersion"]
    listed = iam.list_policy_versions(PolicyArn=arn)["Versions"]

    assert (second["VersionId"], second["IsDefaultVersion"]) == ("v2", False)
    assert (third["VersionId"], third["IsDefaultVersion"]) == ("v3", True)
    assert [version["VersionId"] for version in listed] == ["v3", "v2", "v1"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"] == DOCUMENT


def test_the_version_in_force_cannot_be_deleted_and_numbers_are_not_given_twice(iam, arn, refusal):
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT)
    refused = refusal(iam.delete_policy_version, PolicyArn=arn, VersionId="v1")

    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT)["PolicyVersion"]

    assert refused == ("DeleteConflict", "Cannot delete the default version of a policy.")
    assert made["VersionId"] == "v3"


def test_a_policy_has_five_versions_at_most(iam, arn, refusal):
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT)

    code, message = refusal(iam.create_policy_version, PolicyArn=arn, PolicyDocument=TEXT)

    assert code == "LimitExceeded"
    assert message.startswith("A managed policy can have up to 5 versions.")


def test_a_policy_is_attached_and_counted(iam, arn):
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.attach_role_policy(RoleName="r", PolicyArn=MANAGED)

    attached = iam.list_attached_role_policies(RoleName="r")["AttachedPolicies"]
    of_aws = iam.list_attached_role_policies(RoleName="r", PathPrefix="/service-role/")["AttachedPolicies"]
    entities = iam.list_entities_for_policy(PolicyArn=arn)

    assert {policy["PolicyName"] for policy in attached} == {"p", "AWSLambdaBasicExecutionRole"}
    assert [policy["PolicyArn"] for policy in of_aws] == [MANAGED]
    assert [role["RoleName"] for role in entities["PolicyRoles"]] == ["r"]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert [policy["PolicyName"] for policy in iam.list_policies(OnlyAttached=True)["Policies"]] == ["p"]


def test_a_policy_in_use_cannot_be_deleted(iam, arn, refusal):
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = refusal(iam.delete_policy, PolicyArn=arn)
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=TEXT)
    versions = refusal(iam.delete_policy, PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")

    iam.delete_policy(PolicyArn=arn)

    assert attached == ("DeleteConflict", "Cannot delete a policy attached to entities.")
    assert versions[1].startswith("This policy has more than one version.")
    assert refusal(iam.get_policy, PolicyArn=arn) == ("NoSuchEntity", f"Policy {arn} was not found.")


def test_what_is_not_there_cannot_be_attached_or_detached(aws, iam, refusal):
    ghost = f"arn:aws:iam::{aws.account}:policy/ghost"

    attach = refusal(iam.attach_role_policy, RoleName="r", PolicyArn=ghost)
    detach = refusal(iam.detach_role_policy, RoleName="r", PolicyArn=ghost)
    wrong = refusal(iam.attach_role_policy, RoleName="r", PolicyArn="arn:aws:s3:::no-such-policy")

    assert attach == ("NoSuchEntity", f"Policy {ghost} does not exist or is not attachable.")
    assert detach == ("NoSuchEntity", f"Policy {ghost} was not found.")
    assert wrong == ("InvalidInput", "ARN arn:aws:s3:::no-such-policy is not valid.")


def test_ten_policies_can_be_attached(iam, refusal):
    for number in range(10):
        iam.attach_role_policy(RoleName="r", PolicyArn=f"arn:aws:iam::aws:policy/P{number}")

    found = refusal(iam.attach_role_policy, RoleName="r", PolicyArn=MANAGED)

    assert found == ("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10")


def test_a_policy_of_aws_cannot_be_read(iam, refusal):
    code, message = refusal(iam.get_policy, PolicyArn=MANAGED)

    assert code == "NotImplementedException"
    assert "managed by AWS" in message


def test_policies_have_tags(iam, arn):
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}])
    iam.untag_policy(PolicyArn=arn, TagKeys=["b"])

    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "a", "Value": "2"}]
