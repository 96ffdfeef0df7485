-- Agreements that were not kept, as they were when mediation began again; the present one stands in
-- dispute, promises of all of them in promise, by round. unit, studio: who had the dispute then.
-- ended_ms: when mediation began again.
CREATE TABLE agreement (
    area BIGINT NOT NULL, matter BIGINT NOT NULL, round BIGINT NOT NULL, unit BIGINT NOT NULL,
    studio BIGINT NOT NULL, form TEXT NOT NULL, amount_fen BIGINT NOT NULL,
    effective_ms BIGINT NOT NULL, confirm TEXT NOT NULL, confirm_ms BIGINT,
    ended_ms BIGINT NOT NULL,
    PRIMARY KEY (area, matter, round)) /*sqlite:WITHOUT ROWID*/;
CREATE INDEX agreement_unit ON agreement (unit, effective_ms);
CREATE INDEX agreement_studio ON agreement (studio, effective_ms);

-- stop_ms: when somebody under age said that they want to stop; ending it is for the guardian.
ALTER TABLE party ADD COLUMN stop_ms BIGINT;
-- Whose director an account is.
CREATE INDEX committee_member_account ON committee_member (account);

-- Those of before, as far as the ledger's columns tell: what the court said of them stays there.
INSERT INTO agreement (area, matter, round, unit, studio, form, amount_fen, effective_ms, confirm,
    ended_ms)
SELECT o.area, o.matter, o.round, o.unit, o.studio, CASE o.action WHEN 'agree_oral' THEN 'oral'
    ELSE 'written' END, (SELECT coalesce(sum(p.amount_fen), 0) FROM promise p
    WHERE p.area = o.area AND p.matter = o.matter AND p.round = o.round), o.effective_ms, '', o.ended_ms
FROM (SELECT b.area, b.matter, b.owner_unit AS unit, d.studio, a.action, b.at_ms AS ended_ms,
    (SELECT COUNT(*) FROM entry r WHERE r.area = b.area AND r.matter = b.matter AND r.seq < b.seq
    AND r.action IN ('mediate_again', 'not_signed')) AS round,
    (SELECT min(e.at_ms) FROM entry e WHERE e.area = b.area AND e.matter = b.matter
    AND e.seq >= a.seq AND e.to_state IN ('performing', 'performed')) AS effective_ms
    FROM dispute d JOIN entry b ON b.area = d.area AND b.matter = d.matter
    AND b.action = 'mediate_again' JOIN entry a ON a.area = b.area AND a.matter = b.matter
    AND a.seq = (SELECT max(x.seq) FROM entry x WHERE x.area = b.area AND x.matter = b.matter
    AND x.seq < b.seq AND x.action IN ('agree_oral', 'agree_written'))) AS o;

-- The second lock again (0011): whoever sees the dispute sees them.
/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    CREATE POLICY scope ON agreement USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'matters' THEN matter = ANY (scope_ids('matters'))
        WHEN 'staff' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = agreement.area
            AND m.id = agreement.matter OFFSET 0)
        END) WITH CHECK (true);
    ALTER TABLE agreement ENABLE ROW LEVEL SECURITY;
    ALTER TABLE agreement FORCE ROW LEVEL SECURITY;
END $$;
*/
