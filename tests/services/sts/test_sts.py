"""Who calls, and keys that act in the account they were made for."""

import json
from datetime import timedelta

TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})


def test_the_caller_is_the_root_of_its_account(aws):
    found = aws("sts").get_caller_identity()

    assert found["Account"] == found["UserId"] == aws.account
    assert found["Arn"] == f"arn:aws:iam::{aws.account}:root"


def test_the_caller_is_the_user_whose_key_signs(aws, running):
    user = aws("iam").create_user(UserName="ann", Path="/staff/")["User"]
    key = aws("iam").create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    session = running.client("sts", key).get_session_token()["Credentials"]["AccessKeyId"]

    found = [running.client("sts", one).get_caller_identity() for one in (key, session)]

    assert [(one["Arn"], one["UserId"], one["Account"]) for one in found] == [
        (f"arn:aws:iam::{aws.account}:user/staff/ann", user["UserId"], aws.account)
    ] * 2
    assert running.client("iam", key).get_user()["User"]["UserName"] == "ann"


def test_the_caller_is_the_session_of_the_role_it_assumed(aws, running):
    other = f"8{aws.account[1:]}"
    answer = aws("sts").assume_role(RoleArn=f"arn:aws:iam::{other}:role/path/reader", RoleSessionName="me")

    found = running.client("sts", answer["Credentials"]["AccessKeyId"]).get_caller_identity()

    assert (found["Arn"], found["UserId"], found["Account"]) == (
        f"arn:aws:sts::{other}:assumed-role/reader/me",
        answer["AssumedRoleUser"]["AssumedRoleId"],
        other,
    )


def test_a_key_that_was_deleted_stands_for_nobody(aws, running):
    aws("iam").create_user(UserName="ann")
    key = aws("iam").create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
    aws("iam").delete_access_key(UserName="ann", AccessKeyId=key)

    assert running.client("sts", key).get_caller_identity()["Arn"].endswith(":root")


def test_a_session_makes_no_other_session(aws, running, refusal):
    key = aws("sts").get_session_token()["Credentials"]["AccessKeyId"]
    sts = running.client("sts", key)

    assert refusal(sts.get_session_token) == (
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    )
    assert refusal(sts.get_federation_token, Name="guest")[0] == "AccessDenied"


def test_a_role_assumed_with_temporary_keys_lasts_an_hour_at_most(aws, running, refusal):
    arn = f"arn:aws:iam::{aws.account}:role/reader"
    key = aws("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]["AccessKeyId"]

    found = refusal(running.client("sts", key).assume_role, RoleArn=arn, RoleSessionName="me", DurationSeconds=7200)

    assert found == (
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )


def test_an_assumed_role_acts_in_its_own_account(aws, running):
    other = "222222222222"
    answer = aws("sts").assume_role(RoleArn=f"arn:aws:iam::{other}:role/path/reader", RoleSessionName="me")

    key = answer["Credentials"]["AccessKeyId"]
    queue = running.client("sqs", key).create_queue(QueueName=f"q{aws.account}")["QueueUrl"]

    assert key.startswith("ASIA")
    assert f"/{other}/" in queue
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{other}:assumed-role/reader/me"
    assert aws("sts").get_access_key_info(AccessKeyId=key)["Account"] == other


def test_an_assumed_role_has_the_id_of_its_role(aws):
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]

    answer = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="ss", SourceIdentity="ann")

    assert answer["AssumedRoleUser"]["AssumedRoleId"] == f"{role['RoleId']}:ss"
    assert answer["SourceIdentity"] == "ann"


def test_a_role_nobody_made_has_the_same_id_each_time(aws):
    arn = f"arn:aws:iam::{aws.account}:role/ghost"

    first = aws("sts").assume_role(RoleArn=arn, RoleSessionName="ss")
    second = aws("sts").assume_role(RoleArn=arn, RoleSessionName="ss")

    assert first["AssumedRoleUser"] == second["AssumedRoleUser"]
    assert first["Credentials"]["AccessKeyId"] != second["Credentials"]["AccessKeyId"]


def test_a_session_is_no_longer_than_its_role_allows(aws, refusal):
    arn = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]

    found = refusal(aws("sts").assume_role, RoleArn=arn, RoleSessionName="ss", DurationSeconds=7200)

    assert found == (
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )


def test_what_is_no_role_cannot_be_assumed(aws, refusal):
    arn = "arn:aws:iam::111111111111:user/ann"

    found = refusal(aws("sts").assume_role, RoleArn=arn, RoleSessionName="ss")

    assert found == ("ValidationError", f"{arn} is invalid")


def test_keys_of_a_session_expire_when_asked(aws):
    sts = aws("sts")
    now = aws("stepwell").get_clock()["Now"]

    short = sts.get_session_token(DurationSeconds=900)["Credentials"]["Expiration"]
    usual = sts.get_session_token()["Credentials"]["Expiration"]

    assert timedelta(seconds=898) < short - now < timedelta(seconds=960)
    assert timedelta(hours=11) < usual - now < timedelta(hours=13)


def test_a_federated_user_acts_in_the_account_of_who_let_it_in(aws, running):
    answer = aws("sts").get_federation_token(Name="guest")

    identity = running.client("sts", answer["Credentials"]["AccessKeyId"]).get_caller_identity()

    assert identity["Account"] == aws.account
    assert identity["Arn"] == answer["FederatedUser"]["Arn"]
    assert answer["FederatedUser"]["Arn"] == f"arn:aws:sts::{aws.account}:federated-user/guest"


def test_a_key_of_nobody_acts_in_the_default_account(aws):
    answer = aws("sts").get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")

    assert answer["Account"] == "000000000000"


def test_what_is_not_emulated_says_so(aws, refusal):
    code, message = refusal(aws("sts").decode_authorization_message, EncodedMessage="x")

    assert code == "NotImplementedException"
    assert "sts:DecodeAuthorizationMessage" in message
