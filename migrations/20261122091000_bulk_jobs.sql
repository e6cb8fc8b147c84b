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
    undoes       uuid,
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
    CONSTRAINT bulk_jobs_input_check CHECK (jsonb_typeof(input) = 'object'),
    CONSTRAINT bulk_jobs_action_check CHECK (action IN
        ('update', 'add_tags', 'remove_tags', 'archive', 'restore', 'delete')),
    CONSTRAINT bulk_jobs_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT bulk_jobs_counters_check CHECK (least(total, processed, changed, unchanged, refused) >= 0)
);
COMMENT ON COLUMN bulk_jobs.undoes IS 'The job that this one takes back.';
CREATE INDEX bulk_jobs_created_idx ON bulk_jobs (org_id, created_at DESC, id DESC);
CREATE INDEX bulk_jobs_created_by_idx ON bulk_jobs (org_id, created_by);
-- A job is taken back once.
CREATE UNIQUE INDEX bulk_jobs_undoes_key ON bulk_jobs (org_id, undoes) WHERE undoes IS NOT NULL AND status <> 'failed';
SELECT tenant_table('bulk_jobs');

CREATE TABLE bulk_items (
    org_id         uuid    NOT NULL,
    job_id         uuid    NOT NULL,
    position       bigint  NOT NULL,
    record_id      uuid    NOT NULL,
    name           text    NOT NULL DEFAULT '',
    outcome        text    NOT NULL DEFAULT 'waiting',
    reason         text,
    before         jsonb,
    version_after  integer,
    CONSTRAINT bulk_items_pkey PRIMARY KEY (org_id, job_id, position),
    CONSTRAINT bulk_items_record_key UNIQUE (org_id, job_id, record_id),
    CONSTRAINT bulk_items_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_job_fkey FOREIGN KEY (org_id, job_id) REFERENCES bulk_jobs (org_id, id) ON DELETE CASCADE,
    CONSTRAINT bulk_items_outcome_check CHECK (outcome IN ('waiting', 'changed', 'unchanged', 'refused'))
);
COMMENT ON COLUMN bulk_items.before IS 'What the changed fields held before: undo puts it back.';
COMMENT ON COLUMN bulk_items.version_after IS 'The record''s version after the change: one with another has been changed since.';
SELECT tenant_table('bulk_items');

-- The door into the job engine knows one task more.
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
    IF p_task NOT IN ('import', 'bulk') THEN
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
