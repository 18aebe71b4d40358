"""Amazon Simple Queue Service: standard and FIFO queues.

Exact: the defaults, limits and error texts of every operation served; long polls; visibility and delay;
retention; dead-letter queues with RedriveAllowPolicy, moved on receive; FIFO order by message group and
deduplication over five minutes (by queue or by message group); MD5 sums of bodies and of attributes; message
move tasks.

Deviations, all of them on purpose:

- A name is free again as soon as its queue is deleted (AWS: after 60 seconds).
- PurgeQueue and DeleteQueue take effect before they answer (AWS: within 60 seconds). A second PurgeQueue
  within 60 seconds is refused as at AWS.
- Counts are exact up to 20,000 messages; above that they may be five seconds old.
- Encryption settings and policies are kept and returned; nothing is encrypted, and no policy refuses a call.
- OverLimit (120,000 messages in flight) is never raised, and throughput quotas are not enforced.
- ReceiveRequestAttemptId is accepted without effect.
"""

from emulator.kit.service import Service

SERVICE = Service("sqs", __name__, work=True)
