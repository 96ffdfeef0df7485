-- Accounts as people administer them: terms of memberships, passwords given out, second factors,
-- places from which somebody has signed in, and who changed what.

-- once_ms: the password was given out, is good until then and must be changed; none: the person's own.
-- unlocked: moves when the account is unlocked; failures to sign in from before no longer count.
ALTER TABLE account ADD COLUMN once_ms BIGINT;
ALTER TABLE account ADD COLUMN unlocked BIGINT NOT NULL DEFAULT 0;

-- From where and with what a session was begun, for its owner to recognise.
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- From when to when somebody has a role; no end: until further notice. The rows of membership are
-- those that have begun and not ended, as the timer keeps them. One without a row here has no term.
CREATE TABLE membership_term (
    account BIGINT NOT NULL REFERENCES account (id), unit BIGINT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT,
    PRIMARY KEY (account, unit, role, from_ms)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX membership_term_unit ON membership_term (unit, role);
CREATE INDEX membership_term_from ON membership_term (from_ms);
CREATE INDEX membership_term_to ON membership_term (to_ms);

-- The second factor: a secret sealed under a key of its own; step: the last one whose code was used.
CREATE TABLE second_factor (
    account BIGINT NOT NULL PRIMARY KEY REFERENCES account (id), data_key BLOB NOT NULL,
    secret BLOB NOT NULL, step BIGINT NOT NULL, made_ms BIGINT NOT NULL);
CREATE TABLE recovery_code (
    account BIGINT NOT NULL REFERENCES account (id), code BLOB NOT NULL, used_ms BIGINT,
    PRIMARY KEY (account, code)) /*sqlite:WITHOUT ROWID*/;

-- Browsers from which somebody has signed in, by a random token that they keep: there, failures of
-- others do not count.
CREATE TABLE known_place (
    account BIGINT NOT NULL, token BLOB NOT NULL, seen_ms BIGINT NOT NULL,
    PRIMARY KEY (account, token)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX known_place_seen ON known_place (seen_ms);

-- Who did what to an account, and why: a chain for each account, only added to. by_account 0: the
-- operator at the command line. facts: canonical JSON without names.
CREATE TABLE account_change (
    account BIGINT NOT NULL, seq BIGINT NOT NULL, at_ms BIGINT NOT NULL, by_account BIGINT NOT NULL,
    act TEXT NOT NULL, why TEXT NOT NULL, facts TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (account, seq)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX account_change_at ON account_change (at_ms, account, seq);

-- Auditors look at who read personal fields, of the matters that they may see.
CREATE INDEX access_log_matter ON access_log (area, matter, id);
/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    DROP POLICY scope ON access_log;
    CREATE POLICY scope ON access_log USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = access_log.area
            AND m.id = access_log.matter OFFSET 0)
        END) WITH CHECK (true);
END $$;
*/
