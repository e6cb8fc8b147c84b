-- Saved views: what a list shows, under a name (SEARCH-06, WEB-07). Personal ones are seen by their keeper only, which
-- the statements see to; row-level security keeps organizations apart.

CREATE TABLE saved_views (
    org_id      uuid        NOT NULL,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    entity      text        NOT NULL,
    name        text        NOT NULL COLLATE "und-x-icu",
    filters     jsonb,
    search      text        NOT NULL DEFAULT '',
    sort        text        NOT NULL DEFAULT '',
    columns     jsonb       NOT NULL DEFAULT '[]',
    mine        boolean,
    archived    boolean     NOT NULL DEFAULT false,
    is_shared   boolean     NOT NULL DEFAULT false,
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saved_views_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT saved_views_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT saved_views_user_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members (org_id, user_id),
    -- The types are those of the record catalogue, which checks them: a new one needs no migration here.
    CONSTRAINT saved_views_entity_check CHECK (char_length(entity) BETWEEN 1 AND 40),
    CONSTRAINT saved_views_name_check CHECK (char_length(name) BETWEEN 1 AND 60)
);
COMMENT ON COLUMN saved_views.filters IS 'The filter as lists take it; NULL: none.';
COMMENT ON COLUMN saved_views.mine IS 'Only the reader''s own records; NULL: as the reader chose last.';
CREATE UNIQUE INDEX saved_views_name_key ON saved_views (org_id, user_id, entity, name);
CREATE UNIQUE INDEX saved_views_shared_name_key ON saved_views (org_id, entity, name) WHERE is_shared;
SELECT tenant_table('saved_views');

-- What each person does with a view.
CREATE TABLE saved_view_marks (
    org_id       uuid    NOT NULL,
    user_id      uuid    NOT NULL,
    view_id      uuid    NOT NULL,
    entity       text    NOT NULL,
    is_favorite  boolean NOT NULL DEFAULT false,
    is_default   boolean NOT NULL DEFAULT false,
    CONSTRAINT saved_view_marks_pkey PRIMARY KEY (org_id, user_id, view_id),
    CONSTRAINT saved_view_marks_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT saved_view_marks_user_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT saved_view_marks_view_fkey FOREIGN KEY (org_id, view_id) REFERENCES saved_views (org_id, id) ON DELETE CASCADE
);
CREATE INDEX saved_view_marks_view_idx ON saved_view_marks (org_id, view_id);
-- A list opens with one view.
CREATE UNIQUE INDEX saved_view_marks_default_key ON saved_view_marks (org_id, user_id, entity) WHERE is_default;
SELECT tenant_table('saved_view_marks');
