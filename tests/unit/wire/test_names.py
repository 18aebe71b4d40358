"""Names: ours are botocore's."""

import botocore
import pytest

from emulator.wire import models
from emulator.wire.names import xform_name
from tests.apis import APIS


@pytest.mark.parametrize("service", sorted([*APIS, "apigatewayv2", "ecs", "glue"]))
def test_every_operation_and_member_is_named_as_botocore_names_it(service: str) -> None:
    model = models.service(service)

    names = set(model.operations)
    for operation in model.operations.values():
        for shape in (operation.input, operation.output):
            names |= set(shape.members) if shape else set()

    assert {name: xform_name(name) for name in names} == {name: botocore.xform_name(name) for name in names}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("QueueUrl", "queue_url"),
        ("MD5OfBody", "md5_of_body"),
        ("ListHITsForQualificationType", "list_hi_ts_for_qualification_type"),
        ("queueUrls", "queue_urls"),
        ("VpcIDs", "vpc_ids"),
    ],
)
def test_runs_of_capitals_are_one_word(name: str, expected: str) -> None:
    assert xform_name(name) == expected
