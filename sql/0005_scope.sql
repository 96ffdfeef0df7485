-- The second lock on scope, on PostgreSQL. The first is the program's own (matter_visible()): it
-- asks of each matter whether the reader may see it. Should a statement ever forget to ask, row
-- level security still shows a reader nothing that is not theirs. What a transaction sees is told
-- by settings that last as long as it does (db_scope()); without them it sees nothing. Owners of
-- the tables are bound too; superusers and roles with BYPASSRLS never are.
--   fengqiao.sees     all; public: open matters, nothing of what belongs to them; matters: those
--                     named; staff: those of a person's territory and units; anything else: none
--   fengqiao.matters  their ids: '{7,8}'
--   fengqiao.account  the person: what they hold is theirs: '{5}'
--   fengqiao.units    whose matters they see, owned, asked about or once worked on: '{3,4}'
--   fengqiao.regions  ranges of divisions whose matters they see: '{[320508000000,320508999999]}',
--                     the widest also as fengqiao.first and fengqiao.last
-- What most rows are decided by stands in front and is cheap; the rest stands in a function, which
-- costs nothing while nobody calls it. OFFSET 0 keeps a question about one row from being answered
-- for all rows at once. Who writes sees all and has asked for rights in the transaction, so what is
-- written is not looked at again. On Citus there is no such lock: it has no policies that ask other
-- tables, and settings stay on the machine that they are told.
/*postgres:
CREATE INDEX reporter_person ON reporter (area, person) WHERE person <> 0;

CREATE FUNCTION scope_id(setting TEXT) RETURNS BIGINT LANGUAGE sql STABLE
    RETURN nullif(current_setting('fengqiao.' || setting, true), '')::bigint;
CREATE FUNCTION scope_ids(setting TEXT) RETURNS BIGINT[] LANGUAGE sql STABLE
    RETURN nullif(current_setting('fengqiao.' || setting, true), '')::bigint[];
CREATE FUNCTION scope_reaches(in_area BIGINT, of_matter BIGINT, division BIGINT, ask_unit BIGINT,
    holder BIGINT) RETURNS BOOLEAN LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN ask_unit = ANY (scope_ids('units')) OR holder = ANY (scope_ids('account'))
        OR division <@ nullif(current_setting('fengqiao.regions', true), '')::int8multirange
        OR EXISTS (SELECT 1 FROM involved i WHERE i.area = in_area AND i.matter = of_matter
            AND i.unit = ANY (scope_ids('units')));
    END $$;

DO $$ DECLARE name TEXT; BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    CREATE POLICY scope ON matter USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'public' THEN open = 1 AND confidential = 0
        WHEN 'matters' THEN id = ANY (scope_ids('matters'))
        WHEN 'staff' THEN
            coalesce(nullif(community, 0), nullif(town, 0), area * 1000000)
                BETWEEN scope_id('first') AND scope_id('last')
            OR owner_unit = ANY (scope_ids('units'))
            OR scope_reaches(area, id, coalesce(nullif(community, 0), nullif(town, 0),
                area * 1000000), ask_unit, holder)
        END) WITH CHECK (true);
    CREATE POLICY scope ON involved USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN unit = ANY (scope_ids('units'))
        END) WITH CHECK (true);
    CREATE POLICY scope ON person USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'staff' THEN EXISTS (SELECT 1 FROM reporter r WHERE r.area = person.area
            AND r.person = person.id AND r.person <> 0 OFFSET 0)
        END) WITH CHECK (true);
    -- What belongs to a matter is seen with it.
    FOREACH name IN ARRAY ARRAY['entry', 'note', 'reporter', 'merged', 'cohandler',
            'matter_link', 'attachment'] LOOP
        EXECUTE format($policy$CREATE POLICY scope ON %1$I USING (
            CASE current_setting('fengqiao.sees', true)
            WHEN 'all' THEN true
            WHEN 'matters' THEN matter = ANY (scope_ids('matters'))
            WHEN 'staff' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = %1$I.area
                AND m.id = %1$I.matter OFFSET 0)
            END) WITH CHECK (true)$policy$, name);
    END LOOP;
    -- No page shows these.
    FOREACH name IN ARRAY ARRAY['command_key', 'access_log'] LOOP
        EXECUTE format($policy$CREATE POLICY scope ON %I USING (
            current_setting('fengqiao.sees', true) = 'all') WITH CHECK (true)$policy$,
            name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_policies
        WHERE policyname = 'scope' AND schemaname = current_schema() LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
*/
