"""The operations of our own API, by subject."""

from emulator.services.stepwell.operations.clock import advance_clock, get_clock, set_clock
from emulator.services.stepwell.operations.coverage import list_coverage
from emulator.services.stepwell.operations.inbox import delete_mail, list_mail, put_mail
from emulator.services.stepwell.operations.traces import list_attempts, list_work
from emulator.services.stepwell.operations.waiters import wait_until

__all__ = [
    "advance_clock",
    "delete_mail",
    "get_clock",
    "list_attempts",
    "list_coverage",
    "list_mail",
    "list_work",
    "put_mail",
    "set_clock",
    "wait_until",
]
