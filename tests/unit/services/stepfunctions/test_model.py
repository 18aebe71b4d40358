"""Names, ARNs and inputs of Step Functions."""

import pytest

from emulator.errors import AwsError
from emulator.services.stepfunctions.model import (
    check_input,
    check_name,
    redrive_status,
    require_arn,
)


@pytest.mark.parametrize("name", ["a", "A-b_c.1", "ü", "x" * 80])
def test_a_name_may_hold_any_letter(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:b", "a*", "{a}", "a\x7f", "x" * 81])
def test_a_name_may_not_hold_separators_or_be_too_long(name: str) -> None:
    with pytest.raises(AwsError) as refused:
        check_name(name)

    assert refused.value.code == "InvalidName"


@pytest.mark.parametrize("text", ["", "x", "arn:aws:sqs:us-east-1:000000000000:stateMachine:m"])
def test_an_arn_of_another_service_is_refused(text: str) -> None:
    with pytest.raises(AwsError) as refused:
        require_arn(text, "stateMachine")

    assert (refused.value.code, refused.value.message) == ("InvalidArn", f"Invalid Arn: 'Invalid ARN prefix: {text}'")


def test_a_resource_of_another_type_is_refused() -> None:
    with pytest.raises(AwsError) as refused:
        require_arn("arn:aws:states:us-east-1:000000000000:activity:a", "stateMachine")

    assert refused.value.message == "Invalid Arn: 'Resource type not valid in this context: activity'"


@pytest.mark.parametrize("resource", ["stateMachine/m", "stateMachine:m:", "stateMachine:m:1:2", "stateMachine:"])
def test_an_arn_has_all_its_parts_and_no_more(resource: str) -> None:
    with pytest.raises(AwsError, match="Invalid Arn"):
        require_arn(f"arn:aws:states:us-east-1:000000000000:{resource}", "stateMachine")


@pytest.mark.parametrize("text", ["{}", "null", '"x"', "1e400", '"\\ud800"'])
def test_any_json_is_an_input(text: str) -> None:
    check_input(text)


def test_what_is_no_json_is_no_input() -> None:
    with pytest.raises(AwsError) as refused:
        check_input("{")

    assert refused.value.code == "InvalidExecutionInput"


def test_an_input_is_measured_in_bytes() -> None:
    check_input('"' + "x" * 262_142 + '"')

    with pytest.raises(AwsError):
        check_input('"' + "é" * 131_072 + '"')


def test_only_what_failed_can_be_redriven() -> None:
    assert redrive_status("FAILED") == ("REDRIVABLE", None)
    assert redrive_status("RUNNING") == ("NOT_REDRIVABLE", "Execution is RUNNING and cannot be redriven")


def test_a_large_input_with_half_surrogates_in_it_is_refused() -> None:
    with pytest.raises(AwsError, match="surrogates not allowed"):
        check_input('"' + "\ud800" * 70_000 + '"')

    with pytest.raises(AwsError, match="exceeding max payload size"):
        check_input('"' + "\ud800" * 262_145 + '"')
