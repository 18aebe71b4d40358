"""Succeed: ends its frame well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.languages.asl.states.state import State

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class SucceedState(State):
    type = "Succeed"

    def begin(self, run: Run, frame: Frame) -> None:
        output, assigned = self.flow.exit(run, frame, self.flow.payload(run, frame))
        run.leave(frame, self, output, None, assigned)
