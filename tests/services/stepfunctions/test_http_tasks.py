"""HTTP tasks: what is sent with which connection, what the answer becomes, and how a call fails."""

import json
import socket
from contextlib import ExitStack

import pytest

from emulator.testing import Running

ACCOUNT = "111111111111"
ROLE = "arn:aws:iam::000000000000:role/workflows"
BASIC = {"BasicAuthParameters": {"Username": "user", "Password": "pass"}}
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "ApiKey", "ApiKeyValue": "key_value"}}


@pytest.fixture
def connection(aws):
    """Create the connection of a test; its ARN."""

    def create(kind="BASIC", auth=BASIC, **parameters):
        more = {"InvocationHttpParameters": parameters} if parameters else {}
        return aws("events").create_connection(
            Name="connection", AuthorizationType=kind, AuthParameters={**auth, **more}
        )["ConnectionArn"]

    return create


@pytest.fixture
def invoke(http_endpoint, connection):
    """A state that calls the endpoint of the test."""

    def state(path="/path", method="POST", arn=None, fields=None, **parameters):
        given = {
            "ApiEndpoint": f"{http_endpoint.url}{path}",
            "Method": method,
            "InvocationConfig": {"ConnectionArn": arn or connection()},
            **parameters,
        }
        task = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": given, "End": True}
        return {"T": {**task, **(fields or {})}}

    return state


def test_an_api_is_called_and_its_answer_is_the_result(workflows, invoke, http_endpoint):
    http_endpoint.answers.put((200, b'{"id": 7}'))

    output = workflows.output(invoke(method="GET"))

    call = http_endpoint.got()
    assert (call.method, call.path, call.body) == ("GET", "/path", "")
    assert call.headers["Authorization"] == "Basic dXNlcjpwYXNz"
    assert call.headers["User-Agent"] == "Amazon|StepFunctions|HttpInvoke|us-east-1"
    assert call.headers["Range"] == "bytes=0-262144"
    assert "Content-Type" not in call.headers
    assert {name: output[name] for name in ("ResponseBody", "StatusCode", "StatusText")} == {
        "ResponseBody": {"id": 7},
        "StatusCode": 200,
        "StatusText": "OK",
    }
    assert output["Headers"]["content-length"] == ["9"]


