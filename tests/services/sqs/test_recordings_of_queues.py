"""Queues, held against what AWS answered."""

import json

import pytest


def attributes(sqs, url, *names):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names or ("All",)))


@pytest.mark.recording(
    "sqs",
    "test_create_fifo_queue_with_required_properties",
    "test_update_fifo_queue_remove_all_properties",
)
def test_a_fifo_queue_has_the_defaults_of_aws(sqs, queue, recorded):
    url = queue("new.fifo")

    answer = attributes(sqs, url)

    tags = sqs.list_queue_tags(QueueUrl=url)
    recorded.agree("test_create_fifo_queue_with_required_properties", attributes=answer)
    recorded.agree("test_update_fifo_queue_remove_all_properties", updated_attributes=answer, updated_tags=tags)


@pytest.mark.recording("sqs", "test_create_standard_queue_with_all_properties")
def test_a_standard_queue_keeps_every_attribute(sqs, queue, arn_of, recorded):
    dead = queue("dead", RedriveAllowPolicy='{"redrivePermission":"allowAll"}')
    url = queue(
        "full",
        DelaySeconds=17,
        KmsDataKeyReusePeriodSeconds=297,
        KmsMasterKeyId="alias/aws/sqs",
        MaximumMessageSize=1234,
        MessageRetentionPeriod=13579,
        ReceiveMessageWaitTimeSeconds=18,
        VisibilityTimeout=45,
        RedrivePolicy=json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": "7"}),
    )
    sqs.tag_queue(QueueUrl=url, Tags={"Department": "Finance", "Environment": "Production"})

    recorded.agree(
        "test_create_standard_queue_with_all_properties",
        attributes=attributes(sqs, url),
        tags=sqs.list_queue_tags(QueueUrl=url),
        dlq_attributes=attributes(sqs, dead, "RedriveAllowPolicy"),
    )


@pytest.mark.recording("sqs", "test_update_fifo_queue_remove_all_properties_except_queuename")
def test_a_fifo_queue_keeps_its_throughput_attributes(sqs, queue, recorded):
    url = queue(
        "fast.fifo",
        DeduplicationScope="messageGroup",
        FifoThroughputLimit="perMessageGroupId",
        MaximumMessageSize=262144,
        SqsManagedSseEnabled="false",
    )

    recorded.agree(
        "test_update_fifo_queue_remove_all_properties_except_queuename",
        updated_attributes=attributes(sqs, url),
        updated_tags=sqs.list_queue_tags(QueueUrl=url),
    )


@pytest.mark.recording("sqs", "test_update_standard_queue_add_properties_with_replacement")
def test_attributes_and_tags_can_be_replaced(sqs, queue, arn_of, recorded, error_of, protocol):
    dead = queue("dead")
    url = queue(
        "MyStandardQueueWithADifferentName",
        DelaySeconds=15,
        MaximumMessageSize=4444,
        MessageRetentionPeriod=17777,
        ReceiveMessageWaitTimeSeconds=14,
        VisibilityTimeout=35,
        RedrivePolicy=json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": 4}),
    )
    sqs.tag_queue(QueueUrl=url, Tags={"Department": "Marketing", "Environment": "Pre-Test"})

    if protocol == "sqs_query":
        recorded.unchecked |= {"Message"}  # That of the error was recorded in JSON; XML has another.
    recorded.agree(
        "test_update_standard_queue_add_properties_with_replacement",
        updated_attributes=attributes(sqs, url),
        updated_tags=sqs.list_queue_tags(QueueUrl=url),
        error=error_of(sqs.get_queue_url, QueueName="another"),
    )


