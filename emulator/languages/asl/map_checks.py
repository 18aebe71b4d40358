"""What a Map state must and may have."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.problems import Report
from emulator.languages.asl.states.map_results import OUTPUT_TYPES, TRANSFORMATIONS

LONGEST_LABEL = 40
_NOT_IN_LABEL = frozenset('?*<>{}[]:;,\\|^~$#%&`"')


def _processor_mode(state: dict[str, Any]) -> str:
    """INLINE or DISTRIBUTED; "" when the definition does not say."""
    processor = state.get("ItemProcessor", state.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return str(config.get("Mode", "")) if isinstance(config, dict) else ""


def check_map(state: dict[str, Any], place: str, report: Report) -> None:
    """Report the problems of a Map state, its item processor apart."""
    if "ItemProcessor" not in state and "Iterator" not in state:
        report.schema("These fields are required: [ItemProcessor]", place)
    if "ItemProcessor" in state and "Iterator" in state:
        report.schema("These fields are exclusive: [ItemProcessor, Iterator]", place)
    share = state.get("ToleratedFailurePercentage", 0)
    if isinstance(share, (int, float)) and not 0 <= share <= 100:
        report.schema("Expected value of type Float between 0 and 100", f"{place}/ToleratedFailurePercentage")
    for field in ("MaxConcurrency", "ToleratedFailureCount"):
        value = state.get(field, 0)
        if is_expression(value):
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            report.schema("Expected value of type Integer greater than or equal to 0", f"{place}/{field}")

    if _processor_mode(state) == "INLINE":
        for field in ("ItemReader", "ItemBatcher", "ResultWriter"):
            if field in state:
                report.schema(f"Unknown field '{field}'", place)
    for field in ("ItemReader", "ItemBatcher", "ResultWriter"):
        if field in state and not isinstance(state[field], dict):
            report.schema("Expected value of type Object", f"{place}/{field}")
    reader = state.get("ItemReader")
    if isinstance(reader, dict) and not isinstance(reader.get("Resource"), str):
        report.schema("These fields are required: [Resource]", f"{place}/ItemReader")
    config = reader.get("ReaderConfig") if isinstance(reader, dict) else None
    _check_exclusive(config, f"{place}/ItemReader/ReaderConfig", report)
    _check_exclusive(state.get("ItemBatcher"), f"{place}/ItemBatcher", report)
    _check_writer(state.get("ResultWriter"), f"{place}/ResultWriter", report)
    label = state.get("Label")
    if isinstance(label, str):
        _check_label(label, f"{place}/Label", report)


def _check_exclusive(given: Any, place: str, report: Report) -> None:
    """A bound is a number or a path to one, not both (ASL specification, "Map State": ItemReader, ItemBatcher)."""
    for field in given if isinstance(given, dict) else ():
        if f"{field}Path" in given:
            report.schema(f"These fields are exclusive: [{field}, {field}Path]", place)


def _check_label(label: str, place: str, report: Report) -> None:
    """The rules of a Map Run's label (AWS: Distributed Map, Label)."""
    if len(label) > LONGEST_LABEL:
        report.label(f"Label cannot exceed {LONGEST_LABEL} characters", place)
        return
    for char in label:
        if char.isspace() or char in _NOT_IN_LABEL or ord(char) < 32 or 127 <= ord(char) < 160:
            report.label(f"Label contains invalid character: {char!r}", place)
            return


def _check_writer(writer: Any, place: str, report: Report) -> None:
    """A ResultWriter says where the results go, how they look, or both (AWS: ResultWriter)."""
    if not isinstance(writer, dict):
        return
    if not {"Resource", "WriterConfig"} & writer.keys():
        report.schema("These fields are required: [Resource]", place)
    config = writer.get("WriterConfig", {})
    if not isinstance(config, dict):
        report.schema("Expected value of type Object", f"{place}/WriterConfig")
        return
    for field, values in (("Transformation", TRANSFORMATIONS), ("OutputType", OUTPUT_TYPES)):
        if config.get(field, values[0]) not in values:
            report.schema(f"Value is not one of: [{', '.join(values)}]", f"{place}/WriterConfig/{field}")
