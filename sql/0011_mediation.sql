-- People's mediation: what lies beside the matter of kind "dispute". Parties are its reporters, so that
-- each has a code and a page of their own, and their names lie sealed.

-- form: how agreement was reached (written, oral, or empty). effective_ms: from when it binds, the last
-- signature or seal. confirm: of the court (applied, confirmed, dismissed, or empty).
CREATE TABLE dispute (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL,
    came_from TEXT NOT NULL, open_door BIGINT NOT NULL, written BIGINT NOT NULL, form TEXT NOT NULL,
    amount_fen BIGINT NOT NULL, sealed_ms BIGINT, effective_ms BIGINT, confirm TEXT NOT NULL,
    confirm_ms BIGINT, PRIMARY KEY (area, matter)) /*sqlite:WITHOUT ROWID*/;

-- consent: asked, given, refused or withdrawn. role: party, agent, guardian or representative, of the
-- party stands_for. told_ms: when rights and duties were read to them.
CREATE TABLE party (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, side TEXT NOT NULL,
    kind TEXT NOT NULL, role TEXT NOT NULL, stands_for BIGINT NOT NULL, minor BIGINT NOT NULL,
    consent TEXT NOT NULL, consent_how TEXT NOT NULL, consent_ms BIGINT, told_ms BIGINT,
    signed_how TEXT NOT NULL, signed_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- Who mediates: chosen by the parties or named by the committee; what they disclosed about themselves.
CREATE TABLE mediator (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, account BIGINT NOT NULL, chosen TEXT NOT NULL,
    disclosure TEXT NOT NULL, since_ms BIGINT NOT NULL, signed_ms BIGINT,
    PRIMARY KEY (area, matter, account)) /*sqlite:WITHOUT ROWID*/;

-- Sessions that took place; the record is the note of entry seq.
CREATE TABLE sitting (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    seq BIGINT NOT NULL, open_door BIGINT NOT NULL, result TEXT NOT NULL,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- What one side said alone, sealed under a key of its own, for the mediators of the case.
CREATE TABLE caucus (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    account BIGINT NOT NULL, side TEXT NOT NULL, data_key BLOB NOT NULL, text BLOB NOT NULL,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;

-- What was promised: who, what, how much, by when, in what way; and what came of it. round: the
-- agreement it belongs to; a new agreement leaves the old promises where they are.
CREATE TABLE promise (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, round BIGINT NOT NULL,
    party BIGINT NOT NULL, what TEXT NOT NULL, amount_fen BIGINT NOT NULL, due_ms BIGINT NOT NULL,
    way TEXT NOT NULL, kept_ms BIGINT, broken_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;
