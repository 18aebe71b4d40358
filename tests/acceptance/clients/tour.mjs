// The tour with the AWS SDK for JavaScript v3 (README.md beside this file). The address, the keys and the region come
// from the environment; `disableHostPrefix` must be said in the program.

import assert from "node:assert/strict";
import { createReadStream, readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import * as cloudwatchLogs from "@aws-sdk/client-cloudwatch-logs";
import * as eventBridge from "@aws-sdk/client-eventbridge";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sfn from "@aws-sdk/client-sfn";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const url = new URL(process.env.TOUR_URL);
const file = (name) => join(process.env.TOUR_FOLDER, name);
const role = "arn:aws:iam::111122223333:role/tour";
const json = JSON.stringify;
const text = (bytes) => new TextDecoder().decode(bytes);
const body = async (answer) => answer.Body.transformToString();

async function code(call) {
  const error = await call.then(() => null, (refused) => refused);
  return error === null ? "no error" : (error.Code ?? error.name);
}

async function until(find) {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await find();
    if (found) return found;
    assert(Date.now() < end, "it did not come about");
    await sleep(50);
  }
}

async function identities() {
  const own = new sts.STS();
  console.log("sts account", (await own.getCallerIdentity()).Account);
  const visited = { RoleArn: "arn:aws:iam::444455556666:role/visited", RoleSessionName: "tour" };
  const assumed = await own.assumeRole(visited);
  console.log("sts assumed", assumed.AssumedRoleUser.Arn);
  const credentials = {
    accessKeyId: assumed.Credentials.AccessKeyId,
    secretAccessKey: assumed.Credentials.SecretAccessKey,
    sessionToken: assumed.Credentials.SessionToken,
  };
  console.log("sts issued keys are", (await new sts.STS({ credentials }).getCallerIdentity()).Account);
  const made = await new sqs.SQS({ credentials }).createQueue({ QueueName: "visited" });
  console.log("sts queue made in", made.QueueUrl.split("/")[3]);
  console.log("sts own queues", ((await new sqs.SQS().listQueues({})).QueueUrls ?? []).length);

  const client = new iam.IAM();
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const policy = { Effect: "Allow", Action: "sqs:*", Resource: "*" };
  const document = (statement) => json({ Version: "2012-10-17", Statement: [statement] });
  await client.createRole({ RoleName: "tour", AssumeRolePolicyDocument: document(trust) });
  await client.putRolePolicy({ RoleName: "tour", PolicyName: "inline", PolicyDocument: document(policy) });
  const { Role } = await client.getRole({ RoleName: "tour" });
  const trusted = JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement[0].Principal.Service;
  const { PolicyNames } = await client.listRolePolicies({ RoleName: "tour" });
  console.log("iam", Role.Arn, "trusts", trusted, "has", ...PolicyNames);
  console.log("iam error", (await code(client.getRole({ RoleName: "nobody" }))).replace(/Exception$/, ""));
}

async function queues() {
  const client = new sqs.SQS();
  const QueueUrl = (await client.createQueue({ QueueName: "tour", Attributes: { VisibilityTimeout: "60" } })).QueueUrl;
  console.log("sqs same url", (await client.getQueueUrl({ QueueName: "tour" })).QueueUrl === QueueUrl ? "True" : "False");
  const MessageAttributes = { colour: { DataType: "String", StringValue: "red" } };
  await client.sendMessage({ QueueUrl, MessageBody: "héllo", MessageAttributes });
  const received = await client.receiveMessage({ QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] });
  const message = received.Messages[0];
  console.log("sqs received", message.Body, message.MessageAttributes.colour.StringValue);
  await client.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
  const sent = await client.sendMessageBatch({
    QueueUrl,
    Entries: [
      { Id: "a", MessageBody: "1" },
      { Id: "b", MessageBody: "2", DelaySeconds: 901 },
      { Id: "c", MessageBody: "3" },
    ],
  });
  const refused = sent.Failed[0];
  console.log("sqs batch sent", ...sent.Successful.map((entry) => entry.Id), "refused", refused.Id, refused.Code);
  const told = (await client.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] })).Attributes;
  console.log("sqs has", told.ApproximateNumberOfMessages, "visible after", told.VisibilityTimeout);
  await client.purgeQueue({ QueueUrl });
  console.log("sqs left", ((await client.receiveMessage({ QueueUrl })).Messages ?? []).length);
  console.log("sqs error", await code(client.getQueueUrl({ QueueName: "nowhere" })));
  return QueueUrl;
}

