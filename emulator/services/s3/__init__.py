"""Amazon S3: buckets, objects and their versions, multipart uploads, tags, notifications; buckets bound to folders.

Exact: names of buckets, conditions, ranges, the paging and roll-up of listings (keys in the order of their
UTF-8 bytes), ETags, checksums (CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5) of objects and of multipart
uploads, uploads of browsers' forms (POST Object) with their policies, preflight requests and the headers for other
origins by a bucket's CORS rules, object lock, archived objects and their restores, metadata beyond ASCII, the
x-amz-expiration of lifecycle rules, notifications to EventBridge, SQS, SNS and Lambda, and the codes and texts of
errors.

Missing (501): MFA delete, replication, encryption with customer keys, S3 Select, access points, XXHASH checksums.

Kept and shown, without effect: policies, access control lists (they are refused where the bucket's owner owns its
objects, as by default), lifecycle rules (nothing expires), public access blocks, who pays, logging, acceleration,
website hosting, analytics, inventories, metrics and intelligent tiering of buckets.

Deviations, all of them on purpose:

- The name of a bucket is unique within its account, not worldwide; any region's endpoint serves any bucket.
- Nothing is encrypted; answers name the encryption asked for or the bucket's by default (AES256), as AWS's do. A key
  of KMS is taken as it is said, and the ETag is an MD5 also with it.
- An object larger than 64 KiB that is put without a checksum gets none (AWS: CRC64NVME).
- A restore of an archived object takes the shortest time that AWS names for its tier.
- A key that holds U+0000 is refused.
- The signatures of presigned URLs and of forms are not checked. They expire by the machine's time, not by the
  account's.
- Browsers do not sign preflight requests: one is answered by the only bucket of its name, whosever it is.

Ours: PutBucketFolder, GetBucketFolder, DeleteBucketFolder and ListBucketFolders bind a bucket to a folder, in
which every object appears as a file; PostObject, PreflightObject and PreflightBucket are what AWS has without a name
in its models (see extras.json).
"""

from pathlib import Path

from emulator.kit.service import Service
from emulator.wire import models

models.add_extras("s3", Path(__file__).with_name("extras.json"))

SERVICE = Service("s3", __name__, work=True)
