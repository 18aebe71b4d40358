"""What every state of a machine has: its names in the history, its flow of data, its Retry and Catch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from emulator.languages.asl.dataflow import Exit, Flow, PathFlow, QueryFlow, find_template, writer
from emulator.languages.asl.environment import Env
from emulator.languages.asl.failures import Catcher, Retrier, StateFailure
from emulator.languages.asl.texts import of

if TYPE_CHECKING:
    from emulator.languages.asl.answers import Answer
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run


class State:
    """A compiled state. Immutable; what changes lies in the frame."""

    type: ClassVar[str]
    retriable: ClassVar[bool] = False
    aborted_type: ClassVar[str] = ""
    failed_type: ClassVar[str] = ""

    def __init__(self, name: str, definition: dict[str, Any], language: str) -> None:
        self.name = name
        self.jsonata = language == "JSONata"
        self.entered_type = f"{self.type}StateEntered"
        self.exited_type = f"{self.type}StateExited"
        self.target: str | None = definition.get("Next")
        # Those that can be retried are those that have a result: Task, Parallel and Map.
        self.flow: Flow = QueryFlow(definition, self.retriable) if self.jsonata else PathFlow(definition)
        self.retriers = tuple(_retrier(entry) for entry in definition.get("Retry", ()))
        self.catchers = tuple(self._catcher(entry, place) for place, entry in enumerate(definition.get("Catch", ())))

    def begin(self, run: Run, frame: Frame) -> None:
        """Do the state's work, or ask for it and wait. Raises StateFailure."""
        raise NotImplementedError

    def answer(self, run: Run, frame: Frame, event: Answer) -> None:
        """Take in an answer to the task the frame waits for. Raises StateFailure."""
        raise NotImplementedError

    def child_succeeded(self, run: Run, frame: Frame, child: Frame) -> None:
        """A branch or iteration has ended well. Raises StateFailure."""
        raise NotImplementedError

    def child_failed(self, run: Run, frame: Frame, child: Frame, failure: StateFailure) -> None:
        """A branch or iteration has failed. Raises StateFailure unless the failure is tolerated."""
        raise NotImplementedError

    def child_aborted(self, run: Run, frame: Frame, child: Frame) -> None:
        """A branch or iteration was given up because of another."""

    def _catcher(self, entry: dict[str, Any], place: int) -> Catcher:
        make = _query_catch if self.jsonata else _path_catch
        return Catcher(tuple(entry["ErrorEquals"]), entry["Next"], make(entry, f"Catch[{place}]/"))


def _retrier(entry: dict[str, Any]) -> Retrier:
    return Retrier(
        tuple(entry["ErrorEquals"]),
        entry.get("IntervalSeconds", 1),
        entry.get("MaxAttempts", 3),
        entry.get("BackoffRate", 2.0),
        entry.get("MaxDelaySeconds"),
        entry.get("JitterStrategy") == "FULL",
    )


def _path_catch(entry: dict[str, Any], place: str) -> Any:
    text = entry.get("ResultPath", "$")
    write = None if text in (None, "$") else writer(text)
    assign = find_template(entry, "Assign", jsonata=False, place=place)

    def leave(run: Run, frame: Frame, error_output: dict[str, Any]) -> Exit:
        made = of(error_output)
        assigned = None if assign is None else assign(Env(run, frame, error_output))
        if text is None:
            return frame.input, assigned
        return (made if write is None else write(frame.input, made)), assigned

    return leave


def _query_catch(entry: dict[str, Any], place: str) -> Any:
    assign = find_template(entry, "Assign", jsonata=True, place=place)
    output = find_template(entry, "Output", jsonata=True, place=place)

    def leave(run: Run, frame: Frame, error_output: dict[str, Any]) -> Exit:
        env = Env(run, frame, frame.input.value, None, ("errorOutput", error_output))
        assigned = None if assign is None else assign(env)
        return of(error_output if output is None else output(env)), assigned

    return leave
