-- (0001 was of previews, whose ids do not fit matter numbers; their databases are made anew.)
-- The frame: catalogue, people who work here, matters and their ledger. Portable SQL: BLOB is a
-- domain over bytea on PostgreSQL; what stands in sqlite-remarks is for SQLite alone. Every table
-- that belongs to a matter leads with area (6-digit county code) in its keys, so that it can be
-- distributed by it. Tables that grow with every matter lie in parts by its id, and so by time, on
-- PostgreSQL (db_part_close). Times are milliseconds since 1970 UTC. No column scores or counts a person.

-- Deployer's data ------------------------------------------------------------------------------

-- One row per version of a small catalogue (categories, limits, routing rules, calendar, reply
-- templates); body is its CSV. The newest version whose time has come is in force.
CREATE TABLE catalogue (
    name TEXT NOT NULL, version BIGINT NOT NULL, valid_from_ms BIGINT NOT NULL,
    made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (name, version));

-- Settings of this installation, such as its name and the map's licence number.
CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

-- Administrative divisions; code has 12 digits, level 2 city, 3 county, 4 township, 5 community.
CREATE TABLE division (
    code BIGINT NOT NULL PRIMARY KEY, parent BIGINT NOT NULL, level BIGINT NOT NULL,
    kind TEXT NOT NULL, name TEXT NOT NULL, valid_from_ms BIGINT NOT NULL, valid_to_ms BIGINT,
    successor BIGINT, shape BLOB);

-- Governance grids; code has 15 digits = community + 3. kind: base or dedicated.
CREATE TABLE grid (
    code BIGINT NOT NULL PRIMARY KEY, community BIGINT NOT NULL, name TEXT NOT NULL,
    kind TEXT NOT NULL, lon DOUBLE PRECISION NOT NULL, lat DOUBLE PRECISION NOT NULL,
    shape BLOB NOT NULL);

-- Police grids, a layer of their own.
CREATE TABLE police_grid (
    code BIGINT NOT NULL PRIMARY KEY, station BIGINT NOT NULL, name TEXT NOT NULL,
    shape BLOB NOT NULL);

-- Organisations that can own a matter. region is the 12-digit code of the division they serve;
-- desk = 1 marks the one unit of a division that receives and dispatches. functions: words
-- separated by spaces, matched by routing rules.
CREATE TABLE unit (
    id BIGINT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    name_en TEXT NOT NULL, kind TEXT NOT NULL, level BIGINT NOT NULL, region BIGINT NOT NULL,
    parent BIGINT NOT NULL, desk BIGINT NOT NULL, functions TEXT NOT NULL);

CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    password TEXT NOT NULL, phone TEXT NOT NULL, lang TEXT NOT NULL, disabled BIGINT NOT NULL);

CREATE TABLE membership (
    account BIGINT NOT NULL REFERENCES account (id), unit BIGINT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL, PRIMARY KEY (account, unit, role)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX membership_unit ON membership (unit, role);

-- Who works in which grid; the first by position is shown to residents.
CREATE TABLE grid_duty (
    grid BIGINT NOT NULL, position BIGINT NOT NULL, account BIGINT NOT NULL REFERENCES account (id),
    PRIMARY KEY (grid, position)) /*sqlite:WITHOUT ROWID*/;

CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY, account BIGINT NOT NULL REFERENCES account (id),
    csrf TEXT NOT NULL, made_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL)
    /*sqlite:WITHOUT ROWID*/;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires ON session (expires_ms);

-- Matters --------------------------------------------------------------------------------------

