-- Imported outlines, addresses, and drafts with a territory.

-- region: the division (12 digits) whose desk works on the draft; 0: nobody's but the city's.
ALTER TABLE draft ADD COLUMN region BIGINT NOT NULL DEFAULT 0;
