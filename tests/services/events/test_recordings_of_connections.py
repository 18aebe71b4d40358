"""Connections and API destinations answer as AWS did."""

import pytest

API_KEY = {"ApiKeyAuthParameters": {"ApiKeyName": "ApiKey", "ApiKeyValue": "secret"}}
BASIC = {"BasicAuthParameters": {"Username": "user", "Password": "pass"}}
OAUTH = {
    "OAuthParameters": {
        "AuthorizationEndpoint": "https://example.com/oauth",
        "ClientParameters": {"ClientID": "client_id", "ClientSecret": "client_secret"},
        "HttpMethod": "POST",
    }
}
KINDS = {"BASIC": BASIC, "API_KEY": API_KEY, "OAUTH_CLIENT_CREDENTIALS": OAUTH}


@pytest.fixture
def connect(events):
    def create(name="connection", kind="BASIC", **more):
        return events.create_connection(
            Name=name, AuthorizationType=kind, AuthParameters={**KINDS.get(kind, BASIC), **more}
        )

    return create


@pytest.mark.recording("events", "test_create_connection")
def test_a_connection_is_created(events, recorded, connect):
    created = connect(kind="API_KEY", InvocationHttpParameters={})

    recorded.agree(
        "test_create_connection",
        create_connection=created,
        describe_connection=events.describe_connection(Name="connection"),
    )


@pytest.mark.recording("events", "test_list_connections")
def test_connections_are_listed(events, recorded, connect):
    connect()

    recorded.agree("test_list_connections", list_connections=events.list_connections(NamePrefix="conn"))


@pytest.mark.recording("events", "test_create_connection_invalid_parameters", "test_create_connection_name_validation")
def test_parameters_are_checked(recorded, connect, error_of):
    kind = error_of(connect, kind="INVALID_AUTH_TYPE")
    name = error_of(connect, "Invalid Name With Spaces!")

    recorded.agree("test_create_connection_invalid_parameters", create_connection_invalid_auth_error=kind)
    recorded.agree("test_create_connection_name_validation", create_connection_invalid_name_error=name)


@pytest.mark.recording("events", "test_api_destinations")
@pytest.mark.parametrize(
    ("case", "kind"), [("auth0", "BASIC"), ("auth1", "API_KEY"), ("auth2", "OAUTH_CLIENT_CREDENTIALS")]
)
def test_the_life_of_an_api_destination(aws, events, recorded, connect, error_of, case, kind):
    aws("stepwell").set_clock(Mode="frozen")
    connection = connect(kind=kind)["ConnectionArn"]
    params = {"Name": "destination", "ConnectionArn": connection}

    recorded.agree(
        f"test_api_destinations[{case}]",
        create_api_destination=events.create_api_destination(
            HttpMethod="POST",
            InvocationEndpoint="https://example.com/api",
            Description="Test API destination",
            **params,
        ),
        describe_api_destination=events.describe_api_destination(Name="destination"),
        list_api_destinations=events.list_api_destinations(NamePrefix="dest"),
        update_api_destination=events.update_api_destination(
            Name="destination",
            HttpMethod="PUT",
            InvocationEndpoint="https://example.com/api/v2",
            Description="Updated API destination",
        ),
        describe_updated_api_destination=events.describe_api_destination(Name="destination"),
        delete_api_destination=events.delete_api_destination(Name="destination"),
        describe_api_destination_not_found_error=error_of(events.describe_api_destination, Name="destination"),
    )
