-- The second lock on scope, on PostgreSQL. The first is the program's own (matter_visible()): it
-- asks of each matter whether the reader may see it. Should a statement ever forget to ask, row level
-- security still shows a reader nothing that is not theirs. What a transaction sees is told by
-- settings that last as long as it does (db_scope()); without them it sees nothing. Owners of the
-- tables are bound too; superusers and roles with BYPASSRLS never are.
--   fengqiao.sees     all; public: open matters, nothing of what belongs to them; matters: those
--                     named; staff: those of a person's territory and units; anything else: none
--   fengqiao.matters  ids: '{7,8}'
--   fengqiao.account  the person: what they hold is theirs
--   fengqiao.units    units whose matters they may see, owned, asked about or once worked on: '{3}'
--   fengqiao.regions  ranges of 12-digit codes whose matters they may see: '{[320508000000,320508999999]}'
-- Settings are read in subqueries, once for a statement and not once for a row. OFFSET 0 keeps a
-- question about one row from being answered for all rows at once. Who writes sees all and has been
-- asked for rights in the transaction, so what is written is not looked at again.
/*postgres:
CREATE INDEX reporter_person ON reporter (area, person) WHERE person <> 0;

CREATE POLICY scope ON matter USING (
    CASE (SELECT current_setting('fengqiao.sees', true))
    WHEN 'all' THEN true
    WHEN 'public' THEN open = 1 AND confidential = 0
    WHEN 'matters' THEN id = ANY ((SELECT current_setting('fengqiao.matters')::bigint[])::bigint[])
    WHEN 'staff' THEN coalesce(nullif(community, 0), nullif(town, 0), area * 1000000)
            <@ (SELECT current_setting('fengqiao.regions')::int8multirange)
        OR owner_unit = ANY ((SELECT current_setting('fengqiao.units')::bigint[])::bigint[])
        OR ask_unit = ANY ((SELECT current_setting('fengqiao.units')::bigint[])::bigint[])
        OR holder = (SELECT current_setting('fengqiao.account')::bigint)
        OR EXISTS (SELECT 1 FROM involved i WHERE i.area = matter.area AND i.matter = matter.id
            AND i.unit = ANY ((SELECT current_setting('fengqiao.units')::bigint[])::bigint[]) OFFSET 0)
    END) WITH CHECK (true);

CREATE POLICY scope ON involved USING (
    CASE (SELECT current_setting('fengqiao.sees', true))
    WHEN 'all' THEN true
    WHEN 'staff' THEN unit = ANY ((SELECT current_setting('fengqiao.units')::bigint[])::bigint[])
    END) WITH CHECK (true);

CREATE POLICY scope ON cohandler USING (
    CASE (SELECT current_setting('fengqiao.sees', true))
    WHEN 'all' THEN true
    WHEN 'matters' THEN matter = ANY ((SELECT current_setting('fengqiao.matters')::bigint[])::bigint[])
    WHEN 'staff' THEN unit = ANY ((SELECT current_setting('fengqiao.units')::bigint[])::bigint[])
        OR EXISTS (SELECT 1 FROM matter m WHERE m.area = cohandler.area AND m.id = cohandler.matter
            OFFSET 0)
    END) WITH CHECK (true);

CREATE POLICY scope ON person USING (
    CASE (SELECT current_setting('fengqiao.sees', true))
    WHEN 'all' THEN true
    WHEN 'staff' THEN EXISTS (SELECT 1 FROM reporter r WHERE r.area = person.area
        AND r.person = person.id AND r.person <> 0 OFFSET 0)
    END) WITH CHECK (true);

DO $$ DECLARE name TEXT; BEGIN
    -- What belongs to a matter is seen with it.
    FOREACH name IN ARRAY ARRAY['entry', 'note', 'reporter', 'merged', 'matter_link', 'attachment'] LOOP
        EXECUTE format('CREATE POLICY scope ON %1$I USING (
            CASE (SELECT current_setting(''fengqiao.sees'', true))
            WHEN ''all'' THEN true
            WHEN ''matters'' THEN
                matter = ANY ((SELECT current_setting(''fengqiao.matters'')::bigint[])::bigint[])
            WHEN ''staff'' THEN EXISTS (SELECT 1 FROM matter m WHERE m.area = %1$I.area
                AND m.id = %1$I.matter OFFSET 0)
            END) WITH CHECK (true)', name);
    END LOOP;
    -- No page shows these.
    FOREACH name IN ARRAY ARRAY['command_key', 'access_log'] LOOP
        EXECUTE format('CREATE POLICY scope ON %I
            USING ((SELECT current_setting(''fengqiao.sees'', true)) = ''all'') WITH CHECK (true)', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_policies
        WHERE policyname = 'scope' AND schemaname = current_schema() LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    END LOOP;
END $$;
*/
