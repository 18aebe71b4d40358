"""Distributed Map: items that are read, batched, and results that are written."""

import json
from typing import Any

from emulator.languages.asl import answers, document, effects

S3 = "arn:aws:states:::s3:"


def distributed(inner: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    state = inner or {"Type": "Pass", "End": True}
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "I", "States": {"I": state}}
    return {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}


def test_an_item_reader_is_asked_for_the_items(begin: Any) -> None:
    reader = {
        "Resource": f"{S3}getObject",
        "Parameters": {"Bucket": "b", "Key.$": "$.key"},
        "ReaderConfig": {"InputType": "CSV", "MaxItemsPath": "$.most"},
    }
    run = begin(distributed(ItemReader=reader), {"key": "k.csv", "most": 5})
    asked = run.only(effects.RunTask)

    run.send(answers.TaskSucceeded(asked.task_id, asked.attempt, [{"a": "1"}, {"a": "2"}]))

    assert (asked.purpose, asked.resource) == ("item-reader", f"{S3}getObject")
    assert asked.parameters == {"Bucket": "b", "Key": "k.csv"}
    assert asked.options == {"InputType": "CSV", "MaxItems": 5}
    assert run.output == [{"a": "1"}, {"a": "2"}]


def test_items_that_cannot_be_read_fail_the_map(begin: Any) -> None:
    run = begin(distributed(ItemReader={"Resource": f"{S3}getObject"}))
    asked = run.only(effects.RunTask)

    run.send(answers.TaskFailed(asked.task_id, asked.attempt, "S3.NoSuchKey", "no such key"))

    assert (run.outcome.error, run.outcome.cause) == ("States.ItemReaderFailed", "no such key")
    assert run.types[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


def test_items_are_batched_by_number(begin: Any) -> None:
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"from.$": "$.who"}}
    run = begin(distributed(ItemsPath="$.l", ItemBatcher=batcher), {"l": [1, 2, 3], "who": "me"})

    assert run.output == [
        {"Items": [1, 2], "BatchInput": {"from": "me"}},
        {"Items": [3], "BatchInput": {"from": "me"}},
    ]


def test_items_are_batched_by_bytes_of_their_input(begin: Any) -> None:
    room = len('{"Items":["aaaa","bbbb"]}')
    run = begin(distributed(ItemBatcher={"MaxInputBytesPerBatch": room}), ["aaaa", "bbbb", "c"])

    assert run.output == [{"Items": ["aaaa", "bbbb"]}, {"Items": ["c"]}]


def test_a_result_writer_takes_the_results(begin: Any) -> None:
    fail = {"Type": "Fail", "Error": "E", "Cause": "C"}
    writer = {"Resource": f"{S3}putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}}
    run = begin(distributed(fail, ResultWriter=writer, ToleratedFailurePercentage=100), [7])
    asked = run.only(effects.RunTask)

    run.send(answers.TaskSucceeded(asked.task_id, asked.attempt, {"ResultWriterDetails": {}}))

    assert asked.purpose == "result-writer"
    assert asked.options is not None
    assert asked.options["Results"] == [{"Index": 0, "Input": "7", "Status": "FAILED", "Error": "E", "Cause": "C"}]
    assert run.output == {"ResultWriterDetails": {}}


def test_an_inline_map_has_no_item_reader() -> None:
    definition = distributed(ItemReader={"Resource": f"{S3}getObject"})
    definition["M"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == ["Unknown field 'ItemReader'"]


def test_a_result_writer_must_say_where_or_how() -> None:
    definition = distributed(ResultWriter={})

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == ["These fields are required: [Resource]"]


def test_an_unknown_form_of_results_is_refused() -> None:
    definition = distributed(ResultWriter={"WriterConfig": {"Transformation": "ROUND", "OutputType": "XML"}})

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == [
        "Value is not one of: [COMPACT, FLATTEN, NONE]",
        "Value is not one of: [JSON, JSONL]",
    ]
