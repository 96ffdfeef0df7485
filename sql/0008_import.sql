-- Imported outlines, addresses, and drafts with a territory.

-- region: the division (12 digits) whose desk works on the draft; 0: nobody's but the city's.
ALTER TABLE draft ADD COLUMN region BIGINT NOT NULL DEFAULT 0;
-- The version it has become, and from when that is in force; none: it is a draft still.
ALTER TABLE draft ADD COLUMN version BIGINT;
ALTER TABLE draft ADD COLUMN valid_from_ms BIGINT;

-- Addresses, dwellings and sites with a point; which zones they lie in follows from the point. The
-- words by which a place is found: its address without the divisions it begins with, and its name,
-- both in one spelling, as bytes, whose order no language changes.
CREATE TABLE place (
    code TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    lon DOUBLE PRECISION NOT NULL, lat DOUBLE PRECISION NOT NULL) /*sqlite:WITHOUT ROWID*/;
CREATE TABLE place_word (
    word BLOB NOT NULL, code TEXT NOT NULL, PRIMARY KEY (word, code)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX place_word_code ON place_word (code);
