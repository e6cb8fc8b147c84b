-- Proofs about the schema, run by check.sh in a fresh database, as a superuser that takes on the servers' roles.
-- Stops at the first rule that is broken.
\set QUIET on

CREATE FUNCTION pg_temp.proved(p_what text, p_holds boolean) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF p_holds IS NOT TRUE THEN RAISE EXCEPTION 'NOT PROVED: %', p_what; END IF;
    RETURN 'proved: ' || p_what;
END $$;
-- Runs a statement that has to fail, and returns the constraint or, without one, the SQLSTATE.
CREATE FUNCTION pg_temp.refusal(p_sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_constraint text;
BEGIN
    EXECUTE p_sql;
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
    RETURN coalesce(nullif(v_constraint, ''), SQLSTATE);
END $$;
CREATE FUNCTION pg_temp.rows_changed(p_sql text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE p_sql; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;
CREATE FUNCTION pg_temp.visible_rows() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE t text; n bigint; total bigint := 0;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
              AND c.relname <> '_sqlx_migrations'
    LOOP
        EXECUTE format('SELECT count(*) FROM %I', t) INTO n;
        total := total + n;
    END LOOP;
    RETURN total;
END $$;
-- Ids of organization a or b; rows of every kind for one; the best search result.
CREATE FUNCTION pg_temp.id(p_org text, p_n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('00000000-0000-7000-800' || p_org || '-' || lpad(p_n::text, 12, '0'))::uuid $$;

CREATE FUNCTION pg_temp.fill(o text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO pipelines (org_id, id, name, is_default) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 10), 'Sales', true);
    INSERT INTO pipeline_stages (org_id, id, pipeline_id, name, position, is_closed_won)
    VALUES (pg_temp.id(o, 0), pg_temp.id(o, 11), pg_temp.id(o, 10), 'First', 0, false),
           (pg_temp.id(o, 0), pg_temp.id(o, 12), pg_temp.id(o, 10), 'Won', 1, true);
    INSERT INTO companies (org_id, id, name, owner_id, created_by) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 20), 'Acme', pg_temp.id(o, 1), pg_temp.id(o, 1));
    INSERT INTO contacts (org_id, id, first_name, last_name, company_id, email, email_norm)
    VALUES (pg_temp.id(o, 0), pg_temp.id(o, 30), 'Ada', 'Lovelace', pg_temp.id(o, 20), 'Ada@acme.io', 'ada@acme.io');
    INSERT INTO deals (org_id, id, deal_number, name, company_id, primary_contact_id, pipeline_id, stage_id, amount_minor, discount_minor, tax_minor)
    VALUES (pg_temp.id(o, 0), pg_temp.id(o, 40), 'D-' || next_counter('deals'), 'Engine', pg_temp.id(o, 20), pg_temp.id(o, 30), pg_temp.id(o, 10), pg_temp.id(o, 11), 1000, 100, 50);
    INSERT INTO contact_companies (org_id, contact_id, company_id) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 30), pg_temp.id(o, 20));
    INSERT INTO deal_members (org_id, deal_id, user_id) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 40), pg_temp.id(o, 1));
    INSERT INTO deal_products (org_id, id, deal_id, name, quantity, price_minor, total_minor) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 41), pg_temp.id(o, 40), 'Gear', 2.5, 100, 250);
    INSERT INTO deal_contacts (org_id, deal_id, contact_id, role) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 40), pg_temp.id(o, 30), 'champion');
    INSERT INTO deal_companies (org_id, deal_id, company_id) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 40), pg_temp.id(o, 20));
    INSERT INTO tags (org_id, id, name, name_norm) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 50), 'Vip', 'vip');
    INSERT INTO company_tags VALUES (pg_temp.id(o, 0), pg_temp.id(o, 20), pg_temp.id(o, 50));
    INSERT INTO contact_tags VALUES (pg_temp.id(o, 0), pg_temp.id(o, 30), pg_temp.id(o, 50));
    INSERT INTO deal_tags VALUES (pg_temp.id(o, 0), pg_temp.id(o, 40), pg_temp.id(o, 50));
    INSERT INTO domain_events (org_id, id, type, entity, entity_id, payload, actor_id)
    VALUES (pg_temp.id(o, 0), pg_temp.id(o, 60), 'deal.created', 'deal', pg_temp.id(o, 40), '{}', pg_temp.id(o, 1));
    INSERT INTO audit_log (org_id, id, action, actor_id) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 70), 'login', pg_temp.id(o, 1));
    INSERT INTO invitations (org_id, id, email, email_norm, role, token_hash, invited_by, expires_at)
    VALUES (pg_temp.id(o, 0), pg_temp.id(o, 80), 'new@' || o || '.io', 'new@' || o || '.io', 'manager', 'token-' || o, pg_temp.id(o, 1), now() + interval '1 day');
    INSERT INTO import_jobs (org_id, id, entity, file_name, file_key, file_size) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 90), 'contacts', 'c.csv', 'k', 1);
    INSERT INTO import_errors (org_id, job_id, row_number, reason) VALUES (pg_temp.id(o, 0), pg_temp.id(o, 90), 1, '{}');
    INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, keywords)
    VALUES (pg_temp.id(o, 0), 'contact', pg_temp.id(o, 30), 'Ada Lovelace', 'Acme', 'ada@acme.io +14155550100');
