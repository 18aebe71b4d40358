"""Validation: AWS's texts, as recorded from AWS."""

from typing import Any

import pytest

from emulator.errors import AwsError
from emulator.wire import models
from emulator.wire.constraints import compiled
from emulator.wire.validation import validate


def refusal(service: str, operation: str, **params: Any) -> AwsError:
    with pytest.raises(AwsError) as refused:
        validate(models.service(service).operations[operation], params)
    return refused.value


def test_a_call_that_keeps_the_model_is_accepted() -> None:
    operation = models.service("sqs").operations["SendMessage"]
    attributes = {"a": {"DataType": "Binary", "BinaryValue": b"x"}}

    validate(
        operation,
        {"queue_url": "u", "message_body": "b", "message_attributes": attributes, "delay_seconds": None},
    )

    assert operation.input is not None


def test_sqs_names_the_parameter_that_is_missing() -> None:
    error = refusal("sqs", "SendMessage", queue_url="u")

    assert (error.code, error.message) == (
        "MissingParameter",
        "The request must contain the parameter MessageBody.",
    )


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (
            {"name": "a b"},
            r"Value 'a b' at 'name' {}: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
        ),
        (
            {"name": "n" * 65},
            f"Value '{'n' * 65}' at 'name' {{}}: Member must have length less than or equal to 64",
        ),
        ({}, "Value null at 'name' {}: Member must not be null"),
    ],
)
def test_events_answers_as_coral_does(params: dict[str, Any], text: str) -> None:
    error = refusal("events", "PutRule", **params)

    assert error.code == "ValidationException"
    assert error.message == f"1 validation error detected: {text.format('failed to satisfy constraint')}"


def test_an_enum_is_listed() -> None:
    error = refusal("lambda", "UpdateFunctionConfiguration", function_name="f", snap_start={"ApplyOn": "UNKNOWN"})

    assert error.message == (
        "1 validation error detected: Value 'UNKNOWN' at 'snapStart.applyOn' failed to satisfy constraint: "
        "Member must satisfy enum value set: [PublishedVersions, None]"
    )


def test_a_member_of_a_list_is_named_by_its_number() -> None:
    error = refusal("events", "PutTargets", rule="r", targets=[{"Id": "x" * 65, "Arn": "arn"}])

    assert error.message == (
        f"1 validation error detected: Value '{'x' * 65}' at 'targets.1.member.id' "
        "failed to satisfy constraint: Member must have length less than or equal to 64"
    )


def test_several_errors_are_counted() -> None:
    error = refusal("events", "PutTargets", rule="r", targets=[{}])

    assert error.message == (
        "2 validation errors detected: "
        "Value null at 'targets.1.member.id' failed to satisfy constraint: Member must not be null; "
        "Value null at 'targets.1.member.arn' failed to satisfy constraint: Member must not be null"
    )


def test_logs_has_a_code_of_its_own() -> None:
    error = refusal("logs", "FilterLogEvents", log_group_name="g", limit=10_001)

    assert error.code == "InvalidParameterException"
    assert error.message == (
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000"
    )


def test_sns_checks_what_is_required_and_leaves_the_rest_to_the_service() -> None:
    error = refusal("sns", "Publish", message="m", message_attributes={"attr1": {}})

    assert error.code == "ValidationError"
    assert error.message == (
        "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' "
        "failed to satisfy constraint: Member must not be null"
    )


@pytest.mark.parametrize(
    ("weights", "shown", "what", "demands"),
    [
        (
            {"2": 2.0},
            "{2=2.0}",
            "Map value",
            "Member must have value less than or equal to 1.0, "
            "Member must have value greater than or equal to 0.0, "
            "Member must not be null",
        ),
        (
            {"$LATEST": 0.5},
            "{$LATEST=0.5}",
            "Map keys",
            "Member must have length less than or equal to 1024, "
            "Member must have length greater than or equal to 1, "
            "Member must satisfy regular expression pattern: [0-9]+",
        ),
    ],
)
def test_a_map_is_shown_whole(weights: dict[str, float], shown: str, what: str, demands: str) -> None:
    error = refusal(
        "lambda",
        "CreateAlias",
        function_name="f",
        name="n",
        function_version="1",
        routing_config={"AdditionalVersionWeights": weights},
    )

    assert error.message == (
        f"1 validation error detected: Value '{shown}' at 'routingConfig.additionalVersionWeights' "
        f"failed to satisfy constraint: {what} must satisfy constraint: [{demands}]"
    )


def test_a_structure_is_shown_as_java_shows_it() -> None:
    metric = {"metricName": "m1", "metricNamespace": "n1", "metricValue": "1"}

    error = refusal(
        "logs",
        "PutMetricFilter",
        log_group_name="g",
        filter_name="f",
        filter_pattern="",
        metric_transformations=[metric, metric],
    )

    rest = "defaultValue=null, dimensions=null, unit=null"
    shown = f"MetricTransformation(metricName=m1, metricNamespace=n1, metricValue=1, {rest})"
    assert error.message == (
        f"1 validation error detected: Value '[{shown}, {shown}]' at 'metricTransformations' "
        "failed to satisfy constraint: Member must have length less than or equal to 1"
    )


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"message_body": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"delay_seconds": "1"}, "STRING_VALUE can not be converted to an Integer"),
        ({"message_body": True}, "TRUE_VALUE can not be converted to a String"),
        ({"message_body": {}}, "Start of structure or map found where not expected."),
        (
            {"delay_seconds": 2**40},
            "Numeric value (1099511627776) out of range of integer (-2147483648 - 2147483647)",
        ),
    ],
)
def test_a_value_of_another_type_is_a_serialization_error(params: dict[str, Any], text: str) -> None:
    error = refusal("sqs", "SendMessage", **({"queue_url": "u", "message_body": "b"} | params))

    assert (error.code, error.message) == ("SerializationException", text)


def test_a_secret_is_not_shown() -> None:
    error = refusal("secretsmanager", "CreateSecret", name="n", secret_string="")

    assert error.message.startswith("1 validation error detected: Value at 'secretString' failed")


@pytest.mark.parametrize(
    "service",
    [
        "events",
        "lambda",
        "logs",
        "pipes",
        "scheduler",
        "stepfunctions",
        "ssm",
        "iam",
        "secretsmanager",
        "kms",
    ],
)
def test_every_pattern_of_a_served_model_can_be_checked(service: str) -> None:
    model = models.service(service)
    raw = (model.operations[name].model for name in list(model.operations)[:1])
    patterns = {
        shape.traits["pattern"]
        for each in raw
        for name in each.shape_names
        if (shape := each.find_shape(name)) and "pattern" in shape.traits
    }

    assert [pattern for pattern in patterns if compiled(pattern) is None] == []
