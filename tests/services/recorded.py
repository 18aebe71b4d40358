"""What AWS answered in named situations, to hold our answers against."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_PLACEHOLDER = re.compile(r"<[^<>]*(<[^<>]*>[^<>]*)*>|1{12}")
_ANYTHING = frozenset(
    {
        "api-destination-arn", "connection", "connection-arn", "content--length", "date", "datetime", "event-id",
        "m-d5-of-body", "object-sequencer", "receipt-handle", "request-id", "target-arn", "timestamp",
    }
)  # fmt: skip
# Not answers of the service, or, for the principal, who made the recording.
_UNCHECKED = frozenset({"ResponseMetadata", "_normalized", "message", "Detail", "SubscriptionPrincipal"})


def corpora() -> Path:
    """Where the recordings lie; the test is skipped where they are not."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "corpora"
    folder = Path(os.environ.get("STEPWELL_CORPORA", beside)) / "recordings"
    if not folder.is_dir():
        pytest.skip(f"the recordings are not at {folder} (set STEPWELL_CORPORA)")
    return folder


@cache
def _contents(service: str) -> dict[str, dict[str, Any]]:
    lines = (corpora() / f"{service}.jsonl").read_text(encoding="utf-8").splitlines()
    return {case["id"]: case["content"] for case in map(json.loads, lines)}


class Recordings:
    """The situations of one service that a test's markers name; a situation is called as in a marker, its case said.

    `renamed` makes a situation's id of what a test calls it; the keys `unchecked` are not compared.
    """

    def __init__(self, service: str, named: Collection[str]) -> None:
        self._contents = _contents(service)
        self._named = named
        self.renamed: Callable[[str], str] = str
        self.unchecked = _UNCHECKED
        self._left: dict[str, set[str]] = {}

    def __call__(self, situation: str) -> dict[str, Any]:
        """What AWS answered, by the names that the recording gives its answers; the test looks at it by itself."""
        content = self._content(situation)
        self._left[situation] = set()
        return content

    def _content(self, situation: str) -> dict[str, Any]:
        situation = self.renamed(situation)
        if not any(situation == name or situation.startswith(f"{name}[") for name in self._named):
            pytest.fail(f"no marker of this test names the situation {situation!r}")
        ends = (f"::{situation}", f"/{situation}")
        (content,) = (content for id, content in self._contents.items() if id == situation or id.endswith(ends))
        return content

    def agree(self, situation: str, **answers: Any) -> None:
        """Fail unless each answer is what AWS answered under that name (`-` in a name is written `_`)."""
        left = self._left.setdefault(situation, {name.replace("-", "_") for name in self._content(situation)})
        left.difference_update(answers)
        self.part(situation, **answers)

    def part(self, situation: str, **answers: Any) -> None:
        """`agree` where other tests or cases of the same marker compare what is left of the situation."""
        recorded = {name.replace("-", "_"): value for name, value in self._content(situation).items()}
        for name, answer in answers.items():
            problems = list(differences(answer, recorded[name], name, self.unchecked))
            if problems:
                self._left.clear()
            assert not problems, "\n".join(problems)

    def require_whole(self) -> None:
        """Fail where of a situation's answers only some were compared: a marker claims them all."""
        left = [f"{situation}: {name}" for situation, names in self._left.items() for name in sorted(names)]
        assert not left, "recorded, and not compared:\n" + "\n".join(left)


def differences(found: Any, expected: Any, path: str, unchecked: frozenset[str] = _UNCHECKED) -> list[str]:
    """Where an answer is not the recorded one; placeholders agree with everything, keys must be the same."""
    if isinstance(expected, dict) and isinstance(found, str):
        found = json.loads(found)
    if isinstance(expected, dict) and isinstance(found, dict):
        problems = []
        for key in sorted({*found, *expected} - unchecked):
            if key not in found or key not in expected:
                problems.append(f"{path}.{key}: only {'recorded' if key in expected else 'answered'}")
            else:
                problems += differences(found[key], expected[key], f"{path}.{key}", unchecked)
        return problems
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = enumerate(zip(found, expected, strict=True))
        return [problem for at, (a, b) in pairs for problem in differences(a, b, f"{path}[{at}]", unchecked)]
    if isinstance(expected, str):
        return [] if _alike(found, expected) else [f"{path}: {found!r}, recorded {expected!r}"]
    return [] if found == expected else [f"{path}: {found!r}, recorded {expected!r}"]


def _alike(found: Any, expected: str) -> bool:
    if expected in _ANYTHING:
        return True
    if isinstance(found, bytes):
        return str(found) == expected
    pattern, at = "", 0
    for match in _PLACEHOLDER.finditer(expected):
        pattern += re.escape(expected[at : match.start()]) + ".*"
        at = match.end()
    return re.fullmatch(pattern + re.escape(expected[at:]), str(found), re.DOTALL) is not None


def error_of(call: Any, /, *args: Any, **params: Any) -> dict[str, Any]:
    """The error that a call of a boto3 client ends with."""
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    response: dict[str, Any] = dict(caught.value.response)
    return response
