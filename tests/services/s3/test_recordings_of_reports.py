"""Configurations of analytics, inventories, tiering and metrics, held against what AWS answered."""

from __future__ import annotations

from typing import Any

import pytest

WHERE = "arn:aws:s3:::bucket"


def inventory(id: str, **more: Any) -> dict[str, Any]:
    return {
        "Destination": {"S3BucketDestination": {"Bucket": WHERE, "Format": "CSV"}},
        "IsEnabled": True,
        "Id": id,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        **more,
    }


def put_inventory(s3: Any, id: str, **more: Any) -> Any:
    return s3.put_bucket_inventory_configuration(Bucket="bucket", Id=id, InventoryConfiguration=inventory(id, **more))


@pytest.mark.recording("s3", "test_s3_inventory_report_crud")
def test_an_inventory_lives_and_dies(s3: Any, recorded: Any, error_of: Any) -> None:
    which = {"Bucket": "bucket", "Id": "test-inventory"}

    recorded(
        put_inventory_config=put_inventory(s3, "test-inventory", OptionalFields=["Size", "ETag"]),
        list_inventory_config=s3.list_bucket_inventory_configurations(Bucket="bucket"),
        get_inventory_config=s3.get_bucket_inventory_configuration(**which),
        del_inventory_config=s3.delete_bucket_inventory_configuration(**which),
        list_inventory_config_after_del=s3.list_bucket_inventory_configurations(Bucket="bucket"),
        get_nonexistent_inv_config=error_of(s3.get_bucket_inventory_configuration, **which),
    )


@pytest.mark.recording("s3", "test_put_bucket_inventory_config_order")
def test_inventories_are_listed_by_their_ids(s3: Any, recorded: Any) -> None:
    for id in ("z-test", "a-test", "test-1"):
        put_inventory(s3, id)

    recorded(
        list_inventory_config=s3.list_bucket_inventory_configurations(Bucket="bucket"),
        del_inventory_config=s3.delete_bucket_inventory_configuration(Bucket="bucket", Id="z-test"),
        list_inventory_config_after_del=s3.list_bucket_inventory_configurations(Bucket="bucket"),
    )


@pytest.mark.recording("s3", "test_s3_analytics_configurations")
def test_analytics_live_and_die(s3: Any, recorded: Any, error_of: Any) -> None:
    export = {
        "OutputSchemaVersion": "V_1",
        "Destination": {"S3BucketDestination": {"Format": "CSV", "Bucket": WHERE, "Prefix": "test"}},
    }

    def analytics(id: str, prefix: str) -> dict[str, Any]:
        return {"Id": id, "Filter": {"Prefix": prefix}, "StorageClassAnalysis": {"DataExport": export}}

    def put(id: str, configuration: dict[str, Any]) -> Any:
        return s3.put_bucket_analytics_configuration(Bucket="bucket", Id=id, AnalyticsConfiguration=configuration)

    first, second = (f"config_with_storage_analysis_{number}" for number in (1, 2))

    def get(id: str) -> Any:
        return s3.get_bucket_analytics_configuration(Bucket="bucket", Id=id)

    def listed() -> Any:
        return s3.list_bucket_analytics_configurations(Bucket="bucket")

    missing = {"Bucket": "bucket", "Id": "missing"}
    recorded(
        put_config_with_storage_analysis_err=error_of(put, "different-id", analytics(first, "test_ls")),
        get_config_with_storage_analysis_err=error_of(s3.get_bucket_analytics_configuration, **missing),
        delete_config_with_storage_analysis_err=error_of(s3.delete_bucket_analytics_configuration, **missing),
        put_config_with_storage_analysis_1=put(first, analytics(first, "test_ls")),
        get_config_with_storage_analysis_1=get(first),
    )
    put(first, analytics(first, "test_ls_2"))
    put(second, analytics(second, "test_ls_3"))
    recorded(
        get_config_with_storage_analysis_2=get(first),
        get_config_with_storage_analysis_3=get(second),
        list_config_with_storage_analysis_1=listed(),
    )
    s3.delete_bucket_analytics_configuration(Bucket="bucket", Id=second)
    recorded(list_config_with_storage_analysis_2=listed())


@pytest.mark.recording("s3", "test_s3_intelligent_tier_config")
def test_tiering_lives_and_dies(s3: Any, recorded: Any, error_of: Any) -> None:
    def put(id: str, prefix: str, said: str = "") -> Any:
        configuration = {
            "Id": said or id,
            "Filter": {"Prefix": prefix},
            "Status": "Enabled",
            "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
        }
        return s3.put_bucket_intelligent_tiering_configuration(
            Bucket="bucket", Id=id, IntelligentTieringConfiguration=configuration
        )

    def listed() -> Any:
        return s3.list_bucket_intelligent_tiering_configurations(Bucket="bucket")

    delete = s3.delete_bucket_intelligent_tiering_configuration
    refused, first = error_of(put, "test1", "test1", "incorrect_id"), put("test1", "test1")
    put("test2", "test2")
    recorded(
        {
            "put_bucket_intelligent_tiering_configuration_err_1`": refused,
            "put_bucket_intelligent_tiering_configuration_1": first,
            "get_bucket_intelligent_tiering_configuration_1": s3.get_bucket_intelligent_tiering_configuration(
                Bucket="bucket", Id="test1"
            ),
            "list_bucket_intelligent_tiering_configurations_1": listed(),
        }
    )
    put("test1", "testupdate")
    recorded(
        list_bucket_intelligent_tiering_configurations_2=listed(),
        delete_bucket_intelligent_tiering_configuration_err_1=error_of(delete, Bucket="missing", Id="test1"),
        delete_bucket_intelligent_tiering_configuration_err_2=error_of(delete, Bucket="bucket", Id="missing"),
    )
    delete(Bucket="bucket", Id="test1")
    recorded(list_bucket_intelligent_tiering_configurations_3=listed())


def put_metrics(s3: Any, id: str, prefix: str) -> Any:
    configuration = {"Id": id, "Filter": {"Prefix": prefix}}
    return s3.put_bucket_metrics_configuration(Bucket="bucket", Id=id, MetricsConfiguration=configuration)


@pytest.mark.recording(
    "s3",
    "test_put_bucket_metrics_configuration",
    "test_overwrite_bucket_metrics_configuration",
    "test_get_bucket_metrics_configuration_not_exist",
)
def test_metrics_are_kept_by_their_id(s3: Any, recorded: Any, error_of: Any) -> None:
    which = {"Bucket": "bucket", "Id": "one"}
    missing = error_of(s3.get_bucket_metrics_configuration, **which)

    recorded["test_get_bucket_metrics_configuration_not_exist"](get_bucket_metrics_configuration=missing)
    recorded["test_put_bucket_metrics_configuration"](
        put_bucket_metrics_configuration=put_metrics(s3, "one", "logs/"),
        get_bucket_metrics_configuration=s3.get_bucket_metrics_configuration(**which),
    )
    recorded["test_overwrite_bucket_metrics_configuration"](
        overwrite_bucket_metrics_configuration=put_metrics(s3, "one", "logs/new-prefix"),
        get_bucket_metrics_configuration=s3.get_bucket_metrics_configuration(**which),
    )


@pytest.mark.recording("s3", "test_list_bucket_metrics_configurations")
def test_metrics_are_listed(s3: Any, recorded: Any) -> None:
    for id in ("one", "two"):
        put_metrics(s3, id, "logs/prefix")

    recorded(list_bucket_metrics_configurations=s3.list_bucket_metrics_configurations(Bucket="bucket"))
