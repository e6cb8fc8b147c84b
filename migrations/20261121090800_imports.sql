-- Imports: one row per job, and the rows of the file that had a problem.

CREATE TABLE import_jobs (
    org_id          uuid        NOT NULL,
    id              uuid        NOT NULL,
    created_by      uuid,
    entity          text        NOT NULL,
    file_name       text        NOT NULL,
    file_key        text        NOT NULL,
    file_size       bigint      NOT NULL,
    mapping         jsonb       NOT NULL DEFAULT '{}',
    options         jsonb       NOT NULL DEFAULT '{}',
    mode            text        NOT NULL DEFAULT 'create_new',
    on_duplicate    text        NOT NULL DEFAULT 'skip',
    status          text        NOT NULL DEFAULT 'uploaded',
    position        bigint      NOT NULL DEFAULT 0,
    total           integer     NOT NULL DEFAULT 0,
    processed       integer     NOT NULL DEFAULT 0,
    created         integer     NOT NULL DEFAULT 0,
    updated         integer     NOT NULL DEFAULT 0,
    skipped         integer     NOT NULL DEFAULT 0,
    failed          integer     NOT NULL DEFAULT 0,
    error_file_key  text,
    summary         jsonb       NOT NULL DEFAULT '{}',
    version         integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    started_at      timestamptz,
    finished_at     timestamptz,
    CONSTRAINT import_jobs_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT import_jobs_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT import_jobs_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT import_jobs_entity_check CHECK (entity IN ('companies', 'contacts', 'deals')),
    CONSTRAINT import_jobs_file_name_check CHECK (char_length(file_name) BETWEEN 1 AND 255),
    CONSTRAINT import_jobs_file_size_check CHECK (file_size >= 0),
    CONSTRAINT import_jobs_mapping_check CHECK (jsonb_typeof(mapping) IN ('object', 'array')),
    CONSTRAINT import_jobs_options_check CHECK (jsonb_typeof(options) = 'object'),
    CONSTRAINT import_jobs_mode_check CHECK (mode IN ('create_new', 'update_and_create')),
    CONSTRAINT import_jobs_on_duplicate_check CHECK (on_duplicate IN ('skip', 'merge', 'create')),
    CONSTRAINT import_jobs_status_check CHECK (status IN
        ('uploaded', 'ready', 'queued', 'running', 'completed', 'failed', 'cancelled')),
    CONSTRAINT import_jobs_counters_check CHECK (
        least(position, total, processed, created, updated, skipped, failed) >= 0),
    CONSTRAINT import_jobs_summary_check CHECK (jsonb_typeof(summary) = 'object')
);
COMMENT ON COLUMN import_jobs.position IS 'Rows of the file already committed; a job that was interrupted goes on after them.';
CREATE INDEX import_jobs_created_idx ON import_jobs (org_id, created_at DESC, id DESC);
CREATE INDEX import_jobs_created_by_idx ON import_jobs (org_id, created_by);
SELECT tenant_table('import_jobs');

CREATE TABLE import_errors (
    org_id      uuid    NOT NULL,
    job_id      uuid    NOT NULL,
    row_number  bigint  NOT NULL,
    rejected    boolean NOT NULL DEFAULT true,
    reason      jsonb   NOT NULL,
    CONSTRAINT import_errors_pkey PRIMARY KEY (org_id, job_id, row_number),
    CONSTRAINT import_errors_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT import_errors_job_fkey FOREIGN KEY (org_id, job_id) REFERENCES import_jobs (org_id, id) ON DELETE CASCADE,
    CONSTRAINT import_errors_row_number_check CHECK (row_number > 0)
);
COMMENT ON COLUMN import_errors.rejected IS 'False for a row that was stored with a warning only.';
SELECT tenant_table('import_errors');
