"""Quotas of IAM as AWS sets them by default (IAM user guide, "IAM and AWS STS quotas")."""

PAGE = 100
TAGS = 50
ATTACHED_POLICIES = 10
POLICY_VERSIONS = 5
ACCESS_KEYS_PER_USER = 2
ROLES_PER_INSTANCE_PROFILE = 1
GROUPS_PER_USER = 10

MANAGED_POLICY_CHARACTERS = 6144
TRUST_POLICY_CHARACTERS = 2048
INLINE_POLICY_CHARACTERS = {"role": 10_240, "user": 2048, "group": 5120}
"""Of all inline policies of an identity together; white space is not counted."""
