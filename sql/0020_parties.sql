-- What an organisation that is a party says of itself: code, seat and who represents it, as one text
-- sealed under the key of the person's row. described: 1 once that is known.
ALTER TABLE person ADD COLUMN details BLOB;
ALTER TABLE party ADD COLUMN described BIGINT NOT NULL DEFAULT 0;

-- consents, from now on: who agreed to the hand-over, how and when ("1:phone:1790000000000"). shared: 1:
-- what the dispute is about goes with it. What was handed over before without anybody's consent no
-- longer shows it.
ALTER TABLE transfer ADD COLUMN shared BIGINT NOT NULL DEFAULT 1;
UPDATE transfer SET shared = 0 WHERE consents = '' AND EXISTS (SELECT 1 FROM entry e
    WHERE e.area = transfer.area AND e.matter = transfer.matter AND e.action = 'refer'
    AND e.at_ms = transfer.sent_ms);
