-- name: find_account
SELECT mode, scale, wall_anchor, anchor FROM accounts WHERE account = :account

-- name: put_account
INSERT INTO accounts (account, mode, scale, wall_anchor, anchor)
VALUES (:account, :mode, :scale, :wall_anchor, :anchor)
ON CONFLICT (account) DO UPDATE SET mode = excluded.mode, scale = excluded.scale,
    wall_anchor = excluded.wall_anchor, anchor = excluded.anchor
