-- Archived records are found in the archive: they have search documents of their own, beside those of live ones, as types
-- like company_archived. With the type go words, statistics and index entries, so that searches among live records know
-- nothing of them. What search_condition cannot tell of such a type is about how many match: nobody counts archived
-- records, and their ids are collected.

COMMENT ON TABLE search_documents IS 'One row per record, written by the projection of domain events; those of archived records have types of their own, such as company_archived.';

-- Records that were archived before this. Those that a server of the version before archives from now on, while both run,
-- are found once they change.
INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, keywords)
SELECT c.org_id, 'company_archived', c.id, c.name, coalesce(c.domain, c.primary_email, c.industry, ''),
       concat_ws(' ', c.primary_email, c.primary_phone, c.primary_phone_e164, c.domain, c.slug,
                 custom_words(c.org_id, 'company', c.custom_fields))
  FROM companies c WHERE c.deleted_at IS NOT NULL
UNION ALL
SELECT t.org_id, 'contact_archived', t.id, t.name, concat_ws(' · ', c.name, t.email),
       concat_ws(' ', t.phone, t.phone_e164, t.mobile_phone, t.mobile_phone_e164, t.work_phone, t.work_phone_e164,
                 t.job_title, custom_words(t.org_id, 'contact', t.custom_fields))
  FROM contacts t LEFT JOIN companies c ON c.org_id = t.org_id AND c.id = t.company_id WHERE t.deleted_at IS NOT NULL
UNION ALL
SELECT t.org_id, 'deal_archived', t.id, t.name, concat_ws(' · ', c.name, t.deal_number),
       coalesce(custom_words(t.org_id, 'deal', t.custom_fields), '')
  FROM deals t LEFT JOIN companies c ON c.org_id = t.org_id AND c.id = t.company_id WHERE t.deleted_at IS NOT NULL
UNION ALL
SELECT t.org_id, 'product_archived', t.id, t.name, coalesce(t.code, ''),
       coalesce(custom_words(t.org_id, 'product', t.custom_fields), '')
  FROM products t WHERE t.deleted_at IS NOT NULL
ON CONFLICT DO NOTHING;

-- About how many documents a term finds, as the planner knows it out of the statistics.
CREATE FUNCTION search_rows(p_term tsquery) RETURNS real
    LANGUAGE plpgsql STRICT
AS $$
DECLARE
    v_plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM search_documents d WHERE d.words @@ $1' INTO v_plan USING p_term;
    RETURN (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::real;
END
$$;

-- Those of the terms that so many documents match that it is quicker to look at the latest ones in turn than to ask the
-- index: an estimate out of the statistics, which know the frequent words. A beginning that they do not know is taken for
-- one document in 200; where it is one of several guesses at a word, for none. Volatile, like those that call it, because
-- EXPLAIN is not allowed elsewhere.
CREATE OR REPLACE FUNCTION search_frequent(p_terms tsquery[], p_guessed boolean DEFAULT false) RETURNS tsquery[]
    LANGUAGE plpgsql STRICT
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_all      constant real := (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'search_documents'::regclass);
    v_unknown  constant double precision := 1.0 / 200;
    v_frequent tsquery[] := '{}';
    v_guesses  integer;
    v_term     tsquery;
BEGIN
    IF v_all >= 20000 THEN
        FOREACH v_term IN ARRAY p_terms LOOP
            v_guesses := CASE WHEN p_guessed THEN (numnode(v_term) + 1) / 2 ELSE 1 END;
            IF search_rows(v_term) > v_all * (1 - (1 - v_unknown) ^ v_guesses + 1.0 / 150 - v_unknown) THEN
                v_frequent := v_frequent || v_term;
            END IF;
        END LOOP;
    END IF;
    RETURN v_frequent;
END
$$;

-- What the search box of a list finds: every record of one type that matches, misspelt only when nothing matches as
-- written. Words that are inside of more than 50 others are looked for in the texts (`parts`, patterns) of what `query`
-- finds. Where very many match, `about` says how many: out of a sample of the latest, but no more than the rarest of the
-- frequent words finds, because the latest may be those of one import. It is quicker then to ask each record of a page in
-- turn whether it does (search_matches) than to collect the ids of all (search_ids, by `index`).
CREATE OR REPLACE FUNCTION search_condition(p_q text, p_type text, OUT query text, OUT parts text[], OUT index text, OUT about bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET jit = off
    SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
    v_org      constant uuid := app_org();
    v_words    constant text[] := search_words(p_q);
    v_digits   constant text := search_phone_digits(p_q);
    v_sample   constant integer := 3000;
    v_sought   text[] := '{}';
    v_word     text;
    v_terms    tsquery[];
    v_frequent tsquery[];
    v_hits     integer;
    v_known    bigint;
BEGIN
    parts := '{}';
    query := '';
    index := '';
    IF v_org IS NULL OR cardinality(v_words) = 0 THEN
        RETURN;
    END IF;
    FOREACH v_word IN ARRAY v_words LOOP
        IF (SELECT count(*) FROM search_meant(v_org, p_type, v_word, 1, 51)) > 51 THEN
            parts := parts || ('%' || replace(replace(replace(v_word, '\', '\\'), '%', '\%'), '_', '\_') || '%');
        ELSE
            v_sought := v_sought || v_word;
        END IF;
    END LOOP;
    v_terms := search_terms(v_org, p_type, v_sought, v_digits, 1, 50);
    v_frequent := search_frequent(v_terms);
    query := search_every(v_terms);
    -- By the rarer words, if there are any; at least one word has to be in the index.
    index := coalesce(search_every(ARRAY(SELECT t FROM unnest(v_terms) t WHERE t <> ALL (v_frequent)))::text, query,
        search_every(search_terms(v_org, p_type, v_words[1:1], NULL, 1, 500))::text);
    IF query IS NULL OR cardinality(v_frequent) > 0 THEN
        SELECT count(*) INTO v_hits
          FROM (SELECT * FROM search_documents l WHERE l.org_id = v_org AND l.entity_type = p_type
                 ORDER BY l.updated_at DESC LIMIT v_sample) d
         WHERE search_matches(d.words, search_text(d.title, d.subtitle, d.keywords), query::tsquery, parts);
        IF v_hits >= v_sample / 200 THEN
            about := (SELECT sum(c.live) FROM record_counts c WHERE c.org_id = v_org AND c.entity = p_type) * v_hits / v_sample;
            v_known := (SELECT min(search_rows(t)) FROM unnest(v_frequent) t);
            IF about > v_known THEN
                about := v_known;
            END IF;
            RETURN;
        END IF;
    END IF;
    FOR v_far IN 2..4 LOOP
        EXIT WHEN EXISTS (SELECT FROM search_ids(index, query, parts, p_type));
        parts := '{}';
        query := search_every(search_terms(v_org, p_type, v_words, v_digits, v_far, 10));
        index := query;
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_condition(text, text) IS 'The search box of a list, as search_ids and search_matches take it.';