def test_what_the_connection_has_overwrites_what_the_task_has(workflows, invoke, connection, http_endpoint):
    arn = connection(
        "API_KEY",
        API_KEY,
        BodyParameters=[{"Key": "BodyParam", "Value": "connection_body_param"}],
        HeaderParameters=[{"Key": "Header-Param", "Value": "connection_header_param"}],
        QueryStringParameters=[{"Key": "QueryParam", "Value": "connection_query_param"}],
    )
    state = invoke(
        arn=arn,
        Headers={"Request-Id": "my_request_id", "header-param": "state_machine_header_param"},
        RequestBody={"Job": "Software Engineer", "BodyParam": "state_machine_body_param"},
        QueryParameters={"QueryParam": "state_machine_query_param", "own": ["a b", 1]},
    )

    workflows.output(state)

    call = http_endpoint.got()
    assert call.path == "/path?QueryParam=connection_query_param&own=a%20b&own=1"
    assert call.headers["Content-Type"] == "application/json; charset=UTF-8"
    names = ("Apikey", "Header-Param", "Request-Id")
    assert [call.headers[name] for name in names] == ["key_value", "connection_header_param", "my_request_id"]
    assert call.body == '{"Job":"Software Engineer","BodyParam":"connection_body_param"}'


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, "array%5B0%5D=a&array%5B1%5D=b"),
        ({"ArrayFormat": "INDICES"}, "array%5B0%5D=a&array%5B1%5D=b"),
        ({"ArrayFormat": "REPEAT"}, "array=a&array=b"),
        ({"ArrayFormat": "COMMAS"}, "array=a,b"),
        ({"ArrayFormat": "BRACKETS"}, "array%5B%5D=a&array%5B%5D=b"),
    ],
)
def test_a_body_is_sent_as_a_form(workflows, invoke, http_endpoint, options, sent):
    body = {"array": ["a", "b"], "metadata": {"order_details": "monthly report"}, "n": 1, "yes": True}
    transform = {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": options}
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    workflows.output(invoke(RequestBody=body, Transform=transform, Headers=form))

    call = http_endpoint.got()
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert call.body == f"{sent}&metadata%5Border_details%5D=monthly%20report&n=1&yes=true"


def test_a_body_that_is_no_json_is_a_string_both_ways(workflows, invoke, http_endpoint):
    http_endpoint.answers.put((201, b"<done/>"))

    output = workflows.output(invoke(method="PUT", RequestBody="<do/>"))

    assert (output["ResponseBody"], output["StatusCode"], output["StatusText"]) == ("<done/>", 201, "Created")
    assert http_endpoint.got().body == "<do/>"


@pytest.mark.parametrize(
    ("status", "cause"), [(302, "Found"), (400, "Bad Request"), (404, "Not Found"), (503, "Service Unavailable")]
)
def test_a_status_of_no_success_is_an_error_of_its_name(workflows, invoke, http_endpoint, status, cause):
    http_endpoint.answers.put((status, b'{"why": "because"}'))
    catch = [{"ErrorEquals": [f"States.Http.StatusCode.{status}"], "Next": "C"}]
    states = invoke(fields={"Catch": catch})

    output = workflows.output({**states, "C": {"Type": "Pass", "End": True}})

    assert output == {"Error": f"States.Http.StatusCode.{status}", "Cause": cause}


def test_a_call_is_retried(workflows, invoke, http_endpoint):
    for status in (503, 429):
        http_endpoint.answers.put((status, b""))
    retry = [{"ErrorEquals": ["States.Http.StatusCode.503", "States.Http.StatusCode.429"], "IntervalSeconds": 60}]

    ended = workflows.run(invoke(fields={"Retry": retry}))

    assert (ended["status"], http_endpoint.calls.qsize()) == ("SUCCEEDED", 3)


def test_an_endpoint_that_nobody_listens_at_is_a_socket_error(workflows, invoke):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    states = invoke()
    states["T"]["Parameters"]["ApiEndpoint"] = f"http://127.0.0.1:{port}/"

    ended = workflows.run(states)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Http.Socket")


@pytest.mark.parametrize(
    ("parameters", "cause"),
    [
        ({"Headers": {"Authorization": "x", "X-Amz-Date": "y"}}, "unsupported values: [authorization, x-amz-date]"),
        ({"Method": "TRACE"}, "The value for the 'Method' field is not valid"),
        ({"ApiEndpoint": "ftp://localhost/"}, "The value for the 'ApiEndpoint' field is not valid"),
        ({"ApiEndpoint": "http://example.com/"}, "The value for the 'ApiEndpoint' field is not valid"),
        ({"InvocationConfig": {}}, 'The field "ConnectionArn" is required but was missing'),
        ({"QueryParameters": "a=b"}, "The value of the field 'QueryParameters' has an invalid format"),
        ({"Transform": {"RequestBodyEncoding": "X"}}, "The value for the 'RequestBodyEncoding' field is not valid"),
        (
            {"Transform": {"RequestEncodingOptions": {"ArrayFormat": ["COMMAS"]}}},
            "The value for the 'ArrayFormat' field is not valid",
        ),
        ({"ApiEndpoint": "https://api.example.com/v1"}, "Stepwell calls endpoints on this machine only"),
    ],
)
def test_what_cannot_be_sent_is_refused(workflows, invoke, http_endpoint, parameters, cause):
    ended = workflows.run(invoke(**parameters))

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert cause in ended["cause"]
    assert http_endpoint.calls.empty()


def test_a_text_cannot_be_merged_with_the_body_of_the_connection(workflows, invoke, connection, http_endpoint):
    arn = connection(BodyParameters=[{"Key": "a", "Value": "b"}])

    ended = workflows.run(invoke(arn=arn, RequestBody="text"))

    assert (ended["error"], http_endpoint.calls.empty()) == ("States.Runtime", True)


def test_an_answer_that_is_no_text_fails_the_task(workflows, invoke, http_endpoint):
    http_endpoint.answers.put((200, b"\xff\xd8"))

    ended = workflows.run(invoke())

    assert ended["error"] == "States.Runtime"


def test_an_answer_that_is_too_large_fails_the_task(workflows, invoke, http_endpoint):
    http_endpoint.answers.put((200, b"x" * 300_000))

    ended = workflows.run(invoke())

    assert ended["error"] == "States.DataLimitExceeded"


def test_a_connection_that_is_not_there_or_not_authorized_has_an_error_of_its_own(workflows, aws, invoke, connection):
    arn = connection()
    aws("events").deauthorize_connection(Name="connection")

    errors = [
        workflows.run(invoke(arn=named))["error"]
        for named in (
            arn,
            arn.replace("connection/connection/", "connection/none/"),
            arn.replace(aws.account, "1" * 12),
        )
    ]

    assert errors == [
        "Events.ConnectionResource.InvalidConnectionState",
        "Events.ConnectionResource.ResourceNotFound",
        "Events.ConnectionResource.AccessDenied",
    ]


def test_a_token_is_used_and_asked_for_anew_when_it_is_refused(workflows, aws, invoke, connection, http_endpoint):
    answers = ((200, b'{"access_token": "one"}'), (401, b""), (200, b'{"access_token": "two"}'), (200, b""))
    for answer in answers:
        http_endpoint.answers.put(answer)
    client = {"ClientID": "me", "ClientSecret": "secret"}
    oauth = {"AuthorizationEndpoint": f"{http_endpoint.url}/token", "ClientParameters": client, "HttpMethod": "POST"}
    arn = connection("OAUTH_CLIENT_CREDENTIALS", {"OAuthParameters": oauth})
    early = workflows.run(invoke(arn=arn))["error"]
    aws.advance(10)
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10}]

    ended = workflows.run(invoke(arn=arn, fields={"Retry": retry}))

    calls = [http_endpoint.got() for _ in range(4)]
    assert (early, ended["status"]) == ("Events.ConnectionResource.AuthInProgress", "SUCCEEDED")
    assert [call.path for call in calls] == ["/token", "/path", "/token", "/path"]
    assert [calls[at].headers["Authorization"] for at in (1, 3)] == ["Bearer one", "Bearer two"]


