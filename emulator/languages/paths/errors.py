"""What can be wrong with a JSONPath: its text, where it leads, or where it should write."""

from __future__ import annotations


class PathError(Exception):
    """The root of the errors of this package; `message` is a sentence without the path's document."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidPath(PathError):
    """The text is not a JSONPath (or not a Reference Path, where one is required)."""


class PathNotFound(PathError):
    """A definite path leads nowhere in this document; `path` is the text of the path."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class EvaluationFailed(PathError):
    """A function or an operator of the path does not apply to what it met (the average of nothing)."""


class SearchGivenUp(PathError):
    """A regular expression cannot be matched in reasonable time; what the path leads to is not known."""


class ReferencePathMismatch(PathError):
    """A Reference Path cannot be written into this document (States.ResultPathMatchFailure)."""
