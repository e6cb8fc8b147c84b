-- Own fields of an organization (FIELD-01 to -09). Values stand in the records' custom_fields; custom_values holds them
-- once more, typed, because operators on jsonb are not leakproof: under row-level security no index would serve them.

CREATE TABLE field_definitions (
    org_id        uuid        NOT NULL,
    id            uuid        NOT NULL,
    entity        text        NOT NULL,
    key           text        NOT NULL,
    name          text        NOT NULL COLLATE "und-x-icu",
    name_norm     text        NOT NULL,
    type          text        NOT NULL,
    required      boolean     NOT NULL DEFAULT false,
    options       jsonb       NOT NULL DEFAULT '[]',
    position      integer     NOT NULL,
    show_in_list  boolean     NOT NULL DEFAULT false,
    deleted_at    timestamptz,
    version       integer     NOT NULL DEFAULT 1,
    created_by    uuid,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT field_definitions_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT field_definitions_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT field_definitions_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    -- Also those of deleted fields: their values are still there.
    CONSTRAINT field_definitions_key_key UNIQUE (org_id, entity, key),
    -- The types are those of the record catalogue, which checks them: a new one needs no migration here.
    CONSTRAINT field_definitions_entity_check CHECK (char_length(entity) BETWEEN 1 AND 40),
    CONSTRAINT field_definitions_key_check CHECK (key ~ '^[a-z][a-z0-9_]{0,59}$'),
    CONSTRAINT field_definitions_name_check CHECK (char_length(name) BETWEEN 1 AND 60 AND btrim(name) <> ''),
    CONSTRAINT field_definitions_type_check
        CHECK (type IN ('text', 'textarea', 'number', 'date', 'select', 'multi_select', 'checkbox', 'url')),
    CONSTRAINT field_definitions_options_check CHECK (jsonb_typeof(options) = 'array')
);
COMMENT ON COLUMN field_definitions.key IS 'Member of custom_fields; never changed, never given to another field.';
COMMENT ON COLUMN field_definitions.name_norm IS 'The name without regard to case and blanks, as the API compares names.';
COMMENT ON COLUMN field_definitions.deleted_at IS 'Deleted fields keep their values and can be restored.';
CREATE UNIQUE INDEX field_definitions_name_key ON field_definitions (org_id, entity, name_norm) WHERE deleted_at IS NULL;
CREATE INDEX field_definitions_order_idx ON field_definitions (org_id, entity, position);
CREATE INDEX field_definitions_created_by_idx ON field_definitions (org_id, created_by);
SELECT tenant_table('field_definitions', 'SELECT, INSERT, UPDATE', 'SELECT');

-- Servers keep the definitions of an organization in memory for as long as this number stays.
ALTER TABLE organizations ADD COLUMN fields_version bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN organizations.fields_version IS 'Grows with each change of a field definition; kept by a trigger.';

CREATE FUNCTION field_definitions_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE organizations o SET fields_version = o.fields_version + 1
     WHERE o.id IN (SELECT c.org_id FROM changed c);
    RETURN NULL;
END
$$;
CREATE TRIGGER field_definitions_added AFTER INSERT ON field_definitions
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION field_definitions_changed();
CREATE TRIGGER field_definitions_edited AFTER UPDATE ON field_definitions
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION field_definitions_changed();

