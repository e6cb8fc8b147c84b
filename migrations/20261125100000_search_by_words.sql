-- Search by words. A document is indexed by the beginnings of its words, which are few and compact, instead of by all
-- sequences of three letters in it: what people type begins a word nearly always. What is inside of words, and what is
-- misspelt, is looked up in the organization's vocabulary first, which is small at any number of records.

DROP FUNCTION search_records(text, text[], integer), search_ids(text, text), search_matches(text, text, integer),
    search_swapped(text), search_words(text), like_escape(text);

-- What the words of one record type of one organization begin with in the index, so that the frequent ones of others
-- are not even looked at. Should two have the same mark, rows are still told apart by org_id, as everywhere.
CREATE FUNCTION search_mark(p_org uuid, p_type text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN left(encode(decode(md5(p_org::text || p_type), 'hex'), 'base64'), 4);

-- The longest beginning that is kept of a word, in characters.
CREATE FUNCTION search_length() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 40;

-- A document's text as search compares it.
CREATE FUNCTION search_text(p_title text, p_subtitle text, p_keywords text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN norm_text(p_title || ' ' || p_subtitle || ' ' || p_keywords);

-- What a document is found by, each with its mark: words, from each of their parts on ("o'brien@acme.com" from
-- "brien@acme.com", "acme.com" and "com", too; "dn150" from "150"); of numbers of five digits and more the first four,
-- and behind "#" all groups of four, one after another, so that any part of a telephone number finds it.
CREATE FUNCTION search_lexemes(p_org uuid, p_type text, p_norm text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_mark   constant text := search_mark(p_org, p_type);
    v_words  text[] := '{}';
    v_groups text := '';
    v_place  integer := 0;
    v_token  text;
    v_parts  text[];
    v_rest   text;
BEGIN
    FOREACH v_token IN ARRAY string_to_array(regexp_replace(p_norm COLLATE "und-x-icu",
        '[^[:alnum:] ]+(?=[[:alnum:]])|[[:alpha:]](?=[0-9][^ .@]*(?: |$))', E'\\&\x01', 'g'), ' ')
    LOOP
        v_parts := string_to_array(v_token, E'\x01');
        v_rest := '';
        FOR i IN REVERSE cardinality(v_parts)..1 LOOP
            v_rest := v_parts[i] || v_rest;
            IF v_parts[i] COLLATE "und-x-icu" !~ '[[:alnum:]]' THEN
                CONTINUE;
            ELSIF v_rest ~ '^[0-9]{5}' AND v_rest !~ '[^0-9]' AND v_place < 10000 THEN
                v_words := array_append(v_words, v_mark || left(v_rest, 4));
                FOR j IN 1..least(char_length(v_rest), 100) - 3 LOOP
                    v_place := v_place + 1;
                    v_groups := v_groups || ' ' || v_mark || '#' || substr(v_rest, j, 4) || ':' || v_place;
                END LOOP;
                -- The next number's groups do not follow this one's.
                v_place := v_place + 1;
            ELSE
                v_words := array_append(v_words, v_mark || left(v_rest, search_length()));
            END IF;
        END LOOP;
    END LOOP;
    RETURN CASE WHEN v_groups = '' THEN array_to_tsvector(v_words) ELSE array_to_tsvector(v_words) || v_groups::tsvector END;
END
$$;

-- Whoever writes a document works its words out.
GRANT EXECUTE ON FUNCTION search_mark(uuid, text), search_length(), search_text(text, text, text),
    search_lexemes(uuid, text, text) TO rapport_app, rapport_worker;

ALTER TABLE search_documents DROP COLUMN body;
ALTER TABLE search_documents ADD COLUMN words tsvector
    GENERATED ALWAYS AS (search_lexemes(org_id, entity_type, search_text(title, subtitle, keywords))) STORED;
CREATE INDEX search_documents_words_idx ON search_documents USING gin (words);
-- As before it waits for the end of a large batch, so that each word is written into the index once.
CREATE OR REPLACE FUNCTION search_settle() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT gin_clean_pending_list('search_documents_words_idx'::regclass)
$$;
CREATE INDEX search_documents_recent_idx ON search_documents (org_id, entity_type, updated_at);

-- What has this number in it, of five digits and more.
CREATE FUNCTION search_number(p_mark text, p_digits text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT '(' || string_agg(format('''%s#%s''', p_mark, substr(p_digits, i, 4)), ' <-> ' ORDER BY i) || ')'
              FROM generate_series(1, char_length(left(p_digits, 30)) - 3) i);

-- What begins with this word.
CREATE FUNCTION search_beginning(p_mark text, p_word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN p_word ~ '^[0-9]{5,}$' THEN search_number(p_mark, p_word)
                ELSE format('''%s%s'':*', p_mark, replace(replace(left(p_word, search_length()), '\', '\\'), '''', '''''')) END;

-- The vocabulary: the words of letters with which something in the index begins, each once.
CREATE TABLE search_vocabulary (
    org_id      uuid NOT NULL,
    entity_type text NOT NULL,
    word        text COLLATE "C" NOT NULL,
    CONSTRAINT search_vocabulary_pkey PRIMARY KEY (org_id, entity_type, word),
    CONSTRAINT search_vocabulary_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
COMMENT ON TABLE search_vocabulary IS 'The words of letters in an organization''s search documents; their triggers keep it.';
CREATE INDEX search_vocabulary_word_idx ON search_vocabulary USING gin (org_id, entity_type, word gin_trgm_ops)
    WITH (fastupdate = off);
SELECT tenant_table('search_vocabulary', 'SELECT', 'SELECT');

CREATE FUNCTION search_letters(p_lexeme text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN substring(substr(p_lexeme, 5) COLLATE "und-x-icu" FROM '^[[:alpha:]]{3,30}') COLLATE "C";

CREATE FUNCTION search_learn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO search_vocabulary (org_id, entity_type, word)
    SELECT a.org_id, a.entity_type, a.word
      FROM (SELECT DISTINCT d.org_id, d.entity_type, search_letters(l.lexeme) AS word FROM added d, unnest(d.words) l) a
     WHERE a.word IS NOT NULL
       AND NOT EXISTS (SELECT FROM search_vocabulary v
                        WHERE v.org_id = a.org_id AND v.entity_type = a.entity_type AND v.word = a.word)
     ORDER BY 1, 2, 3 -- those who add the same words wait for each other, and all in one direction
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_documents_learn_added AFTER INSERT ON search_documents
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_learn();
CREATE TRIGGER search_documents_learn_changed AFTER UPDATE ON search_documents
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_learn();

-- Takes away the words that no document has any more, of the organization that follows p_after and has words; answers
-- with its id. Searched for, such words find nothing: they go at night.
CREATE FUNCTION forget_words(p_after uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_org constant uuid := (SELECT v.org_id FROM search_vocabulary v WHERE v.org_id > p_after ORDER BY v.org_id LIMIT 1);
BEGIN
    DELETE FROM search_vocabulary v
     WHERE v.org_id = v_org
       AND NOT EXISTS (
           SELECT FROM (SELECT DISTINCT d.entity_type, search_letters(l.lexeme) AS word
                          FROM search_documents d, unnest(d.words) l WHERE d.org_id = v_org) w
            WHERE w.entity_type = v.entity_type AND w.word = v.word);
    RETURN v_org;
END
$$;
COMMENT ON FUNCTION forget_words(uuid) IS 'Housekeeping of search_vocabulary, one organization after another.';
GRANT EXECUTE ON FUNCTION forget_words(uuid) TO rapport_worker;

INSERT INTO search_vocabulary (org_id, entity_type, word)
SELECT DISTINCT d.org_id, d.entity_type, search_letters(l.lexeme)
  FROM search_documents d, unnest(d.words) l WHERE search_letters(l.lexeme) IS NOT NULL;

-- Loads pg_trgm into this session: before that its settings are unknown, and only a superuser may attach them to a
-- function.
SELECT similarity('', '');

-- The words of a query, normalised: at most 8, out of its first 200 characters, each from its first letter or digit to
-- its last.
CREATE FUNCTION search_words(p_q text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce((array_agg(w.word ORDER BY w.n) FILTER (WHERE w.word IS NOT NULL))[1:8], '{}')
              FROM (SELECT substring(t.token FROM '[[:alnum:]](?:.*[[:alnum:]])?') AS word, t.n
                      FROM string_to_table(norm_text(left(p_q, 200)) COLLATE "und-x-icu", ' ')
                           WITH ORDINALITY AS t (token, n)) w);

-- Words that a word of letters may have been meant to be, by how far one goes: 0 itself, 1 words that have it inside, at
-- most p_most, the shortest and likeliest, 2 two neighbouring letters exchanged, the commonest misspelling and the one
-- that trigrams see worst, 3 similar words, 4 words with a faint likeness.
CREATE FUNCTION search_meant(p_org uuid, p_type text, p_word text, p_far integer, p_most integer) RETURNS SETOF text
    LANGUAGE plpgsql STABLE STRICT ROWS 10
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET pg_trgm.word_similarity_threshold = 0.6
    SET enable_seqscan = off
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
            SELECT left(p_word, i - 1) || substr(p_word, i + 1, 1) || substr(p_word, i, 1) || substr(p_word, i + 2)
              FROM generate_series(1, char_length(p_word) - 1) i;
    ELSIF p_far > 2 THEN
        PERFORM set_config('pg_trgm.word_similarity_threshold', CASE p_far WHEN 3 THEN '0.6' ELSE '0.4' END, true);
        RETURN QUERY
            SELECT v.word::text FROM search_vocabulary v
             WHERE v.org_id = p_org AND v.entity_type = p_type AND p_word <% v.word
             ORDER BY similarity(p_word, v.word) DESC, v.word LIMIT 20;
    END IF;
END
$$;

-- What finds the documents that have a word, for each word of a query. Whoever types a telephone number means the number
-- and not its groups; these are taken for words only further away.
CREATE FUNCTION search_terms(p_org uuid, p_type text, p_words text[], p_digits text, p_far integer, p_most integer)
    RETURNS tsquery[]
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
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
        v_terms := v_terms || (SELECT string_agg(search_beginning(v_mark, m), ' | ')::tsquery
                                 FROM search_meant(p_org, p_type, v_word, p_far, p_most) m);
    END LOOP;
    IF p_digits IS NULL THEN
        RETURN v_terms;
    END IF;
    RETURN ARRAY[search_every(v_terms) || search_number(v_mark, p_digits)::tsquery];
END
$$;

CREATE FUNCTION search_every(p_terms tsquery[]) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg('(' || t::text || ')', ' & ')::tsquery FROM unnest(p_terms) t);

-- Those of the terms that so many documents match that it is quicker to look at the latest ones in turn than to ask the
-- index: an estimate out of the statistics, which know the frequent words. A beginning that they do not know is taken for
-- one document in 200. Volatile, like those that call it, because EXPLAIN is not allowed elsewhere.
CREATE FUNCTION search_frequent(p_terms tsquery[]) RETURNS tsquery[]
    LANGUAGE plpgsql STRICT
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_all      constant real := (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'search_documents'::regclass);
    v_frequent tsquery[] := '{}';
    v_term     tsquery;
    v_plan     json;
BEGIN
    IF v_all >= 20000 THEN
        FOREACH v_term IN ARRAY p_terms LOOP
            EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM search_documents d WHERE d.words @@ $1' INTO v_plan USING v_term;
            IF (v_plan -> 0 -> 'Plan' ->> 'Plan Rows')::real > v_all / 150 THEN
                v_frequent := v_frequent || v_term;
            END IF;
        END LOOP;
    END IF;
    RETURN v_frequent;
END
$$;

-- What follows is written so that there is one way to run each statement, whatever is searched for: it is planned once
-- for each connection, because planning takes longer than running it.

-- The best p_most records of one type that match and did not match p_seen. Beginnings of words (tier 3) are better if
-- they begin the title (4) or are all of it (5). Among equals come those that are most like it, and the latest.
CREATE FUNCTION search_ranked(
    p_org uuid, p_type text, p_norm text, p_terms tsquery[], p_seen tsquery, p_tier integer, p_most integer
)
    RETURNS TABLE (entity_id uuid, title text, subtitle text, score real)
    LANGUAGE plpgsql ROWS 5
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off
    SET jit = off
    SET max_parallel_workers_per_gather = 0 -- starting a process takes longer than the search
AS $$
DECLARE
    v_query    constant tsquery := search_every(p_terms);
    v_frequent constant tsquery[] := search_frequent(p_terms);
    -- The index is asked for the rarer words, if there are any; the others are looked for in what it finds.
    v_index    constant tsquery := coalesce(
        search_every(ARRAY(SELECT t FROM unnest(p_terms) t WHERE t <> ALL (v_frequent))), v_query);
    -- Of which the best are taken.
    v_few      constant integer := 4 * p_most;
    v_ids      uuid[] := '{}';
BEGIN
    IF cardinality(v_frequent) > 0 THEN
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
CREATE FUNCTION search_records(p_q text, p_types text[], p_per_type integer DEFAULT 5)
    RETURNS TABLE (entity_type text, entity_id uuid, title text, subtitle text, score real)
    LANGUAGE plpgsql SECURITY DEFINER ROWS 15
    SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    v_org    constant uuid := app_org();
    v_words  constant text[] := search_words(p_q);
    v_norm   constant text := norm_text(left(p_q, 200));
    v_digits constant text := search_phone_digits(p_q);
    v_most   constant integer := least(greatest(p_per_type, 0), 50);
    v_any    boolean := false;
    v_type   text;
    v_terms  tsquery[];
    v_wider  tsquery[];
    v_found  integer;
BEGIN
    IF v_org IS NULL OR cardinality(v_words) = 0 THEN
        RETURN;
    END IF;
    FOREACH v_type IN ARRAY p_types LOOP
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
        FOREACH v_type IN ARRAY p_types LOOP
            v_terms := search_terms(v_org, v_type, v_words, v_digits, v_far, 10);
            RETURN QUERY SELECT v_type, r.* FROM search_ranked(v_org, v_type, v_norm, v_terms, NULL, 1, v_most) r;
            v_any := v_any OR FOUND;
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_records(text, text[], integer) IS 'Ranked, typo-tolerant search of the current organization; score is the tier (5 best) plus likeness and newness below 1.';

-- Whether a document has every word: those of a query, and those that are looked for in its text.
CREATE FUNCTION search_matches(p_words tsvector, p_text text, p_query tsquery, p_parts text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (p_query IS NULL OR p_words @@ p_query) AND (p_parts = '{}' OR p_text LIKE ALL (p_parts));

-- What the search box of a list finds: every record of one type that matches, misspelt only when nothing matches as
-- written. Words that are inside of more than 50 others are looked for in the texts (`parts`, patterns) of what `query`
-- finds. Where very many match, `about` says how many, out of a sample of the latest: it is quicker then to ask each
-- record of the list in turn whether it does (search_matches) than to collect their ids (search_ids, by `index`).
CREATE FUNCTION search_condition(p_q text, p_type text, OUT query text, OUT parts text[], OUT index text, OUT about bigint)
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
    IF query IS NULL THEN
        v_terms := search_terms(v_org, p_type, v_words[1:1], NULL, 1, 500);
        query := search_every(v_terms);
    END IF;
    index := coalesce(search_every(ARRAY(SELECT t FROM unnest(v_terms) t WHERE t <> ALL (v_frequent)))::text, query);
    FOR v_far IN 2..4 LOOP
        EXIT WHEN EXISTS (SELECT FROM search_ids(index, query, parts, p_type));
        parts := '{}';
        query := search_every(search_terms(v_org, p_type, v_words, v_digits, v_far, 10));
        index := query;
    END LOOP;
END
$$;
COMMENT ON FUNCTION search_condition(text, text) IS 'The search box of a list, as search_ids and search_matches take it.';

CREATE FUNCTION search_ids(p_index text, p_query text, p_parts text[], p_type text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 200
    SET search_path = pg_catalog, public, pg_temp
    SET enable_seqscan = off
    SET jit = off
    SET max_parallel_workers_per_gather = 0
AS $$
    SELECT d.entity_id FROM search_documents d
     WHERE d.words @@ p_index::tsquery AND (d.org_id, d.entity_type) IS NOT DISTINCT FROM (app_org(), p_type)
       AND (p_index = p_query AND p_parts = '{}'
            OR search_matches(d.words, search_text(d.title, d.subtitle, d.keywords), p_query::tsquery, p_parts))
$$;
COMMENT ON FUNCTION search_ids(text, text, text[], text) IS 'Ids of one record type of the current organization that match, unranked and complete.';

GRANT EXECUTE ON FUNCTION search_records(text, text[], integer), search_condition(text, text),
    search_ids(text, text, text[], text), search_matches(tsvector, text, tsquery, text[]) TO rapport_app, rapport_worker;
