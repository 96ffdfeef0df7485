-- Versions that are planned can be taken back, and the first day says which is valid.

-- Versions of table catalogue that were taken back, each before its first day: when, by whom, and why.
-- Of the others the one with the latest first day not after a day is valid on it; of equal days the
-- newer one. Both tables only grow.
CREATE TABLE taken_back (
    name TEXT NOT NULL, version BIGINT NOT NULL, back_ms BIGINT NOT NULL, back_by BIGINT NOT NULL,
    back_why TEXT NOT NULL, PRIMARY KEY (name, version)) /*sqlite:WITHOUT ROWID*/;
-- Until now the newest number counted, also when its first day was written as one long past: it has
-- been valid since it was made.
UPDATE catalogue SET valid_from_ms = made_ms WHERE version > 1 AND valid_from_ms < made_ms;
CREATE INDEX catalogue_day ON catalogue (name, valid_from_ms, version);
CREATE INDEX draft_version ON draft (kind, version);
