"""Policy documents: whether they have the form of one. What they allow is nobody's business here."""

from __future__ import annotations

import json
from typing import Any

from emulator.services.iam.model.errors import malformed_document

_EFFECTS = ("Allow", "Deny")
_VERSIONS = ("2012-10-17", "2008-10-17")


def require_identity_policy(text: str) -> None:
    """A policy of an identity. Raises MalformedPolicyDocument."""
    document = _object(text, "Syntax errors in policy.")
    for statement in _statements(document, "Syntax errors in policy."):
        if statement.get("Effect") not in _EFFECTS:
            raise malformed_document("Syntax errors in policy.")
        if "Principal" in statement or "NotPrincipal" in statement:
            raise malformed_document("Policy document should not specify a principal.")
        if not (statement.get("Action") or statement.get("NotAction")):
            raise malformed_document("Policy statement must contain actions.")
        if not (statement.get("Resource") or statement.get("NotResource")):
            raise malformed_document("Policy statement must contain resources.")


def require_trust_policy(text: str) -> None:
    """A policy that says who may assume a role. Raises MalformedPolicyDocument."""
    document = _object(text, "This policy contains invalid Json")
    for statement in _statements(document, "Could not parse the policy: Statement is empty!"):
        if statement.get("Effect") not in _EFFECTS:
            raise malformed_document("Missing required field Effect")
        if not (statement.get("Principal") or statement.get("NotPrincipal")):
            raise malformed_document("Missing required field Principal")
        if not (statement.get("Action") or statement.get("NotAction")):
            raise malformed_document("Missing required field Action")
        if "Resource" in statement or "NotResource" in statement:
            raise malformed_document("Has prohibited field Resource")


def _object(text: str, complaint: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        raise malformed_document(complaint) from None
    if not isinstance(document, dict) or document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise malformed_document(complaint)
    return document


def _statements(document: dict[str, Any], complaint: str) -> list[dict[str, Any]]:
    found: Any = document.get("Statement")
    statements: list[Any] = found if isinstance(found, list) else [found]
    if not statements or not all(isinstance(statement, dict) for statement in statements):
        raise malformed_document(complaint)
    return statements


def size(text: str) -> int:
    """The characters of a document that count against a quota."""
    return len("".join(text.split()))
