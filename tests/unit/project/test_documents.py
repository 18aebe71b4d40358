"""Files read with the lines of what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.project import documents
from emulator.project.problems import UnusableError


def _write(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / name
    file.write_text(text)
    return file


RULE = """{
  "Name": "n",
  "Targets": [
    {"Id": "a"},
\t{
      "Id": "b",
      "Arn": "x"
    }
  ]
}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), None),
        (("Name",), 2),
        (("Targets", 0, "Id"), 4),
        (("Targets", 1, "Arn"), 7),
        (("Targets", 1, "Nothing"), 5),
        (("Nothing",), None),
    ],
)
def test_a_value_in_json_has_the_line_of_its_key_or_of_what_holds_it(
    tmp_path: Path, path: tuple[str | int, ...], line: int | None
) -> None:
    document = documents.read(_write(tmp_path, "rule.json", RULE))

    assert documents.line(document, path) == line


def test_a_value_in_yaml_has_the_line_of_its_key(tmp_path: Path) -> None:
    document = documents.read(_write(tmp_path, "w.asl.yaml", "StartAt: A\nStates:\n  A:\n    Type: Pass\n"))

    assert document.value == {"StartAt": "A", "States": {"A": {"Type": "Pass"}}}
    assert documents.line(document, ("States", "A", "Type")) == 4


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("queues", "a"), 2),
        (("queues", "a", "DelaySeconds"), 3),
        (("queues", "b", "x"), 5),
        (("topics",), None),
    ],
)
def test_a_value_in_toml_has_the_line_of_its_key_or_table(
    tmp_path: Path, path: tuple[str, ...], line: int | None
) -> None:
    document = documents.read(
        _write(tmp_path, "stepwell.toml", '# c\n[queues.a]\nDelaySeconds = 1\n\n[queues."b"]\ny = 2\n')
    )

    assert documents.line(document, path) == line


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("r.json", '{\n "a": 1,\n}', 3),
        ("w.yaml", "a: 1\nb: [\n", 3),
        ("stepwell.toml", "[a]\nb = \n", 2),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    file = _write(tmp_path, name, text)

    with pytest.raises(UnusableError) as refused:
        documents.read(file)

    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == (file, line)


def test_a_date_in_yaml_stays_text(tmp_path: Path) -> None:
    document = documents.read(_write(tmp_path, "w.yaml", "Timestamp: 2026-11-20T00:00:00Z\n"))

    assert document.value == {"Timestamp": "2026-11-20T00:00:00Z"}


def test_the_names_of_a_service_lead_to_the_value_they_mean(tmp_path: Path) -> None:
    document = documents.read(_write(tmp_path, "rule.json", RULE))

    assert document.follow(["targets", "2", "member", "arn"]) == ["Targets", 1, "Arn"]
    assert document.follow(["Targets", "1", "Arn"]) == ["Targets", 1, "Arn"]
    assert document.follow(["targets", "9"]) == ["Targets"]


def test_the_source_of_a_value_is_its_text_and_first_line(tmp_path: Path) -> None:
    document = documents.read(_write(tmp_path, "r.json", '{\n "p": {\n  "a": [1]\n }\n}'))

    assert documents.source(document, ("p",)) == ('{\n  "a": [1]\n }', 2)
