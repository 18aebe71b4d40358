"""Settings of asynchronous invocations and what becomes of their events, held against what AWS answered."""

import json

import pytest

FAILING = "def handler(event, context):\n    raise Exception('intentional failure')\n"


@pytest.fixture
def put(client):
    def put(function="f", **members):
        return client.put_function_event_invoke_config(FunctionName=function, **members)

    return put


@pytest.mark.recording("lambda", "TestLambdaEventInvokeConfig::test_lambda_eventinvokeconfig_lifecycle")
def test_settings_of_events_live_change_and_die(client, made, put, recorded, error_of):
    change, find = client.update_function_event_invoke_config, client.get_function_event_invoke_config
    listed = client.list_function_event_invoke_configs
    made()

    recorded.agree(
        put_invokeconfig_retries_0=put(MaximumRetryAttempts=0),
        put_invokeconfig_eventage_60=put(MaximumEventAgeInSeconds=60),
        update_invokeconfig_eventage_nochange=change(FunctionName="f", MaximumEventAgeInSeconds=60),
        update_invokeconfig_retries=change(FunctionName="f", MaximumRetryAttempts=1),
        get_invokeconfig=find(FunctionName="f"),
        get_invokeconfig_latest=find(FunctionName="f", Qualifier="$LATEST"),
        list_single_invokeconfig=listed(FunctionName="f"),
        publish_version_result=client.publish_version(FunctionName="f"),
        get_invokeconfig_postpublish=error_of(find, FunctionName="f", Qualifier="1"),
        put_published_invokeconfig=put(Qualifier="1", MaximumEventAgeInSeconds=120),
        get_published_invokeconfig=find(FunctionName="f", Qualifier="1"),
    )
    client.delete_function_event_invoke_config(FunctionName="f")
    recorded.agree(list_paging_nolimit_postdelete=listed(FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaEventInvokeConfig::test_lambda_eventinvokeconfig_exceptions")
def test_settings_of_events_are_checked(client, made, put, recorded, error_of):
    arn = made()["FunctionArn"]
    other = made("other")["FunctionArn"]
    published = client.publish_version(FunctionName="f")
    alias = client.create_alias(FunctionName="f", Name="eventinvokealias", FunctionVersion="1")
    change, find = client.update_function_event_invoke_config, client.get_function_event_invoke_config
    delete, listed = client.delete_function_event_invoke_config, client.list_function_event_invoke_configs
    once = {"MaximumRetryAttempts": 1}

    def to(success=None, failure=None):
        ends = {"OnSuccess": success, "OnFailure": failure}
        return {"DestinationConfig": {name: end for name, end in ends.items() if end is not None}}

    def refused(function="f", **members):
        return error_of(put, function, **members)

    recorded.agree(
        fn_version_result=published,
        fn_alias_result=alias,
        put_functionname_name_notfound=refused("doesnotexist", **once),
        put_functionname_arn_notfound=refused(arn.replace(":f", ":doesnotexist"), **once),
        put_functionname_nootherargs=refused(),
        put_destination_lambda_doesntexist=refused(**to({"Destination": other.replace("other", "doesnotexist")})),
        put_destination_recursive=refused(**to({"Destination": arn})),
        put_destination_other_lambda=put(**to({"Destination": other})),
        put_destination_invalid_service_arn=refused(**to({"Destination": arn.replace("lambda", "iam")})),
        put_destination_success_no_destination_arn=put(**to({})),
        put_destination_failure_no_destination_arn=put(**to(None, {})),
        put_destination_invalid_arn_pattern=refused(**to(None, {"Destination": arn.replace("lambda", "_-/!lambda")})),
        put_destination_latest=put(**once),
        put_destination_latest_explicit_qualifier=put(Qualifier="$LATEST", **once),
        put_destination_version=put(Qualifier="1", **once),
        put_alias_functionname_qualifier=put(Qualifier="eventinvokealias", **once),
        put_alias_doesnotexist=refused(Qualifier="doesnotexist", **once),
        put_alias_qualifiedarn=put(f"{arn}:eventinvokealias", **once),
        put_alias_qualifiedarn_qualifier=put(f"{arn}:eventinvokealias", Qualifier="eventinvokealias", **once),
        put_alias_qualifiedarn_qualifierconflict=refused(f"{arn}:eventinvokealias", Qualifier="1", **once),
        put_alias_shorthand=put("f:eventinvokealias", **once),
        put_alias_shorthand_qualifier=put("f:eventinvokealias", Qualifier="eventinvokealias", **once),
        put_alias_shorthand_qualifierconflict=refused("f:eventinvokealias", Qualifier="1", **once),
        put_version_shorthand=put("f:1", **once),
        put_shorthand_qualifier_match=put("f:$LATEST", Qualifier="$LATEST", **once),
        put_shorthand_qualifier_mismatch_1=refused("f:$LATEST", Qualifier="1", **once),
        put_shorthand_qualifier_mismatch_2=refused("f:1", Qualifier="$LATEST", **once),
        put_shorthand_qualifier_mismatch_3=refused("f:eventinvokealias", Qualifier="$LATEST", **once),
        put_maxevent_maxvalue_result=put(MaximumRetryAttempts=2, MaximumEventAgeInSeconds=21600),
        put_pre_overwrite=put(MaximumRetryAttempts=2, MaximumEventAgeInSeconds=60),
        put_post_overwrite=put(MaximumRetryAttempts=0),
        second_overwrite_existing_response=put(MaximumRetryAttempts=0),
        get_post_overwrite=find(FunctionName="f"),
        pre_update_response=put(MaximumRetryAttempts=2, MaximumEventAgeInSeconds=60),
        update_response=change(FunctionName="f", MaximumRetryAttempts=0),
        update_response_existing=change(FunctionName="f", MaximumRetryAttempts=0),
        list_configs=listed(FunctionName="f"),
        delete_latest=delete(FunctionName="f", Qualifier="$LATEST"),
        delete_version=delete(FunctionName="f", Qualifier="1"),
        delete_alias=delete(FunctionName="f", Qualifier="eventinvokealias"),
        list_configs_postdelete=listed(FunctionName="f"),
        delete_function_not_found=error_of(delete, FunctionName="f"),
        delete_function_doesnotexist=error_of(delete, FunctionName="doesnotexist"),
        list_function_doesnotexist=error_of(listed, FunctionName="doesnotexist"),
        get_function_doesnotexist=error_of(find, FunctionName="doesnotexist"),
        get_qualifier_doesnotexist=error_of(find, FunctionName="f", Qualifier="doesnotexist"),
        update_eventinvokeconfig_function_doesnotexist=error_of(change, FunctionName="doesnotexist", **once),
        get_eventinvokeconfig_doesnotexist=error_of(find, FunctionName="f", Qualifier="eventinvokealias"),
        update_eventinvokeconfig_config_doesnotexist_with_qualifier=error_of(
            change, FunctionName="f", Qualifier="eventinvokealias", **once
        ),
        update_eventinvokeconfig_config_doesnotexist_without_qualifier=error_of(change, FunctionName="f", **once),
    )


def _received(aws, queue):
    answer = aws("sqs").receive_message(
        QueueUrl=queue, WaitTimeSeconds=20, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    )
    return answer["Messages"][0]


def _queue(aws, name):
    url = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:us-east-1:{aws.account}:{name}"


@pytest.mark.recording("lambda", "TestLambdaDestinationSqs::test_maxeventage")
def test_an_event_that_is_too_old_goes_to_its_destination(aws, client, made, put, recorded):
    url, arn = _queue(aws, "told")
    made(source=FAILING, Environment=None)

    def told(age):
        put(MaximumEventAgeInSeconds=age, DestinationConfig={"OnFailure": {"Destination": arn}})
        client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"message": "m"}')
        aws.advance(age - 1)
        message = _received(aws, url)
        aws("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        body = json.loads(message["Body"])
        del body["responsePayload"]["stackTrace"]
        return {**message, "Body": body}

    once, twice = told(60), told(90)

    for message in recorded().values():
        del message["Body"]["responsePayload"]["stackTrace"]  # with the folder and the lines of their function
        del message["Attributes"]["AWSTraceHeader"]  # of X-Ray, which we have not
    recorded.agree(no_retry_failure_message=once, single_retry_failure_message=twice)


@pytest.mark.recording("lambda", "test_sqs_queue_as_lambda_dead_letter_queue")
def test_a_dead_letter_queue_gets_the_event_with_the_reason(aws, client, made, recorded):
    url, arn = _queue(aws, "dead")
    source = "def handler(event, context):\n    raise Exception('Test exception (this is intentional)')\n"
    made(source=source, DeadLetterConfig={"TargetArn": arn})
    client.put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
    client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"raise_error": 1}')

    message = aws("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20, MessageAttributeNames=["All"])

    shown = client.get_function_configuration(FunctionName="f")["DeadLetterConfig"]
    recorded.agree(lambda_response_dlq_config=shown, messages=message)
