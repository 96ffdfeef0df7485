-- Who is to be called where and when: the roster. It says nothing of who came or how long anybody
-- worked; what is past is deleted after DUTY_KEPT_DAYS.

-- One row a turn. layer: grid, micro, police or unit; zone: the code, of a unit its number. position:
-- who is called first. day: 1 Monday .. 7 Sunday, 8 working days, 9 free days, 10 every day, or one
-- day as yyyymmdd, which stands in place of all others of its zone. From minute to minute of that
-- day, into the next one when to_min is not after from_min. account 0: nobody, on purpose.
CREATE TABLE shift (
    layer TEXT NOT NULL, zone BIGINT NOT NULL, position BIGINT NOT NULL, day BIGINT NOT NULL,
    from_min BIGINT NOT NULL, to_min BIGINT NOT NULL, account BIGINT NOT NULL,
    PRIMARY KEY (layer, zone, position)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX shift_day ON shift (day);

-- Somebody is not there; substitute 0: to be named. Why is nobody's business here.
CREATE TABLE absence (
    id BIGINT NOT NULL PRIMARY KEY, account BIGINT NOT NULL REFERENCES account (id),
    from_ms BIGINT NOT NULL, to_ms BIGINT NOT NULL, substitute BIGINT NOT NULL);
CREATE INDEX absence_account ON absence (account, from_ms);
CREATE INDEX absence_to ON absence (to_ms);

-- What one person left to the next, or to the unit (to_account 0): a note, and the numbers of the
-- matters handed over, spaces between.
CREATE TABLE handover (
    id BIGINT NOT NULL PRIMARY KEY, unit BIGINT NOT NULL, from_account BIGINT NOT NULL,
    to_account BIGINT NOT NULL, at_ms BIGINT NOT NULL, note TEXT NOT NULL, numbers TEXT NOT NULL);
CREATE INDEX handover_from ON handover (from_account, at_ms);
CREATE INDEX handover_to ON handover (to_account, at_ms);
CREATE INDEX handover_unit ON handover (unit, at_ms);
CREATE INDEX handover_at ON handover (at_ms);

-- Moves with every change of the roster and of the people in it, so that servers notice.
CREATE TABLE roster_stamp (one BIGINT NOT NULL PRIMARY KEY, stamp BIGINT NOT NULL);
INSERT INTO roster_stamp (one, stamp) VALUES (1, 1);
