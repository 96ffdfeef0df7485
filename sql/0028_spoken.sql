-- turn: how often the code of a reporter was made anew; an earlier code opens nothing. since_ms: when
-- a party was noted. spoken_ms: when it first said a word, itself or by the committee's record: who has
-- is not taken out again, however often everybody is asked anew.
ALTER TABLE reporter ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE party ADD COLUMN since_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE party ADD COLUMN spoken_ms BIGINT;
UPDATE party SET since_ms = (SELECT coalesce(max(r.joined_ms), 0) FROM reporter r
    WHERE r.area = party.area AND r.matter = party.matter AND r.no = party.no),
    spoken_ms = (SELECT min(e.at_ms) FROM entry e WHERE e.area = party.area
    AND e.matter = party.matter AND ((e.action IN ('consent', 'consent_refused', 'sign', 'sign_facts',
    'apply_confirm') AND (e.data LIKE '%"party":' || party.no || ',%'
    OR e.data LIKE '%"party":' || party.no || '}%')) OR (e.action IN ('agree', 'withdraw', 'ask_stop',
    'ask_court') AND (e.data LIKE '%"reporter":' || party.no || ',%'
    OR e.data LIKE '%"reporter":' || party.no || '}%'))));
