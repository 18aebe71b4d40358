"""The targets of rules are put, listed and refused as with AWS."""

import pytest

ARN = "arn:aws:sqs:us-east-1:123456789012:queue"


@pytest.mark.recording("events", "test_list_target_by_rule_limit")
def test_targets_are_listed_page_by_page(events, place, recorded):
    place.rule(*[ARN] * 5)

    first = events.list_targets_by_rule(Rule="rule", Limit=3)
    second = events.list_targets_by_rule(Rule="rule", Limit=3, NextToken=first["NextToken"])

    recorded.agree("test_list_target_by_rule_limit", list_targets_limit=first, list_targets_limit_next_token=second)


@pytest.mark.recording("events", "test_put_multiple_targets_with_same_id_single_rule")
def test_a_target_of_the_same_id_is_replaced(events, place, recorded):
    place.rule({"Id": "target-id", "Arn": ARN, "InputPath": "$.detail"})
    events.put_targets(Rule="rule", Targets=[{"Id": "target-id", "Arn": ARN, "InputPath": "$.notexisting"}])

    recorded.agree(
        "test_put_multiple_targets_with_same_id_single_rule", list_targets=events.list_targets_by_rule(Rule="rule")
    )


@pytest.mark.recording("events", "test_put_multiple_targets_with_same_arn_across_different_rules")
def test_two_rules_may_have_one_target(events, place, recorded):
    for name, path in (("one", "$.detail"), ("two", "$.doesnotexist")):
        place.rule({"Id": "target-id", "Arn": ARN, "InputPath": path}, name=name)

    recorded.agree(
        "test_put_multiple_targets_with_same_arn_across_different_rules",
        list_targets_rule_one=events.list_targets_by_rule(Rule="one"),
        list_targets_rule_two=events.list_targets_by_rule(Rule="two"),
    )


@pytest.mark.recording("events", "test_put_multiple_targets_with_same_arn_single_rule")
def test_a_rule_may_have_two_targets_of_one_arn(events, place, recorded):
    given = [
        {"Id": "target-id-one", "Arn": ARN, "InputPath": "$.detail"},
        {"Id": "target-id-two", "Arn": ARN, "InputPath": "$.doesnotexist"},
    ]

    place.rule(*given)

    recorded.agree(
        "test_put_multiple_targets_with_same_arn_single_rule", list_targets=events.list_targets_by_rule(Rule="rule")
    )


def test_a_rule_has_five_targets_at_most(events, place, error_of):
    place.rule(*[ARN] * 5)

    refused = error_of(events.put_targets, Rule="rule", Targets=[{"Id": "sixth", "Arn": ARN}])

    assert refused["Error"]["Code"] == "LimitExceededException"


@pytest.mark.recording("events", "test_put_target_id_validation")
@pytest.mark.parametrize(
    ("id", "answer"),
    [
        ("!@#$@!#$", "put-targets-invalid-id-error"),
        ("second-invalid-target-id" * 3, "put-targets-length-error"),
    ],
)
def test_the_id_of_a_target_has_a_form(events, place, recorded, error_of, id, answer):
    place.rule()

    refused = error_of(events.put_targets, Rule="rule", Targets=[{"Id": id, "Arn": ARN}])

    expected = recorded("test_put_target_id_validation")[answer]["Error"]
    message = expected["Message"].replace("second-invalid-target-id", id)
    assert refused["Error"] == {**expected, "Message": message}


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Arn": "queue"}, "Parameter queue is not valid. Reason: Provided Arn is not in correct format."),
        ({"Input": "{"}, "JSON syntax error in input for target t"),
        ({"Input": "{}", "InputPath": "$"},
         "Only one of Input, InputPath, or InputTransformer must be provided for target t."),
        ({"InputPath": "$["}, "Invalid InputPath for target t."),
        ({"InputTransformer": {"InputTemplate": '{"a": }'}}, "InputTemplate for target t is not a valid JSON text."),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_fails_the_whole_request(events, place, error_of, target, message):
    place.rule()

    refused = error_of(events.put_targets, Rule="rule", Targets=[{"Id": "t", "Arn": ARN, **target}])

    assert refused["Error"] == {"Code": "ValidationException", "Message": message}
    assert events.list_targets_by_rule(Rule="rule")["Targets"] == []


@pytest.mark.recording("events", "test_put_events_with_input_transformer_missing_keys")
def test_a_placeholder_that_nobody_defined_is_refused(events, place, recorded, error_of):
    place.rule()
    transformer = {"InputPathsMap": {"a": "$.detail"}, "InputTemplate": '"<a> and <notdefinedkey>"'}

    refused = error_of(
        events.put_targets, Rule="rule", Targets=[{"Id": "t", "Arn": ARN, "InputTransformer": transformer}]
    )

    recorded.agree("test_put_events_with_input_transformer_missing_keys", missing_key_exception_error=refused)
    assert refused["Error"]["Message"] == "InputTemplate for target t contains invalid placeholder notdefinedkey."


def test_a_target_that_this_house_cannot_serve_is_among_the_failed_entries(events, place):
    place.rule()
    arn = "arn:aws:kinesis:us-east-1:123456789012:stream/s"

    answer = events.put_targets(Rule="rule", Targets=[{"Id": "k", "Arn": arn}, {"Id": "q", "Arn": ARN}])

    assert answer["FailedEntryCount"] == 1
    assert (answer["FailedEntries"][0]["TargetId"], answer["FailedEntries"][0]["ErrorCode"]) == (
        "k",
        "NotImplementedException",
    )
    assert [target["Id"] for target in events.list_targets_by_rule(Rule="rule")["Targets"]] == ["q"]


def test_targets_are_taken_away(events, place):
    place.rule(ARN, ARN)

    answer = events.remove_targets(Rule="rule", Ids=["t0", "unknown"])

    assert answer["FailedEntryCount"] == 0
    assert [target["Id"] for target in events.list_targets_by_rule(Rule="rule")["Targets"]] == ["t1"]


@pytest.mark.parametrize("operation", ["put_targets", "list_targets_by_rule", "remove_targets"])
def test_targets_of_a_rule_that_is_not_there(events, error_of, operation):
    more = {"put_targets": {"Targets": [{"Id": "t", "Arn": ARN}]}, "remove_targets": {"Ids": ["t"]}}

    refused = error_of(getattr(events, operation), Rule="rule", **more.get(operation, {}))

    assert refused["Error"]["Code"] == "ResourceNotFoundException"
