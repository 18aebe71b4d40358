"""The operations of S3, by what they act on."""

from emulator.services.s3.operations.buckets import (
    create_bucket,
    delete_bucket,
    get_bucket_location,
    get_bucket_versioning,
    head_bucket,
    list_buckets,
    put_bucket_versioning,
)
from emulator.services.s3.operations.completing import complete_multipart_upload
from emulator.services.s3.operations.copying import copy_object
from emulator.services.s3.operations.deleting import delete_object, delete_objects
from emulator.services.s3.operations.folders import (
    delete_bucket_folder,
    get_bucket_folder,
    list_bucket_folders,
    put_bucket_folder,
)
from emulator.services.s3.operations.listing import list_objects, list_objects_v2
from emulator.services.s3.operations.notifications import (
    get_bucket_notification_configuration,
    put_bucket_notification_configuration,
)
from emulator.services.s3.operations.parts import list_parts, upload_part, upload_part_copy
from emulator.services.s3.operations.reading import get_object, get_object_attributes, head_object
from emulator.services.s3.operations.tagging import (
    delete_bucket_tagging,
    delete_object_tagging,
    get_bucket_tagging,
    get_object_tagging,
    put_bucket_tagging,
    put_object_tagging,
)
from emulator.services.s3.operations.uploads import (
    abort_multipart_upload,
    create_multipart_upload,
    list_multipart_uploads,
)
from emulator.services.s3.operations.writing import put_object

__all__ = [
    "abort_multipart_upload",
    "complete_multipart_upload",
    "copy_object",
    "create_bucket",
    "create_multipart_upload",
    "delete_bucket",
    "delete_bucket_folder",
    "delete_bucket_tagging",
    "delete_object",
    "delete_object_tagging",
    "delete_objects",
    "get_bucket_folder",
    "get_bucket_location",
    "get_bucket_notification_configuration",
    "get_bucket_tagging",
    "get_bucket_versioning",
    "get_object",
    "get_object_attributes",
    "get_object_tagging",
    "head_bucket",
    "head_object",
    "list_bucket_folders",
    "list_buckets",
    "list_multipart_uploads",
    "list_objects",
    "list_objects_v2",
    "list_parts",
    "put_bucket_folder",
    "put_bucket_notification_configuration",
    "put_bucket_tagging",
    "put_bucket_versioning",
    "put_object",
    "put_object_tagging",
    "upload_part",
    "upload_part_copy",
]
