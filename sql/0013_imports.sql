-- Files of outlines uploaded at a desk: their rows and what a check found, until they are put in
-- force or thrown away. extent: part, whole or replace; version: what they have become, none: not
-- yet; body: the rows, empty from then on.
CREATE TABLE layer_import (
    id BIGINT NOT NULL PRIMARY KEY, layer TEXT NOT NULL, name TEXT NOT NULL, extent TEXT NOT NULL,
    crs TEXT NOT NULL, region BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,
    checked_ms BIGINT NOT NULL, valid_from_ms BIGINT, version BIGINT, body BLOB NOT NULL,
    outcome TEXT NOT NULL, outcome_en TEXT NOT NULL);
