-- Exports: one row per file that somebody asked for (EXPORT-01).

CREATE TABLE exports (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    created_by   uuid        NOT NULL,
    entity       text        NOT NULL,
    format       text        NOT NULL,
    input        jsonb       NOT NULL,
    file_name    text        NOT NULL,
    file_key     text        NOT NULL,
    size         bigint,
    status       text        NOT NULL DEFAULT 'queued',
    total        integer     NOT NULL DEFAULT 0,
    processed    integer     NOT NULL DEFAULT 0,
    failure      text,
    version      integer     NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    finished_at  timestamptz,
    expires_at   timestamptz,
    CONSTRAINT exports_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT exports_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT exports_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id)
        ON DELETE CASCADE,
    CONSTRAINT exports_format_check CHECK (format IN ('csv', 'xlsx')),
    CONSTRAINT exports_input_check CHECK (jsonb_typeof(input) = 'object'),
    CONSTRAINT exports_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT exports_counters_check CHECK (least(total, processed, size) >= 0)
);
COMMENT ON COLUMN exports.expires_at IS 'Until when the file can be downloaded; then it is deleted.';
CREATE INDEX exports_created_by_idx ON exports (org_id, created_by, created_at DESC, id DESC);
SELECT tenant_table('exports');

CREATE OR REPLACE FUNCTION app_tasks() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
    RETURN ARRAY['import', 'bulk', 'export', 'export_expiry'];
