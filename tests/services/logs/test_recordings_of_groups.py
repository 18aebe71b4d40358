"""Groups, streams, their tags and policies, held against what AWS answered."""

import json

import pytest

LONG = "a" * 513


@pytest.mark.recording("logs", "TestLogsGroups::test_create_log_group_duplicate_error")
def test_a_group_is_created_once(logs, recorded, error_of):
    logs.create_log_group(logGroupName="g")

    error = error_of(logs.create_log_group, logGroupName="g")

    recorded.agree(error_duplicate_log_group=error)


@pytest.mark.recording("logs", "TestLogsGroups::test_create_log_group_invalid_name_length")
def test_the_name_of_a_group_is_not_too_long(logs, recorded, error_of):
    recorded.agree(error_invalid_name_length=error_of(logs.create_log_group, logGroupName=LONG))


@pytest.mark.recording("logs", "TestLogsGroups::test_create_log_group_with_kms_key")
def test_a_group_shows_its_key(aws, logs, recorded):
    logs.create_log_group(logGroupName="g", kmsKeyId=f"arn:aws:kms:us-east-1:{aws.account}:key/k")

    recorded.agree(describe_log_groups_with_kms=logs.describe_log_groups())


@pytest.mark.recording("logs", "TestLogsGroups::test_describe_log_groups_with_prefix")
def test_groups_are_found_by_their_prefix(logs, recorded):
    for name in ("p-1", "p-2", "p-3", "q"):
        logs.create_log_group(logGroupName=name)

    recorded.agree(describe_log_groups_prefix=logs.describe_log_groups(logGroupNamePrefix="p-"))


@pytest.mark.recording("logs", "TestLogsGroupsTags::test_create_log_group_with_tags")
def test_a_group_is_tagged_as_it_is_created(logs, recorded):
    logs.create_log_group(logGroupName="g", tags={"env": "testing"})

    recorded.agree(list_tags_after_create=logs.list_tags_log_group(logGroupName="g"))


@pytest.mark.recording("logs", "TestLogsGroupsTags::test_tag_resource_api")
def test_tags_are_read_and_written_by_name_or_arn(aws, logs, recorded):
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:g"

    def seen(when):
        by_name = logs.list_tags_log_group(logGroupName="g")
        by_arn = logs.list_tags_for_resource(resourceArn=arn)
        recorded.agree(**{f"list_tags_log_group_after_{when}": by_name, f"list_tags_for_resource_after_{when}": by_arn})

    logs.create_log_group(logGroupName="g", tags={"env": "testing1"})
    recorded.agree(list_tags_after_create=logs.list_tags_log_group(logGroupName="g"))
    logs.tag_resource(resourceArn=arn, tags={"test1": "val1", "test2": "val2"})
    seen("tag_resource")
    logs.tag_log_group(logGroupName="g", tags={"test3": "val3"})
    seen("tag_log_group")
    logs.untag_log_group(logGroupName="g", tags=["test3", "env"])
    logs.untag_resource(resourceArn=arn, tagKeys=["test1"])
    seen("untag")


@pytest.mark.recording("logs", "TestLogsStreams::test_create_and_delete_log_stream")
def test_a_stream_is_described(logs, recorded):
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")

    recorded.agree(describe_log_streams_after_create=logs.describe_log_streams(logGroupName="g"))


@pytest.mark.recording("logs", "TestLogsStreams::test_describe_log_streams_with_prefix")
def test_streams_are_found_by_their_prefix(logs, recorded):
    logs.create_log_group(logGroupName="g")
    for name in ("p-1", "p-2", "p-3", "q"):
        logs.create_log_stream(logGroupName="g", logStreamName=name)

    found = logs.describe_log_streams(logGroupName="g", logStreamNamePrefix="p-")

    recorded.agree(describe_streams_with_prefix=found)


@pytest.mark.recording("logs", "TestLogsStreams::test_describe_log_streams_with_log_group_identifier")
def test_streams_are_found_by_the_identifier_of_their_group(aws, logs, recorded, error_of):
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:g"
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    find = logs.describe_log_streams

    recorded.agree(
        describe_streams_identifier_name=find(logGroupIdentifier="g"),
        describe_streams_identifier_arn=find(logGroupIdentifier=arn),
        error_both_name_and_identifier=error_of(find, logGroupName="g", logGroupIdentifier=arn),
    )


@pytest.mark.recording("logs", "TestLogsEvents::test_get_log_events_limit_validation")
def test_a_page_of_a_stream_has_a_limit(logs, recorded, error_of):
    error = error_of(logs.get_log_events, logGroupName="g", logStreamName="s", limit=10001)

    recorded.agree(error_limit_exceeded=error)


@pytest.mark.recording("logs", "TestFilterLogEvents::test_filter_log_events_limit_validation")
def test_a_page_of_a_search_has_a_limit(logs, recorded, error_of):
    recorded.agree(error_limit_exceeded=error_of(logs.filter_log_events, logGroupName="g", limit=10001))


@pytest.mark.recording("logs", "TestLogsEvents::test_put_log_events_too_old")
def test_an_event_that_is_too_old_is_rejected(logs, recorded):
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")

    answer = logs.put_log_events(
        logGroupName="g", logStreamName="s", logEvents=[{"timestamp": 1_000_000, "message": "old"}]
    )

    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    recorded.agree(response_too_old=answer)


ROUTE53 = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Route53LogsToCloudWatchLogs",
            "Effect": "Allow",
            "Principal": {"Service": "route53.amazonaws.com"},
            "Action": "logs:PutLogEvents",
            "Resource": "log_arn",
        }
    ],
}


@pytest.mark.recording("logs", "TestResourcePolicies::test_describe_resource_policies")
def test_policies_are_described(logs, recorded):
    for name in ("one", "three", "two"):
        logs.put_resource_policy(policyName=name, policyDocument=json.dumps(ROUTE53))

    found = logs.describe_resource_policies()

    recorded.agree(describe_resource_policies=found, policies=found["resourcePolicies"])


@pytest.mark.recording("logs", "TestResourcePolicies::test_put_resource_policy")
def test_a_policy_is_shown_as_it_is_put(aws, logs, recorded):
    document = json.loads(json.dumps(ROUTE53))
    statement = document["Statement"][0]
    statement["Principal"] = {"Service": ["route53.amazonaws.com"]}
    statement["Resource"] = f"arn:aws:logs:us-east-1:{aws.account}:log-group:g:*"

    answer = logs.put_resource_policy(policyName="one", policyDocument=json.dumps(document))

    recorded.agree(put_resource_policy=answer)


@pytest.mark.recording("logs", "TestResourcePolicies::test_put_resource_policy_update")
def test_a_policy_is_replaced(logs, recorded):
    other = {"Effect": "Allow", "Principal": {"Service": "route53.amazonaws.com"}, "Action": "logs:*", "Resource": "*"}
    logs.put_resource_policy(policyName="one", policyDocument=json.dumps(ROUTE53))
    document = {"Version": "2008-10-17", "Statement": [other]}
    logs.put_resource_policy(policyName="one", policyDocument=json.dumps(document))

    (found,) = logs.describe_resource_policies()["resourcePolicies"]

    recorded.agree(updated_policy=found)


@pytest.mark.recording("logs", "TestDestinations::test_describe_destinations_empty")
def test_there_are_no_destinations(logs, recorded):
    recorded.agree(describe_destinations_empty=logs.describe_destinations())
