"""What AWS answered in named situations, to hold our answers against."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any

import pytest

from tests.corpora import RECORDINGS, absence

_PLACEHOLDER = re.compile(r"<[^<>]*(<[^<>]*>[^<>]*)*>|1{12}")
_ANYTHING = frozenset(
    {
        "api-destination-arn", "connection", "connection-arn", "content--length", "date", "datetime", "event-id",
        "m-d5-of-body", "object-sequencer", "receipt-handle", "request-id", "target-arn", "timestamp",
    }
)  # fmt: skip
# Not answers of the service, or, for the principal, who made the recording.
_UNCHECKED = frozenset({"ResponseMetadata", "_normalized", "message", "Detail", "SubscriptionPrincipal"})


@cache
def situations(service: str) -> dict[str, dict[str, Any]]:
    """What was recorded of a service, by the ids of its situations; the test is skipped where nothing was."""
    path = RECORDINGS / f"{service}.jsonl"
    if not path.is_file():
        pytest.skip(absence(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    return {case["id"]: case["content"] for case in map(json.loads, lines)}


def is_named(id: str, name: str) -> bool:
    """Whether a situation is named by its id, or by what tells it apart at the id's end."""
    return id == name or id.endswith((f"::{name}", f"/{name}"))


class Recordings:
    """The situations of one service that a test's markers name; a situation is called as in a marker, its case said.

    `renamed` makes a situation's id of what a test calls it; the keys `unchecked` are not compared.
    """

    def __init__(self, service: str, named: Collection[str]) -> None:
        self._contents = situations(service)
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
        (content,) = (content for id, content in self._contents.items() if is_named(id, situation))
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


def alike(found: Any, expected: str) -> bool:
    """Whether an answer is a recorded text, in which placeholders agree with everything."""
    if expected in _ANYTHING:
        return True
    if isinstance(found, bytes):
        return str(found) == expected
    pattern, at = "", 0
    for match in _PLACEHOLDER.finditer(expected):
        pattern += re.escape(expected[at : match.start()]) + ".*"
        at = match.end()
    return re.fullmatch(pattern + re.escape(expected[at:]), str(found), re.DOTALL) is not None


def differences(
    found: Any,
    expected: Any,
    path: str,
    unchecked: frozenset[str] = _UNCHECKED,
    alike: Callable[[Any, str], bool] = alike,
) -> Iterator[str]:
    """Where an answer is not the recorded one; texts are the same where they are `alike`, keys must be the same."""
    if isinstance(expected, dict) and isinstance(found, str):
        found = json.loads(found)
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*found, *expected} - unchecked):
            if key not in found or key not in expected:
                yield f"{path}.{key}: only {'recorded' if key in expected else 'answered'}: {found.get(key)!r}"
            else:
                yield from differences(found[key], expected[key], f"{path}.{key}", unchecked, alike)
    elif isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        for at, (a, b) in enumerate(zip(found, expected, strict=True)):
            yield from differences(a, b, f"{path}[{at}]", unchecked, alike)
    elif not (alike(found, expected) if isinstance(expected, str) else found == expected):
        yield f"{path}: {found!r}, recorded {expected!r}"


def error_of(call: Any, /, *args: Any, **params: Any) -> dict[str, Any]:
    """The error that a call of a boto3 client ends with."""
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    response: dict[str, Any] = dict(caught.value.response)
    return response
