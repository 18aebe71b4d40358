"""PostObject: the upload of a browser's form, with a policy."""

from __future__ import annotations

import mmap
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from emulator import ids
from emulator.clock import from_micros
from emulator.kit.context import Context
from emulator.services.s3.model import forms, headers, policies, tags
from emulator.services.s3.model.forms import Form
from emulator.services.s3.model.names import check_key
from emulator.services.s3.operations.lookup import ENABLED, Bucket, require_bucket
from emulator.services.s3.operations.writing import store, taken, written
from emulator.storage import Spooled

_PIECE = 1024 * 1024
_TOLD = ("ETag", "VersionId", "Expiration", "ServerSideEncryption")


def post_object(ctx: Context, *, bucket: str, content_type: str | None = None, body: Any = None) -> dict[str, Any]:
    """The fields are those of the API reference's "POST Object"; who signed the policy is who asks.

    Errors: PreconditionFailed, MalformedPOSTRequest, InvalidArgument, AccessDenied, InvalidPolicyDocument,
    EntityTooLarge, EntityTooSmall, NoSuchBucket, and those of PutObject. The policy expires by wall time.
    """
    whole = _searchable(body)
    form = forms.read(whole, content_type)
    signer = policies.signer_of(form.fields)
    policies.check(form.fields["policy"], form.fields, form.end - form.start, bucket, from_micros(ctx.wall))
    here = ctx.elsewhere(ids.account_of(signer), ctx.region)
    found = require_bucket(here, bucket)
    check_key(form.key)
    labels = tags.object_tags(forms.tagging(form.fields.get("tagging")))
    given = form.parameters
    together = headers.given(given) | ({"Metadata": form.metadata} if form.metadata else {})
    new, encryption = taken(here, found, "PostObject", given, together, _file(here, whole, form), labels)
    version = store(here, found, form.key, new, "ObjectCreated:Post", "PostObject")
    answer = {"ETag": f'"{new.etag}"', **written(here, found, form.key, new, encryption)}
    if found.versioning == ENABLED:
        answer["VersionId"] = version
    return _answer(ctx, found, form, answer)


def _searchable(body: Any) -> Any:
    """The body as `forms` reads it; a large one lies in a file."""
    if not isinstance(body, Spooled):
        return bytes(body or b"")
    with body.path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _file(ctx: Context, whole: Any, form: Form) -> bytes | Spooled:
    """The file in the form; out of a body in a file it comes piece by piece."""
    if isinstance(whole, bytes):
        return whole[form.start : form.end]
    incoming = ctx.house.blobs.receive()
    try:
        for at in range(form.start, form.end, _PIECE):
            incoming.write(whole[at : min(at + _PIECE, form.end)])
        found = incoming.finish()
    except OSError:
        incoming.abort()
        raise
    if isinstance(found, Spooled):
        ctx.tx.after_rollback(found.discard)
    return found


def _answer(ctx: Context, bucket: Bucket, form: Form, answer: dict[str, Any]) -> dict[str, Any]:
    """204, or what success_action_redirect or success_action_status ask for."""
    shown: dict[str, Any] = {name: value for name, value in answer.items() if name in _TOLD}
    location = f"{ctx.endpoint}/{bucket.name}/{quote(form.key, safe='')}"
    redirect = form.fields.get("success_action_redirect") or form.fields.get("redirect")
    if redirect and urlsplit(redirect).scheme in ("http", "https"):
        told = urlencode({"bucket": bucket.name, "key": form.key, "etag": answer["ETag"]})
        separator = "&" if urlsplit(redirect).query else "?"
        return {**shown, "HttpStatusCode": 303, "LocationHeader": f"{redirect}{separator}{told}"}
    status = form.fields.get("success_action_status")
    shown["LocationHeader"] = location
    if status != "201":
        return {**shown, "HttpStatusCode": 200 if status == "200" else 204}
    response = {"Location": location, "Bucket": bucket.name, "Key": form.key, "ETag": answer["ETag"]}
    return {**shown, "HttpStatusCode": 201, "PostResponse": response}
