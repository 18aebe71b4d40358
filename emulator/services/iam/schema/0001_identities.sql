-- Roles, users, groups and instance profiles: `kind` says which. `folded` is the name in lower case, which is
-- what must be unique; `details` holds what only one kind has (a role's trust policy and description).
CREATE TABLE iam_entities (
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    id TEXT NOT NULL,
    boundary TEXT,
    tags TEXT NOT NULL,
    details TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, kind, folded)
);
CREATE UNIQUE INDEX iam_entities_id ON iam_entities (id);

-- Who is in what: users in groups, roles in instance profiles, both by their ids.
CREATE TABLE iam_members (
    container TEXT NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (container, member)
);
CREATE INDEX iam_members_member ON iam_members (member);

CREATE TABLE iam_inline_policies (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (owner, name)
);

CREATE TABLE iam_attachments (
    account TEXT NOT NULL,
    owner TEXT NOT NULL,
    arn TEXT NOT NULL,
    PRIMARY KEY (owner, arn)
);
CREATE INDEX iam_attachments_arn ON iam_attachments (account, arn);

CREATE TABLE iam_policies (
    account TEXT NOT NULL,
    arn TEXT NOT NULL,
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT,
    tags TEXT NOT NULL,
    default_version BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (account, arn)
);
CREATE UNIQUE INDEX iam_policies_name ON iam_policies (account, folded);

CREATE TABLE iam_policy_versions (
    account TEXT NOT NULL,
    arn TEXT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, arn, version)
);

CREATE TABLE iam_access_keys (
    account TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    secret TEXT NOT NULL,
    status TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX iam_access_keys_owner ON iam_access_keys (owner);
