"""Distributed Map: items read from S3, results written to it."""

import json
from datetime import datetime

import pytest

INNER = {"Type": "Pass", "End": True}


def distributed(inner=None, **fields):
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "I", "States": {"I": inner or INNER}}
    return {"M": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}


@pytest.fixture
def bucket(aws):
    """A bucket of the test's own: put(key, text), and get(key)."""
    return Bucket(aws("s3"), f"bucket-{aws.account}")


class Bucket:
    def __init__(self, s3, name):
        self.s3, self.name = s3, name
        s3.create_bucket(Bucket=name)

    def put(self, key, text):
        self.s3.put_object(Bucket=self.name, Key=key, Body=text.encode())

    def get(self, key):
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read().decode()

    def reader(self, key, **config):
        parameters = {"Bucket": self.name, "Key": key}
        return {"Resource": "arn:aws:states:::s3:getObject", "Parameters": parameters, "ReaderConfig": config}


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
        ("{}", {"InputType": "JSON"}, "Attempting to map over non-iterable node."),
        ("a,a\n1,2", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "CSV headers cannot contain duplicates."),
        ("[1]", {"InputType": "JSON", "MaxItems": -1}, "field MaxItems must be positive"),
        ("x", {"InputType": "ORC"}, "The InputType ORC is none of CSV, JSON, JSONL, PARQUET."),
    ],
)
def test_what_cannot_be_read_fails_the_map(workflows, bucket, text, config, cause):
    bucket.put("k", text)

    ended = workflows.run(distributed(ItemReader=bucket.reader("k", **config)))

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


def writer(bucket, **config):
    parameters = {"Bucket": bucket.name, "Prefix": "jobs"}
    return {"Resource": "arn:aws:states:::s3:putObject", "Parameters": parameters, **config}


def test_results_are_written_with_a_manifest(workflows, bucket):
    choice = {"Variable": "$", "NumericGreaterThan": 1, "Next": "F"}
    inner = {"I": {"Type": "Choice", "Choices": [choice], "Default": "S"}, "S": {"Type": "Succeed"}}
    states = distributed(ResultWriter=writer(bucket), ToleratedFailurePercentage=100, Label="L")
    states["M"]["ItemProcessor"]["States"] = {**inner, "F": {"Type": "Fail", "Error": "E", "Cause": "C"}}

    output = workflows.output(states, [1, 2])

    run = output["MapRunArn"].rpartition(":")[2]
    assert output["ResultWriterDetails"] == {"Bucket": bucket.name, "Key": f"jobs/{run}/manifest.json"}
    manifest = json.loads(bucket.get(f"jobs/{run}/manifest.json"))
    succeeded, failed = manifest["ResultFiles"]["SUCCEEDED"], manifest["ResultFiles"]["FAILED"]
    assert (manifest["DestinationBucket"], manifest["MapRunArn"]) == (bucket.name, output["MapRunArn"])
    assert [file["Key"] for file in succeeded + failed] == [f"jobs/{run}/SUCCEEDED_0.json", f"jobs/{run}/FAILED_0.json"]
    text = bucket.get(succeeded[0]["Key"])
    assert succeeded[0]["Size"] == len(text)
    (done,) = json.loads(text)
    assert (done["Status"], done["Input"], done["Output"]) == ("SUCCEEDED", "1", "1")
    assert ":execution:machine-1/L:" in done["ExecutionArn"]
    (lost,) = json.loads(bucket.get(failed[0]["Key"]))
    assert (lost["Status"], lost["Input"], lost["Error"], lost["Cause"]) == ("FAILED", "2", "E", "C")


def test_flattened_results_are_written_as_lines(workflows, bucket):
    config = {"Transformation": "FLATTEN", "OutputType": "JSONL"}
    states = distributed(ResultWriter=writer(bucket, WriterConfig=config))

    output = workflows.output(states, [[1, 2], 3])

    folder = output["ResultWriterDetails"]["Key"].rpartition("/")[0]
    assert bucket.get(f"{folder}/SUCCEEDED_0.jsonl") == "1\n2\n3\n"


