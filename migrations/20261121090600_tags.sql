-- The tag catalogue and its links. A list that is filtered is never an array column: array operators are not
-- leakproof and would scan the tenant.

CREATE TABLE tags (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    name         text        NOT NULL COLLATE "und-x-icu",
    name_norm    text        NOT NULL,
    color        text,
    category     text        NOT NULL DEFAULT 'general',
    usage_count  bigint      NOT NULL DEFAULT 0,
    version      integer     NOT NULL DEFAULT 1,
    created_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tags_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT tags_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT tags_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT tags_name_key UNIQUE (org_id, name_norm, category),
    CONSTRAINT tags_name_check CHECK (char_length(name) <= 100 AND btrim(name) <> ''),
    CONSTRAINT tags_color_check CHECK (color ~ '^c([1-9]|1[0-2])$'),
    CONSTRAINT tags_category_check CHECK (category IN ('company', 'lead', 'deal', 'general')),
    CONSTRAINT tags_usage_count_check CHECK (usage_count >= 0)
);
COMMENT ON COLUMN tags.name_norm IS 'The name without regard to case and blanks, as the API compares tags.';
COMMENT ON COLUMN tags.color IS 'A colour of the palette, c1 to c12; NULL: chosen by the name.';
COMMENT ON COLUMN tags.usage_count IS 'Records that carry the tag, archived ones included; kept by triggers.';
CREATE INDEX tags_category_idx ON tags (org_id, category, name);
CREATE INDEX tags_created_by_idx ON tags (org_id, created_by);
SELECT record_table('tags');

-- Keeps tags.usage_count in step with the links, whoever adds or removes them. Rows are locked in a fixed
-- order, so that two statements with the same tags wait instead of deadlocking.
CREATE FUNCTION tags_count_usage() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_sign integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM 1 FROM tags t
      WHERE (t.org_id, t.id) IN (SELECT c.org_id, c.tag_id FROM changed c)
      ORDER BY t.org_id, t.id
        FOR NO KEY UPDATE;
    UPDATE tags t SET usage_count = t.usage_count + v_sign * c.links
      FROM (SELECT org_id, tag_id, count(*) AS links FROM changed GROUP BY org_id, tag_id) c
     WHERE t.org_id = c.org_id AND t.id = c.tag_id;
    RETURN NULL;
END
$$;

-- One link table per record type: (org_id, record_id, tag_id), counted in tags.usage_count.
CREATE FUNCTION tag_link_table(p_links text, p_records regclass) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format($sql$
        CREATE TABLE %1$I (
            org_id     uuid NOT NULL,
            record_id  uuid NOT NULL,
            tag_id     uuid NOT NULL,
            CONSTRAINT %1$s_pkey PRIMARY KEY (org_id, record_id, tag_id),
            CONSTRAINT %1$s_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT %1$s_record_fkey FOREIGN KEY (org_id, record_id) REFERENCES %2$s (org_id, id) ON DELETE CASCADE,
            CONSTRAINT %1$s_tag_fkey FOREIGN KEY (org_id, tag_id) REFERENCES tags (org_id, id) ON DELETE CASCADE
        );
        CREATE INDEX %1$s_tag_idx ON %1$I (org_id, tag_id, record_id);
        CREATE TRIGGER %1$s_count_added AFTER INSERT ON %1$I
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tags_count_usage();
        CREATE TRIGGER %1$s_count_removed AFTER DELETE ON %1$I
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tags_count_usage();
    $sql$, p_links, p_records);
    PERFORM tenant_table(p_links::regclass);
END
$$;
COMMENT ON FUNCTION tag_link_table(text, regclass) IS 'Creates the tag links of a record type; for migrations only.';

SELECT tag_link_table('company_tags', 'companies');
SELECT tag_link_table('contact_tags', 'contacts');
SELECT tag_link_table('deal_tags', 'deals');
