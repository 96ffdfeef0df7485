-- People's mediation: what lies beside the matter of kind "dispute". Parties are its reporters, so that
-- each has a code and a page of their own, and their names lie sealed.

-- kind: code of the national list of disputes, or empty. status: it is about family status, which no
-- court confirms. class: simple, ordinary, hard or major, as the committee says. docket: its number
-- in the committee's book. form: how agreement was reached (written, oral, or empty). effective_ms:
-- from when it binds, the last signature or seal. confirm: of the court (applied, confirmed,
-- dismissed, or empty).
CREATE TABLE dispute (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, unit BIGINT NOT NULL, type TEXT NOT NULL,
    kind TEXT NOT NULL, source TEXT NOT NULL, came_from TEXT NOT NULL, status BIGINT NOT NULL,
    class TEXT NOT NULL, docket TEXT NOT NULL, open_door BIGINT NOT NULL, written BIGINT NOT NULL,
    form TEXT NOT NULL, amount_fen BIGINT NOT NULL, accepted_ms BIGINT, sealed_ms BIGINT,
    effective_ms BIGINT, confirm TEXT NOT NULL, confirm_ms BIGINT,
    PRIMARY KEY (area, matter)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX dispute_unit ON dispute (unit, matter);

-- The last number in the book of a committee in a year.
CREATE TABLE docket (
    area BIGINT NOT NULL, unit BIGINT NOT NULL, year BIGINT NOT NULL, last BIGINT NOT NULL,
    PRIMARY KEY (area, unit, year)) /*sqlite:WITHOUT ROWID*/;

-- consent: asked, given, refused or withdrawn. role: party, representative, agent or guardian, the
-- latter two of the party stands_for; scope: what an agent may do. told_ms: when rights and duties
-- were read to them.
CREATE TABLE party (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, side TEXT NOT NULL,
    kind TEXT NOT NULL, role TEXT NOT NULL, stands_for BIGINT NOT NULL, scope TEXT NOT NULL,
    minor BIGINT NOT NULL, consent TEXT NOT NULL, consent_how TEXT NOT NULL, consent_ms BIGINT,
    told_ms BIGINT, signed_how TEXT NOT NULL, signed_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- Who mediates: chosen by the parties or named by the committee; what they disclosed about themselves.
CREATE TABLE mediator (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, account BIGINT NOT NULL, chosen TEXT NOT NULL,
    disclosure TEXT NOT NULL, since_ms BIGINT NOT NULL, left_ms BIGINT, signed_ms BIGINT,
    PRIMARY KEY (area, matter, account)) /*sqlite:WITHOUT ROWID*/;

-- Relatives, neighbours and experts whom the committee invites; they come when every party agrees.
-- agreed: numbers of the parties that do. The name is sealed under a key of its own.
CREATE TABLE guest (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, kind TEXT NOT NULL,
    data_key BLOB NOT NULL, name BLOB NOT NULL, agreed TEXT NOT NULL, admitted_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- Sessions, planned or held (at_ms); the record is the note of entry seq. result: agreed, continue or
-- failed; cancelled; empty while it is to come.
CREATE TABLE sitting (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, planned_ms BIGINT,
    minutes BIGINT NOT NULL, place TEXT NOT NULL, open_door BIGINT NOT NULL, at_ms BIGINT,
    seq BIGINT NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- Texts sealed under keys of their own. kind caucus: what one side said alone, for the mediators of
-- the case; facts: what is not in dispute, for mediators and parties. signed: parties' numbers.
CREATE TABLE statement (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, kind TEXT NOT NULL,
    at_ms BIGINT NOT NULL, account BIGINT NOT NULL, side TEXT NOT NULL, data_key BLOB NOT NULL,
    text BLOB NOT NULL, signed TEXT NOT NULL,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- What was promised: who, what, how much, by when, in what way, where; and what came of it. round: the
-- agreement it belongs to; a new agreement leaves the old promises where they are.
CREATE TABLE promise (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, round BIGINT NOT NULL,
    party BIGINT NOT NULL, what TEXT NOT NULL, amount_fen BIGINT NOT NULL, due_ms BIGINT NOT NULL,
    way TEXT NOT NULL, place TEXT NOT NULL, kept_ms BIGINT, broken_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- Hand-overs between a committee and others, one row that both sides see. A unit 0 is outside this
-- system and stands by its name. state: sent, accepted or refused; answer: why; result: what came
-- of it, fed back to whoever sent it.
CREATE TABLE transfer (
    area BIGINT NOT NULL, id BIGINT NOT NULL, matter BIGINT NOT NULL, number TEXT NOT NULL,
    from_unit BIGINT NOT NULL, from_name TEXT NOT NULL, to_unit BIGINT NOT NULL,
    to_name TEXT NOT NULL, document TEXT NOT NULL, consents TEXT NOT NULL, reason TEXT NOT NULL,
    sent_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL,
    answered_ms BIGINT, result TEXT NOT NULL, result_ms BIGINT,
    PRIMARY KEY (area, id)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX transfer_matter ON transfer (area, matter);
CREATE INDEX transfer_from ON transfer (from_unit, id);
CREATE INDEX transfer_to ON transfer (to_unit, id);

-- The register of committees (articles 8 and 9): three to nine members, a woman among them, for three
-- years. account 0: somebody who does not work with this system.
CREATE TABLE committee (
    unit BIGINT NOT NULL PRIMARY KEY REFERENCES unit (id), short_name TEXT NOT NULL,
    kind TEXT NOT NULL, term_from_ms BIGINT NOT NULL, term_to_ms BIGINT NOT NULL);
CREATE TABLE committee_member (
    unit BIGINT NOT NULL REFERENCES unit (id), no BIGINT NOT NULL, account BIGINT NOT NULL,
    name TEXT NOT NULL, post TEXT NOT NULL, woman BIGINT NOT NULL,
    PRIMARY KEY (unit, no)) /*sqlite:WITHOUT ROWID*/;

-- The second lock again (0005): a territory does not show its disputes.
/*postgres:
DO $$ DECLARE name TEXT; BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    DROP POLICY scope ON matter;
    CREATE POLICY scope ON matter USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'public' THEN open = 1 AND confidential = 0 AND kind <> 'dispute'
        WHEN 'matters' THEN id = ANY (scope_ids('matters'))
        WHEN 'staff' THEN
            (coalesce(nullif(community, 0), nullif(town, 0), area * 1000000)
                BETWEEN scope_id('first') AND scope_id('last') AND kind <> 'dispute')
            OR owner_unit = ANY (scope_ids('units'))
            OR scope_reaches(area, id, CASE WHEN kind <> 'dispute' THEN coalesce(
                nullif(community, 0), nullif(town, 0), area * 1000000) END, ask_unit, holder)
        END) WITH CHECK (true);
    FOREACH name IN ARRAY ARRAY['dispute', 'party', 'mediator', 'guest', 'sitting', 'statement',
            'promise'] LOOP
        EXECUTE format($policy$CREATE POLICY scope ON %1$I USING (
            CASE current_setting('fengqiao.sees', true)
            WHEN 'all' THEN true
            WHEN 'matters' THEN matter = ANY (scope_ids('matters'))
            WHEN 'staff' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = %1$I.area
                AND m.id = %1$I.matter OFFSET 0)
            END) WITH CHECK (true)$policy$, name);
    END LOOP;
    CREATE POLICY scope ON transfer USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN from_unit = ANY (scope_ids('units')) OR to_unit = ANY (scope_ids('units'))
            OR EXISTS (SELECT 1 FROM matter m WHERE m.area = transfer.area
                AND m.id = transfer.matter OFFSET 0)
        END) WITH CHECK (true);
    CREATE POLICY scope ON docket USING (
        current_setting('fengqiao.sees', true) = 'all') WITH CHECK (true);
    FOREACH name IN ARRAY ARRAY['dispute', 'party', 'mediator', 'guest', 'sitting', 'statement',
            'promise', 'transfer', 'docket'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
*/
