"""Function URLs, held against what AWS answered."""

import base64
import json
import urllib.error
import urllib.request

import pytest

URL_PERMISSION = {"StatementId": "urlPermission", "Action": "lambda:InvokeFunctionUrl", "Principal": "*"}

ECHO = """
import base64, json


def handler(event, context):
    http, headers = event["requestContext"]["http"], event["headers"]
    body = event.get("body", "")
    data = base64.b64decode(body) if event["isBase64Encoded"] else body
    try:
        data = json.loads(data)
    except ValueError:
        data = body
    seen = {"args": event.get("queryStringParameters", {}), "data": data, "headers": headers}
    seen |= {"method": http["method"], "path": event["rawPath"], "origin": http["sourceIp"]}
    return {"statusCode": 200, "body": json.dumps({**seen, "domain": event["requestContext"]["domainName"]})}
"""


@pytest.fixture
def opened(client, made):
    """opened(source, **config): a function with a URL that is open to all; the answers of Create and AddPermission."""

    def open_(source="def handler(event, context):\n    return event\n", qualifier=None, **config):
        made(source=source)
        place = {"FunctionName": "f"} | ({"Qualifier": qualifier} if qualifier else {})
        if qualifier:
            client.create_alias(FunctionName="f", Name=qualifier, FunctionVersion="$LATEST")
        created = client.create_function_url_config(**place, AuthType="NONE", **config)
        return created, client.add_permission(**place, FunctionUrlAuthType="NONE", **URL_PERMISSION)

    return open_