$$;

CREATE FUNCTION pg_temp.first_hit(p_q text) RETURNS text LANGUAGE sql AS
    $$ SELECT title FROM search_records(p_q, ARRAY['company', 'contact']) LIMIT 1 $$;
SELECT nspname AS temp FROM pg_namespace WHERE oid = pg_my_temp_schema() \gset
GRANT USAGE ON SCHEMA :temp TO rapport_owner, rapport_app, rapport_worker;
SET ROLE rapport_owner;

-- Catalogue: every table, also the ones that are added later.
SELECT pg_temp.proved('every table has row-level security, enabled and forced',
    bool_and(relrowsecurity AND relforcerowsecurity))
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> '_sqlx_migrations';
SELECT pg_temp.proved('every table with org_id has a tenant policy with USING and WITH CHECK',
    NOT EXISTS (
        SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'org_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant'
                              AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)));
SELECT pg_temp.proved('every key and every reference between tenant tables begins with org_id',
    NOT EXISTS (
        SELECT 1 FROM pg_constraint k
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
          JOIN pg_attribute o ON o.attrelid = k.conrelid AND o.attname = 'org_id'
         WHERE k.connamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'x', 'f') AND a.attname <> 'org_id'
           AND k.conname NOT IN ('invitations_token_hash_key', 'org_members_user_fkey', 'audit_log_impersonator_fkey')));
SELECT pg_temp.proved('every reference is covered by an index',
    NOT EXISTS (
        SELECT 1 FROM pg_constraint k
         WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
           AND NOT EXISTS (
               SELECT 1 FROM pg_index i
                WHERE i.indrelid = k.conrelid
                  AND (SELECT array_agg(x ORDER BY x) FROM unnest((i.indkey::int2[])[0:cardinality(k.conkey) - 1]) x)
                    = (SELECT array_agg(x ORDER BY x) FROM unnest(k.conkey) x))));
SELECT pg_temp.proved('no definer function is open to everybody or lacks a search_path',
    NOT EXISTS (
        SELECT 1 FROM pg_proc f
         WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef
           AND (has_function_privilege('public', f.oid, 'EXECUTE') OR f.proconfig IS NULL
                OR NOT EXISTS (SELECT 1 FROM unnest(f.proconfig) c WHERE c LIKE 'search_path=%'))));

-- Two organizations, with the same kinds of rows.
SELECT auth_register(pg_temp.id(o, 1), o || '@Example.com', o || '@example.com', 'hash', 'Owner ' || o, pg_temp.id(o, 0), 'Org ' || o)
  FROM unnest(ARRAY['a', 'b']) o \g /dev/null
INSERT INTO users (id, email, email_norm, name, password_hash)
VALUES (pg_temp.id('a', 2), 'member@a.io', 'member@a.io', 'Member A', 'hash');
INSERT INTO org_members (org_id, user_id, role, joined_at) VALUES (pg_temp.id('a', 0), pg_temp.id('a', 2), 'member', now());


