-- What the workers tidy up over all organizations, behind two narrow doors of the owner.

-- Deletes events that all consumers have dealt with, oldest first, at most p_limit of each organization; returns how
-- many. Events that were set aside stay for somebody to look at, and those of archivings for a restore, which takes from
-- them what the archiving let go. The ids of events are made from the time (UUIDv7), so that the primary key leads to
-- the old ones; a foreign id only means that the event may stay.
CREATE FUNCTION prune_events(p_before timestamptz, p_limit integer DEFAULT 5000) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_org     uuid;
    v_end     uuid := (lpad(to_hex((extract(epoch FROM p_before) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
    v_count   bigint;
    v_deleted bigint := 0;
BEGIN
    FOR v_org IN SELECT o.id FROM organizations o LOOP
        DELETE FROM domain_events d
         USING (SELECT e.id FROM domain_events e
                 WHERE e.org_id = v_org AND e.id < v_end AND e.published_at < p_before
                   AND e.projected_at IS NOT NULL AND e.parked_at IS NULL AND e.type NOT LIKE '%.archived'
                 ORDER BY e.id LIMIT p_limit) old
         WHERE d.org_id = v_org AND d.id = old.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_deleted := v_deleted + v_count;
    END LOOP;
    RETURN v_deleted;
END
$$;
COMMENT ON FUNCTION prune_events(timestamptz, integer)
    IS 'Deletes carried events that were published before a moment; timelines, search and the audit log keep theirs.';
GRANT EXECUTE ON FUNCTION prune_events(timestamptz, integer) TO rapport_worker;

-- Which of these organizations there are; the others' files can go.
CREATE FUNCTION existing_organizations(p_ids uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT o.id FROM organizations o WHERE o.id = ANY (p_ids)
$$;
COMMENT ON FUNCTION existing_organizations(uuid[]) IS 'Those of the given organizations that exist, for sweeping up files.';
GRANT EXECUTE ON FUNCTION existing_organizations(uuid[]) TO rapport_worker;
