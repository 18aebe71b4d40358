"""Pass: hands its input, its Parameters or a fixed Result on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.languages.asl.dataflow import require_small
from emulator.languages.asl.states.state import State
from emulator.languages.asl.texts import Data, dump

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


_FIELDS = frozenset(
    ("InputPath", "Parameters", "Result", "ResultPath", "OutputPath", "Arguments", "Output", "Assign"),
)


class PassState(State):
    type = "Pass"

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        super().__init__(name, definition, language)
        self.result: Data | None = None
        self.bare = not _FIELDS & definition.keys()  # it hands its input on
        if "Result" in definition and not self.jsonata:
            self.result = Data(dump(definition["Result"]), definition["Result"])

    def begin(self, run: Run, frame: Frame) -> None:
        if self.bare:
            run.leave(frame, self, frame.input, self.target, None)
            return
        result = self.result
        if result is None:
            result = frame.input if self.jsonata else self.flow.payload(run, frame)
        output, assigned = self.flow.exit(run, frame, require_small(result, self.name))
        run.leave(frame, self, output, self.target, assigned)
