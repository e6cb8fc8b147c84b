-- Conditions of searches come with the way by the index also where it is not the quickest way to a page: it is the one to
-- their number.
-- What the search box of a list finds: every record of one type that matches, misspelt only when nothing matches as
-- written. Words that are inside of more than 50 others are looked for in the texts (`parts`, patterns) of what `query`
-- finds. Where very many match, `about` says how many, out of a sample of the latest: it is quicker then to ask each
-- record of a page in turn whether it does (search_matches) than to collect the ids of all (search_ids, by `index`).
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
