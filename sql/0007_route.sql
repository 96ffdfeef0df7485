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
