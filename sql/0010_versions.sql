-- Versions that are planned can be taken back, and the first day says which is valid.

-- back_ms: when it was taken back, before its first day; by whom, and why. Of those that were not, the
-- one with the latest first day not after a day is valid on it; of equal days the newer one.
ALTER TABLE catalogue ADD COLUMN back_ms BIGINT;
ALTER TABLE catalogue ADD COLUMN back_by BIGINT;
ALTER TABLE catalogue ADD COLUMN back_why TEXT;
-- Until now the newest number counted, also when its first day was written as one long past: it has been
-- valid since it was made.
UPDATE catalogue SET valid_from_ms = made_ms WHERE version > 1 AND valid_from_ms < made_ms;
CREATE INDEX catalogue_day ON catalogue (name, valid_from_ms, version) WHERE back_ms IS NULL;
