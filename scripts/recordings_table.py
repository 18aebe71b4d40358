"""docs/recordings: which situations that were recorded on AWS the tests check, and why not the others.

A test says by its marker what it checks: `@pytest.mark.recording("sqs", "test_tag_untag_queue[sqs]", ...)`, where cases
differ `pytest.param(..., marks=...)`. A situation is named by its id, or by what tells it apart at the id's end
(`test_a[x]`, `TestB::test_a[x]`); without brackets it stands for every case of it.

Why others are left out stands in `tests/services/<folder>/recordings_left.toml`: groups of patterns of ids (`*` is any
text) with one reason: `[[left]]`, `reason = "..."`, `situations = ["test_sns.py::TestSNSSMS::*"]`.
"""

import io
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest

from tests.corpora import RECORDINGS

ROOT = Path(__file__).parents[1]
FOLDERS = {name: name for name in ("sqs", "sns", "events", "s3", "logs")} | {"lambda": "lambda_"}

HEAD = """\
# Situations recorded on AWS: {title}

Written by `scripts/recordings` from the markers of the tests; a test says when it is out of date. The situations, and
what AWS answered in them, are those of the recordings that LocalStack publishes (Apache-2.0).
"""


class Mistakes(Exception):
    """A marker or a pattern that means nothing; one line for each."""


@dataclass
class Situation:
    """One recorded situation: what is known of it here."""

    id: str
    tests: list[str] = field(default_factory=list)
    left: str = ""

    @property
    def place(self) -> str:
        """File and class."""
        return self.id.partition("[")[0].rpartition("::")[0]

    @property
    def name(self) -> str:
        return self.id.removeprefix(f"{self.place}::")

    def is_named(self, text: str) -> bool:
        """Whether a marker's text means this situation."""
        whole = self.id if "[" in text else self.id.partition("[")[0]
        return whole == text or whole.endswith((f"::{text}", f"/{text}"))


class _Marked:
    """A plugin of pytest's that finds the markers: service, situation, and the test by its file and name."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []
        self.mistakes: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.mistakes.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        test = f"{item.path.relative_to(ROOT / 'tests').as_posix()}::{getattr(item, 'originalname', item.name)}"
        for marker in item.iter_markers("recording"):
            service, *named = marker.args
            if service not in FOLDERS or not named:
                self.mistakes.append(f"{test}: a marker says a service of {', '.join(FOLDERS)}, and situations")
            self.found += [(service, one, test) for one in named]


def marked() -> list[tuple[str, str, str]]:
    """What the tests say they check: service, situation, test. Error: Mistakes."""
    paths = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if "mark.recording(" in path.read_text("utf-8"))
    plugin = _Marked()
    with redirect_stdout(io.StringIO()) as said:
        code = pytest.main(["--collect-only", "--rootdir", str(ROOT), *map(str, paths)], plugins=[plugin])
    if plugin.mistakes or code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise Mistakes("\n".join(plugin.mistakes) or said.getvalue())
    return plugin.found


def pages() -> dict[str, str]:
    """Every page by the name of its file. Errors: Mistakes, FileNotFoundError."""
    markers, mistakes = marked(), list[str]()
    found: dict[str, list[Situation]] = {}
    for service in sorted(FOLDERS):
        found[service] = known = _recorded(service)
        mistakes += _claim(service, known, markers)
        mistakes += _leave(service, known)
    if mistakes:
        raise Mistakes("\n".join(mistakes))
    written = {f"{service}.md": _page(service, known) for service, known in found.items()}
    return {"README.md": _overview(found), **written}


def _recorded(service: str) -> list[Situation]:
    lines = (RECORDINGS / f"{service}.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted((Situation(json.loads(line)["id"]) for line in lines), key=lambda one: (one.place, one.name))


def _claim(service: str, known: list[Situation], markers: list[tuple[str, str, str]]) -> Iterator[str]:
    """Note each test at the situations that it names; the problems."""
    for _, named, test in dict.fromkeys(marker for marker in markers if marker[0] == service):
        meant = [one for one in known if one.is_named(named)]
        if not meant:
            yield f"{test}: there is no situation {named!r}"
        elif len({one.id.partition("[")[0] for one in meant}) > 1:
            yield f"{test}: {named!r} names several situations: say the class or the file as well"
        for one in meant:
            if test not in one.tests:
                one.tests.append(test)


def _leave(service: str, known: list[Situation]) -> Iterator[str]:
    path = ROOT / "tests" / "services" / FOLDERS[service] / "recordings_left.toml"
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["left"] if path.exists() else []
    for group in groups:
        for pattern in group["situations"]:
            form = re.compile(r"(.*(::|/))?" + ".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)
            left = [one for one in known if form.fullmatch(one.id) and not one.tests and not one.left]
            for one in left:
                one.left = group["reason"]
            if not left:
                yield f"{path.relative_to(ROOT)}: {pattern!r} matches no situation that is left"


def _overview(found: dict[str, list[Situation]]) -> str:
    rows = [_row(f"[{service}]({service}.md)", known) for service, known in found.items()]
    every = [one for known in found.values() for one in known]
    return HEAD.format(title="totals") + _totals([*rows, _row("all", every)])


def _totals(rows: list[str]) -> str:
    return "\n| | tested | | left out, with a reason | not yet | of |\n|---|--:|--:|--:|--:|--:|\n" + "".join(rows)


def _row(title: str, known: list[Situation]) -> str:
    tested = sum(bool(one.tests) for one in known)
    left = sum(bool(one.left) for one in known)
    share = 100 * tested // len(known)
    return f"| {title} | {tested} | {share} % | {left} | {len(known) - tested - left} | {len(known)} |\n"


def _page(service: str, known: list[Situation]) -> str:
    parts = [HEAD.format(title=service), _totals([_row(service, known)])]
    for place, some in groupby(known, key=lambda one: one.place):
        parts.append(f"\n## {place}\n\n" + "".join(_line(one) for one in some))
    return "".join(parts)


def _line(one: Situation) -> str:
    name = one.name if one.name.isprintable() else json.dumps(one.name)
    ticks = "``" if "`" in name else "`"
    said = ", ".join(one.tests) if one.tests else f"**not yet**: {one.left or 'nobody wrote a test yet.'}"
    return f"- {ticks}{name}{ticks}: {said}\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    try:
        written = pages()
    except Mistakes as some:
        sys.exit(str(some))
    folder.mkdir(exist_ok=True)
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
