"""Amazon Simple Notification Service: standard and FIFO topics.

Delivers to SQS queues, Lambda functions, e-mail addresses (into the local inbox) and HTTP endpoints on this machine,
which confirm their subscription first and hear when their link ends it; each delivery is tried again as AWS does and
then sent to the subscription's dead-letter queue. Exact: attributes and their defaults, filter policies on attributes
and on the message, raw delivery, message structures, batches, FIFO order and deduplication, the publisher's X-Ray
header, error codes and texts, the notification as SQS, Lambda, e-mail and HTTP endpoints receive it.

Deviations, all of them on purpose:

- Subscriptions of e-mail addresses are confirmed at once (AWS: pending until the mail's link is followed).
- HTTP endpoints on other machines stay pending: nothing is sent to them, and the attempt is recorded as given up.
- Signatures are no RSA signatures: the text says so, and no client can verify it.
- Policies and delivery-status logging are kept and returned; no policy refuses a call.
- Topics are gone at once when deleted; their subscriptions are still described until they are unsubscribed.

Missing, answered by a 501 that names it: subscriptions of the protocols sms, application and firehose;
publishing to a phone number or a platform endpoint; platform applications, SMS, data protection
policies; ArchivePolicy and ReplayPolicy.
"""

from emulator.kit.service import Service

SERVICE = Service("sns", __name__, work=True)
