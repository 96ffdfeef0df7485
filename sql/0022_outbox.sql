-- Messages that wait to be pushed through the deployer's gateway: a row each, written in the
-- transaction of the step that causes it, taken away when it has been handed over. Whom it goes to
-- is a person (whose telephone is sealed) or an account; what it says follows from kind and matter,
-- so nobody's number and none of their words stand here. no: of which reporter, or 0. quiet = 1: not
-- during quiet hours. next_ms: when it is tried next, or until when whoever tries it now has it.
CREATE TABLE outbox (
    area BIGINT NOT NULL, id BIGINT NOT NULL, matter BIGINT NOT NULL, seq BIGINT NOT NULL,
    kind TEXT NOT NULL, no BIGINT NOT NULL, person BIGINT NOT NULL, account BIGINT NOT NULL,
    lang TEXT NOT NULL, quiet BIGINT NOT NULL, state TEXT NOT NULL, at_ms BIGINT NOT NULL,
    tries BIGINT NOT NULL, next_ms BIGINT NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (area, id)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX outbox_due ON outbox (quiet, next_ms) WHERE state = 'waiting';
CREATE INDEX outbox_state ON outbox (state, at_ms);

-- In which language the person is told: that of the page on which they gave their number.
ALTER TABLE person ADD COLUMN lang TEXT NOT NULL DEFAULT 'zh-CN';

/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    CREATE POLICY scope ON outbox USING (
        current_setting('fengqiao.sees', true) = 'all') WITH CHECK (true);
    ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
    ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
END $$;
*/
