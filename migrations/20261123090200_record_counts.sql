-- How many live records an organization has of each type. Counting them for each page was most of what a page of a list
-- cost. A change adds a row with its difference, so that nobody waits for anybody; the relay adds them up now and then.

CREATE TABLE record_counts (
    org_id  uuid   NOT NULL,
    id      uuid   NOT NULL DEFAULT gen_random_uuid(),
    entity  text   NOT NULL,
    live    bigint NOT NULL,
    CONSTRAINT record_counts_pkey PRIMARY KEY (org_id, entity, id),
    CONSTRAINT record_counts_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT record_counts_entity_check CHECK (entity ~ '^[a-z_]{1,50}$')
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
COMMENT ON TABLE record_counts IS 'Differences whose sum is the number of live records; written by triggers.';
SELECT tenant_table('record_counts', 'SELECT', 'SELECT, INSERT, DELETE');

CREATE FUNCTION record_counts_many() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- With an organization its records go, and nobody counts them any more.
    INSERT INTO record_counts (org_id, entity, live)
    SELECT c.org_id, TG_ARGV[0], CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
      FROM changed c
     WHERE c.deleted_at IS NULL AND EXISTS (SELECT 1 FROM organizations o WHERE o.id = c.org_id)
     GROUP BY c.org_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION record_counts_one() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO record_counts (org_id, entity, live)
    VALUES (NEW.org_id, TG_ARGV[0], CASE WHEN NEW.deleted_at IS NULL THEN 1 ELSE -1 END);
    RETURN NULL;
END
$$;

CREATE FUNCTION counted_table(p_records regclass, p_entity text) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TRIGGER record_counts_added AFTER INSERT ON %1$s
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_counts_many(%2$L);
        CREATE TRIGGER record_counts_removed AFTER DELETE ON %1$s
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_counts_many(%2$L);
        CREATE TRIGGER record_counts_moved AFTER UPDATE OF deleted_at ON %1$s
            FOR EACH ROW WHEN ((OLD.deleted_at IS NULL) IS DISTINCT FROM (NEW.deleted_at IS NULL))
            EXECUTE FUNCTION record_counts_one(%2$L);
        INSERT INTO record_counts (org_id, entity, live)
        SELECT org_id, %2$L, count(*) FROM %1$s WHERE deleted_at IS NULL GROUP BY org_id;
    $sql$, p_records, p_entity);
END
$$;
COMMENT ON FUNCTION counted_table(regclass, text) IS 'Keeps the number of live records of a type; for migrations only.';

SELECT counted_table('companies', 'company');
SELECT counted_table('contacts', 'contact');
SELECT counted_table('deals', 'deal');
