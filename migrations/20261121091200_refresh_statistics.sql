-- After a large import the planner's statistics describe the tables as they were before it, and the first lists and
-- counts would be planned for tables that are nearly empty. The autovacuum daemon notices within minutes; the worker
-- that imported need not wait for it. ANALYZE is the owner's right, hence the definer.
CREATE FUNCTION refresh_statistics(p_tables text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_table regclass;
BEGIN
    FOR v_table IN
        SELECT c.oid::regclass
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname = ANY (p_tables)
         ORDER BY c.relname
    LOOP
        -- Whoever holds the lock is analysing or vacuuming already.
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', v_table);
    END LOOP;
END
$$;
COMMENT ON FUNCTION refresh_statistics(text[]) IS 'Brings the planner''s statistics of these tables up to date; reads and changes no rows.';
GRANT EXECUTE ON FUNCTION refresh_statistics(text[]) TO rapport_worker;
