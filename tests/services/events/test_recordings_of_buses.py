"""Buses, their policies and their tags answer as AWS did."""

import pytest


@pytest.mark.recording(
    "events",
    "test_create_list_describe_delete_custom_event_buses[False-regions0]",
    "test_create_list_describe_delete_custom_event_buses[True-regions0]",
)
@pytest.mark.parametrize("described", [False, True])
def test_the_life_of_a_custom_bus(events, recorded, described):
    more = {"Description": "test bus"} if described else {}

    created = events.create_event_bus(Name="bus", **more)
    listed = events.list_event_buses(NamePrefix="bus")
    shown = events.describe_event_bus(Name="bus")
    deleted = events.delete_event_bus(Name="bus")
    after = events.list_event_buses(NamePrefix="bus")

    recorded.agree(
        f"test_create_list_describe_delete_custom_event_buses[{described}-regions0]",
        create_custom_event_bus_us_east_1=created,
        list_event_buses_after_create_us_east_1=listed,
        describe_custom_event_bus_us_east_1=shown,
        delete_custom_event_bus_us_east_1=deleted,
        list_event_buses_after_delete_us_east_1=after,
    )


@pytest.mark.recording(
    "events",
    "test_create_list_describe_delete_custom_event_buses[False-regions1]",
    "test_create_list_describe_delete_custom_event_buses[True-regions1]",
)
@pytest.mark.parametrize("described", [False, True])
def test_buses_of_one_name_live_in_every_region(aws, recorded, described):
    more = {"Description": "test bus"} if described else {}
    places = {region: aws("events", region) for region in ("us-east-1", "us-west-1", "eu-central-1")}
    answers = {}
    for region, events in places.items():
        at = region.replace("-", "_")
        answers[f"create_custom_event_bus_{at}"] = events.create_event_bus(Name="bus", **more)
        answers[f"list_event_buses_after_create_{at}"] = events.list_event_buses(NamePrefix="bus")
        answers[f"describe_custom_event_bus_{at}"] = events.describe_event_bus(Name="bus")
    for region, events in places.items():
        at = region.replace("-", "_")
        answers[f"delete_custom_event_bus_{at}"] = events.delete_event_bus(Name="bus")
        answers[f"list_event_buses_after_delete_{at}"] = events.list_event_buses(NamePrefix="bus")

    recorded.agree(f"test_create_list_describe_delete_custom_event_buses[{described}-regions1]", **answers)


@pytest.mark.recording("events", "test_create_multiple_event_buses_same_name")
def test_a_name_is_taken_once(events, recorded, error_of):
    events.create_event_bus(Name="bus")

    refused = error_of(events.create_event_bus, Name="bus")

    recorded.agree("test_create_multiple_event_buses_same_name", create_multiple_event_buses_same_name=refused)


@pytest.mark.recording("events", "test_describe_delete_not_existing_event_bus")
def test_a_bus_that_is_not_there_is_not_described(events, recorded, error_of):
    # What it has for DeleteEventBus is the error of this call once more; AWS's model knows none of that name there.
    recorded.part(
        "test_describe_delete_not_existing_event_bus",
        describe_not_existing_event_bus_error=error_of(events.describe_event_bus, Name="bus"),
    )


