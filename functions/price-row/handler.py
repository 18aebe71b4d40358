"""Prices one row of an order: ten or more of a thing are cheaper by a tenth."""


def handler(event, context):
    """`{sku, quantity, unit_price}`, all texts -> the same with `total` as a number."""
    quantity, unit_price = int(event["quantity"]), float(event["unit_price"])
    discount = 0.9 if quantity >= 10 else 1.0
    return {"sku": event["sku"], "quantity": quantity, "total": round(quantity * unit_price * discount, 2)}
