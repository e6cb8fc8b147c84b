-- Fills one organization as imports would have left it: :rows contacts, a tenth as many companies, a twentieth as many
-- deals of which 2,000 are open, and what the lists, the search and the board read. Nine small organizations stand beside.
-- psql -v org=… -v owner=… -v rows=… -v pipeline=…
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE TEMP TABLE words AS SELECT
    '{Anna,Ben,Clara,David,Elif,Femi,Grace,Hiro,Ines,Jonas,Kim,Lena,Marta,Noah,Olga,Paul,Rosa,Samir,Tara,Uwe,Vera,Wei,Ximena,Yara,Zoe}'::text[] AS first,
    '{ber,dan,fel,gor,hal,jen,kov,lin,mar,nor,pet,ros,sand,tor,vik,wal}'::text[] AS head,
    '{ai,berg,feld,hoff,ini,land,man,ova,quist,sen,ski,son,stein,ton,well,wood}'::text[] AS tail,
    '{Engineer,Buyer,Director,Analyst,Founder,Manager,Nurse,Planner}'::text[] AS job,
    '{Retail,Steel,Software,Logistics,Energy,Media,Food,Health,Travel,Finance}'::text[] AS industry;

-- A number between 0 and n - 1 that looks like none in a row, the same in each run.
CREATE FUNCTION pg_temp.pick(a bigint, salt integer, n integer) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN (abs(hashint8extended(a, salt)) % n)::integer;

INSERT INTO companies (org_id, id, name, industry, website, domain, status, owner_id, annual_revenue_minor, created_at, updated_at)
SELECT :'org', gen_random_uuid(), initcap(w.head[1 + pg_temp.pick(n, 1, 16)] || w.tail[1 + pg_temp.pick(n, 2, 16)]) || ' ' || n,
       w.industry[1 + pg_temp.pick(n, 3, 10)], 'https://c' || n || '.example', 'c' || n || '.example',
       CASE WHEN n % 7 = 0 THEN 'inactive' ELSE 'active' END, CASE WHEN n % 3 = 0 THEN :'owner'::uuid END,
       pg_temp.pick(n, 4, 1000000)::bigint * 100, now() - n * interval '7 seconds', now() - pg_temp.pick(n, 5, 1000000) * interval '1 second'
  FROM generate_series(1, greatest(:rows / 10, 1)) n, words w;

CREATE TEMP TABLE numbered AS
SELECT row_number() OVER (ORDER BY created_at, id) AS place, id FROM companies WHERE org_id = :'org';
CREATE UNIQUE INDEX ON numbered (place);
ANALYZE numbered;

INSERT INTO contacts (org_id, id, company_id, first_name, last_name, email, email_norm, phone, phone_e164, job_title,
    status, owner_id, lead_score, birthday, custom_fields, created_at, updated_at)
SELECT :'org', gen_random_uuid(), c.id, w.first[1 + pg_temp.pick(n, 1, 25)],
       initcap(w.head[1 + pg_temp.pick(n, 2, 16)] || w.tail[1 + pg_temp.pick(n, 3, 16)] || w.tail[1 + pg_temp.pick(n, 4, 16)]),
       'p' || n || '@c' || n % 1000 || '.example', 'p' || n || '@c' || n % 1000 || '.example',
       '+1 415 ' || lpad((n % 10000000)::text, 7, '0'), '+1415' || lpad((n % 10000000)::text, 7, '0'),
       w.job[1 + pg_temp.pick(n, 5, 8)], CASE WHEN n % 11 = 0 THEN 'inactive' ELSE 'active' END,
       CASE WHEN n % 4 = 0 THEN :'owner'::uuid END, pg_temp.pick(n, 6, 101), date '1950-01-01' + pg_temp.pick(n, 7, 20000),
       CASE WHEN n % 2 = 0 THEN jsonb_build_object('fleet', pg_temp.pick(n, 8, 10000), 'tier', 'tier_' || pg_temp.pick(n, 9, 100)) ELSE '{}' END,
       now() - n * interval '1 second', now() - pg_temp.pick(n, 10, 1000000) * interval '1 second'
  FROM generate_series(1, :rows) n CROSS JOIN words w
  JOIN numbered c ON c.place = 1 + pg_temp.pick(n, 11, greatest(:rows / 10, 1));

INSERT INTO deals (org_id, id, deal_number, name, pipeline_id, stage_id, stage_order, status, closed_date, amount_minor,
    company_id, owner_id, expected_close_date, created_at, updated_at)
SELECT :'org', gen_random_uuid(), 'B-' || n, 'Deal ' || n, s.pipeline_id, s.id, lpad(n::text, 8, '0') || 'i',
       CASE WHEN s.is_closed_won THEN 'won' ELSE 'open' END, CASE WHEN s.is_closed_won THEN current_date - pg_temp.pick(n, 1, 700) END,
       pg_temp.pick(n, 2, 10000000), c.id, CASE WHEN n % 3 = 0 THEN :'owner'::uuid END, current_date + pg_temp.pick(n, 3, 90),
       now() - n * interval '20 seconds', now() - n * interval '20 seconds'
  FROM generate_series(1, greatest(:rows / 20, 1)) n
  JOIN pipeline_stages s ON s.org_id = :'org' AND s.pipeline_id = :'pipeline'
       AND CASE WHEN n <= 2000 THEN s.position = n % 4 ELSE s.is_closed_won END
  JOIN numbered c ON c.place = 1 + pg_temp.pick(n, 4, greatest(:rows / 10, 1));

INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, keywords, updated_at)
SELECT t.org_id, 'contact', t.id, t.name, concat_ws(' · ', c.name, t.email), concat_ws(' ', t.phone, t.phone_e164, t.job_title), t.updated_at
  FROM contacts t JOIN companies c ON c.org_id = t.org_id AND c.id = t.company_id WHERE t.org_id = :'org';
INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, keywords, updated_at)
SELECT org_id, 'company', id, name, coalesce(domain, ''), coalesce(domain, ''), updated_at FROM companies WHERE org_id = :'org';
INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, updated_at)
SELECT org_id, 'deal', id, name, deal_number, updated_at FROM deals WHERE org_id = :'org';
