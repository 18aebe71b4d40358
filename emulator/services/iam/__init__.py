"""AWS Identity and Access Management: who there is and what they may do, kept as records.

Exact: roles, users, groups, instance profiles, inline and managed policies with their versions, attachments,
permissions boundaries, access keys and tags are stored and read back; paths, names, quotas and the texts of
errors; documents come back URL-encoded, as AWS sends them. A key made by CreateAccessKey tells its account.

Not enforced: no call is allowed or refused because of a policy, a boundary or the status of a key.

Deviations: of a document only its form is checked (JSON, statements with effect, action and resource), not
whether its actions, principals or conditions exist. A policy of AWS's own (`arn:aws:iam::aws:policy/...`) can be
attached by any name and is not listed by ListPolicies; reading it is a 501. Names are unique whatever their case
and found in the case they were given. When a key was last used is not known. Missing (501): login profiles, MFA
devices, identity providers, certificates, service-linked roles, simulation, reports, account settings.
"""

from emulator.kit.service import Service

SERVICE = Service("iam", __name__)
