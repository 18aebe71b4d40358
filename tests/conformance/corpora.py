"""The corpora: how a case is read, what counts as the same, and how well we did on one."""

from __future__ import annotations

import fnmatch
import json
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.corpora import ROOT, absence

HERE = Path(__file__).resolve().parent
FLOORS_FILE = HERE / "floors.json"
PLACEHOLDER = re.compile(
    r"<[^<>]*>|snf_role_arn|\b1{12}\b|\btimestamp\b|\bdate\b|RandomNumberGenerated|generated-uuid|map_run_arn"
    r"|\b(?:start|entered)-time\b|activity_arn|sqs_queue_url|lambda_function(?:_\d)?_name"
    r"|(?:start|stop)-date|x-amzn-RequestId|X-Amzn-Trace-Id|RequestId"
    r"|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT"
)

# Where the code of a function lies on AWS and here: stack traces tell.
TASK_ROOT = re.compile(r'/[^\s"\\]*/functions/[^\s"\\/]+/')

Case = dict[str, Any]


class AbsentError(Exception):
    """The corpora are not on this machine."""


@dataclass
class Tally:
    """How well we did on a corpus: `misses` are the cases that went otherwise than they should, and how."""

    total: int
    misses: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        return self.total - len(self.misses)


@dataclass(frozen=True)
class Measure:
    """One way to look at a corpus; `name` is its file and what is looked at. `slow` ones take seconds."""

    name: str
    run: Callable[[], Tally]
    slow: bool = False


def text_of(name: str) -> str:
    """A file of the corpora; raises AbsentError."""
    path = ROOT / name
    if not path.exists():
        raise AbsentError(absence(path))
    return path.read_text(encoding="utf-8")


def cases(name: str) -> list[Case]:
    """The cases of a file with one a line; raises AbsentError."""
    return [json.loads(line) for line in text_of(name).split("\n") if line]


def tally(named: Iterable[tuple[str, str]]) -> Tally:
    """The tally of cases, each with what is wrong with it ("" for nothing); two of one name are told apart."""
    found = Tally(0)
    for name, wrong in named:
        found.total += 1
        if wrong:
            number = sum(known.partition(" (")[0] == name for known in found.misses)
            found.misses[f"{name} ({number + 1})" if number else name] = wrong
    return found


def floors() -> dict[str, int]:
    """The least number of cases that must go well, by measure."""
    found: dict[str, int] = json.loads(FLOORS_FILE.read_text(encoding="utf-8"))
    return found


def reasons() -> dict[str, dict[str, str]]:
    """Why cases are left out: by measure (`*` for several), then by case (`*` for several)."""
    return tomllib.loads((HERE / "left_out.toml").read_text(encoding="utf-8"))


def find_reason(measure: str, case: str) -> str | None:
    """Why a case is left out of a measure; None where nobody has said."""
    for names, known in reasons().items():
        if not _fits(measure, names):
            continue
        for name, reason in known.items():
            if _fits(case, name):
                return reason
    return None


def _fits(name: str, pattern: str) -> bool:
    """Whether `*` of a pattern makes it the name; brackets are themselves."""
    return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))


def complaints(measure: Measure, found: Tally) -> list[str]:
    """What keeps a measure from being as good as it must be: its floor, and misses that nobody has named."""
    floor = floors().get(measure.name, 0)
    below = [f"{measure.name}: {found.passed} of {found.total}, and {floor} must be"] if found.passed < floor else []
    unnamed = [
        f"{measure.name}: {case}: {wrong}"
        for case, wrong in found.misses.items()
        if find_reason(measure.name, case) is None
    ]
    return below + unnamed


def read(text: Any) -> Any:
    """The value of a JSON text; anything else as it is."""
    if isinstance(text, str):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def same(want: Any, got: Any) -> bool:
    """Is `got` what was recorded as `want`? Placeholders match anything; JSON texts count as their values."""
    if isinstance(want, str):
        return _same_text(want, got)
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    got = read(got)
    if isinstance(want, dict):
        return isinstance(got, dict) and set(want) == set(got) and all(same(want[k], got[k]) for k in want)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(same, want, got))
    return bool(want == got)


def _same_text(want: str, got: Any) -> bool:
    if not isinstance(got, str):
        return PLACEHOLDER.fullmatch(want) is not None
    if "/functions/" in got:
        got = TASK_ROOT.sub("/var/task/", got)
    if want == got:
        return True
    if PLACEHOLDER.search(want):
        parts = PLACEHOLDER.split(want)
        return re.fullmatch(".*?".join(re.escape(part) for part in parts), got, re.DOTALL) is not None
    return want[:1] in "{[" and want != "" and read(want) == read(got)
