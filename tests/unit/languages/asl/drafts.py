"""Small definitions for the tables of what is right and what is wrong."""

from __future__ import annotations

from typing import Any

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
ACTIVITY = {**TASK, "Resource": "arn:aws:states:us-east-1:123456789012:activity:a"}
INNER = {"StartAt": "I", "States": {"I": PASS}}
PARALLEL = {"Type": "Parallel", "Branches": [INNER], "End": True}
STANDARD = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
EXPRESS = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
TEST = {"Variable": "$.a", "NumericEquals": 1}


def machine(state: Any = PASS, **fields: Any) -> dict[str, Any]:
    """A machine of one state, S."""
    return {"StartAt": "S", "States": {"S": state}, **fields}


def queries(state: Any = PASS, **fields: Any) -> dict[str, Any]:
    """The same in JSONata."""
    return machine(state, QueryLanguage="JSONata", **fields)


def linked(state: Any, **fields: Any) -> dict[str, Any]:
    """A machine of S, which may go on to E."""
    return {"StartAt": "S", "States": {"S": state, "E": {"Type": "Succeed"}}, **fields}


def task(action: str, parameters: Any = None, **fields: Any) -> dict[str, Any]:
    """A Task of an integration."""
    given = {} if parameters is None else {"Parameters": parameters}
    return {"Type": "Task", "Resource": f"arn:aws:states:::{action}", "End": True, **given, **fields}


def choice(*rules: Any, **fields: Any) -> dict[str, Any]:
    return linked({"Type": "Choice", "Choices": list(rules), **fields})


def asked(*rules: Any, **fields: Any) -> dict[str, Any]:
    """A Choice in JSONata."""
    return linked({"Type": "Choice", "Choices": list(rules), **fields}, QueryLanguage="JSONata")


def retry(**fields: Any) -> dict[str, Any]:
    return machine({**TASK, "Retry": [{"ErrorEquals": ["A"], **fields}]})


def catch(**fields: Any) -> dict[str, Any]:
    return linked({**TASK, "Catch": [{"ErrorEquals": ["A"], "Next": "E", **fields}]})


def wait(**fields: Any) -> dict[str, Any]:
    return {"Type": "Wait", "End": True, **fields}


def each(config: Any = None, inner: Any = INNER, **fields: Any) -> dict[str, Any]:
    """A Map whose processor has a ProcessorConfig or none."""
    processor = inner if config is None else {**inner, "ProcessorConfig": config}
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}


def many(**fields: Any) -> dict[str, Any]:
    """A machine of a distributed Map."""
    return machine(each(STANDARD, **fields))


def reader(**config: Any) -> dict[str, Any]:
    """A distributed Map whose reader has a ReaderConfig."""
    parameters = {"Bucket": "b", "Key": "k"}
    return many(
        ItemReader={
            "Resource": "arn:aws:states:::s3:getObject",
            "Parameters": parameters,
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", **config},
        }
    )


def writer(**fields: Any) -> dict[str, Any]:
    return many(ResultWriter=fields)


def batcher(**fields: Any) -> dict[str, Any]:
    return many(ItemBatcher=fields)
