"""Metric filters and subscription filters, held against what AWS answered."""

import base64
import gzip
import json

import pytest

from emulator.services.logs.model.filters import regexes

LONG = "a" * 513
METRIC = {"metricName": "metric", "metricNamespace": "namespace", "metricValue": "1"}


@pytest.fixture
def put(logs):
    """put(pattern, **transformation): a metric filter of the group g."""
    logs.create_log_group(logGroupName="g")

    def put(pattern="pattern", **more):
        logs.put_metric_filter(
            logGroupName="g", filterName="f", filterPattern=pattern, metricTransformations=[{**METRIC, **more}]
        )

    return put


@pytest.mark.recording("logs", "TestMetricFilters::test_put_metric_filter_basic")
def test_a_metric_filter_may_take_everything(logs, put, recorded):
    put(" ", defaultValue=0)

    recorded.agree(describe_metric_filters=logs.describe_metric_filters(logGroupName="g", filterNamePrefix="f"))
    assert logs.describe_log_groups()["logGroups"][0]["metricFilterCount"] == 1


@pytest.mark.recording("logs", "TestMetricFilters::test_put_metric_filter_json_pattern")
def test_a_metric_filter_may_look_at_properties(logs, put, recorded):
    put('{$.message = "test"}', defaultValue=0)

    recorded.agree(describe_metric_filters_json=logs.describe_metric_filters(logGroupName="g"))


@pytest.mark.recording("logs", "TestMetricFilters::test_describe_metric_filters_by_log_group")
def test_metric_filters_are_found_by_their_group(logs, put, recorded):
    put()

    recorded.agree(describe_by_log_group=logs.describe_metric_filters(logGroupName="g"))


@pytest.mark.recording("logs", "TestMetricFilters::test_describe_metric_filters_by_metric_name")
def test_metric_filters_are_found_by_their_metric(logs, put, recorded):
    put()

    found = logs.describe_metric_filters(metricName="metric", metricNamespace="namespace")

    recorded.agree(describe_by_metric_name=found)
    assert logs.describe_metric_filters(metricName="other", metricNamespace="namespace")["metricFilters"] == []


@pytest.mark.recording("logs", "TestMetricFiltersValidation::test_delete_metric_filter_invalid_log_group_name")
def test_the_group_of_a_metric_filter_has_a_name(logs, recorded, error_of):
    recorded.agree(error_invalid_log_group_name=error_of(logs.delete_metric_filter, logGroupName=LONG, filterName="f"))


@pytest.mark.recording("logs", "TestMetricFiltersValidation::test_put_metric_filter_invalid_filter_pattern")
def test_the_pattern_of_a_metric_filter_is_not_too_long(logs, recorded, error_of):
    message = recorded()["error_invalid_filter_pattern"]["Error"]["Message"]
    pattern = message.partition("Value '")[2].partition("'")[0]

    error = error_of(
        logs.put_metric_filter,
        logGroupName="g",
        filterName="f",
        filterPattern=pattern,
        metricTransformations=[METRIC],
    )

    recorded.agree(error_invalid_filter_pattern=error)


@pytest.mark.recording("logs", "TestMetricFiltersValidation::test_put_metric_filter_too_many_transformations")
def test_a_metric_filter_has_one_metric(logs, recorded, error_of):
    metrics = [
        {"metricName": f"metric{at}", "metricNamespace": f"namespace{space}", "metricValue": "1"}
        for at, space in ((1, 1), (2, 2))
    ]

    error = error_of(
        logs.put_metric_filter,
        logGroupName="g",
        filterName="f",
        filterPattern="pattern",
        metricTransformations=metrics,
    )

    expected = recorded()["error_too_many_transformations"]["Error"]  # the last two are the other way in AWS's model
    expected["Message"] = expected["Message"].replace("unit=null, dimensions=null", "dimensions=null, unit=null")
    recorded.agree(error_too_many_transformations=error)


@pytest.fixture
def function(aws):
    """The ARN of a function that sends what it gets to the queue "seen"."""
    return aws.function(
        "import boto3, json\n\n\ndef handler(event, context):\n"
        "    sqs = boto3.client('sqs')\n"
        "    url = sqs.get_queue_url(QueueName='seen')['QueueUrl']\n"
        "    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event))\n"
    )


def subscription(destination, name="s", group="g", pattern=""):
    return {"logGroupName": group, "filterName": name, "filterPattern": pattern, "destinationArn": destination}


