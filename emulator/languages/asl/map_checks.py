"""What a Map state must and may have."""

from __future__ import annotations

from typing import Any

from emulator.languages.asl.expressions import is_expression
from emulator.languages.asl.field_checks import check_fields, check_or_path, check_value
from emulator.languages.asl.problems import Report
from emulator.languages.asl.scopes import DISTRIBUTED_ONLY, MODES, is_distributed, processor_config, processor_field
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


def check_map(state: dict[str, Any], kind: str, language: str, place: str, report: Report) -> None:
    """Report the problems of a Map state whose fields have the right types, its item processor apart."""
    if "ItemProcessor" not in state and "Iterator" not in state:
        report.required(["ItemProcessor"], place)
    if "ItemProcessor" in state and "Iterator" in state:
        report.exclusive("ItemProcessor", "Iterator", place)
    share = state.get("ToleratedFailurePercentage", 0)
    if isinstance(share, (int, float)) and not 0 <= share <= 100:
        report.schema("Expected value of type Float between 0 and 100", f"{place}/ToleratedFailurePercentage")
    for field in ("MaxConcurrency", "ToleratedFailureCount"):
        _check_least(state, field, place, report)
    if not isinstance(state.get("Items", []), (list, dict, str)):
        report.schema("Expected value of type Array", f"{place}/Items")
    _check_processor(state, kind, place, report)
    for field, check in zip(DISTRIBUTED_ONLY, (_check_reader, _check_batcher, _check_writer), strict=True):
        if field in state and not is_distributed(state):
            report.unsupported(field, place)
        elif field in state:
            check(state[field], language, f"{place}/{field}", report)
    if "Label" in state:
        _check_label(state["Label"], f"{place}/Label", report)


def _check_least(holder: dict[str, Any], field: str, place: str, report: Report) -> None:
    value = holder.get(field, 0)
    if not is_expression(value) and value < 0:
        report.schema("Expected value of type Integer greater than or equal to 0", f"{place}/{field}")


def _check_processor(state: dict[str, Any], kind: str, place: str, report: Report) -> None:
    """Who says that a Map is distributed says how its children are executed (Step Functions Developer Guide,
    "ExecutionType": to be provided with the Mode DISTRIBUTED)."""
    config = processor_config(state)
    where = f"{place}/{processor_field(state)}/ProcessorConfig"
    check_fields(config, ("Mode", "ExecutionType"), where, report)
    check_value(config, "Mode", MODES, where, report)
    check_value(config, "ExecutionType", ("STANDARD", "EXPRESS"), where, report)
    if config.get("Mode") == "DISTRIBUTED" and "ExecutionType" not in config:
        report.required(["ExecutionType"], where)
    if kind == "EXPRESS" and is_distributed(state):  # the guide, "Choosing workflow type"; the words are not known
        report.schema("Express state machine does not support Map state in DISTRIBUTED mode", place)


def _check_reader(reader: dict[str, Any], language: str, place: str, report: Report) -> None:
    """The fields and values of ItemReader (Step Functions Developer Guide, "ItemReader (Map)")."""
    check_fields(reader, {"Resource", "Parameters", "Arguments", "ReaderConfig"}, place, report)
    if "Resource" not in reader:
        report.required(["Resource"], place)
    _check_parameters(reader, language, place, report)
    config = reader.get("ReaderConfig", {})
    where = f"{place}/ReaderConfig"
    check_fields(config, _READER_CONFIG, where, report, language)
    written = {field: value for field, value in config.items() if language != "JSONata" or not is_expression(value)}
    for field, values in _READER_VALUES.items():
        check_value(written, field, values, where, report)
    if written.get("MaxItems", 0) > ITEMS_MAX:  # a negative one fails the Map when it runs
        report.schema(f"Expected value of type Integer less than or equal to {ITEMS_MAX}", f"{where}/MaxItems")
    check_or_path(config, config, where, report)


def _check_batcher(batcher: dict[str, Any], language: str, place: str, report: Report) -> None:
    check_fields(batcher, _BATCHER, place, report, language)
    for field in ("MaxItemsPerBatch", "MaxInputBytesPerBatch"):
        _check_least(batcher, field, place, report)
    check_or_path(batcher, batcher, place, report)


def _check_parameters(holder: dict[str, Any], language: str, place: str, report: Report) -> None:
    """The API has its parameters under the name that the query language gives them (the words: aws-cdk issue 33396)."""
    name = "Arguments" if language == "JSONata" else "Parameters"
    if "Resource" in holder and name not in holder:
        report.required([name], place)


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
        report.required(["Resource"], place)
    _check_parameters(writer, language, place, report)
    config = writer.get("WriterConfig", {})
    check_fields(config, ("Transformation", "OutputType"), f"{place}/WriterConfig", report)
    check_value(config, "Transformation", TRANSFORMATIONS, f"{place}/WriterConfig", report)
    check_value(config, "OutputType", OUTPUT_TYPES, f"{place}/WriterConfig", report)
