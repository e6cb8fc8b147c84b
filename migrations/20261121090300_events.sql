-- The outbox (domain_events), its projection (activities), the audit log, and per-organization counters.

CREATE TABLE domain_events (
    org_id        uuid        NOT NULL,
    id            uuid        NOT NULL,
    type          text        NOT NULL,
    entity        text        NOT NULL,
    entity_id     uuid,
    payload       jsonb       NOT NULL,
    actor_id      uuid,
    request_id    text,
    occurred_at   timestamptz NOT NULL DEFAULT now(),
    projected_at  timestamptz,
    published_at  timestamptz,
    CONSTRAINT domain_events_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT domain_events_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT domain_events_actor_fkey FOREIGN KEY (org_id, actor_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT domain_events_type_check CHECK (type ~ '^[a-z_]+\.[a-z_]+$' AND char_length(type) <= 100),
    CONSTRAINT domain_events_entity_check CHECK (entity ~ '^[a-z_]{1,50}$'),
    CONSTRAINT domain_events_payload_check CHECK (jsonb_typeof(payload) = 'object')
);
COMMENT ON COLUMN domain_events.projected_at IS 'When timeline and search took the event in; NULL is still to do.';
COMMENT ON COLUMN domain_events.published_at IS 'When live updates announced the event; NULL is still to do.';
-- Work still to do, over all organizations. Rows are claimed one by one, never by "newer than last seen":
-- commits arrive out of order.
CREATE INDEX domain_events_unprojected_idx ON domain_events (occurred_at, id) WHERE projected_at IS NULL;
CREATE INDEX domain_events_unpublished_idx ON domain_events (occurred_at, id) WHERE published_at IS NULL;
CREATE INDEX domain_events_actor_idx ON domain_events (org_id, actor_id);

-- Nobody rewrites history: the servers append, the worker only marks progress.
SELECT tenant_table('domain_events', 'SELECT, INSERT', 'SELECT, INSERT');
GRANT UPDATE (projected_at, published_at) ON domain_events TO rapport_worker;
-- The relay works for every organization: the one deliberate exception to the tenant policy.
CREATE POLICY worker_reads_all ON domain_events FOR SELECT TO rapport_worker USING (true);
CREATE POLICY worker_marks_all ON domain_events FOR UPDATE TO rapport_worker USING (true) WITH CHECK (true);

-- Wakes the workers at commit; equal notifications of one transaction are merged by the server.
CREATE FUNCTION domain_events_notify() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM pg_notify('rapport_events', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_notify AFTER INSERT ON domain_events
    FOR EACH STATEMENT EXECUTE FUNCTION domain_events_notify();

CREATE TABLE activities (
    org_id         uuid        NOT NULL,
    id             uuid        NOT NULL,
    event_id       uuid        NOT NULL,
    activity_type  text        NOT NULL,
    entity_type    text        NOT NULL,
    entity_id      uuid        NOT NULL,
    description    text        NOT NULL,
    user_id        uuid,
    metadata       jsonb       NOT NULL DEFAULT '{}',
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT activities_pkey PRIMARY KEY (org_id, id),
    -- What makes the projection idempotent: one entry per event and record, however often it is handed over.
    CONSTRAINT activities_event_key UNIQUE (org_id, event_id, entity_type, entity_id),
    CONSTRAINT activities_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT activities_user_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT activities_activity_type_check CHECK (activity_type ~ '^[a-z_]{1,50}$'),
    CONSTRAINT activities_entity_type_check CHECK (entity_type ~ '^[a-z_]{1,50}$'),
    CONSTRAINT activities_metadata_check CHECK (jsonb_typeof(metadata) = 'object')
);
CREATE INDEX activities_record_idx ON activities (org_id, entity_type, entity_id, created_at DESC, id DESC);
CREATE INDEX activities_feed_idx ON activities (org_id, created_at DESC, id DESC);
CREATE INDEX activities_user_idx ON activities (org_id, user_id, created_at DESC, id DESC);
-- TIMELINE-10, -11: only the consumer of the event bus appends, nobody changes or deletes.
SELECT tenant_table('activities', 'SELECT', 'SELECT, INSERT');

CREATE TABLE audit_log (
    org_id           uuid        NOT NULL,
    id               uuid        NOT NULL,
    action           text        NOT NULL,
    actor_id         uuid,
    impersonator_id  uuid,
    target_type      text,
    target_id        uuid,
    metadata         jsonb       NOT NULL DEFAULT '{}',
    created_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_log_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT audit_log_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT audit_log_actor_fkey FOREIGN KEY (org_id, actor_id) REFERENCES org_members (org_id, user_id),
    -- A superadmin is a member of no organization.
    CONSTRAINT audit_log_impersonator_fkey FOREIGN KEY (impersonator_id) REFERENCES users (id),
    CONSTRAINT audit_log_action_check CHECK (action ~ '^[a-z_]{1,50}$'),
    CONSTRAINT audit_log_metadata_check CHECK (jsonb_typeof(metadata) = 'object')
);
CREATE INDEX audit_log_created_idx ON audit_log (org_id, created_at DESC, id DESC);
CREATE INDEX audit_log_actor_idx ON audit_log (org_id, actor_id);
CREATE INDEX audit_log_impersonator_idx ON audit_log (impersonator_id) WHERE impersonator_id IS NOT NULL;
-- AUDIT-05: append-only for every role of the servers.
SELECT tenant_table('audit_log', 'SELECT, INSERT', 'SELECT, INSERT');

CREATE TABLE org_counters (
    org_id  uuid   NOT NULL,
    name    text   NOT NULL,
    value   bigint NOT NULL,
    CONSTRAINT org_counters_pkey PRIMARY KEY (org_id, name),
    CONSTRAINT org_counters_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT org_counters_name_check CHECK (name ~ '^[a-z_]{1,50}$')
);
SELECT tenant_table('org_counters', 'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE');

-- Reserves p_count consecutive numbers of the current organization and returns the first one. Numbers of
-- a rolled-back transaction are given out again; the row stays locked until the end of the transaction.
CREATE FUNCTION next_counter(p_name text, p_count integer DEFAULT 1) RETURNS bigint
    LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public, pg_temp
AS $$
    INSERT INTO org_counters AS c (org_id, name, value)
    VALUES (app_org(), p_name, greatest(p_count, 1))
    ON CONFLICT ON CONSTRAINT org_counters_pkey DO UPDATE SET value = c.value + excluded.value
    RETURNING c.value - greatest(p_count, 1) + 1
$$;
COMMENT ON FUNCTION next_counter(text, integer) IS 'First of p_count reserved numbers, for example of deals.';
GRANT EXECUTE ON FUNCTION next_counter(text, integer) TO rapport_app, rapport_worker;
