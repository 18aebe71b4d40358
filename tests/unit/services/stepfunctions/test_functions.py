"""What the outcome of an invocation means for a task."""

from typing import Any

import pytest

from emulator.services.stepfunctions.integrations import functions
from emulator.services.stepfunctions.integrations.task import Failed

NOWHERE: Any = None  # no failure asks where it happens
NO_TYPE = "The cause could not be determined because Lambda did not return an error type. Returned payload: "


def failed(text: str) -> dict[str, Any]:
    return {"result": {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": text}}


@pytest.mark.parametrize(
    ("text", "direct", "error", "cause"),
    [
        ('{"errorType": "E"}', True, "E", '{"errorType": "E"}'),
        ('{"errorType": "E"}', False, "E", '{"errorType":"E"}'),
        ('{"errorMessage": "late"}', True, "Lambda.Unknown", f'{NO_TYPE}{{"errorMessage": "late"}}'),
        ('{"errorMessage": "late"}', False, "Lambda.Unknown", f'{NO_TYPE}{{"errorMessage":"late"}}'),
        ("[1]", False, "Lambda.Unknown", f"{NO_TYPE}[1]"),
        ("no json", False, "Lambda.Unknown", f"{NO_TYPE}no json"),
    ],
)
def test_the_error_of_a_function_is_named_by_its_type(text: str, direct: bool, error: str, cause: str) -> None:
    assert functions.answered(NOWHERE, {"direct": direct}, failed(text)) == Failed(error, cause)


@pytest.mark.parametrize("direct", [True, False])
def test_an_answer_that_is_no_json_fails_the_task(direct: bool) -> None:
    outcome = {"result": {"StatusCode": 200, "Payload": "NaN"}}

    answer = functions.answered(NOWHERE, {"direct": direct}, outcome)

    assert answer == Failed("Lambda.Unknown", "The function returned what is no JSON: NaN")


@pytest.mark.parametrize(
    ("code", "error", "shown"),
    [
        (
            "Lambda.TooManyRequestsException",
            "Lambda.TooManyRequestsException",
            "Status Code: 429; Error Code: TooManyRequestsException",
        ),
        ("Lambda.ServiceException", "Lambda.ServiceException", "Status Code: 500; Error Code: ServiceException"),
    ],
)
def test_an_error_of_lambda_itself_has_the_cause_of_its_api(code: str, error: str, shown: str) -> None:
    answer = functions.answered(NOWHERE, {"direct": False}, {"error": {"code": code, "message": "Text"}})

    assert answer.error == error
    assert answer.cause.startswith(f"Text (Service: AWSLambda; {shown}; Request ID: ")
