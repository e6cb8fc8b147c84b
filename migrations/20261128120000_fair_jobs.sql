-- No organization keeps the others waiting: of each task it has one job at a time, and one of those that nobody waits for.

-- The names of the tasks.
CREATE OR REPLACE FUNCTION app_tasks() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
    RETURN ARRAY['import', 'bulk', 'export', 'export_expiry', 'dedupe', 'field_documents'];

-- Whoever puts a job into a queue keeps the queue until the end of the transaction; its last job takes it away.
CREATE FUNCTION job_queue_lock(p_name text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
    RETURN hashtextextended('job_queue:' || p_name, 0);

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
    v_org    uuid := app_org();
    v_queue  text := 'org:' || v_org || CASE WHEN p_serial THEN '' ELSE ':' || p_task END;
    v_job    record;
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
    PERFORM pg_advisory_xact_lock_shared(job_queue_lock(v_queue));
    v_job := graphile_worker.add_job(
        identifier   => p_task,
        payload      => (p_payload || jsonb_build_object('org_id', v_org, 'actor', app_user()))::json,
        queue_name   => v_queue,
        run_at       => p_run_at,
        max_attempts => p_attempts,
        job_key      => v_org || ':' || p_task || ':' || p_key, -- NULL without a key
        priority     => p_priority,
        job_key_mode => p_key_mode);
    RETURN v_job.id;
END
$$;
COMMENT ON FUNCTION app_enqueue(text, jsonb, text, text, timestamptz, integer, integer, boolean)
    IS 'The one way for the servers to enqueue a job. Those of a task run one after the other per organization, and so do all jobs with p_serial.';

-- The engine's look for a job locks every idle queue, so those of organizations without jobs must not pile up. Its jobs
-- do not refer to queues: a job whose queue is gone would never run, hence the lock.
CREATE FUNCTION worker_job_moved(p_finished_in integer) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF (SELECT pg_try_advisory_xact_lock(job_queue_lock(q.queue_name))
          FROM graphile_worker._private_job_queues q WHERE q.id = p_finished_in)
    THEN
        DELETE FROM graphile_worker._private_job_queues q
         WHERE q.id = p_finished_in AND q.locked_at IS NULL
           AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id);
    END IF;
    PERFORM pg_notify('jobs:insert', '');
END
$$;
COMMENT ON FUNCTION worker_job_moved(integer)
    IS 'Wakes the workers after a job has started or ended; takes the queue of a finished one away where it is empty.';
GRANT EXECUTE ON FUNCTION worker_job_moved(integer) TO rapport_worker;
