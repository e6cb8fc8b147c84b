-- Duplicates: keys under which records meet, pairs that were found, merges and what they moved (DEDUPE-01 to -04).

CREATE TABLE dedupe_keys (
    org_id     uuid NOT NULL,
    entity     text NOT NULL,
    key        text NOT NULL,
    record_id  uuid NOT NULL,
    CONSTRAINT dedupe_keys_pkey PRIMARY KEY (org_id, entity, key, record_id),
    CONSTRAINT dedupe_keys_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT dedupe_keys_key_check CHECK (char_length(key) <= 200)
);
CREATE INDEX dedupe_keys_record_idx ON dedupe_keys (org_id, entity, record_id);
SELECT tenant_table('dedupe_keys');

CREATE TABLE dedupe_scans (
    org_id       uuid        NOT NULL,
    entity       text        NOT NULL,
    running      boolean     NOT NULL DEFAULT false,
    processed    integer     NOT NULL DEFAULT 0,
    seen_until   timestamptz NOT NULL DEFAULT '-infinity',
    seen_id      uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    finished_at  timestamptz,
    CONSTRAINT dedupe_scans_pkey PRIMARY KEY (org_id, entity),
    CONSTRAINT dedupe_scans_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT dedupe_scans_entity_check CHECK (entity IN ('company', 'contact')),
    CONSTRAINT dedupe_scans_processed_check CHECK (processed >= 0)
);
COMMENT ON COLUMN dedupe_scans.seen_until IS 'Records that were last changed before this moment have been looked at.';
SELECT tenant_table('dedupe_scans');

CREATE TABLE duplicate_candidates (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    entity       text        NOT NULL,
    record_a_id  uuid        NOT NULL,
    record_b_id  uuid        NOT NULL,
    score        smallint    NOT NULL,
    reasons      jsonb       NOT NULL,
    status       text        NOT NULL DEFAULT 'open',
    found_at     timestamptz NOT NULL DEFAULT now(),
    resolved_by  uuid,
    resolved_at  timestamptz,
    CONSTRAINT duplicate_candidates_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT duplicate_candidates_pair_key UNIQUE (org_id, entity, record_a_id, record_b_id),
    CONSTRAINT duplicate_candidates_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT duplicate_candidates_resolved_by_fkey
        FOREIGN KEY (org_id, resolved_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT duplicate_candidates_order_check CHECK (record_a_id < record_b_id),
    CONSTRAINT duplicate_candidates_score_check CHECK (score BETWEEN 0 AND 100),
    CONSTRAINT duplicate_candidates_status_check CHECK (status IN ('open', 'dismissed', 'merged'))
);
CREATE INDEX duplicate_candidates_list_idx ON duplicate_candidates (org_id, entity, status, score DESC, id);
CREATE INDEX duplicate_candidates_b_idx ON duplicate_candidates (org_id, entity, record_b_id);
CREATE INDEX duplicate_candidates_resolved_by_idx ON duplicate_candidates (org_id, resolved_by);
SELECT tenant_table('duplicate_candidates');

CREATE TABLE merges (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    entity       text        NOT NULL,
    survivor_id  uuid        NOT NULL,
    moves        jsonb       NOT NULL,
    changes      jsonb       NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    undone_at    timestamptz,
    CONSTRAINT merges_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT merges_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT merges_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT merges_moves_check CHECK (jsonb_typeof(moves) = 'array'),
    CONSTRAINT merges_changes_check CHECK (jsonb_typeof(changes) = 'object')
);
COMMENT ON COLUMN merges.moves IS 'What led to a merged record and leads to the survivor now.';
COMMENT ON COLUMN merges.changes IS 'What the survivor''s changed fields held before and after.';
CREATE INDEX merges_created_by_idx ON merges (org_id, created_by);
SELECT tenant_table('merges');

-- Which records are part of another: their timelines are read as one.
CREATE TABLE merged_records (
    org_id       uuid NOT NULL,
    entity       text NOT NULL,
    record_id    uuid NOT NULL,
    survivor_id  uuid NOT NULL,
    merge_id     uuid NOT NULL,
    CONSTRAINT merged_records_pkey PRIMARY KEY (org_id, entity, record_id),
    CONSTRAINT merged_records_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT merged_records_merge_fkey FOREIGN KEY (org_id, merge_id) REFERENCES merges (org_id, id) ON DELETE CASCADE
);
CREATE INDEX merged_records_survivor_idx ON merged_records (org_id, entity, survivor_id);
CREATE INDEX merged_records_merge_idx ON merged_records (org_id, merge_id);
SELECT tenant_table('merged_records');

CREATE OR REPLACE FUNCTION app_tasks() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
    RETURN ARRAY['import', 'bulk', 'export', 'export_expiry', 'dedupe'];
