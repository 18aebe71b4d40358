"""The APIs whose models the wire is tried on, served or not: some of every protocol."""

APIS = (
    *("apigateway", "batch", "cloudformation", "cloudwatch", "dynamodb", "events", "eventbridgev2", "iam", "kms"),
    *("lambda", "logs", "pipes", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "stepfunctions", "sts"),
)
