"""What AWS answered in named situations, to hold our answers against; used by the SQS and the SNS tests."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

_PLACEHOLDER = re.compile(r"<[^<>]*(<[^<>]*>[^<>]*)*>|1{12}")
_ANYTHING = frozenset({"timestamp", "date", "content--length", "connection"})
# Not answers of the service, or, for the principal, who made the recording.
_UNCHECKED = frozenset({"ResponseMetadata", "_normalized", "message", "Detail", "SubscriptionPrincipal"})


def corpora() -> Path:
    """Where the recordings lie; the test is skipped where they are not."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "corpora"
    folder = Path(os.environ.get("STEPWELL_CORPORA", beside)) / "recordings"
    if not folder.is_dir():
        pytest.skip(f"the recordings are not at {folder} (set STEPWELL_CORPORA)")
    return folder


class Recordings:
    """The situations of one service."""

    def __init__(self, service: str) -> None:
        lines = (corpora() / f"{service}.jsonl").read_text(encoding="utf-8").splitlines()
        self._content = {case["id"].split("::")[-1]: case["content"] for case in map(json.loads, lines)}

    def __call__(self, situation: str) -> dict[str, Any]:
        """What AWS answered, by the names that the recording gives its answers."""
        content: dict[str, Any] = self._content[situation]
        return content

    def agree(self, situation: str, **answers: Any) -> None:
        """Fail unless each answer is what AWS answered under that name (`-` in a name is written `_`)."""
        recorded = {name.replace("-", "_"): value for name, value in self(situation).items()}
        for name, answer in answers.items():
            problems = list(differences(answer, recorded[name], name))
            assert not problems, "\n".join(problems)


def differences(found: Any, expected: Any, path: str) -> list[str]:
    """Where an answer is not the recorded one; placeholders agree with everything, keys must be the same."""
    if isinstance(expected, dict) and isinstance(found, str):
        found = json.loads(found)
    if isinstance(expected, dict) and isinstance(found, dict):
        problems = []
        for key in sorted({*found, *expected} - _UNCHECKED):
            if key not in found or key not in expected:
                problems.append(f"{path}.{key}: only {'recorded' if key in expected else 'answered'}")
            else:
                problems += differences(found[key], expected[key], f"{path}.{key}")
        return problems
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        pairs = zip(found, expected, strict=True)
        return [problem for at, (a, b) in enumerate(pairs) for problem in differences(a, b, f"{path}[{at}]")]
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
