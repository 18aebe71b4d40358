"""What AWS answered in named situations, to hold the answers of S3 against.

A test names its situations by the marker `recording`; every answer that was recorded must be compared, so that a marker
never claims more than the test checks. `<version-id:1>` in a recording stands for one value throughout a situation,
`<version-id:2>` for another.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from tests.services.recorded import differences, is_named, situations

_PLACEHOLDER = re.compile(r"<((?:[^<>]|<[^<>]*>)*)>|111111111111")
_ANYTHING = frozenset(
    {
        "amz-id", "amz-request-id", "date", "datetime", "display-name", "host-id", "i-d", "id-2", "last--modified",
        "last-modified", "object-sequencer", "owner-id", "request-id", "sequencer", "server", "timestamp", "version-id",
    }
)  # fmt: skip


class Situation:
    """One recorded situation, and what of it was compared."""

    def __init__(self, recorded: dict[str, dict[str, Any]], name: str) -> None:
        found = [id for id in recorded if is_named(id, name)]
        assert len(found) == 1, f"{name}: {found}"
        self.id = found[0]
        self.content = recorded[self.id]
        self.compared: set[str] = set()
        self._values: dict[str, str] = {}
        self._unknown: set[str] = set()

    def __call__(self, answers: dict[str, Any] | None = None, /, **named: Any) -> None:
        """Fail unless each answer is what AWS answered under that name (`-` in a name may be written `_`)."""
        names = {name.replace("-", "_"): name for name in self.content}
        for given, answer in {**(answers or {}), **named}.items():
            name = given if given in self.content else names[given]
            problems = list(differences(plain(answer), self.content[name], name, frozenset(), self._alike))
            assert not problems, f"{self.id}\n" + "\n".join(problems)
            self.compared.add(name)

    def unknown(self, *values: str) -> None:
        """These recorded values follow from content that nobody told us: any value of ours, but always the same."""
        self._unknown.update(values)

    def apart(self, *names: str) -> None:
        """Answers that are not compared; the test says why."""
        self.compared.update(names)

    def _alike(self, answer: Any, expected: str) -> bool:
        found = str(answer)
        if expected in _ANYTHING or found == expected:
            return True
        if expected.strip('"') in self._unknown:
            return self._same(expected, found)
        labels, pattern, at = [], "", 0
        for match in _PLACEHOLDER.finditer(expected):
            labels.append(match[1] or "")
            pattern += re.escape(expected[at : match.start()]) + "(.*)"
            at = match.end()
        held = re.fullmatch(pattern + re.escape(expected[at:]), found, re.DOTALL)
        return held is not None and all(
            self._same(label, value) for label, value in zip(labels, held.groups(), strict=True) if ":" in label
        )

    def _same(self, label: str, value: str) -> bool:
        """Whether a label stands for this value, and no other label of its kind does."""
        kind = label.rpartition(":")[0]
        others = {other: known for other, known in self._values.items() if kind and other.rpartition(":")[0] == kind}
        if label not in self._values and value not in others.values():
            self._values[label] = value
        return self._values.get(label) == value


def plain(answer: Any) -> Any:
    """An answer of boto3 in the form of the recordings: the status of the metadata, bodies as text."""
    if isinstance(answer, dict):
        out = {key: plain(value) for key, value in answer.items() if key != "ResponseMetadata"}
        if "ResponseMetadata" in answer:
            out["ResponseMetadata"] = {
                "HTTPHeaders": {},
                "HTTPStatusCode": answer["ResponseMetadata"]["HTTPStatusCode"],
            }
        return out
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    if hasattr(answer, "read"):
        return answer.read().decode("latin-1")
    return answer.isoformat() if isinstance(answer, datetime) else answer


class Recorded:
    """The fixture: `recorded(name=answer)` for the one situation that the marker names, else `recorded["name"](...)`.

    A marker without brackets means every case of it: `recorded["CRC32"]` is one case.
    """

    def __init__(self, named: list[str]) -> None:
        self._recorded = situations("s3")
        self._named = named
        self._used: dict[str, Situation] = {}

    def __getitem__(self, name: str) -> Situation:
        """A situation by the case in its brackets, or by the end of its name."""
        said = name.partition("[")[0]
        whole = [each for each in self._named if said in (each.partition("[")[0], each.rpartition("::")[2])]
        situation = f"{whole[0].partition('[')[0]}{name.removeprefix(said)}" if whole else f"{self._named[0]}[{name}]"
        if situation not in self._used:
            self._used[situation] = Situation(self._recorded, situation)
        return self._used[situation]

    def one_of(self, name: str, case: str = "") -> Situation:
        """A situation that the marker names among others; this case of the test looks at no other one."""
        assert name in self._named, name
        self._named = [name]
        return self[case or name]

    @property
    def only(self) -> Situation:
        """The one situation that the marker names."""
        assert len(self._named) == 1, self._named
        return self[self._named[0]]

    def __call__(self, answers: dict[str, Any] | None = None, /, **named: Any) -> None:
        self.only(answers, **named)

    def finish(self) -> None:
        """Fail where a recorded answer was not compared, or a named situation was not looked at."""
        for situation in self._used.values():
            left = situation.content.keys() - situation.compared
            assert not left, f"{situation.id}: not compared: {sorted(left)}"
        unseen = [name for name in self._named if not any(used.startswith(name) for used in self._used)]
        assert not unseen, f"not looked at: {unseen}"


def recorded_for(request: pytest.FixtureRequest) -> Recorded:
    """What the markers of a test name."""
    marks = request.node.iter_markers("recording")
    return Recorded([name for mark in marks for name in mark.args[1:]])
