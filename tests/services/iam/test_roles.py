"""Roles are stored, read back, changed and deleted as AWS does it."""

import json
from urllib.parse import quote

import pytest

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})


def create(iam, name="worker", **more):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **more)["Role"]


def test_a_role_is_read_back_as_it_was_created(aws):
    iam = aws("iam")

    made = create(iam, Path="/service/", Description="d", Tags=[{"Key": "team", "Value": "blue"}])
    read = iam.get_role(RoleName="worker")["Role"]

    assert made["Arn"] == f"arn:aws:iam::{aws.account}:role/service/worker"
    assert made["RoleId"].startswith("AROA")
    assert len(made["RoleId"]) == 21
    assert read["AssumeRolePolicyDocument"] == TRUST
    assert (read["Path"], read["Description"], read["MaxSessionDuration"]) == ("/service/", "d", 3600)
    assert read["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert read["CreateDate"] == made["CreateDate"]


def test_documents_travel_percent_encoded(aws):
    iam = aws("iam")
    create(iam)
    bodies = []
    iam.meta.events.register_last(
        "response-received.iam.GetRole",
        lambda response_dict, **kwargs: bodies.append(response_dict["body"].decode()),
    )

    iam.get_role(RoleName="worker")

    assert quote(json.dumps(TRUST), safe="") in bodies[0]


def test_a_role_that_is_not_there_is_named_in_the_error(aws, refusal_and_status):
    found = refusal_and_status(aws("iam").get_role, RoleName="nobody")

    assert found == ("NoSuchEntity", "The role with name nobody cannot be found.", 404)


def test_a_name_is_taken_whatever_its_case(aws, refusal_and_status):
    iam = aws("iam")
    create(iam)

    found = refusal_and_status(create, iam, "Worker")

    assert found == ("EntityAlreadyExists", "Role with name Worker already exists.", 409)


def test_names_of_another_account_are_no_matter(aws, running):
    create(aws("iam"))

    other = create(running.client("iam", "888888888888"), f"worker-{aws.account}")

    assert other["Arn"].startswith("arn:aws:iam::888888888888:")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("no json", "This policy contains invalid Json"),
        ('{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}', "Missing required field Principal"),
        (
            '{"Statement": [{"Effect": "Allow", "Action": "a:b", "Principal": "*", "Resource": "*"}]}',
            "Has prohibited field Resource",
        ),
    ],
)
def test_a_trust_policy_must_be_one(aws, document, message, refusal_and_status):
    found = refusal_and_status(aws("iam").create_role, RoleName="r", AssumeRolePolicyDocument=document)

    assert found == ("MalformedPolicyDocument", message, 400)


def test_a_name_with_a_space_is_refused(aws, refusal_and_status):
    code, message, status = refusal_and_status(create, aws("iam"), "two words")

    assert (code, status) == ("ValidationError", 400)
    assert "'two words' at 'roleName'" in message


def test_roles_are_listed_by_path_and_in_pages(aws):
    iam = aws("iam")
    for name in ("c", "a", "b"):
        create(iam, name, Path="/x/")
    create(iam, "elsewhere")

    first = iam.list_roles(PathPrefix="/x/", MaxItems=2)
    second = iam.list_roles(PathPrefix="/x/", MaxItems=2, Marker=first["Marker"])

    assert [role["RoleName"] for role in first["Roles"]] == ["a", "b"]
    assert first["IsTruncated"]
    assert [role["RoleName"] for role in second["Roles"]] == ["c"]
    assert not second["IsTruncated"]


def test_a_role_is_deleted_only_when_nothing_hangs_on_it(aws, refusal_and_status):
    iam = aws("iam")
    create(iam)
    iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=ALLOW)
    iam.attach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.create_instance_profile(InstanceProfileName="i")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="worker")

    errors = [refusal_and_status(iam.delete_role, RoleName="worker")]
    iam.remove_role_from_instance_profile(InstanceProfileName="i", RoleName="worker")
    errors.append(refusal_and_status(iam.delete_role, RoleName="worker"))
    iam.delete_role_policy(RoleName="worker", PolicyName="p")
    errors.append(refusal_and_status(iam.delete_role, RoleName="worker"))
    iam.detach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.delete_role(RoleName="worker")

    assert errors == [
        ("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.", 409),
        ("DeleteConflict", "Cannot delete entity, must delete policies first.", 409),
        ("DeleteConflict", "Cannot delete entity, must detach all policies first.", 409),
    ]
    assert refusal_and_status(iam.get_role, RoleName="worker")[0] == "NoSuchEntity"


def test_a_role_is_changed(aws):
    iam = aws("iam")
    create(iam, Description="before")
    trust = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"AWS": "*"}}]}

    iam.update_role(RoleName="worker", Description="after", MaxSessionDuration=7200)
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=json.dumps(trust))
    read = iam.get_role(RoleName="worker")["Role"]

    assert (read["Description"], read["MaxSessionDuration"]) == ("after", 7200)
    assert read["AssumeRolePolicyDocument"] == trust


def test_tags_are_put_and_taken_whatever_their_case(aws):
    iam = aws("iam")
    create(iam, Tags=[{"Key": "Team", "Value": "blue"}, {"Key": "cost", "Value": "7"}])

    iam.tag_role(RoleName="worker", Tags=[{"Key": "team", "Value": "red"}])
    iam.untag_role(RoleName="worker", TagKeys=["COST"])

    assert iam.list_role_tags(RoleName="worker")["Tags"] == [{"Key": "team", "Value": "red"}]


def test_the_same_tag_twice_is_refused(aws, refusal_and_status):
    tags = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]

    code, message, status = refusal_and_status(create, aws("iam"), Tags=tags)

    assert (code, status) == ("InvalidInput", 400)
    assert "Duplicate tag keys" in message


def test_an_instance_profile_holds_one_role(aws, refusal_and_status):
    iam = aws("iam")
    create(iam, "one")
    create(iam, "two")
    iam.create_instance_profile(InstanceProfileName="i", Path="/p/")
    iam.add_role_to_instance_profile(InstanceProfileName="i", RoleName="one")

    refused = refusal_and_status(iam.add_role_to_instance_profile, InstanceProfileName="i", RoleName="two")
    profile = iam.get_instance_profile(InstanceProfileName="i")["InstanceProfile"]

    assert refused == (
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        409,
    )
    assert profile["Arn"] == f"arn:aws:iam::{aws.account}:instance-profile/p/i"
    assert [role["RoleName"] for role in profile["Roles"]] == ["one"]
    assert iam.list_instance_profiles_for_role(RoleName="two")["InstanceProfiles"] == []


def test_a_boundary_is_kept_until_it_is_deleted(aws):
    iam = aws("iam")
    arn = iam.create_policy(PolicyName="edge", PolicyDocument=ALLOW)["Policy"]["Arn"]
    create(iam, PermissionsBoundary=arn)

    before = iam.get_role(RoleName="worker")["Role"]["PermissionsBoundary"]
    counted = iam.get_policy(PolicyArn=arn)["Policy"]["PermissionsBoundaryUsageCount"]
    iam.delete_role_permissions_boundary(RoleName="worker")

    assert before == {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
    assert counted == 1
    assert "PermissionsBoundary" not in iam.get_role(RoleName="worker")["Role"]


def test_what_is_not_emulated_says_so(aws, refusal_and_status):
    code, message, status = refusal_and_status(
        aws("iam").create_service_linked_role, AWSServiceName="ecs.amazonaws.com"
    )

    assert (code, status) == ("NotImplementedException", 501)
    assert "iam:CreateServiceLinkedRole" in message
