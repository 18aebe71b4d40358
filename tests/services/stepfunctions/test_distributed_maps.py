"""Distributed Map: items read from S3, selected and batched."""

import json

import pytest

from tests.maps import distributed


@pytest.mark.parametrize(
    ("text", "config", "items"),
    [
        ('a,b\n1,2\n3,"x,y"\n', {"CSVHeaderLocation": "FIRST_ROW"}, [["1", "2"], ["3", "x,y"]]),
        ("1|2\n", {"CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", "b"], "CSVDelimiter": "PIPE"}, [["1", "2"]]),
    ],
)
def test_the_rows_of_a_csv_are_items(workflows, bucket, text, config, items):
    bucket.put("k", text)

    output = workflows.output(distributed(ItemReader=bucket.reader("k", InputType="CSV", **config)))

    assert output == [{"a": a, "b": b} for a, b in items]


def test_an_array_of_json_is_items(workflows, bucket):
    bucket.put("k", '[1, {"a": 2}]')

    assert workflows.output(distributed(ItemReader=bucket.reader("k", InputType="JSON"))) == [1, {"a": 2}]


def test_the_members_of_an_object_of_json_are_items(workflows, bucket):
    bucket.put("k", '{"a": 1, "b": [2]}')

    output = workflows.output(distributed(ItemReader=bucket.reader("k", InputType="JSON")))

    assert output == [{"Key": "a", "Value": 1}, {"Key": "b", "Value": [2]}]


def test_an_item_tells_where_it_is_from(workflows, bucket):
    bucket.put("in/a", "1\n")
    bucket.put("in/b", '{"x": 2}\n')
    here, selector = f"S3://{bucket.name}", {"from.$": "$$.Map.Item.Source", "at.$": "$$.Map.Item.Index"}
    one = bucket.reader("in/a", InputType="JSONL")
    listing = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": bucket.name, "Prefix": "in/"}}
    all_of_them = {**listing, "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"}}
    sources = {"one": one, "listing": listing, "loaded": all_of_them}

    found = {
        name: [item["from"] for item in workflows.output(distributed(ItemReader=reader, ItemSelector=selector))]
        for name, reader in sources.items()
    }

    assert found == {"one": [f"{here}/in/a"], "listing": [here, here], "loaded": [f"{here}/in/a", f"{here}/in/b"]}


def test_a_pointer_finds_the_items_in_a_document(workflows, bucket):
    bucket.put("k", json.dumps({"a": {"b/c": [1, 2]}}))

    reader = bucket.reader("k", InputType="JSON", ItemsPointer="/a/b~1c")

    assert workflows.output(distributed(ItemReader=reader)) == [1, 2]


def test_lines_of_json_are_items_up_to_a_number(workflows, bucket):
    bucket.put("k", '{"n": 1}\n{"n": 2}\n{"n": 3}\n')

    reader = bucket.reader("k", InputType="JSONL", MaxItems=2)

    assert workflows.output(distributed(ItemReader=reader)) == [{"n": 1}, {"n": 2}]


def test_the_objects_of_a_listing_are_items(workflows, bucket):
    for key in ("in/b", "in/a", "out/c"):
        bucket.put(key, "x")
    parameters = {"Bucket": bucket.name, "Prefix": "in/", "MaxKeys": 1}
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": parameters}

    output = workflows.output(distributed(ItemReader=reader))

    assert [item["Key"] for item in output] == ["in/a", "in/b"]
    assert output[0].keys() == {"Etag", "Key", "LastModified", "Size", "StorageClass"}


def test_the_items_of_all_objects_of_a_listing_are_flattened(workflows, bucket):
    bucket.put("a", "[1]")
    bucket.put("b", "[2, 3]")
    config = {"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"}
    reader = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": bucket.name}}

    assert workflows.output(distributed(ItemReader={**reader, "ReaderConfig": config})) == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "config", "cause"),
    [
        ("7", {"InputType": "JSON"}, "Attempting to map over non-iterable node."),
        ("a,a\n1,2", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "CSV headers cannot contain duplicates."),
        ("[1]", {"InputType": "JSON", "MaxItemsPath": "$.most"}, "field MaxItems must be positive"),
    ],
)
def test_what_cannot_be_read_fails_the_map(workflows, bucket, text, config, cause):
    bucket.put("k", text)

    ended = workflows.run(distributed(ItemReader=bucket.reader("k", **config)), {"most": -1})

    assert (ended["error"], ended["cause"]) == ("States.ItemReaderFailed", cause)
    assert workflows.types(ended["executionArn"])[-3:] == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"]


@pytest.mark.parametrize(("most", "read"), [(0, [1, 2, 3]), (2, [1, 2])])
def test_no_more_items_are_read_than_the_most_and_zero_is_every_one(workflows, bucket, most, read):
    bucket.put("k", "[1, 2, 3]")

    assert workflows.output(distributed(ItemReader=bucket.reader("k", InputType="JSON", MaxItems=most))) == read


def test_an_object_that_is_not_there_fails_the_map(workflows, bucket):
    ended = workflows.run(distributed(ItemReader=bucket.reader("none", InputType="JSON")))

    assert (ended["error"], ended["cause"]) == ("States.ItemReaderFailed", "The specified key does not exist.")


def test_a_reader_that_is_not_emulated_is_named(workflows):
    reader = {"Resource": "arn:aws:states:::dynamodb:scan", "Parameters": {}}

    ended = workflows.run(distributed(ItemReader=reader))

    assert ended["error"] == "States.ItemReaderFailed"
    assert "arn:aws:states:::dynamodb:scan" in ended["cause"]


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_many_lines_are_batched_in_their_order(workflows, bucket, kind):
    bucket.put("k", "n\n" + "".join(f"{number}\n" for number in range(1000)))
    reader = bucket.reader("k", InputType="CSV", CSVHeaderLocation="FIRST_ROW")
    gathered = {"Type": "Pass", "Parameters": {"n.$": "$.Items[*].n"}, "OutputPath": "$.n", "End": True}
    states = distributed(gathered, ItemReader=reader, ItemBatcher={"MaxItemsPerBatch": 7})
    states["M"]["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] = kind

    batches = workflows.output(states)

    assert [len(batch) for batch in batches] == [7] * 142 + [6]
    assert [int(number) for batch in batches for number in batch] == list(range(1000))


def test_items_are_selected_in_jsonata(workflows, bucket):
    bucket.put("k", "n\n1\n2\n")
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV"}}
    reader["ReaderConfig"]["CSVHeaderLocation"] = "FIRST_ROW"
    reader["Arguments"] = {"Bucket": bucket.name, "Key": "{% $states.input.key %}"}
    selector = {"twice": "{% $number($states.context.Map.Item.Value.n) * 2 %}", "by": "{% $states.input.key %}"}
    states = distributed(ItemReader=reader, ItemSelector=selector)
    states["M"]["QueryLanguage"] = "JSONata"

    output = workflows.output(states, {"key": "k"})

    assert output == [{"twice": 2, "by": "k"}, {"twice": 4, "by": "k"}]


def test_a_selector_in_jsonata_that_gives_nothing_fails_the_run(workflows):
    states = distributed(ItemSelector={"x": "{% $states.context.Map.Item.Value.none %}"})
    states["M"]["QueryLanguage"] = "JSONata"

    ended = workflows.run(states, [{"n": 1}])

    assert ended["error"] == "States.QueryEvaluationError"
    assert "EvaluationFailed" in workflows.types(ended["executionArn"])
