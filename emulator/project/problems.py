"""What is wrong with a project: file, line and reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `line` counts from 1; None where the whole file is meant."""

    file: Path
    line: int | None
    reason: str

    def text(self, root: Path) -> str:
        """As compilers say it: file:line: reason, the file as seen from `root`."""
        shown = self.file.relative_to(root) if self.file.is_relative_to(root) else self.file
        return f"{shown}{'' if self.line is None else f':{self.line}'}: {self.reason}"


class UnusableError(Exception):
    """A file cannot be used; its resource stays as it was."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.reason for problem in problems))
        self.problems = problems
