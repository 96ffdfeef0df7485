-- How a matter found its owner, and what keeps it from going round.

-- The version of the rules it was routed by, so that an explanation stays true when rules change; the
-- unit that the matter is about, which may not have it; the lowest level that may have it (0: any).
ALTER TABLE matter ADD COLUMN route_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN about_unit BIGINT NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN max_level BIGINT NOT NULL DEFAULT 0;

-- When a request must be decided.
ALTER TABLE matter ADD COLUMN ask_due_ms BIGINT;

-- How often a unit has handed it on in this round, and the desk that alone decides after the third.
ALTER TABLE matter ADD COLUMN handovers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE matter ADD COLUMN decider BIGINT NOT NULL DEFAULT 0;

-- Rehearsals of drafts: the past days routed as they were and as they would be. One runs at a time.
-- state: waiting, running, done, failed, cancelled. beat_ms: when whoever runs it last said so; one
-- that has not been heard of for long is lost with its server. result: JSON, or what failed.
CREATE TABLE rehearsal (
    id BIGINT NOT NULL PRIMARY KEY, draft BIGINT NOT NULL, name TEXT NOT NULL, days BIGINT NOT NULL,
    lang TEXT NOT NULL, state TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL,
    matters BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,
    beat_ms BIGINT NOT NULL, result TEXT NOT NULL);