CREATE TABLE matter (
    area BIGINT NOT NULL, id BIGINT NOT NULL, number TEXT NOT NULL,
    kind TEXT NOT NULL, state TEXT NOT NULL, category TEXT NOT NULL, tier BIGINT NOT NULL,
    origin TEXT NOT NULL, confidential BIGINT NOT NULL,
    text TEXT NOT NULL, salt BLOB NOT NULL, place_text TEXT NOT NULL,
    lon DOUBLE PRECISION, lat DOUBLE PRECISION, cell BIGINT,
    town BIGINT NOT NULL, community BIGINT NOT NULL, grid BIGINT NOT NULL,
    police_grid BIGINT NOT NULL,
    owner_unit BIGINT NOT NULL, holder BIGINT NOT NULL, route TEXT NOT NULL,
    clock TEXT NOT NULL, clock_from_ms BIGINT NOT NULL, due_ms BIGINT, alarm_ms BIGINT,
    paused_ms BIGINT, provisional BIGINT NOT NULL,
    ask TEXT NOT NULL, ask_by BIGINT NOT NULL, ask_unit BIGINT NOT NULL, ask_days BIGINT NOT NULL,
    ask_reason TEXT NOT NULL, returned_by BIGINT NOT NULL, extended BIGINT NOT NULL,
    supervised BIGINT NOT NULL, round BIGINT NOT NULL, objected BIGINT NOT NULL,
    reporters BIGINT NOT NULL, unanswered BIGINT NOT NULL, cohandling BIGINT NOT NULL,
    open BIGINT NOT NULL, created_ms BIGINT NOT NULL, closed_ms BIGINT,
    merged_into TEXT NOT NULL, seq BIGINT NOT NULL, head BLOB NOT NULL,
    PRIMARY KEY (area, id)) /*sqlite:WITHOUT ROWID*/
    /*postgres:PARTITION BY RANGE (id)*/;
/*postgres:CREATE TABLE matter_now PARTITION OF matter FOR VALUES FROM (MINVALUE) TO (MAXVALUE);*/
CREATE INDEX matter_owner ON matter (owner_unit, due_ms, area, id) WHERE open = 1;
CREATE INDEX matter_holder ON matter (holder, due_ms, area, id) WHERE open = 1 AND holder <> 0;
CREATE INDEX matter_grid ON matter (grid, due_ms, area, id) WHERE open = 1;
CREATE INDEX matter_town ON matter (town, due_ms, area, id) WHERE open = 1;
CREATE INDEX matter_area ON matter (area, due_ms, id) WHERE open = 1;
CREATE INDEX matter_cell ON matter (cell) WHERE open = 1 AND cell IS NOT NULL;
CREATE INDEX matter_alarm ON matter (alarm_ms) WHERE alarm_ms IS NOT NULL;
CREATE INDEX matter_ask ON matter (ask_unit, due_ms, area, id) WHERE open = 1 AND ask <> '';
CREATE INDEX matter_owner_new ON matter (owner_unit, id);

-- One line of a matter's ledger: never changed, never deleted. id orders all entries of this
-- database; data is canonical JSON without personal data (texts stand as salted digests).
CREATE TABLE entry (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, seq BIGINT NOT NULL, id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL, actor TEXT NOT NULL, account BIGINT NOT NULL, unit BIGINT NOT NULL,
    action TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
    owner_unit BIGINT NOT NULL, holder BIGINT NOT NULL, due_ms BIGINT,
    data TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (area, matter, seq)) /*sqlite:WITHOUT ROWID*/
    /*postgres:PARTITION BY RANGE (matter)*/;
/*postgres:CREATE TABLE entry_now PARTITION OF entry FOR VALUES FROM (MINVALUE) TO (MAXVALUE);*/
CREATE UNIQUE INDEX entry_id ON entry (id, area, matter, seq);

-- What people wrote, beside the ledger so that it can be erased: its digest stays in the entry.
CREATE TABLE note (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, seq BIGINT NOT NULL, audience TEXT NOT NULL,
    salt BLOB NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (area, matter, seq)) /*sqlite:WITHOUT ROWID*/
    /*postgres:PARTITION BY RANGE (matter)*/;
/*postgres:CREATE TABLE note_now PARTITION OF note FOR VALUES FROM (MINVALUE) TO (MAXVALUE);*/

-- A person's sealed fields; destroying data_key erases them everywhere, backups included.
CREATE TABLE person (
    area BIGINT NOT NULL, id BIGINT NOT NULL, data_key BLOB, name BLOB, phone BLOB,
    purpose TEXT NOT NULL, made_ms BIGINT NOT NULL, erased_ms BIGINT,
    PRIMARY KEY (area, id)) /*sqlite:WITHOUT ROWID*/;

