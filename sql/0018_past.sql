-- Matters that another system had: its name, the number there, and which matter it is here. So the
-- same table may be imported again, or gone on with, and nothing comes twice.
CREATE TABLE past (
    area BIGINT NOT NULL, source TEXT NOT NULL, number TEXT NOT NULL, matter BIGINT NOT NULL,
    PRIMARY KEY (area, source, number));

/*postgres:
CREATE POLICY scope ON past USING (
    current_setting('fengqiao.sees', true) = 'all') WITH CHECK (true);
ALTER TABLE past ENABLE ROW LEVEL SECURITY;
ALTER TABLE past FORCE ROW LEVEL SECURITY;
*/
