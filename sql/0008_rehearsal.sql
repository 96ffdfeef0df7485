-- Rehearsals of drafts: the past days routed as they were and as they would be. One runs at a time.
-- state: waiting, running, done, failed, cancelled. beat_ms: when whoever runs it last said so; one
-- that has not been heard of for long is lost with its server. result: JSON, or what failed.
CREATE TABLE rehearsal (
    id BIGINT NOT NULL PRIMARY KEY, draft BIGINT NOT NULL, name TEXT NOT NULL, days BIGINT NOT NULL,
    lang TEXT NOT NULL, state TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL,
    matters BIGINT NOT NULL, made_ms BIGINT NOT NULL, made_by BIGINT NOT NULL,
    beat_ms BIGINT NOT NULL, result TEXT NOT NULL);
