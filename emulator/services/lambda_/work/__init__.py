"""What Lambda does when nobody calls: functions are run, and what became of them is told."""

from __future__ import annotations

from emulator.kit.service import Kind
from emulator.services.lambda_.model.invocations import INVOKE
from emulator.services.lambda_.model.mappings import POLL, POLLED
from emulator.services.lambda_.operations.deploying import COLLECT, RETIRE, UNPACK
from emulator.services.lambda_.work import code, polling
from emulator.services.lambda_.work.invocation import finish, lost, run

KINDS = (
    Kind(INVOKE, "functions", run, finish=finish, lost=lost),
    Kind(POLL, "router", polling.poll),
    Kind(POLLED, "router", polling.polled),
    Kind(UNPACK, "gateway", code.begin_unpacking, finish=code.finish_unpacking, lost=code.lost),
    Kind(COLLECT, "router", code.collect, finish=code.ended, lost=code.collect),
    Kind(RETIRE, "functions", code.retire, finish=code.ended, lost=code.lost),
)
