"""Which resources and which fields of parameters a definition may have.

Sources: Step Functions Developer Guide, "Supported AWS SDK service integrations" and the pages of the optimized
integrations; botocore's models.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from emulator.languages.asl import document
from emulator.services.stepfunctions.integrations import catalogue
from emulator.services.stepfunctions.integrations.catalogue import botocore_name, task_check
from emulator.wire import models
from tests.unit.languages.asl.drafts import machine, queries, task

SENT = {"QueueUrl": "u", "MessageBody": "b"}
CALLED = {"ApiEndpoint": "https://localhost", "Method": "GET"}
ECS = {
    "TaskDefinition": "t",
    "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["s"], "AssignPublicIp": "ENABLED"}},
    "Overrides": {"ContainerOverrides": [{"Name": "n", "Environment": [{"Name": "a", "Value.$": "$.v"}]}]},
}
# The services of the guide's table that botocore knows.
SERVICES = """
account amplify appmesh appconfig appconfigdata appsync applicationdiscovery auditmanager autoscalingplans backup
backupgateway batch budgets acm acmpca servicediscovery cloud9 cloudformation cloudhsm cloudhsmv2 cloudtrail
cloudcontrol codebuild codecommit codedeploy codepipeline codestarnotifications codestarconnections computeoptimizer
config costexplorer costandusagereport dataexchange datapipeline datasync databasemigration devicefarm directconnect
directory ec2instanceconnect elasticbeanstalk medialive mediapackage mediapackagevod mediastore fis fms glue
databrew greengrass groundstation iam iot iotdeviceadvisor greengrassv2 iotjobsdataplane iotsecuretunneling
iotsitewise iotthingsgraph iotwireless kms lakeformation lambda licensemanager marketplacecatalog
marketplacecommerceanalytics marketplaceentitlement mediatailor migrationhub migrationhubconfig migrationhubstrategy
networkfirewall organizations outposts pi pricing rdsdata resiliencehub ram resourcegroups resourcegroupstaggingapi
identitystore ssooidc secretsmanager sts securityhub servicecatalog servicecatalogappregistry shield signer sso
ssoadmin sfn storagegateway support transfer waf wafregional wafv2 wellarchitected xray marketplacemetering
serverlessapplicationrepository accessanalyzer apigateway apigatewayv2 appintegrations appstream appflow athena
sagemakera2iruntime braket chime chimesdkmeetings clouddirectory cloudfront cloudsearch cloudwatch
applicationinsights cloudwatchlogs rum synthetics codeguruprofiler codegurureviewer cognitoidentity
cognitoidentityprovider cognitosync comprehend comprehendmedical connectcontactlens connectparticipant connect
voiceid wisdom dlm detective devopsguru docdb dynamodb dynamodbstreams ecr ecs ssm emrcontainers elasticache ebs ec2
ecrpublic efs eks emr elasticsearch opensearch eventbridge fsx forecastquery forecast frauddetector gamelift glacier
guardduty healthlake inspector inspector2 ivs kendra kinesis kinesisanalytics kinesisanalyticsv2 firehose
kinesisvideosignaling kinesisvideo kinesisvideoarchivedmedia kinesisvideomedia lexmodelbuilding lexmodelsv2
lexruntime lexruntimev2 lightsail location mq macie2 managedblockchain grafana amp kafka kafkaconnect mwaa mturk
memorydb neptune personalize personalizeevents personalizeruntime pinpoint pinpointemail pinpointsmsvoice polly
quicksight redshift redshiftdata rekognition rds route53 route53domains route53resolver s3outposts
sagemakerfeaturestoreruntime sagemakerruntime sagemaker sagemakeredge ses sesv2 sns sqs s3 swf textract transcribe
translate workdocs workmail workmailmessageflow workspaces workspacesweb amplifybackend amplifyuibuilder
applicationautoscaling autoscaling codeartifact dax imagebuilder drs elasticloadbalancing elasticloadbalancingv2
mediaconnect networkmanager s3control rbin savingsplans schemas servicequotas snowball
"""


def problems(definition: dict[str, Any]) -> list[tuple[str, str | None]]:
    found = document.check(json.dumps(definition), "STANDARD", task_check())
    return [(problem.message, problem.location) for problem in found]


def test_every_service_of_the_guide_has_a_model() -> None:
    assert [name for name in SERVICES.split() if botocore_name(name) not in models.known()] == []


@pytest.mark.parametrize(
    "state",
    [
        task("sqs:sendMessage"),  # its input is what it sends
        task("sqs:sendMessage", SENT),
        task("sqs:sendMessage", {"QueueUrl.$": "$.q", "MessageBody": {"any.$": "$"}}),
        task("sqs:sendMessage.waitForTaskToken", {"QueueUrl": "u", "MessageBody": {"Token.$": "$$.Task.Token"}}),
        task("sns:publish", {"TopicArn": "t", "Message": {"a": 1}}),
        task("events:putEvents", {"Entries": [{"Source": "s", "DetailType": "d", "Detail": {"a": 1}}]}),
        task("states:startExecution", {"StateMachineArn": "m", "Input": {"a": 1}, "Name": "n"}),
        task("lambda:invoke", {"FunctionName": "f", "Payload": {"x": 1}, "InvocationType": "Event"}),
        task("http:invoke", {**CALLED, "Authentication": {"ConnectionArn": "c"}, "RequestBody": {"x": 1}}),
        task("apigateway:invoke", {**CALLED, "AuthType": "IAM_ROLE", "Path": "/x"}),
        task("dynamodb:putItem", {"TableName": "t", "Item": {"a": {"S": "x"}, "b": {"SS": ["x"]}}}),
        task("ecs:runTask.sync", ECS),
        task("glue:startJobRun.sync", {"JobName": "j", "Arguments": {"--a": "b"}}),
        task("batch:submitJob.sync", {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}),
        task("emr-containers:startJobRun", {"VirtualClusterId": "v"}),  # an SDK makes up its ClientToken
        task("bedrock:invokeModel", {"ModelId": "m", "Body": {"a": 1}}),
        task("aws-sdk:ec2:describeInstances", {"Filters": [{"Name": "n", "Values": ["v"]}]}),
        task("aws-sdk:rds:describeDBInstances", {"DbInstanceIdentifier": "x"}),
        task("aws-sdk:s3:getObject"),
        task("aws-sdk:s3:getObject", {"Bucket": "b"}),  # whether AWS wants the Key already is not known
        task("aws-sdk:cloudfront:createInvalidation"),
        task("aws-sdk:cognitoidentityprovider:listUsers", {"UserPoolId": "p"}),
        task("aws-sdk:verifiedpermissions:createPolicy", {"Definition": {"StaticValue": {"Statement": "s"}}}),
        task("aws-sdk:iotanalytics:createDataset"),  # botocore has it no more
        task("someday:doWork", {"Any": "thing"}),
    ],
    ids=json.dumps,
)
def test_what_aws_takes_is_taken(state: dict[str, Any]) -> None:
    assert problems(machine(state)) == []


def test_a_service_whose_model_botocore_has_no_more_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue._RENAMED, "simpledb", "sdb-of-old")

    assert problems(machine(task("aws-sdk:simpledb:select", {"SelectExpression": "x"}))) == []


@pytest.mark.parametrize(
    "name",
    [
        *("nosuch:doIt", "ec2:describeInstance", "cloudwatchlogs:CreateLogStream", "logs:createLogStream"),
        *("stepfunctions:startExecution", "events:putEvents", "cognito-idp:listUsers", "codebuild:startBuild.sync"),
    ],
)
def test_what_the_sdk_does_not_have_is_not_recognized(name: str) -> None:
    arn = f"arn:aws:states:::aws-sdk:{name}"

    assert problems(machine(task(f"aws-sdk:{name}"))) == [
        (
            f"The resource provided {arn} is not recognized. The value is not a valid resource ARN,"
            " or the resource is not available in this region.",
            "/States/S/Resource",
        )
    ]


@pytest.mark.parametrize(
    ("action", "given", "field"),
    [
        ("sqs:sendMessage", {**SENT, "Foo": 1}, "Foo"),
        ("sqs:sendMessage", {**SENT, "Foo.$": "$"}, "Foo"),
        ("sqs:sendMessage", {**SENT, "delaySeconds": 1}, "delaySeconds"),
        ("events:putEvents", {"Entries": [{"Sourc": "s"}]}, "Sourc"),
        ("lambda:invoke", {"FunctionName": "f", "Foo": 1}, "Foo"),
        ("http:invoke", {**CALLED, "Body": 1}, "Body"),
        (
            "ecs:runTask",
            {"TaskDefinition": "t", "NetworkConfiguration": {"awsvpcConfiguration": {}}},
            "awsvpcConfiguration",
        ),
        ("dynamodb:getItem", {"TableName": "t", "Key": {}, "Foo": 1}, "Foo"),
        ("aws-sdk:s3:getObject", {"Bucket": "b", "Key": "k", "Foo": 1}, "Foo"),
        ("aws-sdk:sagemaker:createTrainingJob", {"Tags": [{"key": "a"}]}, "key"),
        ("aws-sdk:verifiedpermissions:createPolicy", {"Definition": {"static": {}}}, "static"),
    ],
)
def test_a_field_that_the_api_does_not_have_is_not_supported(action: str, given: Any, field: str) -> None:
    expected = [(f'The field "{field}" is not supported by Step Functions', "/States/S/Parameters")]

    assert problems(machine(task(action, given))) == expected


@pytest.mark.parametrize(
    ("action", "given", "field"),
    [
        ("sqs:sendMessage", {"QueueUrl": "u"}, "MessageBody"),
        ("sns:publish", {"TopicArn": "t"}, "Message"),
        ("events:putEvents", {}, "Entries"),
        ("states:startExecution.sync:2", {"Input": {}}, "StateMachineArn"),
        ("lambda:invoke", {"Payload": {}}, "FunctionName"),
        ("http:invoke", {"Method": "GET"}, "ApiEndpoint"),
        ("apigateway:invoke", {"ApiEndpoint": "a"}, "Method"),
        ("dynamodb:putItem", {"TableName": "t"}, "Item"),
        ("ecs:runTask", {"Cluster": "c"}, "TaskDefinition"),
        ("batch:submitJob", {"JobName": "j", "JobQueue": "q"}, "JobDefinition"),
    ],
)
def test_a_field_that_the_api_wants_is_required(action: str, given: Any, field: str) -> None:
    expected = [(f'The field "{field}" is required but was missing', "/States/S/Parameters")]

    assert problems(machine(task(action, given))) == expected


def test_arguments_are_looked_at_where_they_are_written_out() -> None:
    sends = task("sqs:sendMessage")

    assert problems(queries({**sends, "Arguments": "{% $states.input %}"})) == []
    assert problems(queries({**sends, "Arguments": {"QueueUrl": "{% $q %}", "MessageBody": "b"}})) == []
    assert problems(queries({**sends, "Arguments": {"QueueUrl": "{% $q %}"}})) == [
        ('The field "MessageBody" is required but was missing', "/States/S/Arguments")
    ]
    assert problems(queries({**sends, "Arguments": {**SENT, "Foo.$": 1}})) == [
        ('The field "Foo.$" is not supported by Step Functions', "/States/S/Arguments")
    ]
