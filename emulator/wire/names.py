"""The one rule by which the model's names become Python's (`QueueUrl` -> `queue_url`)."""

from __future__ import annotations

import re
from functools import cache

_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s$")
_SINGLE_WORDS = {"OTel": "Otel", "OAuth2": "Oauth2"}


def _begins_word(name: str, index: int) -> bool:
    if index == 0 or not name[index].isupper():
        return False
    before, after = name[index - 1], name[index + 1 : index + 2]
    return before.islower() or before.isdigit() or after.islower()


@cache
def xform_name(name: str) -> str:
    """The snake-case name of an operation or member, the same as `botocore.xform_name` gives.

    Runs of capitals are one word (`MD5OfBody` -> `md5_of_body`), plurals of them too (`ARNs` -> `arns`).
    """
    if "_" in name:
        return name
    for word, plain in _SINGLE_WORDS.items():
        name = name.replace(word, plain)
    tail = ""
    if plural := _PLURAL_ACRONYM.search(name):
        name, tail = name[: plural.start()], "_" + plural.group().lower()
    parts = [("_" if _begins_word(name, index) else "") + char for index, char in enumerate(name)]
    return "".join(parts).lower() + tail