@pytest.mark.recording("sqs", "test_update_standard_queue_remove_some_properties")
def test_attributes_go_back_to_their_defaults(sqs, queue, arn_of, recorded):
    dead = queue("dead")
    url = queue("some", DelaySeconds=17, VisibilityTimeout=43, MaximumMessageSize=1234)
    sqs.tag_queue(QueueUrl=url, Tags={"Department": "Finance", "Environment": "Pre-Production"})

    sqs.untag_queue(QueueUrl=url, TagKeys=["Department"])
    policy = json.dumps({"deadLetterTargetArn": arn_of(dead), "maxReceiveCount": 7})
    changes = {"MaximumMessageSize": "262144", "SqsManagedSseEnabled": "false", "RedrivePolicy": policy}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=changes)

    recorded.agree(
        "test_update_standard_queue_remove_some_properties",
        updated_attributes=attributes(sqs, url),
        updated_tags=sqs.list_queue_tags(QueueUrl=url),
    )


@pytest.mark.recording("sqs", "test_update_standard_queue_without_explicit_name")
def test_changed_attributes_are_shown_at_once(sqs, queue, recorded):
    url = queue("changing")

    changes = {
        "MaximumMessageSize": "4321",
        "MessageRetentionPeriod": "17539",
        "ReceiveMessageWaitTimeSeconds": "17",
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes=changes)

    recorded.agree("test_update_standard_queue_without_explicit_name", updated_attributes=attributes(sqs, url))


@pytest.mark.recording(
    "sqs",
    "test_sqs_queue_policy",
    "test_create_sqs_with_inlinepolicy",
    "test_update_sqs_remove_inlinepolicy",
    "test_update_to_remove_queuepolicy_from_template",
)
def test_a_policy_is_kept_and_an_empty_one_takes_it_away(sqs, queue, recorded):
    url = queue("guarded")
    kept = recorded("test_sqs_queue_policy")["policy"]["Attributes"]["Policy"]

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(kept)})
    before = attributes(sqs, url, "Policy")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    after = attributes(sqs, url, "Policy")

    recorded.agree("test_sqs_queue_policy", policy=before)
    recorded.agree("test_create_sqs_with_inlinepolicy", policy=before)
    recorded.agree("test_update_sqs_remove_inlinepolicy", policy_before=before, policy_after=after)
    recorded.agree("test_update_to_remove_queuepolicy_from_template", policy_before=before, policy_after=after)


@pytest.mark.recording("sqs", "test_update_sqs_with_inlinepolicy")
def test_a_policy_is_replaced(sqs, queue, recorded):
    url = queue("guarded")
    content = recorded("test_update_sqs_with_inlinepolicy")

    answers = {}
    for name in ("policy_before", "policy_after"):
        text = json.dumps(content[name]["Attributes"]["Policy"])
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
        answers[name] = attributes(sqs, url, "Policy")

    recorded.agree("test_update_sqs_with_inlinepolicy", **answers)


@pytest.mark.recording("sqs", "test_create_queue_with_different_attributes_raises_exception")
def test_the_same_name_with_other_attributes_is_refused(sqs, queue, recorded, error_of):
    queue("taken", DelaySeconds=1)

    errors = [error_of(sqs.create_queue, QueueName="taken", Attributes={"DelaySeconds": delay}) for delay in ("2", "0")]

    recorded.agree(
        "test_create_queue_with_different_attributes_raises_exception[sqs]",
        create_queue_01=errors[0],
        create_queue_02=errors[1],
    )


@pytest.mark.recording("sqs", "test_set_unsupported_attribute_standard")
def test_a_standard_queue_knows_no_fifo_attribute(sqs, queue, recorded, error_of):
    for value, name in (("true", "invalid_attr_name_1"), ("false", "invalid_attr_name_2")):
        error = error_of(sqs.create_queue, QueueName="plain", Attributes={"FifoQueue": "false"})
        url = queue("other")
        changed = error_of(sqs.set_queue_attributes, QueueUrl=url, Attributes={"FifoQueue": value})

        recorded.agree("test_set_unsupported_attribute_standard[sqs]", **{name: error})
        recorded.agree("test_set_unsupported_attribute_standard[sqs]", **{name: changed})