-- The doors tell that number, too.
DROP FUNCTION app_begin(uuid, uuid, boolean);
CREATE FUNCTION app_begin(p_org uuid, p_user uuid, p_read_only boolean DEFAULT false)
    RETURNS TABLE (role text, permission_overrides jsonb, settings jsonb, fields_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_role      text;
    v_overrides jsonb;
    v_settings  jsonb;
    v_fields    bigint;
BEGIN
    SELECT m.role, m.permission_overrides, o.settings, o.fields_version
      INTO v_role, v_overrides, v_settings, v_fields
      FROM org_members m
      JOIN organizations o ON o.id = m.org_id
     WHERE m.org_id = p_org AND m.user_id = p_user AND m.removed_at IS NULL AND m.joined_at IS NOT NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('app.org_id', p_org::text, true),
            set_config('app.user_id', p_user::text, true),
            set_config('app.role', v_role, true),
            set_config('statement_timeout', '15s', true),
            set_config('lock_timeout', '5s', true),
            set_config('idle_in_transaction_session_timeout', '30s', true);
    IF p_read_only THEN
        PERFORM set_config('transaction_read_only', 'on', true);
    END IF;
    RETURN QUERY SELECT v_role, v_overrides, v_settings, v_fields;
END
$$;
COMMENT ON FUNCTION app_begin(uuid, uuid, boolean) IS 'Door into a tenant transaction for a request of a member.';
GRANT EXECUTE ON FUNCTION app_begin(uuid, uuid, boolean) TO rapport_app;

DROP FUNCTION worker_begin(uuid, uuid);
CREATE FUNCTION worker_begin(p_org uuid, p_actor uuid)
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
            set_config('statement_timeout', '120s', true),
            set_config('lock_timeout', '15s', true),
            set_config('idle_in_transaction_session_timeout', '120s', true);
    RETURN QUERY SELECT v_settings, v_fields;
END
$$;
COMMENT ON FUNCTION worker_begin(uuid, uuid) IS 'Door into a tenant transaction for a background job.';
GRANT EXECUTE ON FUNCTION worker_begin(uuid, uuid) TO rapport_worker;

DROP FUNCTION worker_begin_as(uuid, uuid);
CREATE FUNCTION worker_begin_as(p_org uuid, p_user uuid)
    RETURNS TABLE (role text, permission_overrides jsonb, settings jsonb, fields_version bigint)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    RETURN QUERY SELECT b.role, b.permission_overrides, b.settings, b.fields_version FROM app_begin(p_org, p_user) b;
    PERFORM set_config('statement_timeout', '120s', true),
            set_config('lock_timeout', '15s', true),
            set_config('idle_in_transaction_session_timeout', '120s', true);
END
$$;
COMMENT ON FUNCTION worker_begin_as(uuid, uuid) IS 'Door into a tenant transaction for a background job with the rights of a member.';
GRANT EXECUTE ON FUNCTION worker_begin_as(uuid, uuid) TO rapport_worker;

-- One row per value, of a list one per entry, for filters and sorting.
CREATE TABLE custom_values (
    org_id        uuid             NOT NULL,
    record_id     uuid             NOT NULL,
    field         text             NOT NULL,
    n             smallint         NOT NULL,
    text_value    text             COLLATE "und-x-icu",
    number_value  double precision,
    CONSTRAINT custom_values_pkey PRIMARY KEY (org_id, record_id, field, n),
    CONSTRAINT custom_values_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT custom_values_value_check CHECK (num_nonnulls(text_value, number_value) = 1)
);
COMMENT ON TABLE custom_values IS 'custom_fields of the records, typed and indexed; written by triggers only.';
COMMENT ON COLUMN custom_values.field IS 'Table of the record and key of the field: companies.fleet_size.';
COMMENT ON COLUMN custom_values.text_value IS 'Texts (the first 500 characters), options, days as 2026-11-21, true and false.';
CREATE INDEX custom_values_text_idx ON custom_values (org_id, field, text_value, record_id) WHERE text_value IS NOT NULL;
CREATE INDEX custom_values_number_idx ON custom_values (org_id, field, number_value, record_id) WHERE number_value IS NOT NULL;
SELECT tenant_table('custom_values', 'SELECT', 'SELECT');

-- The rows of one record.
CREATE FUNCTION custom_value_rows(p_custom jsonb)
    RETURNS TABLE (key text, n smallint, text_value text, number_value double precision)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.key, x.n::smallint,
           CASE jsonb_typeof(x.value) WHEN 'number' THEN NULL ELSE left(x.value #>> '{}', 500) END,
           CASE jsonb_typeof(x.value) WHEN 'number' THEN x.value::double precision END
      FROM jsonb_each(p_custom) e
     CROSS JOIN LATERAL jsonb_array_elements(
           CASE jsonb_typeof(e.value) WHEN 'array' THEN e.value ELSE jsonb_build_array(e.value) END)
           WITH ORDINALITY AS x (value, n)
     WHERE jsonb_typeof(x.value) IN ('string', 'number', 'boolean') AND x.n <= 200;
END;

CREATE FUNCTION custom_values_of_new() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO custom_values (org_id, record_id, field, n, text_value, number_value)
    SELECT r.org_id, r.id, TG_TABLE_NAME || '.' || v.key, v.n, v.text_value, v.number_value
      FROM added r CROSS JOIN LATERAL custom_value_rows(r.custom_fields) v
     WHERE r.custom_fields <> '{}'::jsonb;
    RETURN NULL;
END
$$;

CREATE FUNCTION custom_values_of_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM custom_values c WHERE c.org_id = OLD.org_id AND c.record_id = OLD.id;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO custom_values (org_id, record_id, field, n, text_value, number_value)
        SELECT NEW.org_id, NEW.id, TG_TABLE_NAME || '.' || v.key, v.n, v.text_value, v.number_value
          FROM custom_value_rows(NEW.custom_fields) v;
    END IF;
    RETURN NULL;
END
$$;

-- A record type whose custom_fields can be filtered and sorted by.
CREATE FUNCTION custom_fields_table(p_records regclass) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TRIGGER custom_values_added AFTER INSERT ON %1$s
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION custom_values_of_new();
        CREATE TRIGGER custom_values_changed AFTER UPDATE OF custom_fields ON %1$s
            FOR EACH ROW WHEN (OLD.custom_fields IS DISTINCT FROM NEW.custom_fields)
            EXECUTE FUNCTION custom_values_of_changed();
        CREATE TRIGGER custom_values_removed AFTER DELETE ON %1$s
            FOR EACH ROW WHEN (OLD.custom_fields <> '{}'::jsonb) EXECUTE FUNCTION custom_values_of_changed();
    $sql$, p_records);
END
$$;
COMMENT ON FUNCTION custom_fields_table(regclass) IS 'Lists of a record type can be filtered and sorted by its own fields; for migrations only.';

SELECT custom_fields_table('companies');
SELECT custom_fields_table('contacts');
SELECT custom_fields_table('deals');

-- What search finds a record by: texts, the labels of options, numbers; of long texts the beginning.
CREATE FUNCTION custom_words(p_org uuid, p_entity text, p_custom jsonb) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN p_custom <> '{}'::jsonb THEN (
        SELECT string_agg(coalesce(o.label, left(x.value #>> '{}', 500)), ' ')
          FROM field_definitions d
         CROSS JOIN LATERAL jsonb_array_elements(
               CASE jsonb_typeof(p_custom -> d.key) WHEN 'array' THEN p_custom -> d.key
               ELSE jsonb_build_array(p_custom -> d.key) END) AS x (value)
          LEFT JOIN LATERAL (SELECT e ->> 'label' AS label FROM jsonb_array_elements(d.options) e
                WHERE e ->> 'value' = x.value #>> '{}') o ON true
         WHERE d.org_id = p_org AND d.entity = p_entity AND d.deleted_at IS NULL AND p_custom ? d.key
           AND d.type NOT IN ('date', 'checkbox')) END;
END;
GRANT EXECUTE ON FUNCTION custom_words(uuid, text, jsonb) TO rapport_app, rapport_worker;
