-- The register of mediation beside its committees: studios, and the people who mediate. Their names are
-- public (article 10); nothing here says what anybody of them did.

-- A studio of a committee. code: of its public page. households: how many there are where it works.
CREATE TABLE studio (
    id BIGINT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE,
    unit BIGINT NOT NULL REFERENCES unit (id), name TEXT NOT NULL, about TEXT NOT NULL,
    hours TEXT NOT NULL, place TEXT NOT NULL, phone TEXT NOT NULL, households BIGINT NOT NULL,
    ended BIGINT NOT NULL);
CREATE INDEX studio_unit ON studio (unit, id);

-- Households that a studio served in a quarter (numbered through, 4 a year), as it says itself.
CREATE TABLE studio_quarter (
    studio BIGINT NOT NULL, quarter BIGINT NOT NULL, households BIGINT NOT NULL,
    made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,
    PRIMARY KEY (studio, quarter)) /*sqlite:WITHOUT ROWID*/;

-- Mediators and experts of a committee. account 0: somebody who does not work with this system.
-- kind: full_time, part_time, volunteer or expert. skills: words of dispute types, spaces between.
-- Whoever leaves has to_ms moved to that day. studio 0: none. published: stands on the studio's page.
CREATE TABLE registered (
    id BIGINT NOT NULL PRIMARY KEY, unit BIGINT NOT NULL REFERENCES unit (id),
    account BIGINT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, skills TEXT NOT NULL,
    since_ms BIGINT NOT NULL, to_ms BIGINT NOT NULL, studio BIGINT NOT NULL,
    published BIGINT NOT NULL);
CREATE INDEX registered_unit ON registered (unit, id);
CREATE INDEX registered_studio ON registered (studio, id);

-- Who changed what in the register of a committee. what: committee, studio, person or households;
-- about: whom or which; sent: as it was sent. Only added to.
CREATE TABLE register_change (
    id BIGINT NOT NULL PRIMARY KEY, unit BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    account BIGINT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL, sent TEXT NOT NULL);
CREATE INDEX register_change_unit ON register_change (unit, id);

-- studio: that has it for the committee, or 0. court_ms: when this party asked for the court's
-- confirmation; it is applied for once all have.
ALTER TABLE dispute ADD COLUMN studio BIGINT NOT NULL DEFAULT 0;
ALTER TABLE party ADD COLUMN court_ms BIGINT;
CREATE INDEX dispute_studio ON dispute (studio, effective_ms);
CREATE INDEX sitting_place ON sitting (place, planned_ms);
