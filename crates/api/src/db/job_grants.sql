-- Run by rapport_owner at the end of every `rapport migrate`. The schema belongs to the job engine: its tables carry
-- no org_id, hold payloads of all organizations, and are worked on by the worker role alone. Row-level security is on
-- without being forced, because the engine's own functions run as the owner.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'graphile_worker' AND c.relkind = 'r' AND c.relname LIKE '\_private\_%'
    LOOP
        EXECUTE format('ALTER TABLE graphile_worker.%I ENABLE ROW LEVEL SECURITY', t.relname);
        IF NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_policies p
             WHERE p.schemaname = 'graphile_worker' AND p.tablename = t.relname AND p.policyname = 'job_engine'
        ) THEN
            EXECUTE format('CREATE POLICY job_engine ON graphile_worker.%I TO rapport_worker'
                ' USING (true) WITH CHECK (true)', t.relname);
        END IF;
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON graphile_worker.%I TO rapport_worker', t.relname);
    END LOOP;
END
$$;
REVOKE ALL ON SCHEMA graphile_worker FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker FROM PUBLIC;
GRANT USAGE ON SCHEMA graphile_worker TO rapport_worker;
GRANT SELECT ON graphile_worker.migrations, graphile_worker.jobs TO rapport_worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO rapport_worker;