SET ROLE rapport_app;
BEGIN;
SELECT pg_temp.proved('app_begin answers with the role', role = 'owner') FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1));
SELECT pg_temp.proved('is_member_of agrees with the policies', is_member_of(pg_temp.id('a', 0)) AND NOT is_member_of(pg_temp.id('b', 0)));
SELECT pg_temp.fill('a') \g /dev/null
COMMIT;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('b', 0), pg_temp.id('b', 1)) \g /dev/null
SELECT pg_temp.fill('b') \g /dev/null
COMMIT;
SET ROLE rapport_owner;
INSERT INTO activities (org_id, id, event_id, activity_type, entity_type, entity_id, description)
SELECT pg_temp.id(o, 0), pg_temp.id(o, 61), pg_temp.id(o, 60), 'created', 'deal', pg_temp.id(o, 40), 'Deal created'
  FROM unnest(ARRAY['a', 'b']) o;

-- Without a tenant. `users` has no SELECT on all columns, so it is counted by id below.
SET ROLE rapport_app;
SELECT pg_temp.proved('no table shows a row without a tenant, after transactions that had one', pg_temp.visible_rows() = 0);
SELECT pg_temp.proved('nothing can be inserted without a tenant', pg_temp.refusal(format(
    'INSERT INTO tags (org_id, id, name, name_norm) VALUES (%L, %L, %L, %3$L)', pg_temp.id('a', 0), pg_temp.id('a', 51), 'x')) = '42501');
SELECT pg_temp.proved('search finds nothing without a tenant', count(*) = 0) FROM search_records('ada', ARRAY['contact']);
SELECT pg_temp.proved('password hashes are not readable', pg_temp.refusal('SELECT password_hash FROM users') = '42501');
SELECT pg_temp.proved('worker_begin is not for the API', pg_temp.refusal(format('SELECT worker_begin(%L, NULL)', pg_temp.id('a', 0))) = '42501');
BEGIN;
SELECT pg_temp.proved('app_begin refuses a foreign user', count(*) = 0) FROM app_begin(pg_temp.id('a', 0), pg_temp.id('b', 1));
SELECT pg_temp.proved('and sets nothing', app_org() IS NULL AND pg_temp.visible_rows() = 0);
COMMIT;

-- What only reads.
BEGIN;
SELECT pg_temp.proved('app_begin lets in who only reads', role = 'owner') FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1), true);
SELECT pg_temp.proved('and then nothing is written', pg_temp.refusal(format('UPDATE deals SET name = %L', 'x')) = '25006');
ROLLBACK;

-- Organization B looks at A.
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('b', 0), pg_temp.id('b', 1)) \g /dev/null
SELECT pg_temp.proved('TENANCY-07: a foreign row is invisible', count(*) = 0) FROM deals WHERE id = pg_temp.id('a', 40);
SELECT pg_temp.proved('foreign users are invisible', count(*) = 1) FROM (SELECT id FROM users) u;
SELECT pg_temp.proved('a foreign row cannot be updated', pg_temp.rows_changed(format('UPDATE deals SET name = %L WHERE id = %L', 'x', pg_temp.id('a', 40))) = 0);
SELECT pg_temp.proved('a foreign row cannot be deleted', pg_temp.rows_changed(format('DELETE FROM deals WHERE id = %L', pg_temp.id('a', 40))) = 0);
SELECT pg_temp.proved('a row cannot be given to another organization', pg_temp.refusal(format('UPDATE deals SET org_id = %L', pg_temp.id('a', 0))) = '42501');
SELECT pg_temp.proved('TENANCY-06: a foreign company cannot be attached', pg_temp.refusal(format('UPDATE deals SET company_id = %L', pg_temp.id('a', 20))) = 'deals_company_fkey');
SELECT pg_temp.proved('a foreign owner cannot be attached', pg_temp.refusal(format('UPDATE companies SET owner_id = %L', pg_temp.id('a', 2))) = 'companies_owner_fkey');
SELECT pg_temp.proved('a foreign stage cannot be attached', pg_temp.refusal(format('UPDATE deals SET stage_id = %L', pg_temp.id('a', 11))) = 'deals_stage_fkey');
SELECT pg_temp.proved('search stays inside the organization', array_agg(entity_id) = ARRAY[pg_temp.id('b', 30)]) FROM search_records('lovelace', ARRAY['contact']);
COMMIT;

