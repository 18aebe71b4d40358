"""What AWS answered in the situations that a test is marked with, to hold its answers against."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import pytest

from tests.services.recorded import differences, is_named, situations

# Names that stand for a value without angle brackets.
_NAMES = frozenset(
    {
        *("approximate-first-receive-timestamp", "code-sha256", "create-time", "event-id"),
        *("function-url", "lambda-url", "last-updated-time", "log_arn", "sender-id", "sent-timestamp"),
        "too-old-log-event-end-index",
    }
)


class Recorded:
    """The recordings of one service, and which of them the running test is marked with.

    A mark names a situation by the end of its id; without brackets it means every case of it.
    """

    def __init__(self, service: str) -> None:
        self._cases = situations(service)
        self._service = service

    def of(self, request: pytest.FixtureRequest) -> Iterator[Marked]:
        """What the test is marked with; at its end every recorded answer must have been compared or left."""
        marks = [mark.args for mark in request.node.iter_markers("recording")]
        names = [name for service, *names in marks if service == self._service for name in names]
        marked = Marked({key: content for name in names for key, content in self._find(name)})
        yield marked
        marked.require_done()

    def _find(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        found = False
        for id, content in self._cases.items():
            whole, bracket, case = (id, "", "") if "[" in name else id.partition("[")
            if is_named(whole, name):
                found = True
                yield name + bracket + case, {key.replace("-", "_"): _plain(item) for key, item in content.items()}
        assert found, f"there is no situation {name}"


class Marked:
    """The recorded answers of the situations that a test is marked with."""

    def __init__(self, recorded: dict[str, dict[str, Any]]) -> None:
        self._recorded = recorded
        self._failed = False
        self._left = {name: set(answers) for name, answers in recorded.items()}

    def __call__(self, situation: str = "") -> dict[str, Any]:
        """The answers of a situation by name; of the only one where none is named."""
        return self._recorded[situation or self._only()]

    def _only(self) -> str:
        (name,) = self._recorded
        return name

    def agree(self, situation: str = "", *, newer: Collection[str] = (), **answers: Any) -> None:
        """Fail unless each answer, its HTTP status included, is what AWS answered under that name.

        `newer` are members that AWS has come to show since the recording was made.
        """
        recorded = self(situation)
        problems: list[str] = []
        for name, answer in answers.items():
            expected, answer = recorded[name], _plain(answer)
            for member in newer:
                _drop(answer, member)
            problems += differences(answer, expected, name)
        self._failed = bool(problems)
        assert not problems, "\n".join(problems)
        self._left[situation or self._only()] -= set(answers)

    def leave(self, *names: str, situation: str = "", because: str) -> None:
        """These answers are not compared, for a reason that stands in the test."""
        assert because
        left = self._left[situation or self._only()]
        assert set(names) <= left, f"{set(names) - left} are compared or not recorded"
        left -= set(names)

    def require_done(self) -> None:
        """Fail where an answer of a situation was neither compared nor left with a reason."""
        missing = {name: sorted(left) for name, left in self._left.items() if left}
        assert self._failed or not missing, f"recorded answers that are not compared: {missing}"


def _plain(value: Any) -> Any:
    """A value as it is compared: metadata reduced to the status, names of placeholders as placeholders."""
    if isinstance(value, dict):
        said = {name: item for name, item in value.items() if item is not None and (name, item) != ("Message", "")}
        found = {name: _plain(item) for name, item in said.items() if name != "_normalized"}
        if "CreateFunctionResponse" in found:
            return found["CreateFunctionResponse"]
        status = found.pop("ResponseMetadata", {}).get("HTTPStatusCode")
        return found if status is None else {**found, "status": status}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return f"<{value}>" if isinstance(value, str) and value in _NAMES else value


def _drop(value: Any, member: str) -> None:
    """Take a member out of a value, however deep it is."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _drop(item, member)
    if isinstance(value, dict):
        value.pop(member, None)
