-- 0025_export.sql: files with unmasked personal data: who asked for one, who approved or refused it,
-- who fetched it. A line for each of the three (no 1, 2, 3), so each can happen once; only added to.
-- The lines of a file are a chain: each hash is that of the line's text and of the hash before it.
-- unit, region: in which unit it was asked for, and whose territory that is. facts: JSON; of a
-- request what of which list, and the numbers of the matters; of a file how much it held and its
-- digest.
CREATE TABLE export_step (
    export BIGINT NOT NULL, no BIGINT NOT NULL, at_ms BIGINT NOT NULL, account BIGINT NOT NULL,
    unit BIGINT NOT NULL, region BIGINT NOT NULL, act TEXT NOT NULL, why TEXT NOT NULL,
    facts TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (export, no));
CREATE INDEX export_step_account ON export_step (account, export) WHERE no = 1;
CREATE INDEX export_step_unit ON export_step (unit, export) WHERE no = 1;
CREATE INDEX export_step_region ON export_step (region, export) WHERE no = 1;
