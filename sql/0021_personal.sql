-- Personal data: what must stay for now, what was erased when its term had come, and a record of that.
-- held: 1 while the matter is kept for a proceeding: nothing of it is erased, whatever the terms say.
-- erased: bits of what was erased (matter/erase.h).
ALTER TABLE matter ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN erased BIGINT NOT NULL DEFAULT 0;

-- What was erased, never the data itself: by which rule (what), with which term and version of the
-- terms, in which county (0: none), of how many matters, how many things. A chain: each line's hash is
-- that of its text and of the hash before it. Only added to.
CREATE TABLE deletion (
    seq BIGINT NOT NULL PRIMARY KEY, at_ms BIGINT NOT NULL, county BIGINT NOT NULL,
    what TEXT NOT NULL, days BIGINT NOT NULL, version BIGINT NOT NULL, matters BIGINT NOT NULL,
    things BIGINT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL);
-- One row a night in which due data is looked for, so that of several servers one does it.
CREATE TABLE night (
    day BIGINT NOT NULL PRIMARY KEY, begun_ms BIGINT NOT NULL, ended_ms BIGINT);
-- Files that nothing refers to any more are found by either name.
CREATE INDEX attachment_thumb ON attachment (thumb);
