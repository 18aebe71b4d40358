"""Distributed Map: the Map Run it asks for, and what the children are given."""

import json
from typing import Any

from emulator.languages.asl import answers, document, effects
from emulator.languages.asl.environment import MapItem, listed
from emulator.languages.asl.states.map_feed import MapFeed
from emulator.languages.asl.states.map_io import Batch
from tests.maps import distributed

S3 = "arn:aws:states:::s3:"


def fed(run: Any, step: effects.StartMapRun) -> list[Any]:
    """What the children of a Map Run with given items would be given, one after the other."""
    feed = MapFeed(run.machine, step.plan["feed"], step.arn, run.now, 1)
    items = listed(json.loads(step.items or "[]"))
    return [feed.selected(MapItem(index, item)).value for index, item in enumerate(items)]


def test_a_map_run_is_asked_for_with_its_limits(begin: Any) -> None:
    states = distributed(Label="L", ItemsPath="$.l", MaxConcurrency=5, ToleratedFailurePercentage=2.5)

    asked = begin(states, {"l": [1, 2]}).only(effects.StartMapRun)

    assert asked.arn.startswith("arn:aws:states:eu-west-1:000000000000:mapRun:m/L:")
    assert (asked.items, asked.plan["label"]) == ("[1,2]", "L")
    assert asked.plan["limits"] == {"concurrency": 5, "count": None, "percentage": 2.5}
    assert asked.plan["machine"]["kind"] == "STANDARD"
    assert json.loads(asked.plan["machine"]["definition"])["States"] == {"I": {"Type": "Pass", "End": True}}


def test_the_states_of_a_map_in_jsonata_are_in_the_language_of_the_machine(begin: Any) -> None:
    states = distributed(QueryLanguage="JSONata")

    asked = begin(states, [1]).only(effects.StartMapRun)

    definition = json.loads(asked.plan["machine"]["definition"])
    assert not document.parse(json.dumps(definition)).scopes[0].states["I"].jsonata


def test_the_reader_and_the_writer_are_given_their_values(begin: Any) -> None:
    reader = {
        "Resource": f"{S3}getObject",
        "Parameters": {"Bucket": "b", "Key.$": "$.key"},
        "ReaderConfig": {"InputType": "CSV", "MaxItemsPath": "$.most"},
    }
    writer = {"Resource": f"{S3}putObject", "Parameters": {"Bucket.$": "$.key"}}

    run = begin(distributed(ItemReader=reader, ResultWriter=writer), {"key": "k.csv", "most": 5})

    asked = run.only(effects.StartMapRun)
    assert asked.items is None
    assert asked.plan["reader"]["parameters"] == {"Bucket": "b", "Key": "k.csv"}
    assert asked.plan["reader"]["config"] == {"InputType": "CSV", "MaxItems": 5}
    assert asked.plan["writer"] == {"resource": f"{S3}putObject", "parameters": {"Bucket": "k.csv"}, "config": {}}


def test_the_result_of_a_map_run_is_that_of_the_state(begin: Any) -> None:
    run = begin(distributed(), [1])
    asked = run.only(effects.StartMapRun)

    run.send(answers.TaskSucceeded(asked.task_id, asked.attempt, ["done"]))

    assert run.output == ["done"]
    assert run.types[2:-2] == ["MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded"]


def test_a_map_run_that_failed_fails_the_state(begin: Any) -> None:
    run = begin(distributed(), [1])
    asked = run.only(effects.StartMapRun)

    run.send(answers.TaskFailed(asked.task_id, asked.attempt, "States.ItemReaderFailed", "no such key"))

    assert (run.outcome.error, run.outcome.cause) == ("States.ItemReaderFailed", "no such key")
    assert run.types[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]
    assert run.details("MapRunFailed") == {"error": "States.ItemReaderFailed", "cause": "no such key"}


