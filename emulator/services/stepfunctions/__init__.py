"""AWS Step Functions: state machines, executions, histories, activities, task tokens, TestState.

Exact: the Amazon States Language as `emulator/languages/asl` has it, both query languages, histories event by event,
status change events on EventBridge for Standard machines, errors by AWS's names. A Standard execution survives a
crash at any instant and sees each result exactly once. An asynchronous Express execution is as durable as a Standard
one, but leaves neither a row nor a history when it has ended; a synchronous one is its caller's.

Tasks: Lambda (function ARN and `lambda:invoke`), SQS, SNS, EventBridge, `http:invoke` with the connections of
EventBridge, nested executions (`.sync`, `.sync:2`), activities, `.waitForTaskToken`, and `aws-sdk:*` of every service
emulated here, its members and errors named as the SDK for Java names them, long polls and
`aws-sdk:sfn:startSyncExecution` included; Credentials choose the account. Any other integration fails its task with
States.Runtime and a cause that names it.
Definitions are checked when they come: fields, values and references, expressions, the resources of tasks and the names
of the fields of their Parameters or Arguments (from botocore's models; in doubt a name is good), not their values.
Distributed Map: items of an array or an object, from S3 as JSON (ItemsPointer), JSONL, CSV and PARQUET (with
`stepwell[parquet]`), plain or compressed with gzip or zstd, from listings (LOAD_AND_FLATTEN), from manifests of Athena
and of S3 Inventory in CSV; ItemSelector, ItemBatcher, tolerated failures, Label, ResultWriter with WriterConfig and
manifest. Its Map Runs have their API; Standard and Express children are executions of their own, started as items are
read, in bounded memory. A child that was at work when the house died goes on, whatever its type.

Versions and aliases with weights; redrive, of Map Runs, branches and iterations as well; logging to CloudWatch Logs by
level, best effort as on AWS.

Test cases: `#case` at the end of a machine's ARN has the mock configuration of Step Functions Local answer for its
tasks, whatever they call (docs/project.md); PutMockConfiguration and DeleteMockConfiguration are our own.

Missing (501): TestState without a mock for a long poll.
Accepted without effect: X-Ray tracing (a trace header goes on with what tasks send), encryption with a customer key.
Deviations: roles are stored, not enforced; neither a key nor a log group has to be there. What ended is kept, and its
name taken, for good, not for 90 days; ListExecutions has the latest start first, whatever ended since. A machine
without a running execution is deleted at once; where it has some, children of Map Runs still go to their end. A regular
expression that takes too long fails its path or expression, and a few forms of Java's and ECMAScript's are refused
(docs/decisions/0013). HTTP tasks call endpoints on this machine only, over HTTP as well; a body that is JSON is taken
as JSON whatever its type. Items are read as children start: itemCounts know no more of them until a run that did not
succeed has written its PENDING file, and a ToleratedFailurePercentage of items that are read counts once all are.
TestState does not wait for a Wait state; a failure stays in the state under test, the Map or Parallel around it does
not take it up, and errorCausedByState has to name a state but changes nothing.
"""

from emulator.kit.service import Service

SERVICE = Service("stepfunctions", __name__, work=True, unheard=True)
