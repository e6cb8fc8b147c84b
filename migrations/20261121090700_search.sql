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
CREATE INDEX search_documents_body_idx ON search_documents USING gin (org_id, entity_type, body gin_trgm_ops)
    WITH (fastupdate = off); -- a pending list would have to be read by every search after an import
CREATE INDEX search_documents_title_idx ON search_documents (org_id, entity_type, title_norm);
SELECT tenant_table('search_documents');

-- Loads pg_trgm into this session: before that its settings are unknown and only a superuser may attach them
-- to a function.
SELECT similarity('', '');

-- A word as LIKE pattern text: its wildcards mean themselves.
CREATE FUNCTION like_escape(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_');

-- The words of a query, normalised: at most 8, out of its first 200 characters, each with a letter or digit.
CREATE FUNCTION search_words(p_q text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce((array_agg(w.word ORDER BY w.n))[1:8], '{}')
              FROM regexp_split_to_table(norm_text(left(p_q, 200)), '\s+') WITH ORDINALITY AS w (word, n)
             WHERE w.word ~ '\w');

-- The digits of a query that is nothing but a telephone number, however punctuated, without leading zeros;
-- NULL for any other query.
CREATE FUNCTION search_phone_digits(p_q text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN left(p_q, 200) ~ '^[-+()./\s0-9]*$'
                 AND char_length(ltrim(regexp_replace(left(p_q, 200), '[^0-9]', '', 'g'), '0')) >= 5
                THEN ltrim(regexp_replace(left(p_q, 200), '[^0-9]', '', 'g'), '0') END;

-- Words that begin like this one with two neighbouring letters exchanged, as a regular expression: the commonest
-- misspelling, and the one that trigrams see worst in a short word. Only for words of letters.
CREATE FUNCTION search_swapped(p_word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT ' (' || string_agg(left(p_word, i - 1) || substr(p_word, i + 1, 1) || substr(p_word, i, 1)
                                      || substr(p_word, i + 2), '|') || ')'
              FROM generate_series(1, char_length(p_word) - 1) i);

-- Matches of one record type in the current organization. Every word must be found, in any order. Tiers:
-- 5 the whole title, 4 its beginning, 3 beginnings of words (or the phone number), 2 inside of words,
-- 1 misspelt words, which are looked for only when nothing matches as written. Words of one or two letters
-- match beginnings of words only, and words with digits are never taken for a misspelling.
-- p_limit caps the candidates of each look-up, so that a broad query does not rank half a tenant; a record may
-- then come twice, with two tiers. NULL is no cap, each record once, without its texts.
-- The statements are put together from fixed text only; the words are bound.
-- Not granted to anybody: the functions below call it as the owner.
CREATE FUNCTION search_matches(p_type text, p_q text, p_limit integer)
    RETURNS TABLE (entity_id uuid, tier integer, title text, subtitle text, title_norm text, updated_at timestamptz)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path = pg_catalog, public, pg_temp
    SET pg_trgm.word_similarity_threshold = 0.6
    SET enable_seqscan = off -- a frequent word and a LIMIT would tempt the planner to walk through all tenants
    SET jit = off
AS $$
DECLARE
    v_org      uuid := app_org();
    v_words    text[] := search_words(p_q);
    v_title    text := norm_text(left(p_q, 200));
    v_phone    text := '%' || search_phone_digits(p_q) || '%';
    v_starts   text[] := ARRAY(SELECT '% ' || like_escape(w) || '%' FROM unnest(v_words) w);
    v_inside   text[] := ARRAY(SELECT CASE WHEN char_length(w) < 3 THEN '% ' ELSE '%' END || like_escape(w) || '%'
                                 FROM unnest(v_words) w);
    v_starting text; -- conditions: each word begins a word,
    v_inner    text; -- is somewhere,
    v_swapped  text; -- has two letters exchanged,
    v_similar  text; -- is like a word
    v_found    bigint;
    v_columns  constant text := ', d.title, d.subtitle, d.title_norm::text, d.updated_at ';
    v_from     constant text := ' FROM search_documents d WHERE d.org_id = $1 AND d.entity_type = $2 AND ';
BEGIN
    IF v_org IS NULL OR cardinality(v_words) = 0 THEN
        RETURN;
    END IF;
    SELECT string_agg(format('d.body LIKE $3[%s]', i), ' AND '),
           string_agg(format('d.body LIKE $4[%s]', i), ' AND '),
           string_agg(CASE WHEN v_words[i] ~ '^[[:alpha:]]{3,20}$'
                           THEN format('(d.body LIKE $4[%1$s] OR d.body ~ search_swapped($6[%1$s]))', i)
                           ELSE format('d.body LIKE $4[%s]', i) END, ' AND '),
           string_agg(CASE WHEN char_length(v_words[i]) < 3 OR v_words[i] ~ '[0-9]'
                           THEN format('d.body LIKE $4[%s]', i)
                           ELSE format('$6[%s] <%% d.body', i) END, ' AND ')
      INTO v_starting, v_inner, v_swapped, v_similar
      FROM generate_subscripts(v_words, 1) i;
    IF v_phone IS NOT NULL THEN
        v_starting := '(' || v_starting || ' OR d.body LIKE $5)';
        v_inner := '(' || v_inner || ' OR d.body LIKE $5)';
    END IF;

    IF p_limit IS NULL THEN
        RETURN QUERY EXECUTE 'SELECT d.entity_id, 2, NULL::text, NULL::text, NULL::text, NULL::timestamptz'
                || v_from || v_inner
            USING v_org, p_type, v_starts, v_inside, v_phone;
    ELSE
        RETURN QUERY EXECUTE
            '(SELECT d.entity_id, CASE WHEN d.title_norm = $6 THEN 5 ELSE 4 END' || v_columns || v_from
            || 'd.title_norm LIKE $7 ORDER BY d.title_norm LIMIT $8) UNION ALL '
            || '(SELECT d.entity_id, CASE WHEN ' || v_starting || ' THEN 3 ELSE 2 END' || v_columns || v_from
            || v_inner || ' LIMIT $8)'
            USING v_org, p_type, v_starts, v_inside, v_phone, v_title, like_escape(v_title) || '%', p_limit;
    END IF;
    GET DIAGNOSTICS v_found = ROW_COUNT;

    IF v_found >= p_limit THEN
        -- The look-up inside of words was cut off: beginnings of words are better, so ask for them apart.
        RETURN QUERY EXECUTE 'SELECT d.entity_id, 3' || v_columns || v_from || v_starting || ' LIMIT $6'
            USING v_org, p_type, v_starts, v_inside, v_phone, p_limit;
    ELSIF v_found = 0 AND strpos(v_similar, '<%') > 0 THEN
        v_swapped := 'SELECT d.entity_id, 1' || v_columns || v_from || v_swapped || ' LIMIT $7';
        v_similar := 'SELECT d.entity_id, 1' || v_columns || v_from || v_similar || ' LIMIT $7';
        RETURN QUERY EXECUTE v_swapped
            USING v_org, p_type, v_starts, v_inside, v_phone, v_words, coalesce(p_limit, 1000);
        IF NOT FOUND THEN
            RETURN QUERY EXECUTE v_similar
                USING v_org, p_type, v_starts, v_inside, v_phone, v_words, coalesce(p_limit, 1000);
        END IF;
        IF NOT FOUND THEN
            PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
            RETURN QUERY EXECUTE v_similar
                USING v_org, p_type, v_starts, v_inside, v_phone, v_words, coalesce(p_limit, 1000);
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION search_matches(text, text, integer) IS 'Candidates of one record type; the common part of search_records and search_ids.';

-- The best p_per_type records of each type, best first.
CREATE FUNCTION search_records(p_q text, p_types text[], p_per_type integer DEFAULT 5)
    RETURNS TABLE (entity_type text, entity_id uuid, title text, subtitle text, score real)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 15
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT t.type, r.entity_id, r.title, r.subtitle, r.score
      FROM unnest(p_types) WITH ORDINALITY AS t (type, n)
     CROSS JOIN LATERAL (
           SELECT m.entity_id, m.title, m.subtitle, m.updated_at,
                  (max(m.tier) + 0.5 * word_similarity(q.norm, m.title_norm)
                   + 0.4 * similarity(q.norm, m.title_norm))::real AS score
             FROM (SELECT norm_text(left(p_q, 200)) AS norm OFFSET 0) q
            CROSS JOIN search_matches(t.type, p_q, 200) m
            GROUP BY q.norm, m.entity_id, m.title, m.subtitle, m.title_norm, m.updated_at
            ORDER BY score DESC, m.updated_at DESC, m.entity_id
            LIMIT least(greatest(p_per_type, 0), 50)) r
     ORDER BY t.n, r.score DESC, r.updated_at DESC, r.entity_id
$$;
COMMENT ON FUNCTION search_records(text, text[], integer) IS 'Ranked, typo-tolerant search of the current organization; score is the tier (5 best) plus likeness below 1.';

-- Every record of one type that matches, for the search box of a list.
CREATE FUNCTION search_ids(p_q text, p_type text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 200
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT m.entity_id FROM search_matches(p_type, p_q, NULL) m
$$;
COMMENT ON FUNCTION search_ids(text, text) IS 'Ids of one record type that match, unranked and complete; similar words only when nothing matches as written.';

GRANT EXECUTE ON FUNCTION search_records(text, text[], integer), search_ids(text, text) TO rapport_app, rapport_worker;
