"""JSONPath as AWS Step Functions has it: the paths of Jayway JsonPath, and the Reference Paths of the ASL."""

from emulator.languages.paths.errors import (
    EvaluationFailed,
    InvalidPath,
    PathError,
    PathNotFound,
    ReferencePathMismatch,
    SearchGivenUp,
)
from emulator.languages.paths.reading import Path, path, state_path
from emulator.languages.paths.reference import ReferencePath, reference

__all__ = [
    "EvaluationFailed",
    "InvalidPath",
    "Path",
    "PathError",
    "PathNotFound",
    "ReferencePath",
    "ReferencePathMismatch",
    "SearchGivenUp",
    "path",
    "reference",
    "state_path",
]
