"""Users, their access keys and the groups they are in."""

import json

import pytest

from emulator import ids

ALLOW = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})


@pytest.fixture
def iam(aws):
    client = aws("iam")
    client.create_user(UserName="ann", Path="/staff/")
    return client


def test_a_user_is_read_back(aws, iam):
    user = iam.get_user(UserName="ann")["User"]

    assert user["Arn"] == f"arn:aws:iam::{aws.account}:user/staff/ann"
    assert user["UserId"].startswith("AIDA")
    assert [one["UserName"] for one in iam.list_users(PathPrefix="/staff/")["Users"]] == ["ann"]


def test_without_a_name_the_caller_is_meant(aws, iam):
    user = iam.get_user()["User"]

    assert user["Arn"] == f"arn:aws:iam::{aws.account}:root"
    assert user["UserId"] == aws.account


def test_texts_of_errors_name_the_user(iam, refusal):
    assert refusal(iam.get_user, UserName="bob") == (
        "NoSuchEntity",
        "The user with name bob cannot be found.",
    )
    assert refusal(iam.create_user, UserName="ann") == (
        "EntityAlreadyExists",
        "User with name ann already exists.",
    )


def test_a_renamed_user_keeps_what_it_has(iam, refusal):
    iam.put_user_policy(UserName="ann", PolicyName="in", PolicyDocument=ALLOW)
    before = iam.get_user(UserName="ann")["User"]["UserId"]

    iam.update_user(UserName="ann", NewUserName="anna", NewPath="/")
    user = iam.get_user(UserName="anna")["User"]

    assert (user["UserId"], user["Path"]) == (before, "/")
    assert iam.list_user_policies(UserName="anna")["PolicyNames"] == ["in"]
    assert refusal(iam.get_user, UserName="ann")[0] == "NoSuchEntity"


def test_a_key_tells_its_account_and_its_secret_once(aws, iam):
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    listed = iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]

    assert made["AccessKeyId"].startswith("AKIA")
    assert ids.find_account(made["AccessKeyId"]) == aws.account
    assert len(made["SecretAccessKey"]) == 40
    assert [(key["AccessKeyId"], key["Status"]) for key in listed] == [(made["AccessKeyId"], "Active")]
    assert "SecretAccessKey" not in listed[0]


def test_a_key_of_a_user_acts_in_its_account(aws, iam, running):
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]

    identity = running.client("sts", key).get_caller_identity()

    assert identity["Account"] == aws.account


def test_a_user_has_two_keys_at_most(iam, refusal):
    iam.create_access_key(UserName="ann")
    iam.create_access_key(UserName="ann")

    found = refusal(iam.create_access_key, UserName="ann")

    assert found == ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")


def test_a_key_is_deactivated_and_deleted(iam, refusal):
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]

    iam.update_access_key(UserName="ann", AccessKeyId=key, Status="Inactive")
    status = iam.list_access_keys(UserName="ann")["AccessKeyMetadata"][0]["Status"]
    iam.delete_access_key(UserName="ann", AccessKeyId=key)

    assert status == "Inactive"
    assert refusal(iam.delete_access_key, UserName="ann", AccessKeyId=key) == (
        "NoSuchEntity",
        f"The Access Key with id {key} cannot be found.",
    )


def test_the_root_has_no_keys_here(iam, refusal):
    assert refusal(iam.create_access_key) == (
        "ValidationError",
        "Must specify userName when calling with non-User credentials",
    )


def test_a_user_rotates_its_own_keys(iam, running):
    old = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    own = running.client("iam", old)

    new = own.create_access_key()["AccessKey"]
    own.delete_access_key(AccessKeyId=old)

    assert new["UserName"] == "ann"
    assert [key["AccessKeyId"] for key in iam.list_access_keys(UserName="ann")["AccessKeyMetadata"]] == [
        new["AccessKeyId"]
    ]


def test_a_key_tells_its_user(aws, iam, refusal):
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]

    answer = iam.get_access_key_last_used(AccessKeyId=key)

    assert (answer["UserName"], answer["AccessKeyLastUsed"]) == ("ann", {"ServiceName": "N/A", "Region": "N/A"})
    assert refusal(iam.get_access_key_last_used, AccessKeyId="AKIAIOSFODNN7EXAMPLE") == (
        "AccessDenied",
        f"User: arn:aws:iam::{aws.account}:root is not authorized to perform: "
        "iam:GetAccessKeyLastUsed on resource: access key AKIAIOSFODNN7EXAMPLE",
    )


def test_a_group_has_users_and_policies(aws, iam):
    iam.create_group(GroupName="ops", Path="/g/")
    iam.add_user_to_group(GroupName="ops", UserName="ann")
    iam.attach_group_policy(GroupName="ops", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.put_group_policy(GroupName="ops", PolicyName="in", PolicyDocument=ALLOW)

    group = iam.get_group(GroupName="ops")

    assert group["Group"]["Arn"] == f"arn:aws:iam::{aws.account}:group/g/ops"
    assert [user["UserName"] for user in group["Users"]] == ["ann"]
    assert [one["GroupName"] for one in iam.list_groups_for_user(UserName="ann")["Groups"]] == ["ops"]
    assert iam.list_group_policies(GroupName="ops")["PolicyNames"] == ["in"]
    assert len(iam.list_attached_group_policies(GroupName="ops")["AttachedPolicies"]) == 1


def test_a_user_is_deleted_only_when_nothing_hangs_on_it(iam, refusal):
    iam.create_group(GroupName="ops")
    iam.add_user_to_group(GroupName="ops", UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]

    errors = [refusal(iam.delete_user, UserName="ann"), refusal(iam.delete_group, GroupName="ops")]
    for _ in range(2):
        iam.remove_user_from_group(GroupName="ops", UserName="ann")
    errors.append(refusal(iam.delete_user, UserName="ann"))
    iam.delete_access_key(UserName="ann", AccessKeyId=key)
    iam.delete_user(UserName="ann")
    iam.delete_group(GroupName="ops")

    assert [message for _, message in errors] == [
        "Cannot delete entity, must remove users from group first.",
        "Cannot delete entity, must remove users from group first.",
        "Cannot delete entity, must delete access keys first.",
    ]
    assert iam.list_users()["Users"] == []
    assert iam.list_groups()["Groups"] == []
