-- The layers of the map in one table, from a day to a day, so that a past matter finds the outline and
-- the name of its day.

-- layer: division, grid, micro (micro-grids) or police (police grids). code: of a division 12 digits,
-- of a grid its community and 3 more, of a micro-grid its grid and 2 more. parent: of a division the
-- one above, of a grid its community, of a micro-grid its grid, of a police grid the unit of its
-- station. A row holds from valid_from_ms up to, without, valid_to_ms (none: until further notice).
CREATE TABLE zone (
    layer TEXT NOT NULL, code BIGINT NOT NULL, valid_from_ms BIGINT NOT NULL, valid_to_ms BIGINT,
    parent BIGINT NOT NULL, level BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    lon DOUBLE PRECISION, lat DOUBLE PRECISION, shape BLOB,
    PRIMARY KEY (layer, code, valid_from_ms));
INSERT INTO zone (layer, code, valid_from_ms, valid_to_ms, parent, level, kind, name, shape)
    SELECT 'division', code, valid_from_ms, valid_to_ms, parent, level, kind, name, shape
    FROM division;
INSERT INTO zone (layer, code, valid_from_ms, parent, level, kind, name, lon, lat, shape)
    SELECT 'grid', code, 0, community, 6, kind, name, lon, lat, shape FROM grid;
INSERT INTO zone (layer, code, valid_from_ms, parent, level, kind, name, shape)
    SELECT 'police', code, 0, station, 8, 'police', name, shape FROM police_grid;
DROP TABLE division;
DROP TABLE grid;
DROP TABLE police_grid;

-- Who has charge of a zone; the first by position is shown to residents.
CREATE TABLE duty (
    layer TEXT NOT NULL, zone BIGINT NOT NULL, position BIGINT NOT NULL,
    account BIGINT NOT NULL REFERENCES account (id),
    PRIMARY KEY (layer, zone, position)) /*sqlite:WITHOUT ROWID*/;
INSERT INTO duty (layer, zone, position, account)
    SELECT 'grid', grid, position, account FROM grid_duty;
DROP TABLE grid_duty;

-- What may become the next version of routing rules (kind rule, body CSV) or of a layer (its name,
-- body GeoJSON of the changed outlines), looked at and rehearsed before it does.
CREATE TABLE draft (
    id BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
    made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL, changed_ms BIGINT NOT NULL);

ALTER TABLE matter ADD COLUMN micro_grid BIGINT NOT NULL DEFAULT 0;