def test_items_are_selected_one_after_the_other(begin: Any) -> None:
    selector = {"n.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "who.$": "$.who", "id.$": "States.UUID()"}
    run = begin(distributed(ItemsPath="$.l", ItemSelector=selector), {"l": ["a", "b"], "who": "me"})

    first, second = fed(run, run.only(effects.StartMapRun))

    assert (first["n"], first["v"], first["who"]) == (0, "a", "me")
    assert second["n"] == 1
    assert first["id"] != second["id"]
    assert fed(run, run.only(effects.StartMapRun)) == [first, second]


def test_the_members_of_an_object_are_items_of_a_distributed_map_alone(begin: Any) -> None:
    shown = {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value", "from.$": "$$.Map.Item.Source"}
    given = {"servers": {"a": 1, "b": {"c": 2}}}

    plain = begin(distributed(ItemsPath="$.servers"), given)
    selected = begin(distributed(ItemsPath="$.servers", ItemSelector=shown), given)
    queried = begin(distributed(QueryLanguage="JSONata", Items="{% $states.input.servers %}"), given)
    states = distributed(ItemsPath="$.servers")
    states["M"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}

    pairs = [{"Key": "a", "Value": 1}, {"Key": "b", "Value": {"c": 2}}]
    assert plain.details("MapStateStarted") == {"length": 2}
    assert fed(plain, plain.only(effects.StartMapRun)) == pairs
    assert fed(queried, queried.only(effects.StartMapRun)) == pairs
    assert fed(selected, selected.only(effects.StartMapRun)) == [
        {"k": "a", "v": 1, "from": "STATE_DATA"},
        {"k": "b", "v": {"c": 2}, "from": "STATE_DATA"},
    ]
    assert begin(states, given).outcome.cause.endswith('Reference path "$.servers" must point to array.')


def test_an_item_selector_sees_the_variables_around_it(begin: Any) -> None:
    states = distributed(ItemSelector={"x.$": "$x"})

    run = begin({"A": {"Type": "Pass", "Assign": {"x": 7}, "Next": "M"}, **states}, [1])

    assert fed(run, run.only(effects.StartMapRun)) == [{"x": 7}]


def filled(batch: Batch, items: list[Any]) -> list[Any]:
    made = []
    for text in map(json.dumps, items):
        if not batch.fits(text):
            made.append(json.loads(batch.emptied()))
        batch.add(text)
    return [*made, json.loads(batch.emptied())]


def test_items_are_batched_by_number(begin: Any) -> None:
    batcher = {"MaxItemsPerBatch": 2, "BatchInput": {"from.$": "$.who"}}
    run = begin(distributed(ItemsPath="$.l", ItemBatcher=batcher), {"l": [1, 2, 3], "who": "me"})

    batch = Batch(run.only(effects.StartMapRun).plan["feed"]["batch"])

    batch.add("7")
    assert batch.emptied() == '{"BatchInput":{"from":"me"},"Items":[7]}'
    assert filled(batch, [1, 2, 3]) == [
        {"Items": [1, 2], "BatchInput": {"from": "me"}},
        {"Items": [3], "BatchInput": {"from": "me"}},
    ]


def test_items_are_batched_by_bytes_of_their_input(begin: Any) -> None:
    room = len('{"Items":["aaaa","bbbb"]}')
    run = begin(distributed(ItemBatcher={"MaxInputBytesPerBatch": room}), [1])

    batch = Batch(run.only(effects.StartMapRun).plan["feed"]["batch"])

    assert filled(batch, ["aaaa", "bbbb", "c"]) == [{"Items": ["aaaa", "bbbb"]}, {"Items": ["c"]}]


def test_an_inline_map_has_no_item_reader() -> None:
    definition = distributed(ItemReader={"Resource": f"{S3}getObject"})
    definition["M"]["ItemProcessor"]["ProcessorConfig"] = {"Mode": "INLINE"}

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == ["Field 'ItemReader' is not supported"]


def test_a_result_writer_must_say_where_or_how() -> None:
    definition = distributed(ResultWriter={})

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == ["These fields are required: [Resource]"]


def test_an_unknown_form_of_results_is_refused() -> None:
    definition = distributed(ResultWriter={"WriterConfig": {"Transformation": "ROUND", "OutputType": "XML"}})

    found = document.check(json.dumps({"StartAt": "M", "States": definition}))

    assert [problem.message for problem in found] == [
        "The field 'Transformation' should have one of these values: [COMPACT, FLATTEN, NONE]",
        "The field 'OutputType' should have one of these values: [JSON, JSONL]",
    ]
