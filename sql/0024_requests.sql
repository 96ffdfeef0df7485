-- What people ask about their own data: to see it, to correct it, to have it erased. Of a reporter or
-- party (matter, no), or of somebody's account (account; then matter is 0). wish: what they wrote,
-- value: what a field should be, answer: what they are told; all sealed under a key of the row's own,
-- so that the answer can still be read when the person's key is gone. how: in what way it was made
-- sure that it is them; late: 1 once its limit has passed and somebody was told.
CREATE TABLE request (
    area BIGINT NOT NULL, id BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL,
    account BIGINT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, state TEXT NOT NULL,
    unit BIGINT NOT NULL, how TEXT NOT NULL, reason TEXT NOT NULL, asked_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL, late BIGINT NOT NULL, ended_ms BIGINT, entered_by BIGINT NOT NULL,
    data_key BLOB, wish BLOB, value BLOB, answer BLOB,
    PRIMARY KEY (area, id));
CREATE INDEX request_matter ON request (area, matter, no);
CREATE INDEX request_unit ON request (unit, state, due_ms, id);
CREATE INDEX request_account ON request (account, state, due_ms, id);
CREATE INDEX request_late ON request (state, late, due_ms);

-- For whom somebody read personal fields, as it was then: the unit and the role.
ALTER TABLE access_log ADD COLUMN unit BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_log ADD COLUMN role TEXT NOT NULL DEFAULT '';

-- Who opens a matter by their code reads who read what is known of them, and to whom it went.
/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    DROP POLICY scope ON access_log;
    CREATE POLICY scope ON access_log USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'matters' THEN matter = ANY (scope_ids('matters'))
        WHEN 'staff' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = access_log.area
            AND m.id = access_log.matter OFFSET 0)
        END) WITH CHECK (true);
    -- To whom a dispute was handed.
    DROP POLICY scope ON transfer;
    CREATE POLICY scope ON transfer USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'matters' THEN matter = ANY (scope_ids('matters'))
        WHEN 'staff' THEN from_unit = ANY (scope_ids('units')) OR to_unit = ANY (scope_ids('units'))
            OR EXISTS (SELECT 1 FROM matter m WHERE m.area = transfer.area
                AND m.id = transfer.matter OFFSET 0)
        END) WITH CHECK (true);
    CREATE POLICY scope ON request USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'matters' THEN matter <> 0 AND matter = ANY (scope_ids('matters'))
        WHEN 'staff' THEN matter = 0 OR unit = ANY (scope_ids('units'))
            OR EXISTS (SELECT 1 FROM matter m WHERE m.area = request.area
                AND m.id = request.matter OFFSET 0)
        END) WITH CHECK (true);
    ALTER TABLE request ENABLE ROW LEVEL SECURITY;
    ALTER TABLE request FORCE ROW LEVEL SECURITY;
END $$;
*/
