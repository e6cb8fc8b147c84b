-- Events that still have to be carried stand in a queue of their own. Marks in the events themselves made two more
-- versions of each, payload and indexes included: that was a fifth of what an import cost. Now events are only appended.

CREATE TABLE event_queue (
    org_id    uuid    NOT NULL,
    event_id  uuid    NOT NULL,
    carried   boolean NOT NULL DEFAULT false,
    retry_at  timestamptz,
    CONSTRAINT event_queue_pkey PRIMARY KEY (org_id, event_id),
    CONSTRAINT event_queue_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT event_queue_event_fkey FOREIGN KEY (org_id, event_id) REFERENCES domain_events (org_id, id) ON DELETE CASCADE
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
COMMENT ON TABLE event_queue IS 'Events that are still to be projected or announced; a row goes when both are done.';
COMMENT ON COLUMN event_queue.carried IS 'Whether timeline and search have taken the event in, or given it up.';
COMMENT ON COLUMN event_queue.retry_at IS 'Not before this moment: it has failed.';
SELECT tenant_table('event_queue', 'SELECT, INSERT', 'SELECT, INSERT, UPDATE, DELETE');
-- The relay looks for work over all organizations.
CREATE POLICY worker_reads_all ON event_queue FOR SELECT TO rapport_worker USING (true);

INSERT INTO event_queue (org_id, event_id, carried, retry_at)
SELECT e.org_id, e.id, e.projected_at IS NOT NULL OR e.parked_at IS NOT NULL, e.retry_at
  FROM domain_events e WHERE e.published_at IS NULL;

DROP TRIGGER domain_events_notify ON domain_events;
DROP FUNCTION domain_events_notify();
-- Puts new events into the queue and wakes the workers at commit; equal notifications of one transaction are merged by
-- the server.
CREATE FUNCTION domain_events_queue() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO event_queue (org_id, event_id) SELECT a.org_id, a.id FROM added a;
    PERFORM pg_notify('rapport_events', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_queue AFTER INSERT ON domain_events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION domain_events_queue();

-- The index of what is pending goes with its condition. What is still changed in an event, its failures, is changed
-- inside its organization.
ALTER TABLE domain_events DROP COLUMN projected_at, DROP COLUMN published_at, DROP COLUMN retry_at;
DROP POLICY worker_marks_all ON domain_events;
COMMENT ON COLUMN domain_events.attempts IS 'How often the projection has failed with it; last_error says with what.';
COMMENT ON COLUMN domain_events.parked_at IS 'When the projection gave the event up.';

CREATE OR REPLACE FUNCTION prune_events(p_before timestamptz, p_limit integer DEFAULT 5000) RETURNS bigint
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
                 WHERE e.org_id = v_org AND e.id < v_end AND e.occurred_at < p_before
                   AND e.parked_at IS NULL AND e.type NOT LIKE '%.archived'
                   AND NOT EXISTS (SELECT 1 FROM event_queue q WHERE q.org_id = v_org AND q.event_id = e.id)
                 ORDER BY e.id LIMIT p_limit) old
         WHERE d.org_id = v_org AND d.id = old.id;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        v_deleted := v_deleted + v_count;
    END LOOP;
    RETURN v_deleted;
END
$$;
COMMENT ON FUNCTION prune_events(timestamptz, integer)
    IS 'Deletes carried events of before a moment; timelines, search and the audit log keep theirs.';

-- What waits in the index of search documents is written into it: each trigram of a batch once instead of once for each
-- document. The relay calls it after a large batch; what single changes leave waiting is kept short by the doors.
CREATE FUNCTION search_settle() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT gin_clean_pending_list('search_documents_body_idx'::regclass)
$$;
COMMENT ON FUNCTION search_settle() IS 'Writes what waits in the index of search documents into it.';
GRANT EXECUTE ON FUNCTION search_settle() TO rapport_worker;
ALTER INDEX search_documents_body_idx SET (fastupdate = on);

-- The doors of jobs: statements are planned for what the tables hold now. A plan kept from when they were empty reads
-- them from end to end once they are full, for each batch of an import anew.
CREATE OR REPLACE FUNCTION worker_begin(p_org uuid, p_actor uuid)
    RETURNS TABLE (settings jsonb, fields_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_settings jsonb;
    v_fields   bigint;
BEGIN
    SELECT o.settings, o.fields_version INTO v_settings, v_fields FROM organizations o WHERE o.id = p_org;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('app.org_id', p_org::text, true),
            set_config('app.user_id', coalesce(p_actor::text, ''), true),
            set_config('app.role', 'worker', true),
            worker_settings();
    RETURN QUERY SELECT v_settings, v_fields;
END
$$;

CREATE OR REPLACE FUNCTION worker_begin_as(p_org uuid, p_user uuid)
    RETURNS TABLE (role text, permission_overrides jsonb, settings jsonb, fields_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT b.role, b.permission_overrides, b.settings, b.fields_version FROM app_begin(p_org, p_user) b;
    PERFORM worker_settings();
END
$$;

-- Not granted to anybody: the doors call it as the owner.
CREATE FUNCTION worker_settings() RETURNS void
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT set_config('statement_timeout', '120s', true),
           set_config('lock_timeout', '15s', true),
           set_config('idle_in_transaction_session_timeout', '120s', true),
           set_config('plan_cache_mode', 'force_custom_plan', true),
           set_config('gin_pending_list_limit', '128kB', true);
$$;
COMMENT ON FUNCTION worker_settings() IS 'What holds in every transaction of a job.';