-- Roles inside an organization.
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 2)) \g /dev/null
SELECT pg_temp.proved('TENANCY-04: a member cannot delete a record for good', pg_temp.rows_changed('DELETE FROM deals') + pg_temp.rows_changed('DELETE FROM companies')
    + pg_temp.rows_changed('DELETE FROM contacts') + pg_temp.rows_changed('DELETE FROM tags') + pg_temp.rows_changed('DELETE FROM pipeline_stages') = 0);
SELECT pg_temp.proved('but removes a link', pg_temp.rows_changed('DELETE FROM deal_contacts') = 1);
SELECT pg_temp.proved('a member cannot change another membership', pg_temp.rows_changed(format('UPDATE org_members SET role = %L WHERE user_id = %L', 'viewer', pg_temp.id('a', 1))) = 0);
SELECT pg_temp.proved('a member cannot delete the organization', pg_temp.rows_changed('DELETE FROM organizations') = 0);
SELECT pg_temp.proved('a member cannot invite', pg_temp.refusal('SELECT invite_member(gen_random_uuid(), ''x@y.z'', ''x@y.z'', ''X'', ''member'')') = '42501');
ROLLBACK;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
SELECT pg_temp.proved('AUTH-32: the last owner can be neither demoted nor removed',
    pg_temp.refusal(format('UPDATE org_members SET role = %L WHERE user_id = %L', 'admin', pg_temp.id('a', 1))) = 'org_members_last_owner_check'
    AND pg_temp.refusal(format('UPDATE org_members SET removed_at = now() WHERE user_id = %L', pg_temp.id('a', 1))) = 'org_members_last_owner_check');
SELECT pg_temp.proved('PIPELINE-03, -05: a stage or pipeline with deals is not deleted',
    pg_temp.refusal('DELETE FROM pipelines') = 'deals_stage_fkey' AND pg_temp.refusal('DELETE FROM pipeline_stages') = 'deals_stage_fkey');
SELECT pg_temp.proved('DEAL-05: total is amount less discount plus tax', total_minor = 950) FROM deals;
SELECT pg_temp.proved('TAG-06: usage is counted over all record types', usage_count = 3) FROM tags;
UPDATE pipeline_stages SET position = 1 - position;
UPDATE pipeline_stages SET position = 5;
SELECT pg_temp.proved('stage positions may clash inside a transaction, not at its end', pg_temp.refusal('SELECT 1') = 'pipeline_stages_position_key');
ROLLBACK;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
UPDATE pipeline_stages SET is_closed_won = NOT is_closed_won;
SELECT pg_temp.proved('the won flag moves in one statement', pg_temp.refusal('SELECT 1') = 'accepted');
SELECT pg_temp.proved('two won stages are refused', pg_temp.refusal('UPDATE pipeline_stages SET is_closed_won = true') = 'pipeline_stages_closed_won_key');
SELECT pg_temp.proved('CONTACT-04: a second live contact with the address is refused', pg_temp.refusal(format(
    'INSERT INTO contacts (org_id, id, first_name, email, email_norm) VALUES (%L, %L, ''Al'', ''ADA@acme.io'', ''ada@acme.io'')', pg_temp.id('a', 0), pg_temp.id('a', 31))) = 'contacts_email_live_key');
SELECT pg_temp.proved('TIMELINE-10: the API cannot write the timeline', pg_temp.refusal('INSERT INTO activities (org_id) VALUES (NULL)') = '42501'
    AND pg_temp.refusal('UPDATE activities SET description = ''x''') = '42501' AND pg_temp.refusal('DELETE FROM activities') = '42501');
SELECT pg_temp.proved('AUDIT-05: the API cannot change the audit log', pg_temp.refusal('UPDATE audit_log SET action = ''x''') = '42501'
    AND pg_temp.refusal('DELETE FROM audit_log') = '42501');
SELECT pg_temp.proved('events are only appended', pg_temp.refusal('UPDATE domain_events SET attempts = 1') = '42501'
    AND pg_temp.refusal('DELETE FROM domain_events') = '42501');
SELECT pg_temp.proved('numbers are reserved in blocks', next_counter('deals', 100) = 2 AND next_counter('deals') = 102);
DELETE FROM companies;
SELECT pg_temp.proved('deleting a company keeps its contacts and deals', (SELECT count(*) FROM companies) = 0
    AND (SELECT count(*) FROM contacts WHERE company_id IS NULL) = 1 AND (SELECT count(*) FROM deals WHERE company_id IS NULL AND stage_id IS NOT NULL) = 1
    AND (SELECT usage_count FROM tags) = 2);
