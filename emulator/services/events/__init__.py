"""Amazon EventBridge: buses, rules, targets, events, schedules of rules, archives and their replays.

Exact: the pattern language whole (`emulator/languages/patterns`), rate and cron expressions, input paths and
transformers, retry policies, dead-letter queues, the texts of errors. Every event is known for an hour at
least, with the rules it matched, so that `stepwell explain` can say why one did not arrive.

Targets: SQS, SNS, Lambda, Step Functions, CloudWatch Logs, API destinations and other buses; any other target is
refused by PutTargets in its FailedEntries. API destinations and OAuth endpoints are called on this machine only: a call
to another one is given up. Missing (501): endpoints, partner event sources.

Deviations: a rule's role and a target's resource policy are stored, not enforced; a bus of another account takes events
when it has any policy that names the sender; an event passed on to another bus gets an id of its own there; a detail
nested over 500 levels deep, or with a number past a double, is malformed. The rule that AWS makes for an archive is not
among the rules of its bus; a replay begins a second after it was started and goes on without pauses. The rate limit and
a Retry-After of an API destination are not acted on; no Secrets Manager holds the secret that a connection names.
"""

from emulator.kit.service import Service

SERVICE = Service("events", __name__, work=True)
