"""AWS Step Functions: state machines, executions, histories, task tokens.

Exact: the Amazon States Language as `emulator/languages/asl` has it, histories event by event, status change
events on EventBridge for Standard machines. A Standard execution survives a crash at any instant and sees each
result exactly once; an asynchronous Express execution runs again from its top, a synchronous one is its caller's.

Tasks: Lambda (function ARN and `lambda:invoke`), SQS, SNS, EventBridge, nested executions, and `aws-sdk:*` of
every service emulated here; any other integration fails its task with an error that names it.
Missing (501): activities, versions and aliases, distributed Map and its runs, redrive, TestState.
Deviation: roles are stored, not enforced.
"""

from emulator.kit.service import Service

SERVICE = Service("stepfunctions", __name__, work=True)