def test_an_http_task_writes_the_events_of_a_task(workflows, invoke):
    execution = workflows.run(invoke())["executionArn"]

    events = workflows.history(execution)

    assert [event["type"] for event in events[2:5]] == ["TaskScheduled", "TaskStarted", "TaskSucceeded"]
    details = events[2]["taskScheduledEventDetails"]
    assert (details["resourceType"], details["resource"]) == ("http", "invoke")


def test_the_test_of_a_state_shows_request_and_response_without_secrets(aws, invoke, connection, http_endpoint):
    http_endpoint.answers.put((200, b"[1]"))
    arn = connection(
        HeaderParameters=[{"Key": "CustomHeader1", "Value": "CustomHeaderValue1"}],
        QueryStringParameters=[{"Key": "QueryParam1", "Value": "QueryParamValue1"}],
        BodyParameters=[{"Key": "BodyKey1", "Value": "BodyValue1"}],
    )
    sent = {"Headers": {"definitionHeader": "h1"}, "QueryParameters": {"queryParam": "q1"}, "RequestBody": {"m": "x"}}
    state = json.dumps(invoke("/get", arn=arn, **sent)["T"])
    test = {"definition": state, "roleArn": ROLE, "inspectionLevel": "TRACE"}

    hidden = aws("stepfunctions").test_state(**test)["inspectionData"]
    revealed = aws("stepfunctions").test_state(**test, revealSecrets=True)["inspectionData"]["request"]

    own = "User-Agent: Amazon|StepFunctions|HttpInvoke|us-east-1, Range: bytes=0-262144"
    assert hidden["request"] == {
        "protocol": "http",
        "method": "POST",
        "url": f"{http_endpoint.url}/get?queryParam=q1",
        "headers": f"[definitionHeader: h1, {own}]",
        "body": '{"m":"x"}',
    }
    secrets = "Authorization: Basic dXNlcjpwYXNz, CustomHeader1: CustomHeaderValue1"
    assert revealed["url"] == f"{http_endpoint.url}/get?queryParam=q1&QueryParam1=QueryParamValue1"
    assert revealed["headers"] == f"[definitionHeader: h1, {secrets}, {own}]"
    assert revealed["body"] == '{"m":"x","BodyKey1":"BodyValue1"}'
    response = hidden["response"]
    assert {name: response[name] for name in ("protocol", "statusCode", "statusMessage", "body")} == {
        "protocol": "http",
        "statusCode": "200",
        "statusMessage": "OK",
        "body": "[1]",
    }
    assert json.loads(hidden["result"])["ResponseBody"] == [1]
    assert "Content-Length: 3" in response["headers"]


@pytest.fixture
def silent():
    """An endpoint that takes connections and never answers: its URL, and `called()`, which waits for the first call."""
    with ExitStack() as open_ones:
        yield Silent(open_ones)


class Silent:
    def __init__(self, open_ones):
        self._open_ones = open_ones
        self._server = open_ones.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._server.settimeout(10)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"

    def called(self):
        self._open_ones.enter_context(self._server.accept()[0])

    def close(self):
        self._open_ones.close()


def test_an_execution_that_was_stopped_does_not_hear_of_an_answer(workflows, invoke, silent):
    states = invoke()
    states["T"]["Parameters"]["ApiEndpoint"] = silent.url
    execution = workflows.start(workflows.machine(states))
    silent.called()

    workflows.client.stop_execution(executionArn=execution, error="enough")
    silent.close()
    workflows.settle()

    ended = workflows.client.describe_execution(executionArn=execution)
    assert (ended["status"], ended["error"]) == ("ABORTED", "enough")


def test_a_call_that_was_under_way_when_the_house_died_failed(tmp_path, silent):
    given = {"ApiEndpoint": silent.url, "Method": "GET"}
    house = Running(tmp_path).start()
    try:
        events, client = house.client("events", ACCOUNT), house.client("stepfunctions", ACCOUNT)
        arn = events.create_connection(Name="c", AuthorizationType="BASIC", AuthParameters=BASIC)["ConnectionArn"]
        given["InvocationConfig"] = {"ConnectionArn": arn}
        task = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": given, "End": True}
        definition = json.dumps({"StartAt": "T", "States": {"T": task}})
        machine = client.create_state_machine(name="m", definition=definition, roleArn=ROLE)["stateMachineArn"]
        execution = client.start_execution(stateMachineArn=machine)["executionArn"]
        silent.called()
    finally:
        house.stop()

    house = Running(tmp_path).start()
    try:
        house.client("stepwell", ACCOUNT).wait_until(ExecutionArn=execution, TimeoutSeconds=60)
        ended = house.client("stepfunctions", ACCOUNT).describe_execution(executionArn=execution)
    finally:
        house.stop()

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Http.Socket")
    assert "it was not made again" in ended["cause"]