@pytest.mark.recording("logs", "TestSubscriptionFilterUpdates::test_put_subscription_filter_errors")
def test_destinations_of_subscriptions_are_checked(aws, logs, recorded, error_of):
    logs.create_log_group(logGroupName="g")
    elsewhere = "arn:aws:lambda:us-east-1:123456789012:function:nothing"
    stream = f"arn:aws:kinesis:us-east-1:{aws.account}:stream/nothing"

    recorded.agree(
        error_log_group_not_found=error_of(logs.put_subscription_filter, **subscription(elsewhere, group="unknown")),
        error_lambda_not_found=error_of(logs.put_subscription_filter, **subscription(elsewhere)),
        error_kinesis_not_found=error_of(logs.put_subscription_filter, **subscription(stream)),
    )


@pytest.mark.recording("logs", "TestSubscriptionFilterUpdates::test_put_subscription_filter_limit_exceeded")
def test_a_group_has_two_subscriptions_at_most(logs, function, recorded, error_of):
    logs.create_log_group(logGroupName="g")
    for name in ("one", "two"):
        logs.put_subscription_filter(**subscription(function, name))

    error = error_of(logs.put_subscription_filter, **subscription(function, "three"))

    recorded.agree(error_limit_exceeded=error)


@pytest.mark.recording("logs", "TestSubscriptionFilterUpdates::test_delete_subscription_filter_errors")
def test_a_subscription_that_is_not_there_cannot_be_deleted(logs, recorded, error_of):
    logs.create_log_group(logGroupName="g")

    recorded.agree(
        error_log_group_not_found=error_of(
            logs.delete_subscription_filter, logGroupName="unknown", filterName="unknown"
        ),
        error_filter_not_found=error_of(logs.delete_subscription_filter, logGroupName="g", filterName="unknown"),
    )


@pytest.mark.recording(
    "logs",
    "TestSubscriptionFilters::test_describe_subscription_filters_empty",
    "TestSubscriptionFilters::test_describe_subscription_filters_log_group_not_found",
)
def test_subscriptions_are_described(logs, recorded, error_of):
    logs.create_log_group(logGroupName="g")
    none, unknown = (
        f"TestSubscriptionFilters::test_describe_subscription_filters_{what}"
        for what in ("empty", "log_group_not_found")
    )

    recorded.agree(none, describe_subscription_filters_empty=logs.describe_subscription_filters(logGroupName="g"))
    recorded.agree(
        unknown, error_log_group_not_found=error_of(logs.describe_subscription_filters, logGroupName="unknown")
    )


def test_a_function_gets_what_matches(aws, logs, function):
    seen = aws("sqs").create_queue(QueueName="seen")["QueueUrl"]
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    logs.put_subscription_filter(**subscription(function, pattern="ERROR"))
    now = aws("stepwell").get_clock()["Now"]
    at = int(now.timestamp() * 1000)

    logs.put_log_events(
        logGroupName="g",
        logStreamName="s",
        logEvents=[{"timestamp": at, "message": "ERROR one"}, {"timestamp": at, "message": "fine"}],
    )

    (message,) = aws("sqs").receive_message(QueueUrl=seen, WaitTimeSeconds=20)["Messages"]
    data = json.loads(gzip.decompress(base64.b64decode(json.loads(message["Body"])["awslogs"]["data"])))
    (event,) = data.pop("logEvents")
    assert (event["timestamp"], event["message"]) == (at, "ERROR one")
    assert data == {
        "messageType": "DATA_MESSAGE",
        "owner": aws.account,
        "logGroup": "g",
        "logStream": "s",
        "subscriptionFilters": ["s"],
    }


def test_what_a_filter_cannot_be_matched_against_is_skipped_and_told(aws, logs, function, monkeypatch, caplog):
    monkeypatch.setattr(regexes, "SECONDS", 0.02)
    seen = aws("sqs").create_queue(QueueName="seen")["QueueUrl"]
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(logGroupName="g", logStreamName="s")
    logs.put_subscription_filter(**subscription(function, pattern="%^(a|aa)+$%"))
    at = int(aws("stepwell").get_clock()["Now"].timestamp() * 1000)

    logs.put_log_events(
        logGroupName="g",
        logStreamName="s",
        logEvents=[{"timestamp": at, "message": "aa"}, {"timestamp": at, "message": "a" * 60 + "b"}],
    )

    (message,) = aws("sqs").receive_message(QueueUrl=seen, WaitTimeSeconds=20)["Messages"]
    data = json.loads(gzip.decompress(base64.b64decode(json.loads(message["Body"])["awslogs"]["data"])))
    assert [event["message"] for event in data["logEvents"]] == ["aa"]
    assert len(logs.get_log_events(logGroupName="g", logStreamName="s")["events"]) == 2
    (warning,) = (record.getMessage() for record in caplog.records if record.name == "stepwell.logs")
    assert warning.endswith("cannot be matched in reasonable time: filter s of g skipped 1 events")
