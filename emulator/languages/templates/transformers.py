"""Three ways to shape an event for a target: a path, a rule's InputTransformer, a pipe's InputTemplate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from emulator.languages import paths
from emulator.languages.templates.text import MISSING, Template, dump

_Reader: TypeAlias = Callable[[Any], object]

_EVENT: Final = "aws.events.event"
_EVENT_JSON: Final = "aws.events.event.json"
_RULE: Final = frozenset(
    {"aws.events.rule-arn", "aws.events.rule-name", "aws.events.event.ingestion-time", _EVENT, _EVENT_JSON}
)
_PIPE: Final = frozenset(
    {
        "aws.pipes.pipe-arn",
        "aws.pipes.pipe-name",
        "aws.pipes.source-arn",
        "aws.pipes.enrichment-arn",
        "aws.pipes.target-arn",
        "aws.pipes.event.ingestion-time",
        "aws.pipes.event",
        "aws.pipes.event.json",
    }
)
# A whole event is not escaped: it "can only be used as a value for a JSON field" (user guide).
_WHOLE: Final = frozenset({_EVENT, _EVENT_JSON, "aws.pipes.event", "aws.pipes.event.json"})


class InputPath:
    """The part of an event a rule's target gets. Raises paths.InvalidPath for a text that is no path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._path = paths.path(text)

    def render(self, event: Mapping[str, Any]) -> str:
        """The JSON of the part. Raises paths.PathNotFound when the event has none."""
        return dump(self._path.read(event))


class InputTransformer:
    """A rule's InputPathsMap and InputTemplate, `<name>` in the template standing for the path of that name.

    A path that is not valid finds nothing: AWS does not check it. Raises InvalidTemplate.
    """

    def __init__(self, input_paths: Mapping[str, str], template: str) -> None:
        self._template = Template(template, r"[A-Za-z0-9_.\-]+", lambda name: name in input_paths or name in _RULE)
        self._readers = {name: _reader(text) for name, text in input_paths.items()}

    def render(self, event: Mapping[str, Any], *, reserved: Mapping[str, Any]) -> str:
        """The text the target gets.

        `reserved` has `aws.events.rule-arn`, `aws.events.rule-name` and `aws.events.event.ingestion-time`;
        the two variables of the event are made here. Raises TemplateFailed.
        """
        values: dict[str, object] = {**reserved, _EVENT_JSON: event, _EVENT: _without_detail(event)}
        values |= {name: read(event) for name, read in self._readers.items()}
        return self._template.fill(values, _WHOLE)


class PipeTemplate:
    """A pipe's InputTemplate, with paths (`<$.body.id>`) and its variables (`<aws.pipes.pipe-name>`) in it.

    Raises InvalidTemplate.
    """

    def __init__(self, template: str) -> None:
        self._template = Template(
            template, r"\$[^<>]*|aws\.pipes\.[a-z.\-]+", lambda name: name.startswith("$") or name in _PIPE
        )
        self._readers = {
            placeholder.name: _reader(placeholder.name)
            for placeholder in self._template.placeholders()
            if placeholder.name.startswith("$")
        }

    def render(self, event: Any, *, reserved: Mapping[str, Any]) -> str:
        """The text the enrichment or target gets.

        `event` has its encoded fields (`body`, `data`, `value`) decoded already, as paths look into them.
        `reserved` has the `aws.pipes.` variables the template uses. Raises TemplateFailed.
        """
        values = dict.fromkeys(_PIPE, MISSING) | dict(reserved)
        values |= {name: read(event) for name, read in self._readers.items()}
        return self._template.fill(values, _WHOLE)


def _reader(text: str) -> _Reader:
    try:
        path = paths.path(text)
    except paths.InvalidPath:
        return lambda event: MISSING

    def read(event: Any) -> object:
        try:
            return path.read(event)
        except paths.PathError:
            return MISSING

    return read


def _without_detail(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as `<aws.events.event>` has it: no detail, and detail-type under the name detailType."""
    return {"detailType" if key == "detail-type" else key: event[key] for key in event if key != "detail"}
