"""Messages, held against what AWS answered."""

import pytest


def receive(sqs, url, **params):
    return sqs.receive_message(QueueUrl=url, **params)


@pytest.mark.recording("sqs", "test_change_message_visibility_after_visibility_timeout_expiration")
def test_a_changed_visibility_timeout_passes(sqs, queue, aws, recorded):
    url = queue(VisibilityTimeout=2)
    sqs.send_message(QueueUrl=url, MessageBody="foo")
    handle = receive(sqs, url)["Messages"][0]["ReceiptHandle"]

    aws.advance(3)
    answer = sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=2)

    recorded.agree(
        "test_change_message_visibility_after_visibility_timeout_expiration[sqs]",
        visibility_timeout_expired=answer,
    )


@pytest.mark.recording("sqs", "test_delete_after_visibility_timeout")
def test_a_message_can_be_deleted_after_its_visibility_timeout(sqs, queue, aws, recorded):
    url = queue(VisibilityTimeout=1)
    sqs.send_message(QueueUrl=url, MessageBody="foobar")
    handle = receive(sqs, url)["Messages"][0]["ReceiptHandle"]

    aws.advance(2)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)

    recorded.agree("test_delete_after_visibility_timeout[sqs]", delete_after_timeout_queue_empty=receive(sqs, url))


@pytest.mark.recording("sqs", "test_delete_message_batch_invalid_msg_id")
@pytest.mark.parametrize("id", ["", "invalid:id", "testLongId" * 10])
def test_ids_of_batch_entries_are_checked(sqs, queue, recorded, error_of, id):
    url = queue()

    error = error_of(sqs.delete_message_batch, QueueUrl=url, Entries=[{"Id": id, "ReceiptHandle": "whatever"}])

    recorded.agree(f"test_delete_message_batch_invalid_msg_id[sqs-{id}]", error_response=error)


@pytest.mark.recording(
    "sqs",
    "test_delete_message_batch_with_too_large_batch",
    "test_too_many_entries_in_batch_request",
)
def test_a_batch_has_ten_entries_at_most(sqs, queue, recorded, error_of):
    url = queue()
    deletes = [{"Id": str(number), "ReceiptHandle": "whatever"} for number in range(20)]
    sends = [{"Id": str(number), "MessageBody": "whatever"} for number in range(20)]

    delete_error = error_of(sqs.delete_message_batch, QueueUrl=url, Entries=deletes)
    send_error = error_of(sqs.send_message_batch, QueueUrl=url, Entries=sends)

    recorded.agree("test_delete_message_batch_with_too_large_batch[sqs]", error_response=delete_error)
    recorded.agree("test_too_many_entries_in_batch_request[sqs]", test_too_many_entries_in_batch_request=send_error)


@pytest.mark.recording(
    "sqs",
    "test_message_deduplication_id_invalid",
    "test_send_message_to_standard_queue_with_invalid_message_group_id",
)
@pytest.mark.parametrize(("case", "value"), [("empty", ""), ("spaces", "group 123"), ("too_long", "a" * 129)])
def test_ids_of_messages_are_checked(sqs, queue, recorded, error_of, case, value):
    fifo, standard = queue("ids.fifo"), queue("ids")

    deduplication = error_of(
        sqs.send_message,
        QueueUrl=fifo,
        MessageBody="x",
        MessageGroupId="1",
        MessageDeduplicationId=value,
    )
    group = error_of(sqs.send_message, QueueUrl=standard, MessageBody="x", MessageGroupId=value)

    recorded.agree(f"test_message_deduplication_id_invalid[{case}]", error_response=deduplication)
    recorded.agree(f"test_send_message_to_standard_queue_with_invalid_message_group_id[{case}]", error_response=group)


@pytest.mark.recording("sqs", "test_posting_to_fifo_requires_deduplicationid_group_id")
def test_a_fifo_queue_asks_for_its_ids(sqs, queue, recorded, error_of):
    url = queue("ids.fifo")

    no_deduplication = error_of(sqs.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="1")
    no_group = error_of(sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="1")

    recorded.agree(
        "test_posting_to_fifo_requires_deduplicationid_group_id[sqs]",
        invalid_parameter_value=no_deduplication,
        missing_parameter=no_group,
        invalid_parameter_value_query=no_deduplication,
        missing_parameter_query=no_group,
    )


@pytest.mark.recording(
    "sqs",
    "test_send_batch_missing_deduplication_id_for_fifo_queue",
    "test_send_batch_missing_message_group_id_for_fifo_queue",
)
def test_a_batch_to_a_fifo_queue_is_refused_as_a_whole_without_ids(sqs, queue, recorded, error_of):
    url = queue("ids.fifo")
    entry = {"Id": "1", "MessageBody": "x"}

    no_deduplication = error_of(sqs.send_message_batch, QueueUrl=url, Entries=[{**entry, "MessageGroupId": "g"}])
    no_group = error_of(sqs.send_message_batch, QueueUrl=url, Entries=[{**entry, "MessageDeduplicationId": "d"}])

    recorded.agree(
        "test_send_batch_missing_deduplication_id_for_fifo_queue[sqs]",
        test_missing_deduplication_id_for_fifo_queue=no_deduplication,
    )
    recorded.agree(
        "test_send_batch_missing_message_group_id_for_fifo_queue[sqs]",
        test_missing_message_group_id_for_fifo_queue=no_group,
    )


