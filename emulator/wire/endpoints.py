"""What tells a service from a request, as data; a test compares it with the models.

A service that is not listed here (one of our own, or one nobody foresaw) is found by its model instead, which
costs reading it.
"""

from __future__ import annotations

import re

TARGET_PREFIXES: dict[str, str] = {
    "AWSEvents": "events",
    "AWSEventsV2": "eventbridgev2",
    "AWSStepFunctions": "stepfunctions",
    "AmazonEC2ContainerServiceV20141113": "ecs",
    "AmazonSQS": "sqs",
    "AmazonSSM": "ssm",
    "DynamoDBStreams_20120810": "dynamodbstreams",
    "DynamoDB_20120810": "dynamodb",
    "GraniteServiceVersion20100801": "cloudwatch",
    "Kinesis_20131202": "kinesis",
    "Logs_20140328": "logs",
    "TrentService": "kms",
    "secretsmanager": "secretsmanager",
}
"""X-Amz-Target (and the path of smithy rpc) before the operation's name."""

SIGNING_NAMES: dict[str, tuple[str, ...]] = {
    "apigateway": ("apigateway", "apigatewayv2"),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "events": ("events", "eventbridgev2"),
    "monitoring": ("cloudwatch",),
    "s3express": ("s3",),
    "states": ("stepfunctions",),
}
"""The service of a credential scope, where it is not the name of the one service it stands for."""

QUERY_VERSIONS: dict[str, str] = {
    "2010-03-31": "sns",
    "2010-05-08": "iam",
    "2010-05-15": "cloudformation",
    "2010-08-01": "cloudwatch",
    "2011-06-15": "sts",
    "2012-11-05": "sqs",
}
"""The `Version` parameter of the query protocol."""

UNSIGNED_PATHS: dict[str, re.Pattern[str]] = {
    "apigateway": re.compile(r"/(restapis|apikeys|usageplans|domainnames|vpclinks)(/|$)"),
    "apigatewayv2": re.compile(r"/v2/(apis|domainnames|vpclinks)(/|$)"),
    "batch": re.compile(r"/v1/(create|describe|update|delete|submit|list|cancel|terminate|register|deregister)"),
    "lambda": re.compile(r"/20\d\d-\d\d-\d\d/"),
    "pipes": re.compile(r"/v1/pipes(/|$)"),
    "s3": re.compile(r"(?!)"),
    "scheduler": re.compile(r"/(schedules|schedule-groups)(/|$)"),
}
"""The paths that mean a REST service in an unsigned request (for S3 only host and headers tell)."""

RPC_SERVICES = frozenset({*TARGET_PREFIXES.values(), *QUERY_VERSIONS.values()})
"""Services that no REST path can mean."""
