"""Counts the orders that are done."""

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    """`{day}` -> `{day, orders, keys}`: what lies in orders-done."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="orders-done", Prefix="orders/")
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    print(f"{event['day']}: {len(keys)} orders done")
    return {"day": event["day"], "orders": len(keys), "keys": keys}
