"""AWS Step Functions: state machines, executions, histories, activities, task tokens, TestState.

Exact: the Amazon States Language as `emulator/languages/asl` has it, both query languages, histories event by event,
status change events on EventBridge for Standard machines, errors by AWS's names. A Standard execution survives a
crash at any instant and sees each result exactly once. An asynchronous Express execution is as durable as a Standard
one, but leaves neither a row nor a history when it has ended; a synchronous one is its caller's.

Tasks: Lambda (function ARN and `lambda:invoke`), SQS, SNS, EventBridge, nested executions (`.sync`, `.sync:2`),
activities, `.waitForTaskToken`, and `aws-sdk:*` of every service emulated here, long polls and
`aws-sdk:sfn:startSyncExecution` included; Credentials choose the account. Any other integration fails its task with
States.Runtime and a cause that names it.
Distributed Map: items from S3 as JSON (ItemsPointer), JSONL and CSV, from listings (LOAD_AND_FLATTEN), ItemBatcher,
ResultWriter with WriterConfig. Readers of PARQUET and manifests fail their state and say so.

Versions and aliases with weights; redrive; logging to CloudWatch Logs by level, best effort as on AWS.

Missing (501): Map Runs (ListMapRuns, DescribeMapRun, UpdateMapRun, ListExecutions of one), TestState without a mock
for a Task whose answer takes time (a function).
Accepted without effect: X-Ray tracing, encryption with a customer key.
Deviations: roles are stored, not enforced. The children of a distributed Map are part of their parent's execution:
they have no execution of their own, and result files name them by ARNs made from the Map Run's, without start and
stop dates. A redrive runs a Map or Parallel that did not succeed from its beginning, the branches that had succeeded
too. Deleting a machine is immediate and lets its executions end. TestState does not wait for a Wait state.
"""

from emulator.kit.service import Service

SERVICE = Service("stepfunctions", __name__, work=True)
