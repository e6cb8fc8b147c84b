-- Bulk work: one row per job, and one per record that it is about (BULK-01).

CREATE TABLE bulk_jobs (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    created_by   uuid,
    entity       text        NOT NULL,
    action       text        NOT NULL,
    input        jsonb       NOT NULL DEFAULT '{}',
    status       text        NOT NULL DEFAULT 'queued',
    total        integer     NOT NULL DEFAULT 0,
    processed    integer     NOT NULL DEFAULT 0,
    changed      integer     NOT NULL DEFAULT 0,
    unchanged    integer     NOT NULL DEFAULT 0,
    refused      integer     NOT NULL DEFAULT 0,
    undoes         uuid,
    undoes_import  uuid,
    failure      text,
    version      integer     NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    finished_at  timestamptz,
    CONSTRAINT bulk_jobs_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT bulk_jobs_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT bulk_jobs_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT bulk_jobs_undoes_fkey FOREIGN KEY (org_id, undoes) REFERENCES bulk_jobs (org_id, id) ON DELETE CASCADE,
    CONSTRAINT bulk_jobs_undoes_import_fkey
        FOREIGN KEY (org_id, undoes_import) REFERENCES import_jobs (org_id, id) ON DELETE CASCADE,
    CONSTRAINT bulk_jobs_input_check CHECK (jsonb_typeof(input) = 'object'),
    CONSTRAINT bulk_jobs_action_check CHECK (action IN
        ('update', 'add_tags', 'remove_tags', 'archive', 'restore', 'delete', 'undo_import')),
    CONSTRAINT bulk_jobs_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT bulk_jobs_counters_check CHECK (least(total, processed, changed, unchanged, refused) >= 0)
);
COMMENT ON COLUMN bulk_jobs.undoes IS 'The job that this one takes back.';
COMMENT ON COLUMN bulk_jobs.undoes_import IS 'The import that this one takes back.';
CREATE INDEX bulk_jobs_created_idx ON bulk_jobs (org_id, created_at DESC, id DESC);
CREATE INDEX bulk_jobs_created_by_idx ON bulk_jobs (org_id, created_by);
-- A job is taken back once; an attempt that failed or was stopped does not count.
CREATE UNIQUE INDEX bulk_jobs_undoes_key ON bulk_jobs (org_id, undoes)
    WHERE undoes IS NOT NULL AND status NOT IN ('failed', 'cancelled');
CREATE UNIQUE INDEX bulk_jobs_undoes_import_key ON bulk_jobs (org_id, undoes_import)
    WHERE undoes_import IS NOT NULL AND status NOT IN ('failed', 'cancelled');
CREATE INDEX bulk_jobs_undoes_idx ON bulk_jobs (org_id, undoes);
CREATE INDEX bulk_jobs_undoes_import_idx ON bulk_jobs (org_id, undoes_import);
SELECT tenant_table('bulk_jobs');

CREATE TABLE bulk_items (
    org_id         uuid    NOT NULL,
    job_id         uuid    NOT NULL,
    position       bigint  NOT NULL,
    entity         text    NOT NULL,
    record_id      uuid    NOT NULL,
    name           text    NOT NULL DEFAULT '',
    outcome        text    NOT NULL DEFAULT 'waiting',
    reason         text,
    changes        jsonb,
    CONSTRAINT bulk_items_pkey PRIMARY KEY (org_id, job_id, position),
    CONSTRAINT bulk_items_record_key UNIQUE (org_id, job_id, record_id),
    CONSTRAINT bulk_items_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_job_fkey FOREIGN KEY (org_id, job_id) REFERENCES bulk_jobs (org_id, id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_outcome_check CHECK (outcome IN ('waiting', 'changed', 'unchanged', 'refused'))
);
COMMENT ON COLUMN bulk_items.changes IS 'What the changed fields held before and after: undo gives it back.';
SELECT tenant_table('bulk_items');

-- What an import did to each record, for its undo (IMPORT: undo of a whole import).
CREATE TABLE import_changes (
    org_id      uuid     NOT NULL,
    job_id      uuid     NOT NULL,
    record_id   uuid     NOT NULL,
    entity      text     NOT NULL,
    row_number  bigint   NOT NULL,
    created     boolean  NOT NULL,
    version     integer  NOT NULL,
    changes     jsonb,
    CONSTRAINT import_changes_pkey PRIMARY KEY (org_id, job_id, record_id),
    CONSTRAINT import_changes_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT import_changes_job_fkey FOREIGN KEY (org_id, job_id) REFERENCES import_jobs (org_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN import_changes.version IS 'The record''s version after the import: one with another was changed since.';
COMMENT ON COLUMN import_changes.changes IS 'Of a record that was there before: what its changed fields held before and after.';
SELECT tenant_table('import_changes');

-- A job that acts as the person who asked for it, with the role that the person has now. No row and no setting for
-- somebody who is no member any more.
CREATE FUNCTION worker_begin_as(p_org uuid, p_user uuid)
    RETURNS TABLE (role text, permission_overrides jsonb, settings jsonb)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT b.role, b.permission_overrides, b.settings FROM app_begin(p_org, p_user) b;
    PERFORM set_config('statement_timeout', '120s', true),
            set_config('lock_timeout', '15s', true),
            set_config('idle_in_transaction_session_timeout', '120s', true);
END
$$;
COMMENT ON FUNCTION worker_begin_as(uuid, uuid) IS 'Door into a tenant transaction for a background job with the rights of a member.';
GRANT EXECUTE ON FUNCTION worker_begin_as(uuid, uuid) TO rapport_worker;

-- The names of the tasks, so that a further one does not write app_enqueue anew.
CREATE FUNCTION app_tasks() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
    RETURN ARRAY['import', 'bulk'];

-- The door into the job engine asks for them.
CREATE OR REPLACE FUNCTION app_enqueue(
    p_task      text,
    p_payload   jsonb,
    p_key       text DEFAULT NULL,
    p_key_mode  text DEFAULT 'replace',
    p_run_at    timestamptz DEFAULT NULL,
    p_attempts  integer DEFAULT 10,
    p_priority  integer DEFAULT 0,
    p_serial    boolean DEFAULT false
) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_org  uuid := app_org();
    v_job  record;
BEGIN
    IF v_org IS NULL THEN
        RAISE EXCEPTION 'A job needs an organization.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF jsonb_typeof(p_payload) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'The payload of a job is an object.' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT p_task = ANY (app_tasks()) THEN
        RAISE EXCEPTION 'There is no task %.', p_task USING ERRCODE = 'invalid_parameter_value';
    END IF;
    v_job := graphile_worker.add_job(
        identifier   => p_task,
        payload      => (p_payload || jsonb_build_object('org_id', v_org, 'actor', app_user()))::json,
        queue_name   => CASE WHEN p_serial THEN 'org:' || v_org END,
        run_at       => p_run_at,
        max_attempts => p_attempts,
        job_key      => v_org || ':' || p_task || ':' || p_key, -- NULL without a key
        priority     => p_priority,
        job_key_mode => p_key_mode);
    RETURN v_job.id;
END
$$;
