"""What tests of Map Runs share: what their children do, their runs and counts."""

WAIT = {"Type": "Wait", "Seconds": 60, "End": True}
FAIL = {"Type": "Fail", "Error": "E", "Cause": "C"}


def failing(*values):
    """States of a child that fails for these items and succeeds for the others."""
    choices = [{"Variable": "$", "NumericEquals": value, "Next": "F"} for value in values]
    return {"I": {"Type": "Choice", "Choices": choices, "Default": "S"}, "S": {"Type": "Succeed"}, "F": FAIL}


class Maps:
    def __init__(self, workflows):
        self.workflows, self.client = workflows, workflows.client

    def begin(self, states, given, **fields):
        """Start, and let everything be done that can be done now; the execution's ARN."""
        execution = self.workflows.start(self.workflows.machine(states, **fields), given)
        self.workflows.settle()
        return execution

    def runs(self, execution):
        listed = self.client.list_map_runs(executionArn=execution)["mapRuns"]
        return [run["mapRunArn"] for run in listed]

    def described(self, execution):
        """DescribeMapRun of the only run of an execution."""
        (run,) = self.runs(execution)
        return self.client.describe_map_run(mapRunArn=run)

    def counts(self, execution, of="executionCounts"):
        """The counts of the only run that are not zero, but for `total`."""
        counts = self.described(execution)[of]
        return {name: count for name, count in counts.items() if count and name != "total"}

    def children(self, execution, **params):
        """The children of the only run, the first item's first."""
        (run,) = self.runs(execution)
        pages = self.client.get_paginator("list_executions").paginate(mapRunArn=run, **params)
        return [child for page in pages for child in page["executions"]][::-1]
