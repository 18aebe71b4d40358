"""Settings: flags over environment over the project's file over the defaults; what cannot be is said in one line."""

from pathlib import Path

import pytest

from emulator import config
from emulator.errors import EmulatorError


def written(folder, text):
    (folder / "stepwell.toml").write_text(text)
    return {"project": folder}


def test_without_anything_the_defaults_hold(tmp_path):
    found = config.read({"project": tmp_path}, {})

    assert (found.host, found.port, found.region) == ("127.0.0.1", 4566, "us-east-1")
    assert found.roles == config.ROLES
    assert found.data == tmp_path / ".stepwell"
    assert found.url == "http://127.0.0.1:4566"


def test_a_flag_is_over_the_environment_and_that_over_the_file(tmp_path):
    flags = written(tmp_path, '[stepwell]\nport = 1\nregion = "eu-west-1"\nhost = "0.0.0.0"\n')

    found = config.read({**flags, "port": 3}, {"STEPWELL_PORT": "2", "STEPWELL_REGION": "eu-north-1"})

    assert (found.port, found.region, found.host) == (3, "eu-north-1", "0.0.0.0")


def test_a_flag_that_was_not_given_hides_nothing(tmp_path):
    assert config.read({"project": tmp_path, "port": None}, {"STEPWELL_PORT": "2"}).port == 2


def test_the_environment_may_have_other_names_of_ours(tmp_path):
    assert config.read({"project": tmp_path}, {"STEPWELL_TEST_POSTGRES": "1"}).port == 4566


def test_the_project_may_come_from_the_environment(tmp_path):
    written(tmp_path, "[stepwell]\nport = 9\n")

    found = config.read({}, {"STEPWELL_PROJECT": str(tmp_path)})

    assert (found.port, found.project) == (9, tmp_path)


def test_a_data_folder_in_the_file_lies_in_the_project(tmp_path):
    found = config.read(written(tmp_path, '[stepwell]\ndata = "state"\n'), {})

    assert found.data == tmp_path / "state"


def test_a_data_folder_of_a_flag_is_taken_as_it_is(tmp_path):
    assert config.read({"project": tmp_path, "data": "state"}, {}).data == Path("state")


def test_an_endpoint_replaces_the_address(tmp_path):
    assert config.read({"project": tmp_path, "endpoint": "http://stepwell:4566"}, {}).url == "http://stepwell:4566"


@pytest.mark.parametrize(
    ("given", "roles"),
    [("gateway", ("gateway",)), ("router, runner", ("runner", "router")), (["functions"], ("functions",))],
)
def test_roles_are_a_list_in_any_order(tmp_path, given, roles):
    assert config.read({"project": tmp_path, "roles": given}, {}).roles == roles


@pytest.mark.parametrize(
    "settings",
    [
        {"port": "many"},
        {"port": -1},
        {"port": 65_536},
        {"workers": None.__class__},
        {"workers": 0},
        {"roles": "gateway,janitor"},
        {"roles": ""},
        {"roles": 3},
        {"region": 7},
        {"synchronous": "OFF"},
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(tmp_path, settings):
    with pytest.raises(EmulatorError) as refused:
        config.read({"project": tmp_path, **settings}, {})

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["[stepwell]\nprot = 1\n", "stepwell = 3\n", "not toml at all", "[stepwell]\nport = [1]\n"]
)
def test_a_file_that_cannot_be_is_refused_by_its_name(tmp_path, text):
    flags = written(tmp_path, text)

    with pytest.raises(EmulatorError):
        config.read(flags, {})


def test_a_misspelt_setting_of_the_file_is_named(tmp_path):
    flags = written(tmp_path, "[stepwell]\nprot = 1\n")

    with pytest.raises(EmulatorError, match=r"stepwell\.toml.*prot"):
        config.read(flags, {})


@pytest.mark.parametrize(
    ("host", "url"),
    [("stepwell", "http://stepwell:4566"), ("127.0.0.1:4510", "http://127.0.0.1:4510"), (" ", "")],
)
def test_clients_are_told_localstacks_host_where_it_is_given(tmp_path, host, url):
    found = config.read({"project": tmp_path}, {"LOCALSTACK_HOST": host})

    assert (found.public_url, found.url) == (url, "http://127.0.0.1:4566")


def test_a_public_url_of_ours_is_over_localstacks_host(tmp_path):
    told = {"LOCALSTACK_HOST": "stepwell", "STEPWELL_PUBLIC_URL": "http://here:1"}

    assert config.read({"project": tmp_path}, told).public_url == "http://here:1"


def test_the_mock_configuration_has_the_name_that_step_functions_local_gives_it(tmp_path):
    flags = written(tmp_path, '[stepwell]\nmock_config = "mocks.json"\n')

    ours = config.read(flags, {})
    theirs = config.read(flags, {"SFN_MOCK_CONFIG": "/tmp/MockConfigFile.json"})
    both = config.read(flags, {"SFN_MOCK_CONFIG": "theirs.json", "STEPWELL_MOCK_CONFIG": "ours.json"})

    assert ours.mock_config == str(tmp_path / "mocks.json")
    assert theirs.mock_config == "/tmp/MockConfigFile.json"
    assert both.mock_config == "ours.json"
