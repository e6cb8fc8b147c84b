-- The relay's bookkeeping on events, and the door into the job engine.

-- An event that its consumers cannot digest must not stop the others: it is tried again later, then set aside.
ALTER TABLE domain_events
    ADD COLUMN attempts    integer NOT NULL DEFAULT 0,
    ADD COLUMN retry_at    timestamptz,
    ADD COLUMN parked_at   timestamptz,
    ADD COLUMN last_error  text,
    ADD CONSTRAINT domain_events_attempts_check CHECK (attempts >= 0),
    ADD CONSTRAINT domain_events_last_error_check CHECK (char_length(last_error) <= 1000);
COMMENT ON COLUMN domain_events.parked_at IS 'When the projection gave the event up; last_error says why.';
GRANT UPDATE (attempts, retry_at, parked_at, last_error) ON domain_events TO rapport_worker;

-- Work to do per organization, so that a large import of one does not hold up the others. It serves projection
-- and publication: what is not projected is not published either.
CREATE INDEX domain_events_pending_idx ON domain_events (org_id, occurred_at, id) WHERE published_at IS NULL;
DROP INDEX domain_events_unprojected_idx;
DROP INDEX domain_events_unpublished_idx;

-- Enqueues a background job in the transaction of the change that asks for it. Organization and actor are those of
-- the transaction, whatever the payload says; the names of the tasks are a closed list. `graphile_worker` is the
-- job engine's own schema, made by `rapport migrate` before these files run; no server may insert there directly.
CREATE FUNCTION app_enqueue(
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
    IF p_task NOT IN ('import') THEN
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
COMMENT ON FUNCTION app_enqueue(text, jsonb, text, text, timestamptz, integer, integer, boolean)
    IS 'The one way for the servers to enqueue a job; jobs with p_serial run one after the other per organization.';
GRANT EXECUTE ON FUNCTION app_enqueue(text, jsonb, text, text, timestamptz, integer, integer, boolean)
    TO rapport_app, rapport_worker;
