"""Parallel: runs its branches side by side and gathers their outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl import redriving
from emulator.languages.asl.dataflow import require_small
from emulator.languages.asl.failing import drop_children
from emulator.languages.asl.failures import StateFailure
from emulator.languages.asl.frames import WAITING, Frame
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data

if TYPE_CHECKING:
    from emulator.languages.asl.run import Run


class ParallelState(State):
    type = "Parallel"
    retriable = True
    failed_type = "ParallelStateFailed"
    aborted_type = "ParallelStateAborted"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.branches: tuple[tuple[int, str], ...] = ()

    def begin(self, run: Run, frame: Frame) -> None:
        if redriving.LEFT in frame.work:
            frame.phase = WAITING
            redriving.resume_children(run, frame)
            return
        data = require_small(self.flow.payload(run, frame), self.name)
        frame.prev = run.record(frame, "ParallelStateStarted", frame.prev)
        group, count = run.number(), len(self.branches)
        frame.work = {"group": group, "started": count, "done": 0}
        frame.phase = WAITING
        for index, (scope, start_at) in enumerate(self.branches):
            child = Frame(f"{group}.{index}", scope, start_at, data, frame.prev)
            child.parent, child.index = frame.id, index
            run.add_frame(child)

    def child_succeeded(self, run: Run, frame: Frame, child: Frame) -> None:
        work = frame.work
        frame.work = work = {**work, "done": work["done"] + 1}
        frame.prev = child.prev
        if work["done"] < work["started"]:
            return
        texts = (run.find_output(f"{work['group']}.{index}") for index in range(work["started"]))
        result = Data(f"[{','.join(text for text in texts if text is not None)}]")
        drop_children(run, frame, aborted=False)
        frame.work = {}
        run.record(frame, "ParallelStateSucceeded", frame.prev)
        output, assigned = self.flow.exit(run, frame, result)
        run.leave(frame, self, output, self.target, assigned)

    def child_failed(self, run: Run, frame: Frame, child: Frame, failure: StateFailure) -> None:
        frame.prev = child.prev
        raise failure