ROLLBACK;
SET ROLE rapport_owner;

-- What all rows of a statement refer to.
SET ROLE rapport_app;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('b', 0), pg_temp.id('b', 1)) \g /dev/null
SELECT pg_temp.proved('an event names a member of its organization', pg_temp.refusal(format(
    'INSERT INTO domain_events (org_id, id, type, entity, payload, actor_id) VALUES (%L, %L, ''deal.created'', ''deal'', ''{}'', %L)',
    pg_temp.id('b', 0), pg_temp.id('b', 62), pg_temp.id('a', 2))) = 'domain_events_actor_fkey');
SELECT pg_temp.proved('the queue takes events from nobody but their own table', pg_temp.refusal(format(
    'INSERT INTO event_queue (org_id, event_id) VALUES (%L, %L)', pg_temp.id('b', 0), pg_temp.id('b', 62))) = '42501');
ROLLBACK;
SET ROLE rapport_owner;
SELECT pg_temp.proved('there are no events, timelines and search documents without an organization',
    pg_temp.refusal(format('INSERT INTO domain_events (org_id, id, type, entity, payload) VALUES (%L, %L, ''deal.created'', ''deal'', ''{}'')',
        pg_temp.id('c', 0), pg_temp.id('c', 62))) = 'domain_events_org_fkey'
    AND pg_temp.refusal(format('INSERT INTO activities (org_id, id, event_id, activity_type, entity_type, entity_id, description) VALUES (%L, %L, %L, ''created'', ''deal'', %L, ''x'')',
        pg_temp.id('c', 0), pg_temp.id('c', 61), pg_temp.id('c', 60), pg_temp.id('c', 40))) = 'activities_org_fkey'
    AND pg_temp.refusal(format('INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle) VALUES (%L, ''deal'', %L, ''x'', '''')',
        pg_temp.id('c', 0), pg_temp.id('c', 40))) = 'search_documents_org_fkey');

-- The worker.
SET ROLE rapport_worker;
SELECT pg_temp.proved('the relay reads events of all organizations', count(*) = 2) FROM domain_events;
SELECT pg_temp.proved('and the queue of them', count(*) = 2) FROM event_queue;
SELECT pg_temp.proved('and nothing else', pg_temp.visible_rows() = 4);
SELECT pg_temp.proved('outside an organization it changes nothing', pg_temp.rows_changed('UPDATE domain_events SET attempts = 1') = 0
    AND pg_temp.rows_changed('DELETE FROM event_queue') = 0);
SELECT pg_temp.proved('but changes no event', pg_temp.refusal('UPDATE domain_events SET payload = ''{}''') = '42501' AND pg_temp.refusal('DELETE FROM domain_events') = '42501');
SELECT pg_temp.proved('app_begin is not for the worker', pg_temp.refusal(format('SELECT app_begin(%L, %L)', pg_temp.id('a', 0), pg_temp.id('a', 1))) = '42501');
BEGIN;
SELECT 1 FROM worker_begin(pg_temp.id('a', 0), pg_temp.id('a', 2)) \g /dev/null
INSERT INTO activities (org_id, id, event_id, activity_type, entity_type, entity_id, description)
VALUES (pg_temp.id('a', 0), pg_temp.id('a', 62), pg_temp.id('a', 60), 'created', 'deal', pg_temp.id('a', 40), 'again') ON CONFLICT DO NOTHING;
SELECT pg_temp.proved('EVENT-06: an event is projected once', count(*) = 1) FROM activities;
SELECT pg_temp.proved('the worker cannot rewrite the timeline', pg_temp.refusal('UPDATE activities SET description = ''x''') = '42501');
SELECT pg_temp.proved('an imported owner can be invited', invite_member(pg_temp.id('a', 3), 'Jo@a.io', 'jo@a.io', 'Jo', 'member') = pg_temp.id('a', 3));
UPDATE deals SET owner_id = pg_temp.id('a', 3);
SELECT pg_temp.proved('a pending member owns records, yet is no visible user', count(*) = 0) FROM (SELECT id FROM users WHERE id = pg_temp.id('a', 3)) u;
COMMIT;
SET ROLE rapport_owner;

-- Invitations.
SET ROLE rapport_app;
SELECT pg_temp.proved('a pending member has no way in', count(*) = 0) FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 3));
SELECT pg_temp.proved('an invitation shows what it is', org_name = 'Org a' AND status = 'pending' AND NOT coalesce(has_account, false)) FROM auth_invitation_by_token('token-a');
SELECT pg_temp.proved('AUTH-34: it creates the user', role = 'manager' AND user_id = pg_temp.id('a', 4)) FROM auth_accept_invitation('token-a', pg_temp.id('a', 4), 'New', 'hash');
SELECT pg_temp.proved('and works once', count(*) = 0) FROM auth_accept_invitation('token-a', pg_temp.id('a', 5), 'New', 'hash');
SELECT pg_temp.proved('memberships are listed', count(*) = 1) FROM auth_memberships(pg_temp.id('a', 4));
SELECT pg_temp.proved('an account cannot be taken over through an invitation', pg_temp.refusal('SELECT 1 FROM auth_register(gen_random_uuid(), ''new@a.io'', ''new@a.io'', ''h'', ''N'', gen_random_uuid(), ''O'')') = 'users_email_key');
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
UPDATE org_members SET removed_at = now() WHERE user_id = pg_temp.id('a', 4);
INSERT INTO invitations (org_id, id, email, email_norm, role, token_hash, expires_at)
VALUES (pg_temp.id('a', 0), pg_temp.id('a', 81), 'new@a.io', 'new@a.io', 'viewer', 'token-a2', now() + interval '1 day');
COMMIT;
SELECT pg_temp.proved('AUTH-30: a removed member is out at once', count(*) = 0) FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 4));
SELECT pg_temp.proved('an existing account needs its own sign-in', count(*) = 0) FROM auth_accept_invitation('token-a2', pg_temp.id('b', 1), NULL, NULL);
SELECT pg_temp.proved('and joins again with the invited role', role = 'viewer') FROM auth_accept_invitation('token-a2', pg_temp.id('a', 4), NULL, NULL);
SELECT pg_temp.proved('which counts from the next transaction', role = 'viewer') FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 4));
SET ROLE rapport_owner;

