-- Parties of a dispute are named in the agreement that each of them holds: whoever opens the dispute by
-- their code may be shown its names. Reporters of anything else go on seeing nobody's.
/*postgres:
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    DROP POLICY scope ON person;
    CREATE POLICY scope ON person USING (
        CASE current_setting('fengqiao.sees', true)
        WHEN 'all' THEN true
        WHEN 'matters' THEN EXISTS (SELECT 1 FROM reporter r JOIN dispute d ON d.area = r.area
            AND d.matter = r.matter WHERE r.area = person.area AND r.person = person.id
            AND r.person <> 0 OFFSET 0)
        WHEN 'staff' THEN EXISTS (SELECT 1 FROM reporter r WHERE r.area = person.area
            AND r.person = person.id AND r.person <> 0 OFFSET 0)
        END) WITH CHECK (true);
END $$;
*/
