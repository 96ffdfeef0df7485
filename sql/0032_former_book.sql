-- The former committee's book: the number there and when it was accepted, which stay with it; the
-- dispute has neither until the committee above accepts it.
ALTER TABLE handed_up ADD COLUMN docket TEXT NOT NULL DEFAULT '';
ALTER TABLE handed_up ADD COLUMN accepted_ms BIGINT;
UPDATE handed_up SET docket = coalesce((SELECT max(a.docket) FROM agreement a
    WHERE a.area = handed_up.area AND a.matter = handed_up.matter AND a.unit = handed_up.unit), ''),
    accepted_ms = (SELECT min(e.at_ms) FROM entry e WHERE e.area = handed_up.area
    AND e.matter = handed_up.matter AND e.action = 'accept' AND e.unit = handed_up.unit);
UPDATE dispute SET accepted_ms = NULL WHERE docket = '';