-- Everybody who reported or joined a matter. The receipt code is not stored: it is the row's key,
-- enciphered.
CREATE TABLE reporter (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL,
    person BIGINT NOT NULL, confidential BIGINT NOT NULL, joined_ms BIGINT NOT NULL,
    answered_round BIGINT NOT NULL, score BIGINT, rating TEXT, rated_ms BIGINT,
    PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/
    /*postgres:PARTITION BY RANGE (matter)*/;
/*postgres:CREATE TABLE reporter_now PARTITION OF reporter FOR VALUES FROM (MINVALUE) TO (MAXVALUE);*/

-- Where the reporters of a merged matter went, and what was added to their numbers there.
CREATE TABLE merged (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, into_matter BIGINT NOT NULL, added BIGINT NOT NULL,
    PRIMARY KEY (area, matter)) /*sqlite:WITHOUT ROWID*/;

-- Units asked to help, each with a clock of its own.
CREATE TABLE cohandler (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, unit BIGINT NOT NULL, state TEXT NOT NULL,
    due_ms BIGINT NOT NULL, task TEXT NOT NULL, reply TEXT NOT NULL, since_ms BIGINT NOT NULL,
    PRIMARY KEY (area, matter, unit)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX cohandler_unit ON cohandler (unit, state, due_ms, area, matter);

-- Units that have owned or helped with a matter and may therefore still read it.
CREATE TABLE involved (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, unit BIGINT NOT NULL,
    PRIMARY KEY (area, matter, unit)) /*sqlite:WITHOUT ROWID*/
    /*postgres:PARTITION BY RANGE (matter)*/;
/*postgres:CREATE TABLE involved_now PARTITION OF involved FOR VALUES FROM (MINVALUE) TO (MAXVALUE);*/

CREATE TABLE matter_link (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, kind TEXT NOT NULL, other TEXT NOT NULL,
    PRIMARY KEY (area, matter, kind, other)) /*sqlite:WITHOUT ROWID*/;

-- Photos by content; uploads wait here (matter 0) until a report takes them, for a day.
CREATE TABLE attachment (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, no BIGINT NOT NULL, seq BIGINT NOT NULL,
    hash TEXT NOT NULL, thumb TEXT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL,
    phase TEXT NOT NULL, PRIMARY KEY (area, matter, no)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX attachment_hash ON attachment (hash);
CREATE TABLE upload (
    token BLOB NOT NULL PRIMARY KEY, hash TEXT NOT NULL, thumb TEXT NOT NULL,
    width BIGINT NOT NULL, height BIGINT NOT NULL, made_ms BIGINT NOT NULL) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX upload_made ON upload (made_ms);

-- Commands already carried out, by the key their sender chose: again means the same answer.
CREATE TABLE command_key (
    area BIGINT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, matter BIGINT NOT NULL,
    no BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (area, key)) /*sqlite:WITHOUT ROWID*/;

-- Who read which personal field, of which matter, for what.
CREATE TABLE access_log (
    area BIGINT NOT NULL, id BIGINT NOT NULL, at_ms BIGINT NOT NULL, account BIGINT NOT NULL,
    matter BIGINT NOT NULL, no BIGINT NOT NULL, fields TEXT NOT NULL, purpose TEXT NOT NULL,
    PRIMARY KEY (area, id)) /*sqlite:WITHOUT ROWID*/;

-- The Merkle log over all entries (RFC 9162): leaves in order, each an entry's hash, as they were
-- taken in; hashes of complete subtrees from level 4 on (smaller ones follow from the leaves); and
-- signed checkpoints, each with the entry of its last leaf.
CREATE TABLE leaf (
    position BIGINT NOT NULL PRIMARY KEY, entry_id BIGINT NOT NULL, hash BLOB NOT NULL)
    /*sqlite:WITHOUT ROWID*/;
CREATE UNIQUE INDEX leaf_entry ON leaf (entry_id);
CREATE TABLE tree_node (
    level BIGINT NOT NULL, position BIGINT NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (level, position)) /*sqlite:WITHOUT ROWID*/;
CREATE TABLE checkpoint (
    size BIGINT NOT NULL PRIMARY KEY, at_ms BIGINT NOT NULL, entry_id BIGINT NOT NULL,
    note TEXT NOT NULL) /*sqlite:WITHOUT ROWID*/;
