"""How data enters and leaves a state: JSONPath's five fields, JSONata's two, and Assign in both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from emulator.languages import paths
from emulator.languages.asl import templates
from emulator.languages.asl.environment import Env, Read
from emulator.languages.asl.failures import RESULT_PATH, StateFailure, too_large
from emulator.languages.asl.limits import PAYLOAD_LIMIT
from emulator.languages.asl.texts import EMPTY, Data, of

if TYPE_CHECKING:
    from emulator.languages.asl.frames import Frame
    from emulator.languages.asl.run import Run

Exit = tuple[Data, dict[str, Any] | None]


class Flow(Protocol):
    """The data flow of one state, in one of the two query languages."""

    def effective(self, run: Run, frame: Frame) -> Data:
        """What the expressions of the state refer to: its input, after InputPath where there is one."""

    def payload(self, run: Run, frame: Frame) -> Data:
        """The effective input: InputPath and Parameters, or Arguments."""

    def exit(self, run: Run, frame: Frame, result: Data) -> Exit:
        """The output of the state and the variables it assigns, given its result."""


def compile_template(value: Any, location: str, jsonata: bool) -> Read:
    """A template of either query language as a function. Raises InvalidPath, InvalidCall or InvalidQuery."""
    if jsonata:
        from emulator.languages.asl import queries  # JSONata is loaded by the first machine that uses it

        constant, made = queries.template(value, location)
    else:
        constant, made = templates.template(value)
    return (lambda env: made) if constant else made


def find_template(holder: dict[str, Any], field: str, jsonata: bool, place: str = "") -> Read | None:
    """A field of a state, or of what it has at a place such as `Catch[0]/`, compiled; None where it is absent."""
    return compile_template(holder[field], f"{place}{field}", jsonata) if field in holder else None


class PathFlow:
    """InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign."""

    __slots__ = ("assign", "input_path", "output_path", "parameters", "plain", "reads", "result_path", "selector")

    def __init__(self, definition: dict[str, Any]) -> None:
        self.input_path = _path(definition, "InputPath")
        self.output_path = _path(definition, "OutputPath")
        self.parameters = find_template(definition, "Parameters", jsonata=False)
        self.reads = templates.reads_document(definition.get("Parameters"))
        self.selector = find_template(definition, "ResultSelector", jsonata=False)
        self.result_path = _result_path(definition)
        self.assign = find_template(definition, "Assign", jsonata=False)
        self.plain = all(part is None for part in (self.selector, self.output_path, self.assign))

    def effective(self, run: Run, frame: Frame) -> Data:
        read = self.input_path
        if read is None:
            return frame.input
        if read is _nothing:
            return EMPTY
        return of(read(Env(run, frame, frame.input.value)))

    def payload(self, run: Run, frame: Frame) -> Data:
        data = self.effective(run, frame)
        if self.parameters is None:
            return data
        if self.reads and data.value is None:
            raise templates.no_input()
        return of(self.parameters(Env(run, frame, data.value)))

    def exit(self, run: Run, frame: Frame, result: Data) -> Exit:
        if self.plain:
            return (result if self.result_path is None else self.result_path(frame.input, result)), None
        _, placed, assigned = self.placed(run, frame, result)
        return self.outward(run, frame, placed), assigned

    def placed(self, run: Run, frame: Frame, result: Data) -> tuple[Data, Data, dict[str, Any] | None]:
        """(what ResultSelector makes of the result, where ResultPath puts that, what Assign sets)."""
        # What Assign calls `$` is the result as it came (ASL specification, "Using Assign").
        assigned = None if self.assign is None else self.assign(Env(run, frame, result.value))
        if self.selector is not None:
            result = of(self.selector(Env(run, frame, result.value)))
        return result, result if self.result_path is None else self.result_path(frame.input, result), assigned

    def outward(self, run: Run, frame: Frame, output: Data) -> Data:
        """OutputPath alone."""
        if self.output_path is None:
            return output
        if self.output_path is _nothing:
            return EMPTY
        return of(self.output_path(Env(run, frame, output.value)))


class QueryFlow:
    """Arguments, Output and Assign; `works`: the state has a result of its own, which they see."""

    __slots__ = ("arguments", "assign", "output", "works")

    def __init__(self, definition: dict[str, Any], works: bool) -> None:
        self.works = works
        self.arguments = find_template(definition, "Arguments", jsonata=True)
        self.output = find_template(definition, "Output", jsonata=True)
        self.assign = find_template(definition, "Assign", jsonata=True)

    def effective(self, run: Run, frame: Frame) -> Data:
        return frame.input

    def payload(self, run: Run, frame: Frame) -> Data:
        if self.arguments is None:
            return frame.input
        return of(self.arguments(Env(run, frame, frame.input.value)))

    def exit(self, run: Run, frame: Frame, result: Data) -> Exit:
        if self.output is None and self.assign is None:
            return result, None
        env = Env(run, frame, frame.input.value, None, ("result", result.value) if self.works else None)
        assigned = None if self.assign is None else self.assign(env)
        return (result if self.output is None else of(self.output(env))), assigned


def require_small(data: Data, name: str) -> Data:
    """The datum, unless it is over 256 KiB. Raises StateFailure (States.DataLimitExceeded)."""
    if data.exceeds(PAYLOAD_LIMIT):
        raise too_large(name, terminal=True)
    return data


def _nothing(env: Env) -> Any:
    return {}


def _path(definition: dict[str, Any], field: str) -> Read | None:
    text = definition.get(field, "$")
    if text is None:
        return _nothing
    if text == "$":
        return None
    if not text.startswith("$"):
        return templates.expression(text, field)
    return templates.flow_path(text)


def _result_path(definition: dict[str, Any]) -> Callable[[Data, Data], Data] | None:
    text = definition.get("ResultPath", "$")
    if text is None:
        return lambda given, result: given
    if text == "$":
        return None
    return writer(text)


def writer(text: str) -> Callable[[Data, Data], Data]:
    """A function that puts a result into an input at a reference path. Raises InvalidPath."""
    reference = paths.reference(text)

    def write(given: Data, result: Data) -> Data:
        try:
            return of(reference.write(given.value, result.value))
        except paths.PathError as error:
            raise mismatch(text, given) from error

    return write


def mismatch(text: str, given: Data) -> StateFailure:
    """The failure of a ResultPath that does not fit the input."""
    cause = f"Unable to apply ReferencePath {text} to input {given.text}"
    return StateFailure(RESULT_PATH, cause, prefixed=True)