async function take(client, QueueUrl) {
  const message = (await client.receiveMessage({ QueueUrl, WaitTimeSeconds: 10 })).Messages[0];
  await client.deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
  return message.Body;
}

async function messages(QueueUrl) {
  const queues = new sqs.SQS();
  const topics = new sns.SNS();
  const events = new eventBridge.EventBridge();
  const asked = { QueueUrl, AttributeNames: ["QueueArn"] };
  const queue = (await queues.getQueueAttributes(asked)).Attributes.QueueArn;
  const { TopicArn } = await topics.createTopic({ Name: "tour" });
  const Attributes = { RawMessageDelivery: "true", FilterPolicy: json({ colour: ["red"] }) };
  await topics.subscribe({ TopicArn, Protocol: "sqs", Endpoint: queue, Attributes });
  for (const [Message, StringValue] of [["first", "blue"], ["second", "red"]]) {
    await topics.publish({ TopicArn, Message, MessageAttributes: { colour: { DataType: "String", StringValue } } });
  }
  console.log("sns delivered", await take(queues, QueueUrl));
  const missing = await code(topics.getTopicAttributes({ TopicArn: `${TopicArn}-not` }));
  console.log("sns error", missing.replace(/Exception$/, ""));

  const EventPattern = json({ source: ["tour"], detail: { n: [{ numeric: [">", 1] }] } });
  const rule = (await events.putRule({ Name: "tour", EventPattern })).RuleArn;
  await events.putTargets({ Rule: "tour", Targets: [{ Id: "queue", Arn: queue, InputPath: "$.detail" }] });
  const Entries = [1, 2].map((n) => ({ Source: "tour", DetailType: "step", Detail: json({ n }) }));
  const put = await events.putEvents({ Entries });
  const delivered = await take(queues, QueueUrl);
  console.log("events", rule.split(":").at(-1), "failed", put.FailedEntryCount, "delivered", delivered);
  console.log("events error", await code(events.describeRule({ Name: "nowhere" })));
}

async function objects() {
  const client = new s3.S3();
  const Bucket = "tour";
  const hello = { Bucket, Key: "a/hello.txt" };
  await client.createBucket({ Bucket });
  await client.putObject({ ...hello, Body: "hello", ContentType: "text/plain", Metadata: { made: "here" } });
  const found = await client.getObject(hello);
  console.log("s3 read", await body(found), found.ContentType, found.Metadata.made, found.ETag);
  const part = await client.getObject({ ...hello, Range: "bytes=1-3" });
  console.log("s3 range", await body(part), part.ContentRange);
  const zip = readFileSync(file("function.zip"));
  // A stream has no checksum before it has been sent: aws-chunked, with a trailer.
  await client.putObject({
    Bucket,
    Key: "streamed",
    Body: Readable.from([zip.subarray(0, 100), zip.subarray(100)]),
    ContentLength: zip.length,
    ChecksumAlgorithm: "SHA256",
  });
  const back = await (await client.getObject({ Bucket, Key: "streamed" })).Body.transformToByteArray();
  console.log("s3 streamed", zip.equals(back) ? "True" : "False");
  const large = { Bucket, Key: "large.bin" };
  const partSize = 8 * 2 ** 20;
  await new Upload({ client, partSize, params: { ...large, Body: createReadStream(file("large.bin")) } }).done();
  const head = await client.headObject(large);
  console.log("s3 multipart", head.ContentLength, head.ETag.replaceAll('"', "").split("-")[1], "parts");
  const whole = await (await client.getObject(large)).Body.transformToByteArray();
  console.log("s3 back", readFileSync(file("large.bin")).equals(whole) ? "True" : "False");
  const copy = { Bucket, Key: "b/copy of é.txt" };
  await client.copyObject({ ...copy, CopySource: "tour/a/hello.txt" });
  const listed = await client.listObjectsV2({ Bucket, Delimiter: "/" });
  const folders = listed.CommonPrefixes.map((prefix) => prefix.Prefix);
  console.log("s3 listed", ...folders, ...listed.Contents.map((entry) => entry.Key));
  const get = await getSignedUrl(client, new s3.GetObjectCommand(copy));
  console.log("s3 presigned get", await (await fetch(get)).text());
  const put = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: "presigned" }));
  assert((await fetch(put, { method: "PUT", body: "by a link" })).ok);
  console.log("s3 presigned put", await body(await client.getObject({ Bucket, Key: "presigned" })));
  console.log("s3 virtual host", await body(await virtualHostClient().getObject(hello)));
  const missing = await code(client.getObject({ Bucket, Key: "nowhere" }));
  console.log("s3 error", missing, await code(client.listObjectsV2({ Bucket: "nowhere" })));
  const Objects = (await client.listObjectsV2({ Bucket })).Contents.map(({ Key }) => ({ Key }));
  console.log("s3 deleted", (await client.deleteObjects({ Bucket, Delete: { Objects } })).Deleted.length);
  await client.deleteBucket({ Bucket });
}

