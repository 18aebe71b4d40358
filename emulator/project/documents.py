"""Files of JSON, YAML and TOML read with their text, so that a value's line can be told."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.project.problems import Problem, UnusableError

Step = str | int


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text and value."""

    file: Path
    text: str
    value: Any

    def problem(self, reason: str, path: Sequence[Step] = ()) -> Problem:
        """A problem at the value that `path` leads to, or at the nearest one above it that is there."""
        return Problem(self.file, line(self, path), reason)

    def follow(self, names: Sequence[str]) -> list[Step]:
        """The path that a service means by names like targets.1.member.arn or /States/A/Next, as far as it goes."""
        value, path = self.value, list[Step]()
        for name in names:
            if isinstance(value, list) and name.isdigit():
                index = int(name) - 1 if "member" in names else int(name)
                if index not in range(len(value)):
                    break
                path.append(index)
                value = value[index]
            elif isinstance(value, dict):
                key = next((key for key in value if str(key).lower() == name.lower()), None)
                if key is None and name == "member":
                    continue
                if key is None:
                    break
                path.append(key)
                value = value[key]
        return path


def read(file: Path) -> Document:
    """The file as a document, by its suffix. Raises UnusableError with the line where it is no JSON, YAML or TOML."""
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableError(Problem(file, None, str(error))) from None
    parse = {".json": _json, ".toml": _toml}.get(file.suffix, _yaml)
    return Document(file, text, parse(file, text))


def _json(file: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UnusableError(Problem(file, error.lineno, f"not JSON: {error.msg} (column {error.colno})")) from None


def _toml(file: Path, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise UnusableError(Problem(file, int(found[1]) if found else None, f"not TOML: {error}")) from None


def _yaml(file: Path, text: str) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """JSON's types alone: a date stays the text it is."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise UnusableError(Problem(file, mark.line + 1 if mark else None, f"not YAML: {reason}")) from None


def line(document: Document, path: Sequence[Step]) -> int | None:
    """The line of the value at `path`, or of the nearest one above it; None for the whole file."""
    if not path:
        return None
    if document.file.suffix == ".toml":
        return _line_in_toml(document.text, [str(step) for step in path])
    found = None
    for _, mark in _nodes(document, path):
        found = mark.line + 1
    return found


def source(document: Document, path: Sequence[Step]) -> tuple[str, int]:
    """The text of the value at `path` in a file of JSON or YAML, and the line on which it begins."""
    node = list(_nodes(document, path))[-1][0]
    return document.text[node.start_mark.index : node.end_mark.index], node.start_mark.line + 1


def _nodes(document: Document, path: Sequence[Step]) -> Iterator[tuple[Any, Any]]:
    """The YAML nodes on the way to `path`, as far as it goes, each with the mark where it is introduced."""
    import yaml

    try:
        node = yaml.compose(document.text.replace("\t", " "), yaml.SafeLoader)
    except yaml.YAMLError:
        return
    for step in path:
        node, mark = _child(node, step)
        if node is None:
            return
        yield node, mark


def _child(node: Any, step: Step) -> tuple[Any, Any]:
    """The value below a YAML node and the mark where it is introduced."""
    inside = node.value if node is not None and isinstance(node.value, list) else []
    if isinstance(step, int):
        found = inside[step] if step < len(inside) and not isinstance(inside[step], tuple) else None
        return found, None if found is None else found.start_mark
    for pair in inside:
        if isinstance(pair, tuple) and pair[0].value == step:
            return pair[1], pair[0].start_mark
    return None, None


def _line_in_toml(text: str, path: list[str]) -> int | None:
    """The line of a key below its table's header, else of the header."""
    header: list[str] = []
    best, depth = None, 0
    for number, content in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", content):
            header = [part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', found[1])]
            here = header
        elif found := re.match(r"\s*([\w\"'.-]+)\s*=", content):
            here = [*header, *(part.strip("\"'") for part in found[1].split("."))]
        else:
            continue
        if path[: len(here)] == here and len(here) > depth:
            best, depth = number, len(here)
        elif best is None and here[: len(path)] == path:
            best = number
    return best
