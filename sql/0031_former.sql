-- Committees that a dispute was handed up from: each finds it in a list of its own.
CREATE TABLE handed_up (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, unit BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (area, matter, unit)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX handed_up_unit ON handed_up (unit, matter);

INSERT INTO handed_up (area, matter, unit, at_ms)
SELECT e.area, e.matter, e.unit, min(e.at_ms) FROM dispute d JOIN entry e ON e.area = d.area
    AND e.matter = d.matter AND e.action = 'escalate' WHERE e.unit <> d.unit
    GROUP BY e.area, e.matter, e.unit;

-- The second lock again (0011).
/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    CREATE POLICY scope ON handed_up USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN unit = ANY (scope_ids('units'))
        END) WITH CHECK (true);
    ALTER TABLE handed_up ENABLE ROW LEVEL SECURITY;
    ALTER TABLE handed_up FORCE ROW LEVEL SECURITY;
END $$;
*/
