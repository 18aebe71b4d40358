"""What AWS answered in named situations, to hold the answers of S3 against.

A test names its situations by the marker `recording`; every answer that was recorded must be compared, so that a marker
never claims more than the test checks. `<version-id:1>` in a recording stands for one value throughout a situation,
`<version-id:2>` for another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.services.recorded import corpora

_PLACEHOLDER = re.compile(r"<((?:[^<>]|<[^<>]*>)*)>|111111111111")
_ANYTHING = frozenset(
    {
        "amz-id", "amz-request-id", "date", "datetime", "display-name", "host-id", "i-d", "id-2", "last--modified",
        "last-modified", "object-sequencer", "owner-id", "request-id", "sequencer", "server", "timestamp", "version-id",
    }
)  # fmt: skip


class Recordings:
    """All situations, by their whole ids."""

    def __init__(self) -> None:
        lines = (corpora() / "s3.jsonl").read_text(encoding="utf-8").splitlines()
        self._content = {case["id"]: case["content"] for case in map(json.loads, lines)}

    def situation(self, name: str) -> Situation:
        """A situation by its id or what tells it apart at the id's end."""
        found = [id for id in self._content if id == name or id.endswith((f"::{name}", f"/{name}"))]
        assert len(found) == 1, f"{name}: {found}"
        return Situation(found[0], self._content[found[0]])


class Situation:
    """One recorded situation, and what of it was compared."""

    def __init__(self, id: str, content: dict[str, Any]) -> None:
        self.id = id
        self.content = content
        self.compared: set[str] = set()
        self._values: dict[str, str] = {}
        self._unknown: set[str] = set()

    def __call__(self, answers: dict[str, Any] | None = None, /, **named: Any) -> None:
        """Fail unless each answer is what AWS answered under that name (`-` in a name may be written `_`)."""
        names = {name.replace("-", "_"): name for name in self.content}
        for given, answer in {**(answers or {}), **named}.items():
            name = given if given in self.content else names[given]
            problems = list(self._differences(plain(answer), self.content[name], name))
            assert not problems, f"{self.id}\n" + "\n".join(problems)
            self.compared.add(name)

    def unknown(self, *values: str) -> None:
        """These recorded values follow from content that nobody told us: any value of ours, but always the same."""
        self._unknown.update(values)

    def apart(self, *names: str) -> None:
        """Answers that are not compared; the test says why."""
        self.compared.update(names)

    def _differences(self, found: Any, expected: Any, path: str) -> Iterator[str]:
        if isinstance(expected, (dict, list)) and isinstance(found, str):
            found = json.loads(found)
        if isinstance(expected, dict) and isinstance(found, dict):
            for key in sorted({*found, *expected}):
                if key not in found or key not in expected:
                    yield f"{path}.{key}: only {'recorded' if key in expected else 'answered'}: {found.get(key)!r}"
                else:
                    yield from self._differences(found[key], expected[key], f"{path}.{key}")
        elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
            for at, (a, b) in enumerate(zip(found, expected, strict=True)):
                yield from self._differences(a, b, f"{path}[{at}]")
        elif not (self._alike(str(found), expected) if isinstance(expected, str) else found == expected):
            yield f"{path}: {found!r}, recorded {expected!r}"

    def _alike(self, found: str, expected: str) -> bool:
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

    def __init__(self, recordings: Recordings, named: list[str]) -> None:
        self._recordings = recordings
        self._named = named
        self._used: dict[str, Situation] = {}

    def __getitem__(self, name: str) -> Situation:
        """A situation by the case in its brackets, or by the end of its name."""
        said = name.partition("[")[0]
        whole = [each for each in self._named if said in (each.partition("[")[0], each.rpartition("::")[2])]
        situation = f"{whole[0].partition('[')[0]}{name.removeprefix(said)}" if whole else f"{self._named[0]}[{name}]"
        if situation not in self._used:
            self._used[situation] = self._recordings.situation(situation)
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


def recorded_for(request: pytest.FixtureRequest, recordings: Recordings) -> Recorded:
    """What the markers of a test name."""
    marks = request.node.iter_markers("recording")
    return Recorded(recordings, [name for mark in marks for name in mark.args[1:]])
