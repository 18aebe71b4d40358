"""Operations are functions whose parameters are the model's; what is not emulated is said."""

import inspect

import pytest

from emulator.errors import AwsError, EmulatorError
from emulator.kit.directory import Directory
from emulator.kit.service import Service
from emulator.services import MODELS, SERVICES
from emulator.wire import models
from emulator.wire.names import xform_name

models.add_path(MODELS)


def operations():
    """Every operation of every served service that has a function."""
    directory = Directory(SERVICES)
    for service in SERVICES:
        for operation in models.service(service.name).operations.values():
            bound = directory.find(service.name, operation)
            if bound is not None:
                yield service.name, operation, bound.function


def test_a_function_demands_only_what_the_model_demands():
    wrong = []
    for service, operation, function in operations():
        shape = operation.input
        required = {xform_name(name) for name in (shape.required if shape else ())}
        demanded = {
            name
            for name, parameter in list(inspect.signature(function).parameters.items())[1:]
            if parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD
        }
        wrong += [f"{service}:{operation.name} demands {name}" for name in sorted(demanded - required)]

    assert wrong == []


def test_every_kind_of_work_is_found_by_its_name():
    directory = Directory(SERVICES)

    kinds = [kind for service in SERVICES for kind in service.kinds()]

    assert [directory.kind(kind.name) for kind in kinds] == kinds


def test_a_kind_of_work_that_nobody_does():
    with pytest.raises(EmulatorError, match=r"events\.nothing"):
        Directory(SERVICES).kind("events.nothing")


def test_an_operation_without_a_function_is_a_501_that_names_it():
    operation = models.service("events").operations["CreateEndpoint"]

    with pytest.raises(AwsError, match="CreateEndpoint") as refused:
        Directory(SERVICES).require("events", operation)

    assert refused.value.status == 501


def test_a_service_that_is_not_ours_has_no_functions():
    operation = models.service("sqs").operations["SendMessage"]

    assert Directory((Service("events", "emulator.services.events"),)).find("sqs", operation) is None


def test_what_is_accepted_and_not_acted_on_is_listed():
    found = {entry.operation: entry for entry in Directory(SERVICES).coverage("events")}

    assert found["PutEvents"].not_acted_on == ("EndpointId",)
    assert not found["CreateEndpoint"].emulated


def test_what_operations_share_counts_as_acted_on():
    found = {entry.operation: entry for entry in Directory(SERVICES).coverage("s3")}

    assert "CacheControl" not in found["PutObject"].not_acted_on
    assert "RequestPayer" in found["PutObject"].not_acted_on