def test_a_bucket_that_is_not_there_fails_the_writer(workflows, bucket):
    states = distributed(ResultWriter=writer(bucket))
    states["M"]["ResultWriter"]["Parameters"]["Bucket"] = f"{bucket.name}-none"

    ended = workflows.run(states, [1])

    assert (ended["error"], ended["cause"]) == ("States.ResultWriterFailed", "The specified bucket does not exist")


@pytest.mark.parametrize(("transformation", "output"), [("COMPACT", [[1, 2], 3]), ("FLATTEN", [1, 2, 3])])
def test_a_writer_config_alone_forms_the_output(workflows, transformation, output):
    states = distributed(ResultWriter={"WriterConfig": {"Transformation": transformation, "OutputType": "JSON"}})

    assert workflows.output(states, [[1, 2], 3]) == output


def test_a_writer_config_may_ask_for_whole_results(workflows):
    states = distributed(ResultWriter={"WriterConfig": {"Transformation": "NONE"}})

    (result,) = workflows.output(states, [7])

    assert (result["Status"], result["Input"], result["Output"]) == ("SUCCEEDED", "7", "7")
    assert result["RedriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"


def test_lines_of_json_without_a_file_fail_the_writer(workflows):
    ended = workflows.run(distributed(ResultWriter={"WriterConfig": {"OutputType": "JSONL"}}), [1])

    assert ended["error"] == "States.ResultWriterFailed"


def test_a_run_that_failed_writes_its_results_too(workflows, bucket):
    choice = {"Variable": "$", "NumericEquals": 2, "Next": "F"}
    states = distributed(ResultWriter=writer(bucket), MaxConcurrency=1)
    inner = {"I": {"Type": "Choice", "Choices": [choice], "Default": "S"}, "S": {"Type": "Succeed"}}
    states["M"]["ItemProcessor"]["States"] = {**inner, "F": {"Type": "Fail", "Error": "E"}}

    ended = workflows.run(states, [1, 2, 3])

    assert ended["error"] == "States.ExceedToleratedFailureThreshold"
    (run,) = workflows.client.list_map_runs(executionArn=ended["executionArn"])["mapRuns"]
    folder = f"jobs/{run['mapRunArn'].rpartition(':')[2]}"
    manifest = json.loads(bucket.get(f"{folder}/manifest.json"))
    assert {name: len(files) for name, files in manifest["ResultFiles"].items()} == {
        "FAILED": 1,
        "PENDING": 0,
        "SUCCEEDED": 1,
    }
    (failed,) = json.loads(bucket.get(f"{folder}/FAILED_0.json"))
    assert (failed["Input"], failed["RedriveStatus"]) == ("2", "REDRIVABLE_BY_MAP_RUN")
    counts = workflows.client.describe_map_run(mapRunArn=run["mapRunArn"])["executionCounts"]
    assert (counts["resultsWritten"], counts["pending"]) == (2, 1)


def test_a_result_tells_when_its_child_ran(workflows, bucket):
    wait = {"Type": "Wait", "Seconds": 60, "End": True}

    output = workflows.output(distributed(wait, ResultWriter=writer(bucket)), [1])

    folder = output["ResultWriterDetails"]["Key"].rpartition("/")[0]
    (result,) = json.loads(bucket.get(f"{folder}/SUCCEEDED_0.json"))
    (started, stopped) = (datetime.fromisoformat(result[name]) for name in ("StartDate", "StopDate"))
    assert (stopped - started).total_seconds() == pytest.approx(60, abs=5)
    shown = workflows.client.describe_execution(executionArn=result["ExecutionArn"])
    assert (shown["name"], shown["startDate"]) == (result["Name"], started)


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
