-- 0026_sealing.sql: which of the node's sealing keys seals: its name, and while the key is turned that
-- of the other one behind it. Empty until a server of this version has started.
ALTER TABLE node_key ADD COLUMN sealing TEXT NOT NULL DEFAULT '';
