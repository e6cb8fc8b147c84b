-- What a search is made of is planned once for each connection. Functions in SQL that are more than one expression were
-- read and planned anew whenever they were called, which took a third of PostgreSQL's time for a search; the settings of
-- those that only search_records and search_condition call are made once by these. What is found is the same.

CREATE OR REPLACE FUNCTION search_every(p_terms tsquery[]) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    v_every tsquery;
    v_term  tsquery;
BEGIN
    FOREACH v_term IN ARRAY p_terms LOOP
        v_every := coalesce(v_every && v_term, v_term, v_every);
    END LOOP;
    RETURN v_every;
END
$$;

-- What has this number in it, of five digits and more.
CREATE OR REPLACE FUNCTION search_number(p_mark text, p_digits text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    v_groups text[] := '{}';
BEGIN
    FOR i IN 1..least(char_length(p_digits), 30) - 3 LOOP
        v_groups := array_append(v_groups, '''' || p_mark || '#' || substr(p_digits, i, 4) || '''');
    END LOOP;
    RETURN '(' || array_to_string(v_groups, ' <-> ') || ')';
END
$$;

-- What begins with this word.
CREATE OR REPLACE FUNCTION search_beginning(p_mark text, p_word text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF p_word ~ '^[0-9]{5,}$' THEN
        RETURN search_number(p_mark, p_word);
    END IF;
    RETURN '''' || p_mark || replace(replace(left(p_word, search_length()), '\', '\\'), '''', '''''') || ''':*';
END
$$;

-- The words of a query, normalised: at most 8, out of its first 200 characters, each from its first letter or digit to
-- its last.
CREATE OR REPLACE FUNCTION search_words(p_q text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    v_words text[] := '{}';
    v_token text;
BEGIN
    FOREACH v_token IN ARRAY string_to_array(norm_text(left(p_q, 200)), ' ') LOOP
        v_token := substring(v_token COLLATE "und-x-icu" FROM '[[:alnum:]](?:.*[[:alnum:]])?');
        IF v_token IS NOT NULL AND cardinality(v_words) < 8 THEN
            v_words := array_append(v_words, v_token);
        END IF;
    END LOOP;
    RETURN v_words;
END
$$;

-- Loads pg_trgm into this session: before that its settings are unknown, and only a superuser may attach them to a
-- function.
SELECT similarity('', '');

-- Words of the vocabulary that are similar to one of letters, more so at 3 than at 4; the likest first.
CREATE FUNCTION search_similar(p_org uuid, p_type text, p_word text, p_far integer) RETURNS SETOF text
    LANGUAGE plpgsql STABLE STRICT ROWS 10
    SET pg_trgm.word_similarity_threshold = 0.6
AS $$
BEGIN
    PERFORM set_config('pg_trgm.word_similarity_threshold', CASE p_far WHEN 3 THEN '0.6' ELSE '0.4' END, true);
    RETURN QUERY
        SELECT v.word::text FROM search_vocabulary v
         WHERE v.org_id = p_org AND v.entity_type = p_type AND p_word <% v.word
         ORDER BY similarity(p_word, v.word) DESC, v.word LIMIT 20;
END
$$;

-- Words that a word of letters may have been meant to be, by how far one goes: 0 itself, 1 words that have it inside, at
-- most p_most, the shortest and likeliest, 2 two neighbouring letters exchanged, the commonest misspelling and the one
-- that trigrams see worst, where something begins like that, 3 similar words, 4 words with a faint likeness.
CREATE OR REPLACE FUNCTION search_meant(p_org uuid, p_type text, p_word text, p_far integer, p_most integer) RETURNS SETOF text
    LANGUAGE plpgsql STABLE STRICT ROWS 10
AS $$
BEGIN
    RETURN NEXT p_word;
    IF p_far = 0 OR p_word COLLATE "und-x-icu" !~ '^[[:alpha:]]{3,30}$' THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT v.word::text FROM search_vocabulary v
         WHERE v.org_id = p_org AND v.entity_type = p_type AND v.word LIKE '%' || p_word || '%' AND NOT starts_with(v.word, p_word)
         ORDER BY char_length(v.word), v.word LIMIT p_most;
    IF p_far = 2 THEN
        RETURN QUERY
            SELECT s.word
              FROM (SELECT left(p_word, i - 1) || substr(p_word, i + 1, 1) || substr(p_word, i, 1) || substr(p_word, i + 2) AS word
                      FROM generate_series(1, char_length(p_word) - 1) i) s
             WHERE EXISTS (SELECT FROM search_vocabulary v WHERE v.org_id = p_org AND v.entity_type = p_type
                              AND v.word >= s.word COLLATE "C" AND v.word < s.word || chr(1114111));
    ELSIF p_far > 2 THEN
        RETURN QUERY SELECT * FROM search_similar(p_org, p_type, p_word, p_far);
    END IF;
END
$$;

-- What finds the documents that have a word, for each word of a query. Whoever types a telephone number means the number
-- and not its groups; these are taken for words only further away.
CREATE OR REPLACE FUNCTION search_terms(p_org uuid, p_type text, p_words text[], p_digits text, p_far integer, p_most integer)
    RETURNS tsquery[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    v_mark  constant text := search_mark(p_org, p_type);
    v_terms tsquery[] := '{}';
    v_word  text;
BEGIN
    IF p_far = 0 AND char_length(p_digits) >= 7 THEN
        RETURN ARRAY[search_number(v_mark, p_digits)::tsquery];
    END IF;
    FOREACH v_word IN ARRAY p_words LOOP
        IF p_far = 0 THEN
            v_terms := v_terms || search_beginning(v_mark, v_word)::tsquery;
        ELSE
            v_terms := v_terms || (SELECT string_agg(search_beginning(v_mark, m), ' | ')::tsquery
                                     FROM search_meant(p_org, p_type, v_word, p_far, p_most) m);
        END IF;
    END LOOP;
    IF p_digits IS NULL THEN
        RETURN v_terms;
    END IF;
    RETURN ARRAY[search_every(v_terms) || search_number(v_mark, p_digits)::tsquery];
END
$$;

-- Those of the terms that so many documents match that it is quicker to look at the latest ones in turn than to ask the
-- index: an estimate out of the statistics, which know the frequent words. A beginning that they do not know is taken for
-- one document in 200; where it is one of several guesses at a word, for none. Volatile, like those that call it, because
-- EXPLAIN is not allowed elsewhere.
DROP FUNCTION search_frequent(tsquery[]);
CREATE FUNCTION search_frequent(p_terms tsquery[], p_guessed boolean DEFAULT false) RETURNS tsquery[]
    LANGUAGE plpgsql STRICT
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_all      constant real := (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'search_documents'::regclass);
    v_unknown  constant double precision := 1.0 / 200;
    v_frequent tsquery[] := '{}';
    v_guesses  integer;
    v_term     tsquery;
    v_plan     json;
BEGIN
    IF v_all >= 20000 THEN
        FOREACH v_term IN ARRAY p_terms LOOP
            EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM search_documents d WHERE d.words @@ $1' INTO v_plan USING v_term;
            v_guesses := CASE WHEN p_guessed THEN (numnode(v_term) + 1) / 2 ELSE 1 END;
            IF (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::real
                > v_all * (1 - (1 - v_unknown) ^ v_guesses + 1.0 / 150 - v_unknown) THEN
                v_frequent := v_frequent || v_term;
            END IF;
        END LOOP;
    END IF;
    RETURN v_frequent;
END
$$;

-- The best p_most records of one type that match and did not match p_seen. Beginnings of words (tier 3) are better if
-- they begin the title (4) or are all of it (5). Among equals come those that are most like it, and the latest.
CREATE OR REPLACE FUNCTION search_ranked(
    p_org uuid, p_type text, p_norm text, p_terms tsquery[], p_seen tsquery, p_tier integer, p_most integer
)
    RETURNS TABLE (entity_id uuid, title text, subtitle text, score real)
    LANGUAGE plpgsql ROWS 5
AS $$
DECLARE
    v_query    constant tsquery := search_every(p_terms);
    v_frequent constant tsquery[] := search_frequent(p_terms, p_tier = 1);
    -- The index is asked for the rarer words, if there are any; the others are looked for in what it finds.
    v_index    tsquery := v_query;
    -- Of which the best are taken.
    v_few      constant integer := 4 * p_most;
    v_ids      uuid[] := '{}';
BEGIN
    IF cardinality(v_frequent) > 0 THEN
        v_index := coalesce(search_every(ARRAY(SELECT t FROM unnest(p_terms) t WHERE t <> ALL (v_frequent))), v_query);
        v_ids := ARRAY(
            SELECT d.entity_id
              FROM (SELECT * FROM search_documents l WHERE l.org_id = p_org AND l.entity_type = p_type
                     ORDER BY l.updated_at DESC LIMIT 1500) d
             WHERE d.words @@ v_query AND (p_seen IS NULL OR NOT d.words @@ p_seen) LIMIT v_few);
    END IF;
    IF cardinality(v_ids) < p_most THEN
        -- By no other index: the organization is part of the words.
        v_ids := ARRAY(
            SELECT d.entity_id
              FROM (SELECT * FROM search_documents w
                     WHERE w.words @@ v_index AND (w.org_id, w.entity_type) IS NOT DISTINCT FROM (p_org, p_type)
                     LIMIT 5000) d
             WHERE d.words @@ v_query AND (p_seen IS NULL OR NOT d.words @@ p_seen)
             ORDER BY d.updated_at DESC LIMIT v_few);
    END IF;
    IF p_tier = 3 THEN
        v_ids := v_ids || ARRAY(
            SELECT d.entity_id FROM search_documents d WHERE d.org_id = p_org AND d.entity_type = p_type
                AND d.title_norm >= p_norm AND d.title_norm < p_norm || chr(1114111)
             ORDER BY d.title_norm LIMIT v_few);
    END IF;
    IF cardinality(v_ids) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT m.entity_id, m.title, m.subtitle, (m.tier + 0.5 * word_similarity(p_norm, m.title_norm)
                + 0.2 * similarity(p_norm, m.title_norm) + 0.2 / (1 + m.age / 30))::real AS score
          FROM (SELECT d.entity_id, d.title, d.subtitle, d.title_norm, d.updated_at,
                       extract(epoch FROM now() - d.updated_at)::real / 86400 AS age,
                       CASE WHEN p_tier < 3 OR NOT starts_with(d.title_norm, p_norm) THEN p_tier
                            WHEN d.title_norm = p_norm THEN 5 ELSE 4 END AS tier
                  FROM search_documents d
                 WHERE d.org_id = p_org AND d.entity_type = p_type AND d.entity_id = ANY (v_ids)) m
         ORDER BY score DESC, m.updated_at DESC, m.entity_id
         LIMIT p_most;
END
$$;

-- The best p_per_type records of each type, best first. Inside of words (tier 2) is looked for where their beginnings
-- find too little, misspelt words (1) where nothing matches as written.
CREATE OR REPLACE FUNCTION search_records(p_q text, p_types text[], p_per_type integer DEFAULT 5)
    RETURNS TABLE (entity_type text, entity_id uuid, title text, subtitle text, score real)
    LANGUAGE plpgsql SECURITY DEFINER ROWS 15
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET jit = off
    SET max_parallel_workers_per_gather = 0 -- starting a process takes longer than the search
AS $$
DECLARE
    v_org    constant uuid := app_org();
    v_words  constant text[] := search_words(p_q);
    v_norm   constant text := norm_text(left(p_q, 200));
    v_digits constant text := search_phone_digits(p_q);
    v_most   constant integer := least(greatest(p_per_type, 0), 50);
    v_any    boolean := false;
    v_types  text[] := '{}'; -- that there are records of
    v_type   text;
    v_terms  tsquery[];
    v_wider  tsquery[];
    v_found  integer;
BEGIN
    IF v_org IS NULL OR cardinality(v_words) = 0 THEN
        RETURN;
    END IF;
    FOREACH v_type IN ARRAY p_types LOOP
        IF EXISTS (SELECT FROM search_documents d WHERE d.org_id = v_org AND d.entity_type = v_type) THEN
            v_types := v_types || v_type;
        END IF;
    END LOOP;
    FOREACH v_type IN ARRAY v_types LOOP
        v_terms := search_terms(v_org, v_type, v_words, v_digits, 0, 0);
        RETURN QUERY SELECT v_type, r.* FROM search_ranked(v_org, v_type, v_norm, v_terms, NULL, 3, v_most) r;
        GET DIAGNOSTICS v_found = ROW_COUNT;
        v_any := v_any OR v_found > 0;
        IF v_found < v_most AND (v_digits IS NULL OR v_found = 0) THEN
            v_wider := search_terms(v_org, v_type, v_words, v_digits, 1, 50);
            IF v_wider <> v_terms THEN
                RETURN QUERY SELECT v_type, r.* FROM search_ranked(
                    v_org, v_type, v_norm, v_wider, search_every(v_terms), 2, v_most - v_found) r;
                v_any := v_any OR FOUND;
            END IF;
        END IF;
    END LOOP;
    FOR v_far IN 2..4 LOOP
        EXIT WHEN v_any;
        FOREACH v_type IN ARRAY v_types LOOP
            v_terms := search_terms(v_org, v_type, v_words, v_digits, v_far, 10);
            RETURN QUERY SELECT v_type, r.* FROM search_ranked(v_org, v_type, v_norm, v_terms, NULL, 1, v_most) r;
            v_any := v_any OR FOUND;
        END LOOP;
    END LOOP;
END
$$;
