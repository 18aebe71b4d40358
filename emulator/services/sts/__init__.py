"""AWS Security Token Service: who calls, and keys for who wants to be somebody else.

Exact: the account in which a key acts. Keys of AssumeRole act in the role's account, keys of GetSessionToken and
GetFederationToken in the caller's; ARNs, ids, durations and their limits are AWS's.

GetCallerIdentity answers with the user or the session whose key signed the call, the root of the account for any other
key (a key of 12 digits is the account itself).

Not enforced: keys do not expire, session tokens are not asked for, trust policies and session policies allow and
refuse nothing. A role that IAM does not know can be assumed; its id is then derived from its ARN.

Missing (501): DecodeAuthorizationMessage, SAML, web identities, AssumeRoot.
"""

from emulator.kit.service import Service

SERVICE = Service("sts", __name__)
