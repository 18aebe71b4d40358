"""Amazon S3: buckets, objects and their versions, multipart uploads, tags, notifications; buckets bound to folders.

Exact: names of buckets, conditions, ranges, the paging and roll-up of listings (keys in the order of their
UTF-8 bytes), ETags, checksums (CRC32, CRC32C, CRC64NVME, SHA1, SHA256, SHA512, MD5) of objects and of multipart
uploads, notifications to EventBridge, SQS, SNS and Lambda, and the codes and texts of errors.

Missing (501): object lock, MFA delete, website hosting, replication, logging, acceleration, inventories, setting
of ACLs, encryption with customer keys, S3 Select, access points, XXHASH checksums, uploads of browsers' forms
(POST Object).

Kept and shown, without effect: policies, CORS rules, lifecycle rules, default encryption, public access blocks and
ownership controls of buckets.

Deviations, all of them on purpose:

- The name of a bucket is unique within its account, not worldwide; any region's endpoint serves any bucket.
- Nothing is encrypted; answers name the encryption asked for (AES256 by default), as AWS's do.
- An object larger than 64 KiB that is put without a checksum gets none (AWS: CRC64NVME).
- Storage classes are kept and shown; objects in archive classes can be read at once.
- A key that holds U+0000 is refused.
- The signature of a presigned URL is not checked. It expires by the machine's time, not by the account's.

Ours: PutBucketFolder, GetBucketFolder, DeleteBucketFolder and ListBucketFolders bind a bucket to a folder, in
which every object appears as a file (see extras.json).
"""

from pathlib import Path

from emulator.kit.service import Service
from emulator.wire import models

models.add_extras("s3", Path(__file__).with_name("extras.json"))

SERVICE = Service("s3", __name__, work=True)
