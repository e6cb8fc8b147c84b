-- Statistics of a table of a million rows take a second or two to make, and a small import leaves them as good as they
-- were: those who say how much has changed have them made anew where it is a part of the table that plans depend on. One
-- in fifty is an organization of its own among others already, for which its records should be planned.
DROP FUNCTION refresh_statistics(text[]);
CREATE FUNCTION refresh_statistics(p_tables text[], p_changed bigint DEFAULT NULL) RETURNS void
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
           AND (p_changed IS NULL OR p_changed >= c.reltuples / 50)
         ORDER BY c.relname
    LOOP
        -- Whoever holds the lock is analysing or vacuuming already.
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', v_table);
    END LOOP;
END
$$;
COMMENT ON FUNCTION refresh_statistics(text[], bigint) IS 'Brings the planner''s statistics of these tables up to date where so many changed rows matter; reads and changes no rows.';
GRANT EXECUTE ON FUNCTION refresh_statistics(text[], bigint) TO rapport_worker;
