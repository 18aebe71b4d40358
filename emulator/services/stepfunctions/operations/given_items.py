"""The items of data that stands for what an ItemReader would find (TestState, mapItemReaderData)."""

from __future__ import annotations

from typing import Any

from emulator.kit.context import Context
from emulator.languages.asl.failures import StateFailure
from emulator.languages.asl.texts import utf8
from emulator.services.stepfunctions.integrations.items import FAILED, Items, Source, UnreadableError
from emulator.services.stepfunctions.integrations.items.objects import Bucket


class _Given(Bucket):
    """A bucket whose every object is the data of a test."""

    def __init__(self, ctx: Context, data: str) -> None:
        super().__init__(ctx, ctx.account, {})
        self.body = utf8(data)

    def call(self, name: str, params: dict[str, Any]) -> dict[str, Any]:
        return {"Body": self.body, "ContentLength": len(self.body), "ETag": ""}


def given_items(ctx: Context, data: str, config: dict[str, Any]) -> list[Any]:
    """The items of `data` as a reader with this ReaderConfig takes it apart. Raises StateFailure."""
    source = Source("arn:aws:states:::s3:getObject", {}, config, ctx.account)
    try:
        return list(Items(source, _Given(ctx, data), {"taken": 0, "at": None}))
    except UnreadableError as error:
        raise StateFailure(FAILED, str(error)) from None