-- Search uses its index.
INSERT INTO search_documents (org_id, entity_type, entity_id, title, subtitle, keywords)
SELECT pg_temp.id(CASE WHEN g % 2 = 0 THEN 'a' ELSE 'b' END, 0), 'contact', gen_random_uuid(),
       initcap(substr(md5(g::text), 1, 6)) || ' ' || initcap(substr(md5('n' || g % 5000), 1, 8)), 'Company ' || g % 900,
       substr(md5(g::text), 1, 6) || '@example.com +1' || (2000000000 + g * 7919::bigint)
  FROM generate_series(1, 20000) g;
INSERT INTO search_documents (org_id, entity_type, entity_id, title, keywords)
SELECT pg_temp.id('a', 0), 'company', gen_random_uuid(), n, lower(n) || '.com'
  FROM unnest(ARRAY['Gottlieb and Sons', 'Café Müller', 'Isdom', '100% Wool', 'John Deere', 'Müller Gottlieb']) n;
ANALYZE search_documents;
SET ROLE rapport_app;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
SELECT pg_temp.proved('search: ' || what, found = wanted)
  FROM (VALUES ('exact before word', pg_temp.first_hit('gottlieb'), 'Gottlieb and Sons'),
               ('misspelt', pg_temp.first_hit('gottleib sons'), 'Gottlieb and Sons'),
               ('letters exchanged', pg_temp.first_hit('jonh deere'), 'John Deere'),
               ('without accents', pg_temp.first_hit('cafe muller'), 'Café Müller'),
               ('any order', pg_temp.first_hit('sons gottl'), 'Gottlieb and Sons'),
               ('inside a word', pg_temp.first_hit('sdom'), 'Isdom'),
               ('wildcards are text', pg_temp.first_hit('100%'), '100% Wool'),
               ('by address', pg_temp.first_hit('ada@acme.io'), 'Ada Lovelace'),
               ('by a part of an address', pg_temp.first_hit('acme.io'), 'Ada Lovelace'),
               ('by phone', pg_temp.first_hit('(415) 555-0100'), 'Ada Lovelace'),
               ('by the end of a phone number', pg_temp.first_hit('5550100'), 'Ada Lovelace')) t (what, found, wanted);