@pytest.mark.recording("sqs", "test_receive_empty_queue")
def test_an_empty_queue_answers_without_messages(sqs, queue, recorded):
    url = queue()

    recorded.agree(
        "test_receive_empty_queue[sqs]",
        empty_short_poll_resp_no_param=receive(sqs, url),
        empty_short_poll_resp=receive(sqs, url, WaitTimeSeconds=0),
        empty_long_poll_resp=receive(sqs, url, WaitTimeSeconds=1),
    )


@pytest.mark.recording(
    "sqs",
    "test_receive_message_attribute_names_filters",
    "test_receive_message_message_system_attribute_names_filters",
)
@pytest.mark.parametrize("parameter", ["AttributeNames", "MessageSystemAttributeNames"])
def test_attributes_are_shown_as_asked(sqs, queue, recorded, parameter):
    url = queue(VisibilityTimeout=0)
    attribute = {"Foo": {"DataType": "String", "StringValue": "Bar"}}
    sqs.send_message(QueueUrl=url, MessageBody="msg", MessageAttributes=attribute)

    situation = {
        "AttributeNames": "test_receive_message_attribute_names_filters[sqs]",
        "MessageSystemAttributeNames": "test_receive_message_message_system_attribute_names_filters[sqs]",
    }[parameter]
    recorded.agree(
        situation,
        all_attributes=receive(sqs, url, **{parameter: ["All"]}),
        all_system_and_message_attributes=receive(sqs, url, **{parameter: ["All"]}, MessageAttributeNames=["All"]),
        single_attribute=receive(sqs, url, **{parameter: ["SenderId"]}),
        multiple_attributes=receive(sqs, url, **{parameter: ["SenderId", "SequenceNumber"]}),
    )


@pytest.mark.recording("sqs", "test_receive_message_message_attribute_names_filters")
def test_message_attributes_are_chosen_by_name_and_by_prefix(sqs, queue, recorded):
    url = queue(VisibilityTimeout=0)
    attributes = {
        "Help.Me": {"DataType": "String", "StringValue": "Me"},
        "Hello": {"DataType": "String", "StringValue": "There"},
        "General": {"DataType": "String", "StringValue": "Kenobi"},
    }
    sent = sqs.send_message(QueueUrl=url, MessageBody="msg", MessageAttributes=attributes)

    def first(*names):
        return receive(sqs, url, MessageAttributeNames=list(names))["Messages"][0]

    recorded.agree(
        "test_receive_message_message_attribute_names_filters[sqs]",
        send_message_response=sent,
        empty_filter=receive(sqs, url, MessageAttributeNames=[]),
        all_name=receive(sqs, url, MessageAttributeNames=["All"]),
        all_wildcard=first(".*"),
        all_wildcard_asterisk=first("*"),
        only_non_existing_names=first("Foo", "Bar"),
        only_existing=first("General", "Hello"),
        existing_and_non_existing=first("Foo", "Hello"),
        prefix_filter=first("Hel.*"),
        illegal_name_1=receive(sqs, url, MessageAttributeNames=["AWS."]),
        illegal_name_2=receive(sqs, url, MessageAttributeNames=["..foo"]),
    )


@pytest.mark.recording("sqs", "test_send_batch_message_size")
def test_a_message_of_a_batch_that_is_too_large_fails_alone(sqs, queue, recorded):
    url = queue(MaximumMessageSize=1024)
    entries = [{"Id": "large", "MessageBody": "a" * 1025}, {"Id": "small", "MessageBody": "a" * 1024}]

    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)

    recorded.agree("test_send_batch_message_size", send_message_batch_result=answer)


@pytest.mark.recording("sqs", "test_send_empty_message")
def test_an_empty_body_is_refused(sqs, queue, recorded, error_of):
    error = error_of(sqs.send_message, QueueUrl=queue(), MessageBody="")

    recorded.agree("test_send_empty_message[sqs]", send_empty_message=error)


@pytest.mark.recording("sqs", "test_send_oversized_message")
def test_a_body_over_the_limit_is_refused(sqs, queue, recorded, error_of):
    error = error_of(sqs.send_message, QueueUrl=queue(), MessageBody="a" * 1048577)

    recorded.agree("test_send_oversized_message[sqs]", send_oversized_message=error)


@pytest.mark.recording("sqs", "test_send_message_with_binary_attributes")
def test_binary_attributes_come_back(sqs, queue, recorded):
    url = queue()
    value = b"traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"
    attributes = {"attr1": {"DataType": "Binary", "BinaryValue": value}}
    sqs.send_message(QueueUrl=url, MessageBody="test", MessageAttributes=attributes)

    answer = receive(sqs, url, MessageAttributeNames=["All"])

    recorded.agree("test_send_message_with_binary_attributes[sqs]", binary_attrs_msg=answer)
