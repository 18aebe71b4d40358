"""A distributed Map over a file of many lines, in bounded memory."""

import json
from pathlib import Path

import pytest

from tests.services.stepfunctions.conftest import ROLE
from tests.waiting import until

pytestmark = pytest.mark.slow

LINES = 100_000
GROWTH_MIB = 60


def resident():
    """MiB of memory of this process, the emulator in it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.fixture
def copying(aws):
    """A machine that makes a file of results out of a file of lines: (its ARN, the bucket)."""
    s3, bucket = aws("s3"), f"many-{aws.account}"
    s3.create_bucket(Bucket=bucket)
    lines = (f"{number},the name of {number},{number * 3.5}\n" for number in range(LINES))
    s3.put_object(Bucket=bucket, Key="in.csv", Body=("id,name,price\n" + "".join(lines)).encode())
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P"}
    config = {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}
    where, folder = {"Bucket": bucket, "Key": "in.csv"}, {"Bucket": bucket, "Prefix": "out"}
    each = {
        "Type": "Map",
        "ItemProcessor": {**processor, "States": {"P": {"Type": "Pass", "End": True}}},
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": where, "ReaderConfig": config},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": folder},
        "End": True,
    }
    definition = json.dumps({"StartAt": "M", "States": {"M": each}})
    created = aws("stepfunctions").create_state_machine(name="many", roleArn=ROLE, definition=definition)
    return created["stateMachineArn"], bucket


def test_a_hundred_thousand_lines_need_no_more_memory_than_a_few(aws, copying):
    machine, bucket = copying
    client = aws("stepfunctions")
    before, taken = resident(), []

    def end():
        taken.append(resident())
        shown = client.describe_execution(executionArn=execution)
        return None if shown["status"] == "RUNNING" else shown

    execution = client.start_execution(stateMachineArn=machine)["executionArn"]
    ended = until(end, 100)

    assert max(taken) - before < GROWTH_MIB
    output = json.loads(ended["output"])
    manifest = json.loads(aws("s3").get_object(Bucket=bucket, Key=output["ResultWriterDetails"]["Key"])["Body"].read())
    (file,) = manifest["ResultFiles"]["SUCCEEDED"]
    results = json.loads(aws("s3").get_object(Bucket=bucket, Key=file["Key"])["Body"].read())
    assert [json.loads(result["Output"])["id"] for result in results] == [str(number) for number in range(LINES)]
    counts = client.describe_map_run(mapRunArn=output["MapRunArn"])["itemCounts"]
    assert (counts["succeeded"], counts["resultsWritten"]) == (LINES, LINES)
