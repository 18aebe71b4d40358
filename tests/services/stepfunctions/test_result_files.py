"""Distributed Map: results written to S3, or formed for the output."""

import json
from datetime import datetime

import pytest

from tests.maps import distributed


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


FAILING = {
    "I": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 2, "Next": "F"}], "Default": "S"},
    "S": {"Type": "Succeed"},
    "F": {"Type": "Fail", "Error": "E"},
}


def failing(bucket, kind="STANDARD", **fields):
    """A machine's states: one Map that writes its results, whose child with n = 2 fails."""
    states = distributed(ResultWriter=writer(bucket), MaxConcurrency=1, **fields)
    config = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    states["M"]["ItemProcessor"] |= {"States": FAILING, "ProcessorConfig": config}
    return states


class Files:
    """The result files of the newest run of an execution."""

    def __init__(self, workflows, bucket, execution):
        self.run = workflows.client.list_map_runs(executionArn=execution)["mapRuns"][0]["mapRunArn"]
        self.folder, self._get = f"jobs/{self.run.rpartition(':')[2]}", bucket.get
        self.manifest = json.loads(bucket.get(f"{self.folder}/manifest.json"))["ResultFiles"]

    def results(self, name):
        """What the files of a status hold, by the manifest."""
        texts = [self._get(file["Key"]) for file in self.manifest[name]]
        assert [file["Size"] for file in self.manifest[name]] == [len(text) for text in texts]
        return [result for text in texts for result in json.loads(text)]


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_run_that_failed_writes_its_results_and_what_it_has_not_begun(workflows, bucket, kind):
    ended = workflows.run(failing(bucket, kind), [{"n": n} for n in range(1, 5)])

    assert ended["error"] == "States.ExceedToleratedFailureThreshold"
    files = Files(workflows, bucket, ended["executionArn"])
    (failed,) = files.results("FAILED")
    assert (failed["Input"], failed["RedriveStatus"]) == ('{"n":2}', "REDRIVABLE_BY_MAP_RUN")
    assert [result["Input"] for result in files.results("SUCCEEDED")] == ['{"n":1}']
    assert [file["Key"] for file in files.manifest["PENDING"]] == [f"{files.folder}/PENDING_0.json"]
    assert files.results("PENDING") == [
        {"Input": f'{{"n":{n}}}', "InputDetails": {"Included": True}, "Status": "PENDING"} for n in (3, 4)
    ]
    counts = workflows.client.describe_map_run(mapRunArn=files.run)["executionCounts"]
    assert (counts["resultsWritten"], counts["pending"], counts["total"]) == (2, 2, 4)


def test_batches_of_a_reader_that_were_not_begun_are_pending(workflows, bucket):
    bucket.put("k", "".join(f'{{"n":{n}}}\n' for n in range(2, 1002)))
    select = {"n.$": "$.Items[0].n"}
    states = failing(bucket, ItemReader=bucket.reader("k", InputType="JSONL"), ItemBatcher={"MaxItemsPerBatch": 3})
    states["M"]["ItemProcessor"] |= {
        "StartAt": "P",
        "States": {"P": {"Type": "Pass", "Parameters": select, "Next": "I"}, **FAILING},
    }

    ended = workflows.run(states)

    files = Files(workflows, bucket, ended["executionArn"])
    pending = [json.loads(result["Input"])["Items"] for result in files.results("PENDING")]
    assert [len(items) for items in pending] == [3] * 332 + [1]
    assert [item["n"] for items in pending for item in items] == list(range(5, 1002))
    shown = workflows.client.describe_map_run(mapRunArn=files.run)
    counts = [shown[name] for name in ("executionCounts", "itemCounts")]
    assert [(count["pending"], count["failed"], count["total"]) for count in counts] == [(333, 1, 334), (997, 3, 1000)]


@pytest.mark.parametrize("how", ["stopped", "timed out"])
def test_a_run_that_is_given_up_tells_what_it_has_not_begun(workflows, bucket, how):
    wait = {"Type": "Wait", "Seconds": 60, "End": True}
    states = distributed(wait, ResultWriter=writer(bucket), MaxConcurrency=1)
    execution = workflows.start(workflows.machine(states, TimeoutSeconds=30), [1, 2, 3])
    workflows.settle()

    if how == "stopped":
        workflows.client.stop_execution(executionArn=execution)
    else:
        workflows.end(execution)
    workflows.settle()

    files = Files(workflows, bucket, execution)
    assert [(result["Status"], result["Input"]) for result in files.results("FAILED")] == [("ABORTED", "1")]
    assert [result["Input"] for result in files.results("PENDING")] == ["2", "3"]


def test_what_was_pending_is_so_no_more_after_a_redrive(workflows, bucket, late):
    states = failing(bucket)
    states["M"]["ItemProcessor"]["States"] = {**FAILING, "F": late.task()}
    execution = workflows.run(states, [{"n": 2}, {"n": 3}])["executionArn"]
    assert len(Files(workflows, bucket, execution).results("PENDING")) == 1
    late.create()

    workflows.client.redrive_execution(executionArn=execution)

    assert workflows.end(execution)["status"] == "SUCCEEDED"
    files = Files(workflows, bucket, execution)
    assert (files.manifest["PENDING"], files.manifest["FAILED"]) == ([], [])
    assert [result["RedriveCount"] for result in files.results("SUCCEEDED")] == [1, 0]
    counts = workflows.client.describe_map_run(mapRunArn=files.run)["executionCounts"]
    assert (counts["resultsWritten"], counts["pending"], counts["total"]) == (2, 0, 2)


def test_a_result_tells_when_its_child_ran(workflows, bucket):
    wait = {"Type": "Wait", "Seconds": 60, "End": True}

    output = workflows.output(distributed(wait, ResultWriter=writer(bucket)), [1])

    folder = output["ResultWriterDetails"]["Key"].rpartition("/")[0]
    (result,) = json.loads(bucket.get(f"{folder}/SUCCEEDED_0.json"))
    (started, stopped) = (datetime.fromisoformat(result[name]) for name in ("StartDate", "StopDate"))
    assert (stopped - started).total_seconds() == pytest.approx(60, abs=5)
    shown = workflows.client.describe_execution(executionArn=result["ExecutionArn"])
    assert (shown["name"], shown["startDate"]) == (result["Name"], started)
