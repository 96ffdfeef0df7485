-- How many faults a draft had when it was last saved, so that the list of drafts tells which cannot be
-- put in force without checking each of them again.
ALTER TABLE draft ADD COLUMN faults BIGINT NOT NULL DEFAULT 0;
