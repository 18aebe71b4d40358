"""What is wrong with a definition, in AWS's codes and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SCHEMA = "SCHEMA_VALIDATION_FAILED"
TRANSITION = "MISSING_TRANSITION_TARGET"
ENDLESS = "MISSING_END_STATE"
NOT_JSON = "INVALID_JSON_DESCRIPTION"
LABEL = "INVALID_LABEL_NAME"
SAME_STATE = "DUPLICATE_STATE_NAME"
SAME_LABEL = "DUPLICATE_LABEL_NAME"
STATE_NAME = "INVALID_STATE_NAME"
DEEP = "TOO_DEEPLY_NESTED"
NO_DOLLAR, NO_PATH, STATIC_RESULT = "NO_DOLLAR", "NO_PATH", "PASS_RESULT_IS_STATIC"


@dataclass(frozen=True, slots=True)
class Problem:
    """One diagnostic. `location` is a path such as `/States/A/Next`, or None; severity ERROR or WARNING."""

    code: str
    message: str
    location: str | None = None
    severity: str = "ERROR"

    @property
    def text(self) -> str:
        """As it stands in the message of InvalidDefinition."""
        return f"{self.code}: {self.message}" + ("" if self.location is None else f" at {self.location}")


class InvalidDefinition(ValueError):
    """A definition with at least one ERROR. `definition` is its text."""

    def __init__(self, problems: Sequence[Problem], definition: str = "") -> None:
        super().__init__(", ".join(problem.text for problem in problems))
        self.problems = list(problems)
        self.definition = definition

    @property
    def aws_message(self) -> str:
        """The message of the InvalidDefinition error of CreateStateMachine.

        A bad Label of a Map is reported alone and in words of its own (recorded so).
        """
        for problem in self.problems:
            if problem.code == LABEL:
                return f"Error=ValueError Args={[problem.message]!r} in definition '{self.definition}'."
        return f"Invalid State Machine Definition: '{self}'"


class InvalidQuery(ValueError):
    """A JSONata expression cannot be parsed."""


class Report:
    """Collects problems, each once."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def schema(self, message: str, location: str) -> None:
        self._add(Problem(SCHEMA, message, location))

    def required(self, fields: Iterable[str], location: str) -> None:
        """Fields that an object must have, and has not."""
        self.schema(f"These fields are required: [{', '.join(fields)}]", location)

    def exclusive(self, one: str, other: str, location: str) -> None:
        """Two fields of which an object may have one."""
        self.schema(f"These fields are exclusive: [{one}, {other}]", location)

    def unsupported(self, field: str, location: str) -> None:
        """A field that an object does not have."""
        self.schema(f"Field '{field}' is not supported", location)

    def named(self, code: str, message: str, location: str) -> None:
        """A problem with a code of its own."""
        self._add(Problem(code, message, location))

    def warn(self, code: str, message: str, location: str) -> None:
        self._add(Problem(code, message, location, "WARNING"))

    def transition(self, message: str, location: str) -> None:
        self._add(Problem(TRANSITION, message, location))

    def endless(self) -> None:
        self._add(Problem(ENDLESS, "No state ends the workflow"))

    def label(self, message: str, location: str) -> None:
        self._add(Problem(LABEL, message, location))

    def _add(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