SELECT pg_temp.proved('search: an underscore matches itself only', count(*) = 0) FROM search_records('_', ARRAY['company', 'contact']);
SELECT pg_temp.proved('search: list search is complete', count(*) = 2)
  FROM search_condition('gottlieb', 'company') c, search_ids(c.index, c.query, c.parts, 'company');
SELECT pg_temp.proved('search: and finds what is inside of words', count(*) = 2)
  FROM search_condition('lieb', 'company') c, search_ids(c.index, c.query, c.parts, 'company');
SELECT pg_temp.proved('search: a condition of another organization finds nothing there', count(*) = 0)
  FROM search_ids('''' || search_mark(pg_temp.id('b', 0), 'contact') || 'lovelace'':*', NULL, '{}', 'contact');
COMMIT;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
SELECT pg_stat_get_xact_numscans('search_documents'::regclass) AS before \gset
SELECT count(*) FROM search_records('lovelace', ARRAY['contact']) \g /dev/null
SELECT pg_temp.proved('search reads no table from end to end', pg_stat_get_xact_numscans('search_documents'::regclass) = :before);
COMMIT;
SET ROLE rapport_owner;

-- The latest documents are those of one import, of which each is from Berlin, and none of the others is.
INSERT INTO search_documents (org_id, entity_type, entity_id, title)
SELECT pg_temp.id('a', 0), 'contact', gen_random_uuid(), 'Berlin ' || initcap(substr(md5('i' || g), 1, 6)) FROM generate_series(1, 4000) g;
INSERT INTO record_counts (org_id, entity, live) VALUES (pg_temp.id('a', 0), 'contact', 100000);
ANALYZE search_documents;
SET ROLE rapport_app;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
SELECT pg_temp.proved('search: what the latest have in common is not taken for what all have', about BETWEEN 3500 AND 4500)
  FROM search_condition('berlin', 'contact');
COMMIT;
SET ROLE rapport_owner;

-- The vocabulary follows the documents.
SELECT pg_temp.proved('search learns words', count(*) = 2) FROM search_vocabulary WHERE word = 'lovelace';
UPDATE search_documents SET title = 'Ada Byron' WHERE entity_id = pg_temp.id('a', 30);
SELECT pg_temp.proved('and forgets, one organization after another', forget_words('00000000-0000-0000-0000-000000000000') = pg_temp.id('a', 0)
    AND forget_words(pg_temp.id('a', 0)) = pg_temp.id('b', 0) AND forget_words(pg_temp.id('b', 0)) IS NULL);
SELECT pg_temp.proved('the words that nothing has any more', array_agg(org_id || word ORDER BY word)
    = ARRAY[pg_temp.id('a', 0) || 'byron', pg_temp.id('b', 0) || 'lovelace']) FROM search_vocabulary WHERE word IN ('lovelace', 'byron');

-- TENANCY-11: the owner deletes the organization with everything in it.
SET ROLE rapport_app;
BEGIN;
SELECT 1 FROM app_begin(pg_temp.id('a', 0), pg_temp.id('a', 1)) \g /dev/null
SELECT pg_temp.proved('TENANCY-11: the owner deletes the organization', pg_temp.rows_changed('DELETE FROM organizations') = 1);
COMMIT;
SET ROLE rapport_owner;
SELECT pg_temp.proved('and all its rows, no others', (SELECT count(*) FROM deals) = 1 AND (SELECT count(*) FROM org_members WHERE org_id = pg_temp.id('a', 0)) = 0
    AND (SELECT count(*) FROM audit_log) = 1);
SELECT pg_temp.proved('what is only appended goes with its organization, too',
    NOT EXISTS (SELECT FROM event_queue WHERE org_id = pg_temp.id('a', 0)) AND EXISTS (SELECT FROM event_queue)
    AND NOT EXISTS (SELECT FROM domain_events WHERE org_id = pg_temp.id('a', 0)) AND EXISTS (SELECT FROM domain_events)
    AND NOT EXISTS (SELECT FROM activities WHERE org_id = pg_temp.id('a', 0)) AND EXISTS (SELECT FROM activities)
    AND NOT EXISTS (SELECT FROM search_documents WHERE org_id = pg_temp.id('a', 0)) AND EXISTS (SELECT FROM search_documents));
