-- Search over all record types. LIKE and trigram operators are not leakproof: under row-level security they
-- would read the whole tenant. So search runs in functions of the owner, with the organization as an explicit
-- predicate, and returns ids only of the current organization; the caller joins them again under its own rights.

CREATE TABLE search_documents (
    org_id       uuid        NOT NULL,
    entity_type  text        NOT NULL,
    entity_id    uuid        NOT NULL,
    title        text        NOT NULL,
    subtitle     text        NOT NULL DEFAULT '',
    keywords     text        NOT NULL DEFAULT '',
    -- The leading blank lets '% ab%' find a word that begins with "ab", through the index, at the start too.
    body         text        GENERATED ALWAYS AS (' ' || norm_text(title || ' ' || subtitle || ' ' || keywords)) STORED,
    title_norm   text        COLLATE "C" GENERATED ALWAYS AS (norm_text(title)) STORED,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT search_documents_pkey PRIMARY KEY (org_id, entity_type, entity_id),
    CONSTRAINT search_documents_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT search_documents_entity_type_check CHECK (entity_type ~ '^[a-z_]{1,50}$')
);
COMMENT ON TABLE search_documents IS 'One row per live record, written by the projection of domain events; archived records have none.';
COMMENT ON COLUMN search_documents.keywords IS 'Everything else that finds the record: addresses, domains, phone numbers as written and in E.164.';
CREATE INDEX search_documents_body_idx ON search_documents USING gin (org_id, entity_type, body gin_trgm_ops);
CREATE INDEX search_documents_title_idx ON search_documents (org_id, entity_type, title_norm);
SELECT tenant_table('search_documents');

-- The words of a query, normalised: at most 8 of them out of at most 200 characters. A query that is nothing
-- but a phone number, however punctuated, is one word of digits without the trunk zero.
CREATE FUNCTION search_words(p_q text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT coalesce((array_agg(w.word ORDER BY w.n))[1:8], '{}')
      FROM regexp_split_to_table(norm_text(left(p_q, 200)), '\s+') WITH ORDINALITY AS w (word, n)
     WHERE w.word <> ''
$$;

-- A word as LIKE pattern text: its wildcards mean themselves.
CREATE FUNCTION like_escape(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_');
