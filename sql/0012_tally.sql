-- Statistics of mediation: disputes of a committee by when they were accepted and by when what was
-- agreed took effect; and what nobody can derive and a committee enters, by quarter, as it likes.
CREATE INDEX dispute_accepted ON dispute (unit, accepted_ms);
CREATE INDEX dispute_effective ON dispute (unit, effective_ms);

CREATE TABLE tally_count (
    area BIGINT NOT NULL, unit BIGINT NOT NULL, quarter BIGINT NOT NULL, word TEXT NOT NULL,
    n BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,
    PRIMARY KEY (area, unit, quarter, word)) /*sqlite:WITHOUT ROWID*/;

/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    CREATE POLICY scope ON tally_count USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN unit = ANY (scope_ids('units'))
        END) WITH CHECK (true);
    ALTER TABLE tally_count ENABLE ROW LEVEL SECURITY;
    ALTER TABLE tally_count FORCE ROW LEVEL SECURITY;
END $$;
*/
