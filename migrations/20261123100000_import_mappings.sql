-- Saved mappings of imports: the plan of a file under a name, for the next file with the same columns (IMPORT-02).
-- Personal ones are seen by their keeper only, which the statements see to; row-level security keeps organizations
-- apart.

CREATE TABLE import_mappings (
    org_id      uuid        NOT NULL,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    entity      text        NOT NULL,
    name        text        NOT NULL COLLATE "und-x-icu",
    columns     jsonb       NOT NULL,
    reads       jsonb       NOT NULL,
    plan        jsonb       NOT NULL,
    is_shared   boolean     NOT NULL DEFAULT false,
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT import_mappings_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT import_mappings_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT import_mappings_user_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members (org_id, user_id),
    -- The types are those of the record catalogue, by their plural, which the server checks.
    CONSTRAINT import_mappings_entity_check CHECK (char_length(entity) BETWEEN 1 AND 40),
    CONSTRAINT import_mappings_name_check CHECK (char_length(name) BETWEEN 1 AND 60),
    CONSTRAINT import_mappings_columns_check CHECK (jsonb_typeof(columns) = 'array'),
    CONSTRAINT import_mappings_reads_check CHECK (jsonb_typeof(reads) = 'array'),
    CONSTRAINT import_mappings_plan_check CHECK (jsonb_typeof(plan) = 'object')
);
COMMENT ON COLUMN import_mappings.columns IS 'The columns of the file for which it was saved.';
COMMENT ON COLUMN import_mappings.reads IS 'Those of the columns that the plan reads: which files it suits is told without the plan.';
CREATE UNIQUE INDEX import_mappings_name_key ON import_mappings (org_id, user_id, entity, name);
CREATE UNIQUE INDEX import_mappings_shared_name_key ON import_mappings (org_id, entity, name) WHERE is_shared;
SELECT tenant_table('import_mappings');
