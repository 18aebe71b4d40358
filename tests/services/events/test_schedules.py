"""Rules with a schedule fire at their moments of the account's time, and are refused as AWS refuses them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

CRONS = [
    "cron(0 20 * * ? *)", "cron(* * ? * SAT#3 *)", "cron(0 10 * * ? *)", "cron(0 12 * * ? *)",
    "cron(0 18 ? * MON-FRI *)", "cron(0 2 ? * SAT *)", "cron(0 2 ? * SAT#3 *)", "cron(0 8 1 * ? *)",
    "cron(0/10 * ? * MON-FRI *)", "cron(0/15 * * * ? *)", "cron(0/30 0-2 ? * MON-FRI *)",
    "cron(0/30 20-23 ? * MON-FRI *)", "cron(0/5 5 ? JAN 1-5 2022)", "cron(0/5 8-17 ? * MON-FRI *)",
    "cron(15 10 ? * 6L 2002-2005)", "cron(15 12 * * ? *)", "cron(5,35 14 * * ? *)",
]  # fmt: skip


@pytest.mark.recording("events", "tests_put_rule_with_schedule_cron")
@pytest.mark.parametrize("cron", CRONS)
def test_a_cron_expression_is_taken(events, recorded, cron):
    put = events.put_rule(Name="rule", ScheduleExpression=cron)
    listed = events.list_rules(NamePrefix="rule")

    situation = "tests_put_rule_with_schedule_cron" + (f"[{cron}]" if cron != CRONS[0] else "")
    recorded.agree(situation, put_rule=put, list_rules=listed)


@pytest.mark.recording("events", "tests_put_rule_with_invalid_schedule_cron")
@pytest.mark.parametrize(
    "cron",
    [
        "cron(0 1 * * * *)",
        "cron(0 dummy ? * MON-FRI *)",
        "cron(7 20 * * NOT *)",
        "cron(71 8 1 * ? *)",
        "cron(INVALID)",
    ],
)
def test_a_cron_expression_that_cannot_be(events, recorded, error_of, cron):
    refused = error_of(events.put_rule, Name="rule", ScheduleExpression=cron)

    recorded.agree(f"tests_put_rule_with_invalid_schedule_cron[{cron}]", invalid_put_rule=refused)
    assert refused["Error"]["Message"] == "Parameter ScheduleExpression is not valid."


@pytest.mark.parametrize(
    "text",
    [
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(-1 hours)",
        "at(2030-01-01T00:00:00)",
        "5 minutes",
    ],
)
def test_any_other_expression_is_refused(events, error_of, text):
    refused = error_of(events.put_rule, Name="rule", ScheduleExpression=text)

    assert refused["Error"] == {
        "Code": "ValidationException",
        "Message": "Parameter ScheduleExpression is not valid.",
    }


@pytest.mark.recording("events", "tests_put_rule_with_schedule_custom_event_bus")
def test_a_schedule_belongs_to_the_default_bus(events, recorded, error_of):
    events.create_event_bus(Name="bus")

    refused = error_of(events.put_rule, Name="rule", EventBusName="bus", ScheduleExpression="rate(1 minute)")

    recorded.agree("tests_put_rule_with_schedule_custom_event_bus", put_rule_with_custom_event_bus_error=refused)


@pytest.mark.recording("events", "tests_schedule_rate_target_sqs")
def test_a_rate_fires_at_its_interval(place, aws, recorded):
    queue = place.queue()
    place.rule(queue, ScheduleExpression="rate(5 minutes)")

    aws.advance(299)
    early = place.received(queue)
    aws.advance(2)
    first = place.received(queue)
    aws.advance(600)
    more = place.received(queue)

    assert early == []
    targets = place.events.list_targets_by_rule(Rule="rule")
    targets["Targets"][0]["Arn"] = targets["Targets"][0]["Arn"].replace(":queue", ":<queue-name")  # as recorded
    recorded.agree(
        "tests_schedule_rate_target_sqs",
        list_targets=targets,
        messages_first=first,
        messages_second=more[:1],
    )
    assert len(more) == 2
    times = [datetime.fromisoformat(json.loads(message["Body"])["time"]) for message in more]
    assert times[1] - times[0] == timedelta(minutes=5)


@pytest.mark.recording("events", "test_schedule_cron_target_sqs")
def test_a_cron_fires_at_its_moment(place, aws, recorded):
    queue = place.queue()
    now = place.stepwell.get_clock()["Now"].astimezone(UTC)
    moment = (now + timedelta(hours=3)).replace(second=0, microsecond=0)
    place.rule(queue, ScheduleExpression=f"cron({moment.minute} {moment.hour} * * ? *)")

    aws.advance(3 * 3600)
    messages = place.received(queue)

    recorded.agree("test_schedule_cron_target_sqs", message=messages)
    assert [json.loads(message["Body"])["time"] for message in messages] == [f"{moment:%Y-%m-%dT%H:%M:%SZ}"]


@pytest.mark.recording("events", "tests_schedule_rate_custom_input_target_sqs")
def test_a_schedule_may_send_a_constant(place, aws, recorded):
    queue = place.queue()
    place.rule({"Arn": queue, "Input": '{"custom-value": "somecustominput"}'}, ScheduleExpression="rate(1 minute)")

    aws.advance(61)

    recorded.agree(
        "tests_schedule_rate_custom_input_target_sqs",
        list_targets=place.events.list_targets_by_rule(Rule="rule"),
        messages=place.received(queue),
    )


def test_a_template_that_fails_does_not_stop_the_schedule(place, aws):
    letters = place.queue("letters")
    transformer = {
        "InputPathsMap": {"d": "$.detail"},
        "InputTemplate": '{"a": "<d>b", "c": <aws.events.event>}',
    }
    place.rule(
        {"Arn": place.queue(), "InputTransformer": transformer, "DeadLetterConfig": {"Arn": letters}},
        place.queue("other"),
        ScheduleExpression="rate(1 minute)",
    )

    aws.advance(130)

    assert len(place.received(letters.replace("letters", "other"))) == 2


def test_a_disabled_rule_does_not_fire_until_it_is_enabled(place, aws):
    queue = place.queue()
    place.rule(queue, ScheduleExpression="rate(1 minute)", State="DISABLED")
    aws.advance(300)
    disabled = place.received(queue)

    place.events.enable_rule(Name="rule")
    aws.advance(61)

    assert disabled == []
    assert len(place.received(queue)) == 1


def test_a_changed_schedule_counts_from_its_change(place, aws):
    queue = place.queue()
    place.rule(queue, ScheduleExpression="rate(1 hour)")
    aws.advance(1800)

    place.events.put_rule(Name="rule", ScheduleExpression="rate(20 minutes)")
    aws.advance(1199)
    before = place.received(queue)
    aws.advance(3)

    assert before == []
    assert len(place.received(queue)) == 1


def test_a_rule_put_again_as_it_was_keeps_its_rhythm(place, aws):
    queue = place.queue()
    place.rule(queue, ScheduleExpression="rate(1 hour)")
    aws.advance(1800)

    place.events.put_rule(Name="rule", ScheduleExpression="rate(1 hour)", Description="new")
    aws.advance(1802)

    assert len(place.received(queue)) == 1


def test_a_rule_whose_schedule_is_taken_away_fires_no_more(place, aws):
    queue = place.queue()
    place.rule(queue, ScheduleExpression="rate(1 minute)")

    place.events.put_rule(Name="rule", EventPattern='{"source": ["a"]}')
    aws.advance(300)

    assert place.received(queue) == []
    assert place.stepwell.list_work()["Work"] == []


def test_a_deleted_rule_fires_no_more(place, aws):
    place.events.put_rule(Name="rule", ScheduleExpression="rate(1 minute)")

    place.events.delete_rule(Name="rule")
    aws.advance(300)

    assert place.stepwell.list_work()["Work"] == []


def test_a_schedule_that_is_over_never_fires(place, aws):
    place.events.put_rule(Name="rule", ScheduleExpression="cron(0/5 5 ? JAN 1-5 2022)")

    assert place.stepwell.list_work()["Work"] == []


def test_a_rule_with_a_pattern_and_a_schedule_does_both(place, aws):
    queue = place.queue()
    place.events.put_rule(
        Name="rule",
        ScheduleExpression="rate(1 minute)",
        EventPattern='{"source": ["core.update-account-command"]}',
    )
    place.events.put_targets(Rule="rule", Targets=[{"Id": "t", "Arn": queue}])

    place.put()
    aws.advance(61)

    assert [body["source"] for body in place.bodies(queue)] == ["core.update-account-command", "aws.events"]
