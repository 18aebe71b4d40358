"""What a Map state must and may have."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.field_checks import check_fields, check_value
from emulator.languages.asl.problems import Report
from emulator.languages.asl.states.map_results import OUTPUT_TYPES, TRANSFORMATIONS

LONGEST_LABEL = 40
ITEMS_MAX = 100_000_000  # of a dataset (Step Functions Developer Guide, "ItemReader (Map)": MaxItems)
_READER_VALUES = {
    "InputType": ("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"),
    "Transformation": ("NONE", "LOAD_AND_FLATTEN"),
    "ManifestType": ("ATHENA_DATA", "S3_INVENTORY"),
    "CSVDelimiter": ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
    "CSVHeaderLocation": ("FIRST_ROW", "GIVEN"),
}
_READER_CONFIG = {*_READER_VALUES, "CSVHeaders", "MaxItems", "MaxItemsPath", "ItemsPointer"}
_BATCHER = {
    *("MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "BatchInput"),
}
_NOT_IN_LABEL = frozenset('?*<>{}[]:;,\\|^~$#%&`"')


def _processor_config(state: dict[str, Any]) -> dict[str, Any]:
    processor = state.get("ItemProcessor", state.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return config if isinstance(config, dict) else {}


def children_kind(state: dict[str, Any]) -> str | None:
    """STANDARD or EXPRESS, as the children of a distributed Map are; None for a Map that has none."""
    config = _processor_config(state)
    if config.get("Mode") != "DISTRIBUTED":
        return None
    return "EXPRESS" if config.get("ExecutionType") == "EXPRESS" else "STANDARD"


def check_map(state: dict[str, Any], kind: str, language: str, place: str, report: Report) -> None:
    """Report the problems of a Map state whose fields have the right types, its item processor apart."""
    if "ItemProcessor" not in state and "Iterator" not in state:
        report.schema("These fields are required: [ItemProcessor]", place)
    if "ItemProcessor" in state and "Iterator" in state:
        report.schema("These fields are exclusive: [ItemProcessor, Iterator]", place)
    share = state.get("ToleratedFailurePercentage", 0)
    if isinstance(share, (int, float)) and not 0 <= share <= 100:
        report.schema("Expected value of type Float between 0 and 100", f"{place}/ToleratedFailurePercentage")
    for field in ("MaxConcurrency", "ToleratedFailureCount"):
        _check_least(state, field, place, report)
    if not isinstance(state.get("Items", []), (list, dict, str)):
        report.schema("Expected value of type Array", f"{place}/Items")
    _check_processor(state, kind, place, report)
    inline = _processor_config(state).get("Mode") == "INLINE"
    for field, check in (
        ("ItemReader", _check_reader),
        ("ItemBatcher", _check_batcher),
        ("ResultWriter", _check_writer),
    ):
        if field in state and inline:
            report.schema(f"Field '{field}' is not supported", place)
        elif field in state:
            check(state[field], language, f"{place}/{field}", report)
    if "Label" in state:
        _check_label(state["Label"], f"{place}/Label", report)


def _check_least(holder: dict[str, Any], field: str, place: str, report: Report) -> None:
    value = holder.get(field, 0)
    if not is_expression(value) and value < 0:
        report.schema("Expected value of type Integer greater than or equal to 0", f"{place}/{field}")


def _check_processor(state: dict[str, Any], kind: str, place: str, report: Report) -> None:
    """A distributed processor says how its children are executed (Step Functions Developer Guide, "ExecutionType")."""
    config = _processor_config(state)
    where = f"{place}/{'ItemProcessor' if 'ItemProcessor' in state else 'Iterator'}/ProcessorConfig"
    check_fields(config, ("Mode", "ExecutionType"), where, report)
    check_value(config, "Mode", ("INLINE", "DISTRIBUTED"), where, report)
    check_value(config, "ExecutionType", ("STANDARD", "EXPRESS"), where, report)
    if children_kind(state) is not None:
        if "ExecutionType" not in config:
            report.schema("These fields are required: [ExecutionType]", where)
        if kind == "EXPRESS":  # the guide, "Choosing workflow type"; the words are not known
            report.schema("Express state machine does not support Map state in DISTRIBUTED mode", place)


def _check_reader(reader: dict[str, Any], language: str, place: str, report: Report) -> None:
    """The fields and values of ItemReader (Step Functions Developer Guide, "ItemReader (Map)")."""
    check_fields(reader, {"Resource", "Parameters", "Arguments", "ReaderConfig"}, place, report)
    if "Resource" not in reader:
        report.schema("These fields are required: [Resource]", place)
    _check_parameters(reader, language, place, report)
    config = reader.get("ReaderConfig", {})
    where = f"{place}/ReaderConfig"
    check_fields(config, _READER_CONFIG, where, report, language)
    written = {field: value for field, value in config.items() if language != "JSONata" or not is_expression(value)}
    for field, values in _READER_VALUES.items():
        check_value(written, field, values, where, report)
    if written.get("MaxItems", 0) > ITEMS_MAX:  # a negative one fails the Map when it runs
        report.schema(f"Expected value of type Integer less than or equal to {ITEMS_MAX}", f"{where}/MaxItems")
    _check_exclusive(config, where, report)


def _check_batcher(batcher: dict[str, Any], language: str, place: str, report: Report) -> None:
    check_fields(batcher, _BATCHER, place, report, language)
    for field in ("MaxItemsPerBatch", "MaxInputBytesPerBatch"):
        _check_least(batcher, field, place, report)
    _check_exclusive(batcher, place, report)


def _check_parameters(holder: dict[str, Any], language: str, place: str, report: Report) -> None:
    """The API has its parameters under the name that the query language gives them (the words: aws-cdk issue 33396)."""
    name = "Arguments" if language == "JSONata" else "Parameters"
    if "Resource" in holder and name not in holder:
        report.schema(f"These fields are required: [{name}]", place)


def _check_exclusive(given: dict[str, Any], place: str, report: Report) -> None:
    """A bound is a number or a path to one, not both (ASL specification, "Map State": ItemReader, ItemBatcher)."""
    for field in given:
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


def _check_writer(writer: dict[str, Any], language: str, place: str, report: Report) -> None:
    """A ResultWriter says where the results go, how they look, or both (AWS: ResultWriter)."""
    check_fields(writer, {"Resource", "Parameters", "Arguments", "WriterConfig"}, place, report)
    if not {"Resource", "WriterConfig"} & writer.keys():
        report.schema("These fields are required: [Resource]", place)
    _check_parameters(writer, language, place, report)
    config = writer.get("WriterConfig", {})
    check_fields(config, ("Transformation", "OutputType"), f"{place}/WriterConfig", report)
    check_value(config, "Transformation", TRANSFORMATIONS, f"{place}/WriterConfig", report)
    check_value(config, "OutputType", OUTPUT_TYPES, f"{place}/WriterConfig", report)
