"""Models: lazy, overlaid, and not only botocore's."""

import json
from pathlib import Path

import pytest

from emulator.wire import endpoints, models

OWN = {
    "version": "2.0",
    "metadata": {
        "protocol": "json",
        "targetPrefix": "Own",
        "jsonVersion": "1.1",
        "endpointPrefix": "own",
        "serviceId": "own",
    },
    "operations": {"Ping": {"name": "Ping", "http": {"method": "POST", "requestUri": "/"}}},
    "shapes": {},
}


def test_a_service_of_our_own_is_found_in_an_added_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ownservice" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(OWN))

    models.add_path(tmp_path)

    assert list(models.service("ownservice").operations) == ["Ping"]
    assert len(models.service("sqs").operations) == 23


def test_an_added_overlay_changes_a_model(tmp_path: Path) -> None:
    folder = tmp_path / "overlaid" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(OWN))
    overlay = tmp_path / "extras.json"
    pong = {"name": "Pong", "http": {"method": "POST", "requestUri": "/"}}
    overlay.write_text(json.dumps({"version": 1.0, "merge": {"operations": {"Pong": pong}}}))

    models.add_path(tmp_path)
    models.add_extras("overlaid", overlay)

    assert list(models.service("overlaid").operations) == ["Ping", "Pong"]


def test_a_service_nobody_knows_is_an_error() -> None:
    with pytest.raises(models.UnknownServiceError):
        models.service("nosuchservice")


def test_sqs_speaks_the_query_protocol_of_old_sdks_too() -> None:
    assert models.service("sqs").protocols == ("json", "query")


def test_the_table_of_target_prefixes_agrees_with_the_models() -> None:
    found = {
        prefix: models.service(name).metadata["targetPrefix"] for prefix, name in endpoints.TARGET_PREFIXES.items()
    }

    assert found == {prefix: prefix for prefix in endpoints.TARGET_PREFIXES}


def test_the_table_of_signing_names_agrees_with_the_models() -> None:
    for signing, names in endpoints.SIGNING_NAMES.items():
        metadata = [models.service(name).metadata for name in names]
        found = {each.get("signingName") or each["endpointPrefix"] for each in metadata}
        assert found == {signing} or signing == "s3express"


def test_the_table_of_query_versions_agrees_with_the_models() -> None:
    for version, name in endpoints.QUERY_VERSIONS.items():
        assert models.service(name).metadata["apiVersion"] == version
        assert "query" in models.service(name).protocols
