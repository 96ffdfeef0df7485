-- said_unit: who gave the answer or the result that a hand-over holds now; 0: an office outside.
ALTER TABLE transfer ADD COLUMN said_unit BIGINT NOT NULL DEFAULT 0;
UPDATE transfer SET said_unit = to_unit WHERE state <> 'sent';
UPDATE transfer SET said_unit = at_unit WHERE result_ms IS NOT NULL;

-- What an office outside answers is noted down by the committee that has the dispute.
UPDATE transfer SET at_unit = (SELECT d.unit FROM dispute d WHERE d.area = transfer.area
    AND d.matter = transfer.matter) WHERE to_unit = 0;

-- The number in the book of the committee that made the agreement, which keeps it there.
ALTER TABLE agreement ADD COLUMN docket TEXT NOT NULL DEFAULT '';
UPDATE agreement SET docket = (SELECT d.docket FROM dispute d WHERE d.area = agreement.area
    AND d.matter = agreement.matter) WHERE EXISTS (SELECT 1 FROM dispute o
    WHERE o.area = agreement.area AND o.matter = agreement.matter AND o.unit = agreement.unit);
