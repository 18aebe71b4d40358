-- name: add_entity
INSERT INTO iam_entities (account, kind, folded, name, path, id, boundary, tags, details, created)
VALUES (:account, :kind, :folded, :name, :path, :id, :boundary, :tags, :details, :now)

-- name: find_entity
SELECT account, kind, name, path, id, boundary, tags, details, created FROM iam_entities
WHERE account = :account AND kind = :kind AND folded = :folded

-- name: entities
SELECT account, kind, name, path, id, boundary, tags, details, created FROM iam_entities
WHERE account = :account AND kind = :kind ORDER BY folded

-- name: change_entity
UPDATE iam_entities SET folded = :folded, name = :name, path = :path, boundary = :boundary, tags = :tags,
    details = :details
WHERE id = :id

-- name: remove_entity
DELETE FROM iam_entities WHERE id = :id

-- name: boundary_users
SELECT account, kind, name, path, id, boundary, tags, details, created FROM iam_entities
WHERE account = :account AND boundary = :arn ORDER BY folded

-- name: add_member
INSERT INTO iam_members (container, member) VALUES (:container, :member) ON CONFLICT DO NOTHING

-- name: remove_member
DELETE FROM iam_members WHERE container = :container AND member = :member

-- name: members
SELECT e.account, e.kind, e.name, e.path, e.id, e.boundary, e.tags, e.details, e.created
FROM iam_members m JOIN iam_entities e ON e.id = m.member WHERE m.container = :container ORDER BY e.folded

-- name: containers
SELECT e.account, e.kind, e.name, e.path, e.id, e.boundary, e.tags, e.details, e.created
FROM iam_members m JOIN iam_entities e ON e.id = m.container WHERE m.member = :member ORDER BY e.folded

-- name: put_inline
INSERT INTO iam_inline_policies (owner, name, document) VALUES (:owner, :name, :document)
ON CONFLICT (owner, name) DO UPDATE SET document = excluded.document

-- name: find_inline
SELECT name, document FROM iam_inline_policies WHERE owner = :owner AND name = :name

-- name: inlines
SELECT name, document FROM iam_inline_policies WHERE owner = :owner ORDER BY name

-- name: remove_inline
DELETE FROM iam_inline_policies WHERE owner = :owner AND name = :name

-- name: attach
INSERT INTO iam_attachments (account, owner, arn) VALUES (:account, :owner, :arn) ON CONFLICT DO NOTHING

-- name: detach
DELETE FROM iam_attachments WHERE owner = :owner AND arn = :arn

-- name: attachments
SELECT arn FROM iam_attachments WHERE owner = :owner ORDER BY arn

-- name: attached_to
SELECT e.account, e.kind, e.name, e.path, e.id, e.boundary, e.tags, e.details, e.created
FROM iam_attachments a JOIN iam_entities e ON e.id = a.owner
WHERE a.account = :account AND a.arn = :arn ORDER BY e.folded

-- name: add_policy
INSERT INTO iam_policies
    (account, arn, folded, name, path, id, description, tags, default_version, last_version, created, changed)
VALUES (:account, :arn, :folded, :name, :path, :id, :description, :tags, 1, 1, :now, :now)

-- name: find_policy
SELECT arn, name, path, id, description, tags, default_version, last_version, created, changed FROM iam_policies
WHERE account = :account AND arn = :arn

-- name: find_policy_named
SELECT arn FROM iam_policies WHERE account = :account AND folded = :folded

-- name: policies
SELECT arn, name, path, id, description, tags, default_version, last_version, created, changed FROM iam_policies
WHERE account = :account ORDER BY folded

-- name: change_policy
UPDATE iam_policies SET tags = :tags, default_version = :default_version, last_version = :last_version,
    changed = :changed
WHERE account = :account AND arn = :arn

-- name: remove_policy
DELETE FROM iam_policies WHERE account = :account AND arn = :arn

-- name: add_version
INSERT INTO iam_policy_versions (account, arn, version, document, created)
VALUES (:account, :arn, :version, :document, :now)

-- name: find_version
SELECT version, document, created FROM iam_policy_versions
WHERE account = :account AND arn = :arn AND version = :version

-- name: versions
SELECT version, document, created FROM iam_policy_versions
WHERE account = :account AND arn = :arn ORDER BY version DESC

-- name: remove_version
DELETE FROM iam_policy_versions WHERE account = :account AND arn = :arn AND version = :version

-- name: remove_versions
DELETE FROM iam_policy_versions WHERE account = :account AND arn = :arn

-- name: add_key
INSERT INTO iam_access_keys (account, id, owner, secret, status, created)
VALUES (:account, :id, :owner, :secret, 'Active', :now)

-- name: keys
SELECT id, status, created FROM iam_access_keys WHERE owner = :owner ORDER BY id

-- name: owner_of_key
SELECT e.account, e.kind, e.name, e.path, e.id, e.boundary, e.tags, e.details, e.created
FROM iam_access_keys AS k JOIN iam_entities AS e ON e.id = k.owner WHERE k.account = :account AND k.id = :id

-- name: set_key_status
UPDATE iam_access_keys SET status = :status WHERE owner = :owner AND id = :id

-- name: remove_key
DELETE FROM iam_access_keys WHERE owner = :owner AND id = :id