@pytest.mark.recording("sqs", "test_list_queues_pagination")
def test_queues_are_listed_in_pages(sqs, queue, recorded):
    for number in range(10):
        queue(f"test-queue-{number}")
    content = recorded("test_list_queues_pagination")

    every = sqs.list_queues(QueueNamePrefix="test-queue-")
    two = sqs.list_queues(QueueNamePrefix="test-queue-", MaxResults=2)
    rest = sqs.list_queues(QueueNamePrefix="test-queue-", MaxResults=8, NextToken=two["NextToken"])

    def names(answer):
        return [url.rsplit("-", 1)[1] for url in answer["QueueUrls"]]

    for answer, name in ((every, "list_all"), (two, "list_two_max"), (rest, "list_remaining")):
        assert names(answer) == names(content[name])
        assert ("NextToken" in answer) == ("NextToken" in content[name])


@pytest.mark.recording("sqs", "test_non_existent_queue")
def test_a_queue_that_is_not_there(sqs, queue, recorded, error_of, protocol):
    url = queue("gone")
    sqs.delete_queue(QueueUrl=url)

    by_name = error_of(sqs.get_queue_url, QueueName="gone")
    by_url = error_of(sqs.get_queue_attributes, QueueUrl=url, AttributeNames=["All"])

    assert len(recorded("test_non_existent_queue")) == 3
    if protocol == "sqs":
        recorded.agree("test_non_existent_queue", queue_does_not_exist=by_name, queue_does_not_exist_url=by_url)
    else:
        recorded.agree("test_non_existent_queue", queue_does_not_exist_query=by_name)


@pytest.mark.recording("sqs", "test_sse_kms_and_sqs_are_mutually_exclusive")
def test_only_one_kind_of_encryption_at_a_time(sqs, queue, recorded, error_of):
    url = queue("secret")

    changes = {"KmsMasterKeyId": "testKeyId", "SqsManagedSseEnabled": "true"}
    error = error_of(sqs.set_queue_attributes, QueueUrl=url, Attributes=changes)["Error"]

    text = recorded("test_sse_kms_and_sqs_are_mutually_exclusive[sqs]")["error"]
    assert f"({error['Code']})" in text
    assert text.endswith(error["Message"])


@pytest.mark.recording("sqs", "test_sse_queue_attributes")
def test_encryption_attributes_are_kept(sqs, queue, recorded):
    names = ("KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled")
    url = queue("secret", KmsMasterKeyId="testKeyId", KmsDataKeyReusePeriodSeconds=6000)
    kms = attributes(sqs, url, *names)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    managed = attributes(sqs, url, *names)

    recorded.agree("test_sse_queue_attributes[sqs]", sse_kms_attributes=kms, sse_sqs_attributes=managed)


@pytest.mark.recording("sqs", "test_successive_purge_calls_fail")
def test_a_second_purge_within_a_minute_is_refused(sqs, queue, recorded, error_of):
    url = queue("full")
    sqs.purge_queue(QueueUrl=url)

    error = error_of(sqs.purge_queue, QueueUrl=url)

    recorded.agree("test_successive_purge_calls_fail[sqs]", purge_queue_error=error)


@pytest.mark.recording("sqs", "test_tag_untag_queue")
def test_tags_come_and_go(sqs, queue, recorded):
    url = queue("tagged")
    sqs.tag_queue(QueueUrl=url, Tags={"tag1": "value1", "tag2": "value2", "tag3": ""})
    first = sqs.list_queue_tags(QueueUrl=url)
    sqs.untag_queue(QueueUrl=url, TagKeys=["tag1", "tag3"])
    second = sqs.list_queue_tags(QueueUrl=url)
    sqs.untag_queue(QueueUrl=url, TagKeys=["tag2"])
    third = sqs.list_queue_tags(QueueUrl=url)

    recorded.agree("test_tag_untag_queue[sqs]", get_tag_1=first, get_tag_2=second, get_tag_after_untag=third)


@pytest.mark.recording("sqs", "test_fifo_set_content_based_deduplication_strategy")
def test_content_based_deduplication_can_be_switched_off(sqs, queue, recorded):
    url = queue("content.fifo", ContentBasedDeduplication="true")
    before = attributes(sqs, url)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"ContentBasedDeduplication": "false"})
    after = attributes(sqs, url)

    recorded.agree("test_fifo_set_content_based_deduplication_strategy[sqs]", before_update=before, after_update=after)