@pytest.fixture
def fetched():
    """fetched(url, path, body, headers): status, headers and body of the response, whatever its status is."""

    def fetch(url, path="", body=None, headers=(), method=None):
        request = urllib.request.Request(url + path, data=body, headers=dict(headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    return fetch


@pytest.mark.recording("lambda", "TestLambdaUrl::test_url_config_lifecycle")
def test_a_url_lives_changes_and_dies(client, made, recorded, error_of):
    made()
    url = {"FunctionName": "f", "AuthType": "NONE"}

    recorded.agree(
        url_creation=client.create_function_url_config(**url),
        failed_duplication=error_of(client.create_function_url_config, **url),
        get_url_config=client.get_function_url_config(FunctionName="f"),
        updated_url_config=client.update_function_url_config(FunctionName="f", AuthType="AWS_IAM"),
    )
    client.delete_function_url_config(FunctionName="f")
    recorded.agree(failed_getter=error_of(client.get_function_url_config, FunctionName="f"))


@pytest.mark.recording("lambda", "TestLambdaUrl::test_url_config_deletion_without_qualifier")
def test_the_url_of_an_alias_outlives_that_of_the_function(client, made, recorded, error_of):
    made()
    client.create_alias(FunctionName="f", Name="test-alias", FunctionVersion="$LATEST")
    alias = {"FunctionName": "f", "Qualifier": "test-alias"}

    recorded.agree(
        url_creation=client.create_function_url_config(FunctionName="f", AuthType="NONE"),
        url_with_alias_creation=client.create_function_url_config(**alias, AuthType="NONE"),
        get_url_config=client.get_function_url_config(FunctionName="f"),
        get_url_config_with_alias=client.get_function_url_config(**alias),
        delete_function_url_config=client.delete_function_url_config(FunctionName="f"),
        get_url_config_after_deletion=error_of(client.get_function_url_config, FunctionName="f"),
        get_url_config_with_alias_after_deletion=client.get_function_url_config(**alias),
    )


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_update_function_url_config")
def test_the_mode_of_a_url_can_be_changed(client, made, recorded):
    made()
    change, find = client.update_function_url_config, client.get_function_url_config

    recorded.agree(
        create_lambda_url_config=client.create_function_url_config(
            FunctionName="f", AuthType="NONE", InvokeMode="BUFFERED"
        ),
        get_url_config=find(FunctionName="f"),
        modify_lambda_url_config=change(FunctionName="f", InvokeMode="RESPONSE_STREAM"),
        get_url_config_2=find(FunctionName="f"),
        modify_lambda_url_config_none=change(FunctionName="f"),
        get_url_config_3=find(FunctionName="f"),
    )


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_invalid_invoke_mode")
def test_the_mode_of_a_url_is_checked(client, made, recorded, error_of):
    made()

    error = error_of(client.create_function_url_config, FunctionName="f", AuthType="NONE", InvokeMode="UNKNOWN")

    recorded.agree(invoke_function_invalid_invoke_type=error)


@pytest.mark.parametrize(
    "mode",
    [
        pytest.param(
            "BUFFERED", marks=pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_echo_invoke[BUFFERED]")
        ),
        pytest.param(
            "RESPONSE_STREAM",
            marks=pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_echo_invoke[RESPONSE_STREAM]"),
        ),
        pytest.param(None, marks=pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_echo_invoke[None]")),
    ],
)
def test_a_url_reaches_its_function(opened, fetched, recorded, mode):
    created, permission = opened(**({"InvokeMode": mode} if mode else {}))

    status, _, body = fetched(created["FunctionUrl"], "some/path?q=1")

    recorded.agree(create_lambda_url_config=created, add_permission=permission)
    assert status == 200
    assert json.loads(body)["rawPath"] == "/some/path"
    assert json.loads(body)["rawQueryString"] == "q=1"


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_echo_http_fixture_default")
def test_a_function_sees_the_request_to_its_url(opened, fetched, recorded):
    created, _ = opened(ECHO)
    headers = {"Content-Type": "application/json", "Extra-Headers": "With WeiRd CapS", "User-Agent": "test/echo"}
    headers |= {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"}

    _, _, body = fetched(
        created["FunctionUrl"], "pa2%Fth/1?q=query&multiQuery=foo&multiQuery=/bar", b'{"foo": "bar"}', headers
    )

    seen, expected = json.loads(body), recorded()["url_response"]
    for sealed in ("x-amzn-tls-cipher-suite", "x-amzn-tls-version"):  # of HTTPS, which we do not speak
        del expected["headers"][sealed]
    del seen["headers"]["connection"]
    recorded.agree(url_response=seen)


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_echo_http_fixture_trim_x_headers")
def test_a_function_sees_the_headers_of_a_request(opened, fetched, recorded):
    created, _ = opened(ECHO)
    headers = {"Content-Type": "application/json", "Extra-Headers": "With WeiRd CapS", "User-Agent": "test/echo"}
    headers |= {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"}

    _, _, body = fetched(created["FunctionUrl"], "path/1?q=query", b'{"foo": "bar"}', headers)

    seen = json.loads(body)
    seen["headers"] = {
        name: text for name, text in seen["headers"].items() if name[:2] != "x-" and name != "connection"
    }
    recorded.agree(url_response=seen)


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_form_payload")
def test_a_form_comes_in_base_64(opened, fetched, recorded):
    created, _ = opened(ECHO)
    expected = recorded()["url_response"]
    kind = expected["headers"]["content-type"]
    headers = {"Content-Type": kind, "User-Agent": "python/test-request"}
    headers |= {"Accept": "*/*", "Accept-Encoding": "gzip, deflate"}

    _, _, body = fetched(created["FunctionUrl"], "test/value", base64.b64decode(expected["data"]), headers)

    seen = json.loads(body)
    seen["headers"] = {name: value for name, value in seen["headers"].items() if name in expected["headers"]}
    recorded.agree(url_response=seen)


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_invocation_exception")
def test_a_function_that_fails_is_a_bad_gateway(client, opened, fetched, recorded):
    created, permission = opened("def handler(event, context):\n    raise ValueError('no')\n")

    recorded.agree(
        get_fn_result=client.get_function(FunctionName="f"),
        create_lambda_url_config=created,
        add_permission=permission,
    )
    assert fetched(created["FunctionUrl"])[0] == 502


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_persists_after_alias_delete")
def test_the_url_of_a_deleted_alias_is_forbidden(client, opened, fetched, recorded):
    created, _ = opened(qualifier="here", InvokeMode="BUFFERED")
    before, _, _ = fetched(created["FunctionUrl"])
    deleted = client.delete_alias(FunctionName="f", Name="here")
    status, headers, body = fetched(created["FunctionUrl"])

    recorded.agree(
        create_lambda_url_config=created,
        invoke_aliased_url_response={"status_code": before},
        delete_alias_resp=deleted,
        invoke_deleted_alias_url_response_delayed={
            "content": body,
            "headers": {"x-amzn-ErrorType": headers["x-amzn-ErrorType"]},
            "status_code": status,
        },
    )


@pytest.mark.recording("lambda", "TestRequestIdHandling::test_request_id_invoke_url")
def test_the_log_has_the_id_of_the_response(aws, opened, fetched, recorded):
    created, permission = opened("def handler(event, context):\n    return 'hi'\n")
    status, headers, body = fetched(created["FunctionUrl"])
    request_id = headers["x-amzn-RequestId"]
    found = aws("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern='"END RequestId"')

    recorded.agree(
        create_lambda_url_config=created,
        add_permission=permission,
        lambda_url_invocation={
            "content": body.strip('"'),
            "headers": {"x-amzn-RequestId": request_id},
            "statuscode": status,
        },
        end_log_entries=[event["message"].strip() for event in found["events"]],
    )
    assert [event["message"].split()[-1] for event in found["events"]] == [request_id]


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_headers_and_status")
def test_a_function_chooses_status_and_headers(opened, fetched, recorded):
    answer = {"statusCode": 418, "headers": {"X-Kind": "pot"}, "cookies": ["a=1", "b=2"], "body": "tea"}
    created, _ = opened(f"def handler(event, context):\n    return {answer}\n")

    status, headers, body = fetched(created["FunctionUrl"], method="DELETE")

    assert recorded() == {}
    assert (status, headers["X-Kind"], body) == (418, "pot", "tea")
    assert headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.recording("lambda", "TestLambdaURL::test_lambda_url_non_existing_url")
def test_a_url_without_permission_is_forbidden(client, made, fetched, recorded):
    made()
    assert recorded() == {}
    created = client.create_function_url_config(FunctionName="f", AuthType="NONE")

    assert fetched(created["FunctionUrl"])[0] == 403
    assert fetched(created["FunctionUrl"].replace("/f/", "/g/"))[0] == 404
