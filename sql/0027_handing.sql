-- at_unit: who answers a hand-over now and says what came of it: whom it was sent to, or the
-- committee that the dispute has been handed up to since. ground: the lawful reason of a report that
-- went without the parties' consent, or empty.
ALTER TABLE transfer ADD COLUMN at_unit BIGINT NOT NULL DEFAULT 0;
ALTER TABLE transfer ADD COLUMN ground TEXT NOT NULL DEFAULT '';
UPDATE transfer SET at_unit = to_unit;
UPDATE transfer SET at_unit = (SELECT d.unit FROM dispute d WHERE d.area = transfer.area
    AND d.matter = transfer.matter) WHERE result_ms IS NULL AND state <> 'refused'
    AND EXISTS (SELECT 1 FROM entry e WHERE e.area = transfer.area AND e.matter = transfer.matter
    AND e.owner_unit = transfer.to_unit);
CREATE INDEX transfer_at ON transfer (at_unit, id);

-- title_ms, title_how: the party said, when and in what way, that the agreement decides who owns or may
-- use land, woods or houses, which no court confirms.
ALTER TABLE party ADD COLUMN title_ms BIGINT;
ALTER TABLE party ADD COLUMN title_how TEXT NOT NULL DEFAULT '';

-- The number that a party was given last; no number is given twice, for its code stays known.
ALTER TABLE dispute ADD COLUMN party_last BIGINT NOT NULL DEFAULT 0;
UPDATE dispute SET party_last = (SELECT coalesce(max(p.no), 0) FROM party p
    WHERE p.area = dispute.area AND p.matter = dispute.matter);