// Puts the bucket before the host; every name is taken for the emulator's, so none need be resolved.
function virtualHostClient() {
  const lookup = (_name, options, done) =>
    options.all ? done(null, [{ address: url.hostname, family: 4 }]) : done(null, url.hostname, 4);
  const endpoint = `http://s3.localhost:${url.port}`;
  return new s3.S3({ endpoint, requestHandler: { httpAgent: new Agent({ lookup }) } });
}

async function functions() {
  const client = new lambda.Lambda();
  const logs = new cloudwatchLogs.CloudWatchLogs();
  const FunctionName = "double";
  const made = await client.createFunction({
    FunctionName,
    Runtime: "python3.13",
    Role: role,
    Handler: "function.handler",
    Code: { ZipFile: readFileSync(file("function.zip")) },
  });
  await lambda.waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName });
  const answer = await client.invoke({ FunctionName, Payload: '{"n":21}', LogType: "Tail" });
  console.log("lambda answered", json(JSON.parse(text(answer.Payload))), "logged", answer.LogResult ? "True" : "False");
  const failed = await client.invoke({ FunctionName, Payload: "{}" });
  console.log("lambda failed", failed.FunctionError, JSON.parse(text(failed.Payload)).errorType);
  const later = await client.invoke({ FunctionName, Payload: '{"n":1}', InvocationType: "Event" });
  console.log("lambda queued", later.StatusCode);
  console.log("lambda error", await code(client.invoke({ FunctionName: "nowhere" })));

  const logGroupName = "/aws/lambda/double";
  const filterPattern = '"doubling 1"';
  await until(async () => (await logs.filterLogEvents({ logGroupName, filterPattern })).events.length);
  const groups = await logs.describeLogGroups({ logGroupNamePrefix: "/aws/lambda" });
  console.log("logs group", groups.logGroups[0].logGroupName);
  const own = { logGroupName: "tour" };
  await logs.createLogGroup(own);
  await logs.createLogStream({ ...own, logStreamName: "one" });
  const timestamp = Date.now();
  const logEvents = ["all is well", "ERROR one"].map((message) => ({ timestamp, message }));
  await logs.putLogEvents({ ...own, logStreamName: "one", logEvents });
  const found = await logs.filterLogEvents({ ...own, filterPattern: "ERROR" });
  console.log("logs found", ...found.events.map((event) => event.message));
  console.log("logs error", await code(logs.describeLogStreams({ logGroupName: "nowhere" })));
  return made.FunctionArn;
}

async function workflows(Resource) {
  const client = new sfn.SFN({ disableHostPrefix: true });
  const definition = json({ StartAt: "Double", States: { Double: { Type: "Task", Resource, End: true } } });
  const roleArn = role;
  const { stateMachineArn } = await client.createStateMachine({ name: "tour", definition, roleArn });
  const { executionArn } = await client.startExecution({ stateMachineArn, name: "one", input: '{"n":4}' });
  const ended = await until(async () => {
    const execution = await client.describeExecution({ executionArn });
    return execution.status === "RUNNING" ? null : execution;
  });
  console.log("states", ended.status, ended.output);
  const history = (await client.getExecutionHistory({ executionArn })).events;
  console.log("states history", history[0].type, history.at(-1).type);
  const quick = await client.createStateMachine({ name: "quick", definition, roleArn, type: "EXPRESS" });
  const sync = await client.startSyncExecution({ stateMachineArn: quick.stateMachineArn, input: '{"n":5}' });
  console.log("states sync", sync.status, sync.output);
  const passing = json({ Type: "Pass", Result: { tested: true }, End: true });
  const tested = await client.testState({ definition: passing, roleArn, input: "{}" });
  console.log("states tested", tested.status, tested.output);
  console.log("states error", await code(client.describeExecution({ executionArn: `${executionArn}-not` })));
}

await identities();
const queueUrl = await queues();
await messages(queueUrl);
await objects();
await workflows(await functions());
