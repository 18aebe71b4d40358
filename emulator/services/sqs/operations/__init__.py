"""The operations of SQS, by resource."""

from emulator.services.sqs.operations.moves import (
    cancel_message_move_task,
    list_message_move_tasks,
    start_message_move_task,
)
from emulator.services.sqs.operations.permissions import add_permission, remove_permission
from emulator.services.sqs.operations.queues import (
    create_queue,
    delete_queue,
    get_queue_attributes,
    get_queue_url,
    list_dead_letter_source_queues,
    list_queues,
    purge_queue,
    set_queue_attributes,
)
from emulator.services.sqs.operations.receipts import (
    change_message_visibility,
    change_message_visibility_batch,
    delete_message,
    delete_message_batch,
)
from emulator.services.sqs.operations.receiving import receive_message
from emulator.services.sqs.operations.sending import send_message, send_message_batch
from emulator.services.sqs.operations.tags import list_queue_tags, tag_queue, untag_queue

__all__ = [
    "add_permission",
    "cancel_message_move_task",
    "change_message_visibility",
    "change_message_visibility_batch",
    "create_queue",
    "delete_message",
    "delete_message_batch",
    "delete_queue",
    "get_queue_attributes",
    "get_queue_url",
    "list_dead_letter_source_queues",
    "list_message_move_tasks",
    "list_queue_tags",
    "list_queues",
    "purge_queue",
    "receive_message",
    "remove_permission",
    "send_message",
    "send_message_batch",
    "set_queue_attributes",
    "start_message_move_task",
    "tag_queue",
    "untag_queue",
]
