"""Reads an order's CSV from its bucket and says whether it can be filled."""

import csv
import io

import boto3

s3 = boto3.client("s3")


class BadRows(Exception):
    """At least one row of the order makes no sense."""


def handler(event, context):
    """`{bucket, key}` -> `{order, rows, row_count, ship_after}`; BadRows names the rows that are wrong."""
    text = s3.get_object(Bucket=event["bucket"], Key=event["key"])["Body"].read().decode()
    ship_after, rows = parse(text)
    bad = [number for number, row in enumerate(rows, 1) if not is_sound(row)]
    print(f"{event['key']}: {len(rows)} rows, {len(bad)} bad")
    if bad:
        raise BadRows(f"{event['key']}: rows {', '.join(map(str, bad))} are not SKU, quantity and price")
    order = event["key"].removesuffix(".csv")
    return {"order": order, "rows": rows, "row_count": len(rows), "ship_after": ship_after}


def parse(text):
    """The order's rows, and the moment in its `# ship after: ` line, None where it has none."""
    lines = text.splitlines()
    ship_after = None
    if lines and lines[0].startswith("# ship after:"):
        ship_after = lines.pop(0).partition(":")[2].strip()
    return ship_after, list(csv.DictReader(io.StringIO("\n".join(lines))))


def is_sound(row):
    try:
        return bool(row["sku"]) and int(row["quantity"]) > 0 and float(row["unit_price"]) >= 0
    except (KeyError, TypeError, ValueError):
        return False