def test_deleting_a_bus_that_is_not_there_does_nothing(events):
    assert events.delete_event_bus(Name="bus")["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_default_bus_stays(events, error_of):
    refused = error_of(events.delete_event_bus, Name="default")

    assert refused["Error"] == {"Code": "ValidationException", "Message": "Cannot delete event bus default."}


def test_a_bus_with_rules_stays(events, place, error_of):
    events.create_event_bus(Name="bus")
    place.rule(bus="bus")

    refused = error_of(events.delete_event_bus, Name="bus")

    assert refused["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("bus", ["bus", "default"])
def test_a_bus_is_described_anew(events, bus):
    if bus != "default":
        events.create_event_bus(Name=bus, Description="old")

    answer = events.update_event_bus(Name=bus, Description="new")
    unchanged = events.update_event_bus(Name=bus)

    assert (answer["Name"], answer["Description"], unchanged["Description"]) == (bus, "new", "new")
    assert events.describe_event_bus(Name=bus)["Description"] == "new"


def test_buses_are_listed_page_by_page(events):
    for number in range(3):
        events.create_event_bus(Name=f"bus-{number}")

    first = events.list_event_buses(Limit=2, NamePrefix="bus")
    second = events.list_event_buses(Limit=2, NamePrefix="bus", NextToken=first["NextToken"])

    assert [bus["Name"] for bus in first["EventBuses"]] == ["bus-0", "bus-1"]
    assert [bus["Name"] for bus in second["EventBuses"]] == ["bus-2"]
    assert "NextToken" not in second


def test_a_bus_may_be_named_by_its_arn(events, place, error_of):
    arn = events.create_event_bus(Name="bus")["EventBusArn"]

    place.rule(bus=arn)

    assert events.describe_event_bus(Name=arn)["Name"] == "bus"
    assert [rule["EventBusName"] for rule in events.list_rules(EventBusName="bus")["Rules"]] == ["bus"]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:events:us-east-1:999999999999:event-bus/default",
        "arn:aws:events:eu-west-1:{account}:event-bus/default",
    ],
)
def test_the_arn_of_a_bus_elsewhere_names_none_of_ours(events, aws, error_of, arn):
    refused = error_of(events.describe_event_bus, Name=arn.format(account=aws.account))

    assert refused["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.recording("events", "test_remove_permission")
@pytest.mark.parametrize("bus", ["custom", "default"])
def test_permissions_are_added_and_taken_away(events, recorded, bus):
    name = "default"
    if bus == "custom":
        name = "bus"
        events.create_event_bus(Name=name)
    for sid in ("one", "two"):
        events.put_permission(EventBusName=name, Action="events:PutEvents", Principal="123456789012", StatementId=sid)

    removed = events.remove_permission(EventBusName=name, StatementId="one")
    shown = events.describe_event_bus(Name=name)
    emptied = events.remove_permission(EventBusName=name, RemoveAllPermissions=True)
    bare = events.describe_event_bus(Name=name)

    recorded.agree(
        f"test_remove_permission[{bus}]",
        remove_permission=removed,
        describe_event_bus_remove_permission=shown,
        remove_permission_all=emptied,
        describe_event_bus_remove_permission_all=bare,
    )


@pytest.mark.recording("events", "test_put_permission_non_existing_event_bus")
def test_permission_on_a_bus_that_is_not_there(events, recorded, error_of):
    refused = error_of(
        events.put_permission,
        EventBusName="bus",
        Action="events:PutEvents",
        Principal="*",
        StatementId="everyone",
    )

    recorded.agree("test_put_permission_non_existing_event_bus", remove_permission_non_existing_sid_error=refused)


@pytest.mark.recording("events", "test_remove_permission_non_existing_sid")
@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("bus", ["custom", "default"])
def test_a_permission_that_is_not_there(events, recorded, error_of, bus, others):
    name = "default"
    if bus == "custom":
        name = "bus"
        events.create_event_bus(Name=name)
    if others:
        events.put_permission(EventBusName=name, Action="events:PutEvents", Principal="123456789012", StatementId="one")

    refused = error_of(events.remove_permission, EventBusName=name, StatementId="other")

    recorded.agree(
        f"test_remove_permission_non_existing_sid[{others}-{bus}]",
        remove_permission_non_existing_sid_error=refused,
    )


@pytest.mark.parametrize("policy", ["{", "[]", "3", '{"Statement": [3]}'])
def test_a_policy_that_is_none_is_refused(events, error_of, policy):
    refused = error_of(events.put_permission, Policy=policy)

    assert refused["Error"]["Code"] == "ValidationException"


def test_a_permission_without_its_parts_is_refused(events, error_of):
    assert error_of(events.put_permission, StatementId="one")["Error"]["Code"] == "ValidationException"


# -- tags


def test_a_bus_keeps_its_tags(events):
    arn = events.create_event_bus(Name="bus", Tags=[{"Key": "a", "Value": "1"}])["EventBusArn"]

    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}])
    events.untag_resource(ResourceARN=arn, TagKeys=["b", "c"])

    assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "3"}]


@pytest.mark.recording("events", "test_put_rule_with_tags")
def test_a_rule_keeps_its_tags(events, recorded, place):
    tags = [{"Key": "tag1", "Value": "value1"}, {"Key": "tag2", "Value": "value2"}]

    put = events.put_rule(Name="rule", ScheduleExpression="rate(1 minute)", Tags=tags)
    listed = events.list_tags_for_resource(ResourceARN=put["RuleArn"])

    recorded.agree("test_put_rule_with_tags", put_rule_with_tags=put, list_tags_for_rule=listed)


@pytest.mark.recording("events", "test_list_tags_for_deleted_rule", "test_list_tags_for_deleted_event_bus")
def test_tags_of_what_was_deleted(events, recorded, error_of, place):
    bus = events.create_event_bus(Name="bus")["EventBusArn"]
    rule = place.rule(bus="bus", name="gone")
    events.delete_rule(Name="gone", EventBusName="bus")

    of_rule = error_of(events.list_tags_for_resource, ResourceARN=rule)
    events.delete_event_bus(Name="bus")
    of_bus = error_of(events.list_tags_for_resource, ResourceARN=bus)

    recorded.agree("test_list_tags_for_deleted_rule", list_tags_for_deleted_rule_error=of_rule)
    recorded.agree("test_list_tags_for_deleted_event_bus", list_tags_for_deleted_rule_error=of_bus)


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        ("rule", "ValidationException"),
        ("arn:aws:events:us-east-1:{account}:archive/a", "ValidationException"),
        ("arn:aws:events:us-east-1:999999999999:event-bus/default", "ResourceNotFoundException"),
    ],
)
def test_tags_of_what_has_none(events, aws, error_of, arn, code):
    refused = error_of(events.list_tags_for_resource, ResourceARN=arn.format(account=aws.account))

    assert refused["Error"]["Code"] == code
