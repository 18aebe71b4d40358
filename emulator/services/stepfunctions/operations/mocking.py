"""Mock configurations (our own operations), and the test case that a start asks for."""

from __future__ import annotations

import json
from typing import Any

from emulator.arns import find_arn
from emulator.errors import AwsError
from emulator.kit.context import Context
from emulator.languages.asl import mocks
from emulator.services.stepfunctions.work.store import SQL


def put_mock_configuration(ctx: Context, *, configuration: str, all_accounts: bool = False) -> dict[str, Any]:
    """Keep the test cases (JSON, see languages/asl/mocks) of this account and region, or those of all that have none.

    What runs already goes on with what it began with. Errors: ValidationException.
    """
    try:
        mocks.read(configuration)
    except mocks.InvalidMocks as error:
        raise AwsError("ValidationException", str(error)) from None
    ctx.tx.execute(SQL.put_mocks, **_scope(ctx, all_accounts), body=configuration)
    return {}


def delete_mock_configuration(ctx: Context, *, all_accounts: bool = False) -> dict[str, Any]:
    """Forget the test cases."""
    ctx.tx.execute(SQL.remove_mocks, **_scope(ctx, all_accounts))
    return {}


def _scope(ctx: Context, all_accounts: bool) -> dict[str, str]:
    return {"account": "", "region": ""} if all_accounts else {"account": ctx.account, "region": ctx.region}


def require_mocks(ctx: Context, machine_arn: str) -> tuple[str, str | None]:
    """A machine's ARN without the test case at its end (`...#HappyPath`), and what the case answers, as JSON.

    None where there is no case; raises ValidationException for one that is not in the configuration.
    """
    text, separator, case = machine_arn.partition(mocks.SEPARATOR)
    if not separator:
        return text, None
    row = ctx.tx.one(SQL.find_mocks, account=ctx.account, region=ctx.region)
    if row is None:
        message = (
            f"There is no mock configuration for the test case '{case}'; see SFN_MOCK_CONFIG, or workflows/mocks.json."
        )
        raise AwsError("ValidationException", message)
    arn = find_arn(text)
    machine = text if arn is None else arn.name.partition(":")[0]
    try:
        found = mocks.require_case(mocks.read(row["body"]), machine, case)
    except mocks.InvalidMocks as error:
        raise AwsError("ValidationException", str(error)) from None
    return text, json.dumps({"case": case, "states": found})
