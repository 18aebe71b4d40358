"""FIFO queues, held against what AWS answered."""

import pytest


@pytest.fixture
def send(sqs):
    def send(url, body, group, deduplication=None, **more):
        if deduplication is not None:
            more["MessageDeduplicationId"] = deduplication
        return sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, **more)

    return send


@pytest.fixture
def receive(sqs):
    def receive(url, **params):
        return sqs.receive_message(QueueUrl=url, **params)

    return receive


def delete_all(sqs, url, answer):
    for message in answer.get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.recording("sqs", "test_fifo_change_to_high_throughput_after_creation")
def test_deduplication_follows_its_scope_when_that_changes(sqs, queue, send, receive, recorded):
    url = queue("changing.fifo")
    send(url, "Test1", "g1", "dedup1")
    first = receive(url)
    delete_all(sqs, url, first)
    send(url, "Test2", "g2", "dedup1")
    second = receive(url)
    fast = {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=fast)
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    send(url, "Test3", "g2", "dedup1")
    third = receive(url)
    send(url, "Test3", "g2", "dedup1")
    again = receive(url)
    send(url, "Test4", "g2", "dedup2")
    fourth = receive(url)
    delete_all(sqs, url, fourth)
    send(url, "Test5", "g2", "dedup2")
    fifth = receive(url)

    recorded.agree(
        "test_fifo_change_to_high_throughput_after_creation[sqs]",
        same_dedup_different_grp_1=first,
        same_dedup_different_grp_2=second,
        set_to_high_throughput=shown,
        same_dedup_different_grp_high_throughput=third,
        same_dedup_different_grp_high_throughput_2=again,
        new_dedup2_high_throughput=fourth,
        same_dedup2_high_throughput=fifth,
    )


@pytest.mark.recording("sqs", "test_fifo_deduplication_not_on_message_group_id")
@pytest.mark.parametrize("content_based", [True, False])
def test_deduplication_does_not_look_at_the_group(sqs, queue, send, receive, recorded, content_based):
    url = queue("dedup.fifo", ContentBasedDeduplication=str(content_based).lower())
    body, id = '{"foo":"bar"}', None if content_based else "1"
    send(url, '{"foo": "bar"}', "g1", id)
    first = receive(url)
    delete_all(sqs, url, first)
    send(url, '{"foo": "bar"}', "g2", id)
    second = receive(url)

    assert body == first["Messages"][0]["Body"].replace(" ", "")
    recorded.agree(
        f"test_fifo_deduplication_not_on_message_group_id[sqs-{content_based}]",
        get_messages=first,
        get_dedup_messages=second,
    )


@pytest.mark.recording("sqs", "test_fifo_delete_after_visibility_timeout_extended")
def test_a_message_with_an_extended_timeout_can_be_deleted(sqs, queue, send, receive, aws, recorded):
    url = queue("extended.fifo", VisibilityTimeout=1, ContentBasedDeduplication="true")
    send(url, "foobar", "g")
    message = receive(url)
    handle = message["Messages"][0]["ReceiptHandle"]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=4)
    aws.advance(2)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    aws.advance(5)

    recorded.agree(
        "test_fifo_delete_after_visibility_timeout_extended[sqs]",
        received_sqs_message=message,
        delete_after_timeout_fifo_extended=receive(url),
    )


@pytest.mark.recording("sqs", "test_fifo_empty_message_groups_added_back_to_queue")
def test_a_group_is_free_again_when_its_message_is_deleted(sqs, queue, send, receive, recorded):
    url = queue("group.fifo", ContentBasedDeduplication="true")
    send(url, "Message 1", "g")
    send(url, "Message 2", "g")
    first = receive(url)
    blocked = receive(url)
    delete_all(sqs, url, first)
    second = receive(url)

    recorded.agree(
        "test_fifo_empty_message_groups_added_back_to_queue[sqs]",
        inital_fifo_receive=first,
        empty_fifo_receive=blocked,
        final_fifo_receive=second,
    )


# Which of the three messages of a group are made visible again at once, by the recording's name.
VISIBLE = {
    "0-visible": [],
    "1-visible": [0],
    "2-visible": [0, 1],
    "all-invisible": [],
    "1-invisible": [0, 2],
}


@pytest.mark.recording(
    "sqs",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs-0-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-0-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs-1-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-1-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs-2-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-2-visible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs-all-invisible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-all-invisible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs-1-invisible]",
    "test_fifo_group_visibility_extends_with_change_message_visibility[sqs_query-1-invisible]",
)
@pytest.mark.parametrize("case", VISIBLE)
def test_a_group_is_blocked_from_its_first_hidden_message(sqs, queue, send, receive, recorded, case):
    url = queue("group.fifo", ContentBasedDeduplication="true")
    for body in ("foo", "bar", "baz"):
        send(url, body, "g")
    every = receive(url, MaxNumberOfMessages=10)
    for position in VISIBLE[case]:
        handle = every["Messages"][position]["ReceiptHandle"]
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
    some = receive(url, MaxNumberOfMessages=10)

    recorded.agree(
        f"test_fifo_group_visibility_extends_with_change_message_visibility[sqs-{case}]",
        receive_all_messages=every,
        some_messages_invisible=some,
    )


@pytest.mark.recording(
    "sqs",
    "test_sqs_fifo_message_group_scope_no_throughput_setting",
    "test_fifo_high_throughput_ordering",
)
@pytest.mark.parametrize(
    ("situation", "attributes"),
    [
        ("test_sqs_fifo_message_group_scope_no_throughput_setting[sqs]", {"FifoThroughputLimit": "perQueue"}),
        ("test_fifo_high_throughput_ordering[sqs]", {"FifoThroughputLimit": "perMessageGroupId"}),
    ],
)
def test_groups_deduplicate_for_themselves(sqs, queue, send, receive, recorded, situation, attributes):
    url = queue("groups.fifo", DeduplicationScope="messageGroup", **attributes)
    content = recorded(situation)
    answers = []
    for group in ("same-dedup-different-grp-1", "same-dedup-different-grp-2"):
        send(url, content[group]["Messages"][0]["Body"], group, "dedup")
        answers.append(receive(url))

    recorded.agree(situation, same_dedup_different_grp_1=answers[0], same_dedup_different_grp_2=answers[1])


@pytest.mark.recording("sqs", "test_sqs_fifo_same_dedup_id_different_message_groups")
def test_one_queue_deduplicates_across_groups(sqs, queue, send, receive, recorded):
    url = queue("one.fifo")
    send(url, "Test", "g1", "dedup")
    first = receive(url)
    send(url, "Test", "g2", "dedup")
    second = receive(url)

    recorded.agree(
        "test_sqs_fifo_same_dedup_id_different_message_groups[sqs]",
        same_dedup_different_grp_1=first,
        same_dedup_different_grp_2=second,
    )


@pytest.mark.recording("sqs", "test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay")
def test_a_delay_of_zero_leaves_the_queues_own_delay(sqs, queue, send, receive, aws, recorded):
    url = queue("late.fifo", DelaySeconds=2, ContentBasedDeduplication="true")
    sent = send(url, "message-1", "g", DelaySeconds=0)
    before = receive(url)
    aws.advance(3)
    after = receive(url)

    recorded.agree(
        "test_fifo_queue_send_message_with_zero_delay_defaults_to_queue_delay[sqs]",
        send_message_result=sent,
        receive_message_initial_result=before,
        receive_message_after_delay_result=after,
    )
