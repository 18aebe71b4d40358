"""API destinations are called on this machine: with credentials, parameters, retries and dead letters."""

import json

import pytest

BASIC = {"BasicAuthParameters": {"Username": "user", "Password": "pass"}}
API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}}


def oauth(endpoint, **more):
    return {
        "OAuthParameters": {
            "AuthorizationEndpoint": f"{endpoint.url}/token",
            "ClientParameters": {"ClientID": "me", "ClientSecret": "secret"},
            "HttpMethod": "POST",
            **more,
        }
    }


@pytest.fixture
def destination(place, aws, http_endpoint):
    """Create a connection and an API destination on it, and give the ARN of the destination."""

    def create(path="/hook", kind="BASIC", auth=BASIC, method="POST", url=None, **more):
        connection = place.events.create_connection(
            Name="connection", AuthorizationType=kind, AuthParameters={**auth, **more}
        )
        return place.events.create_api_destination(
            Name="destination",
            ConnectionArn=connection["ConnectionArn"],
            InvocationEndpoint=f"{url or http_endpoint.url}{path}",
            HttpMethod=method,
        )["ApiDestinationArn"]

    return create


def test_an_event_is_posted(place, destination, http_endpoint):
    place.rule(destination())

    answer = place.put()

    call = http_endpoint.got()
    assert (call.method, call.path, json.loads(call.body)["id"]) == ("POST", "/hook", answer["EventId"])
    assert call.headers["Authorization"] == "Basic dXNlcjpwYXNz"
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    assert call.headers["User-Agent"] == "Amazon/EventBridge/ApiDestinations"
    assert call.headers["Range"] == "bytes=0-1048575"
    assert place.attempts() == [
        (place.events.describe_api_destination(Name="destination")["ApiDestinationArn"], "delivered", "")
    ]


def test_connection_and_target_add_parameters(place, destination, http_endpoint):
    connected = {
        "HeaderParameters": [{"Key": "X-Own", "Value": "1"}],
        "QueryStringParameters": [{"Key": "own", "Value": "a b"}],
        "BodyParameters": [{"Key": "token", "Value": "t", "IsValueSecret": True}],
    }
    arn = destination("/users/*/hook/*", "API_KEY", API_KEY, "PUT", InvocationHttpParameters=connected)
    place.rule(
        {
            "Arn": arn,
            "Input": '{"some": 1}',
            "HttpParameters": {
                "PathParameterValues": ["ann", "a/b"],
                "HeaderParameters": {"X-Target": "2"},
                "QueryStringParameters": {"q": "1"},
            },
        }
    )

    place.put()

    call = http_endpoint.got()
    assert (call.method, call.path) == ("PUT", "/users/ann/hook/a%2Fb?q=1&own=a+b")
    assert json.loads(call.body) == {"some": 1, "token": "t"}
    assert [call.headers[name] for name in ("X-Key", "X-Own", "X-Target")] == ["secret", "1", "2"]
    shown = place.events.describe_connection(Name="connection")["AuthParameters"]
    assert shown["InvocationHttpParameters"]["BodyParameters"] == [{"Key": "token", "IsValueSecret": True}]


def test_a_token_is_fetched_and_fetched_anew_when_it_is_refused(place, aws, destination, http_endpoint):
    for answer in (b'{"access_token": "one"}',):
        http_endpoint.answers.put((200, answer))
    arn = destination(kind="OAUTH_CLIENT_CREDENTIALS", auth=oauth(http_endpoint))
    place.rule(arn)
    aws.advance(2)
    asked = http_endpoint.got()

    http_endpoint.answers.put((401, b""))
    http_endpoint.answers.put((200, b'{"access_token": "two"}'))
    place.put()
    aws.advance(10)

    first, again, second = (http_endpoint.got() for _ in range(3))
    assert asked.body == "grant_type=client_credentials"
    assert asked.headers["Authorization"] == "Basic bWU6c2VjcmV0"
    assert (first.path, first.headers["Authorization"]) == ("/hook", "Bearer one")
    assert again.path == "/token"
    assert (second.path, second.headers["Authorization"]) == ("/hook", "Bearer two")


def test_a_connection_that_is_refused_is_not_authorized(place, aws, destination, http_endpoint):
    http_endpoint.answers.put((403, b""))
    destination(kind="OAUTH_CLIENT_CREDENTIALS", auth=oauth(http_endpoint))

    aws.advance(2)
    place.rest()

    connection = place.events.describe_connection(Name="connection")
    assert (connection["ConnectionState"], "403" in connection["StateReason"]) == ("DEAUTHORIZED", True)
    assert place.events.describe_api_destination(Name="destination")["ApiDestinationState"] == "INACTIVE"


def test_an_endpoint_that_is_busy_is_called_again(place, aws, destination, http_endpoint):
    place.rule(destination())
    for status in (503, 429):
        http_endpoint.answers.put((status, b""))

    place.put()
    aws.advance(10)

    assert [outcome for _, outcome, _ in place.attempts()] == ["failed", "failed", "delivered"]


def test_what_an_endpoint_refuses_is_dead_lettered_at_once(place, destination, http_endpoint):
    letters = place.queue("letters")
    place.rule({"Arn": destination(), "DeadLetterConfig": {"Arn": letters}})
    http_endpoint.answers.put((400, b""))

    place.put()

    (letter,) = place.received(letters)
    attributes = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert attributes["ERROR_CODE"] == "SDK_CLIENT_ERROR"
    assert "400" in attributes["ERROR_MESSAGE"]


def test_nothing_is_sent_to_another_machine(place, destination):
    arn = destination(url="https://example.com")
    place.rule(arn)

    place.put()

    assert place.attempts() == [(arn, "given up", "NotLocal")]


def test_a_destination_without_its_connection_is_not_called(place, destination, http_endpoint):
    place.rule(destination())
    place.events.deauthorize_connection(Name="connection")

    place.put()

    assert [outcome for _, outcome, _ in place.attempts()] == ["given up"]
    assert http_endpoint.calls.empty()


def test_a_connection_is_changed_and_deleted(place, destination, error_of):
    destination()
    changed = place.events.update_connection(
        Name="connection", AuthParameters={"BasicAuthParameters": {"Username": "other"}}
    )

    shown = place.events.describe_connection(Name="connection")
    place.events.delete_connection(Name="connection")

    assert changed["ConnectionArn"] == shown["ConnectionArn"]
    assert shown["AuthParameters"] == {"BasicAuthParameters": {"Username": "other"}}
    assert error_of(place.events.describe_connection, Name="connection")["Error"]["Message"] == (
        "Failed to describe the connection(s). Connection 'connection' does not exist."
    )


def test_credentials_are_those_of_the_kind(place, error_of):
    error = error_of(place.events.create_connection, Name="c", AuthorizationType="API_KEY", AuthParameters=BASIC)[
        "Error"
    ]

    assert error["Code"] == "ValidationException"
