-- Foundation: extensions, tenant settings, text normalisation and the helpers that put row-level
-- security on a table. Run by rapport_owner, which owns the database and is no superuser.

DO $$
BEGIN
    IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('rapport_owner', 'rapport_app', 'rapport_worker')) < 3 THEN
        RAISE EXCEPTION 'The roles rapport_owner, rapport_app and rapport_worker must exist before migrating.';
    END IF;
    IF current_user <> 'rapport_owner' THEN
        RAISE EXCEPTION 'Migrations run as rapport_owner, not as %.', current_user;
    END IF;
END
$$;

-- All three are trusted: the owner of the database may create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm   WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent  WITH SCHEMA public;

-- A function of ours is executable by nobody until a migration grants it. Definer functions would
-- otherwise be open to every role by default.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The settings of the current tenant transaction. After a transaction that set it, a custom setting
-- is '' and not NULL, hence nullif: an unset tenant compares as NULL and matches no row.
CREATE FUNCTION app_org() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.org_id', true), '')::uuid;
COMMENT ON FUNCTION app_org() IS 'Organization of this transaction, set by app_begin or worker_begin; NULL outside one.';

CREATE FUNCTION app_user() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.user_id', true), '')::uuid;
COMMENT ON FUNCTION app_user() IS 'Acting user of this transaction; NULL when the system acts.';

CREATE FUNCTION app_role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.role', true), '');
COMMENT ON FUNCTION app_role() IS 'Membership role of the acting user, ''worker'' in a job, '''' outside a tenant transaction.';

-- The shared predicate of TENANCY-03. It does not look at org_members again: app_begin verified the
-- membership once, when it set app.org_id, and a policy must stay a plain comparison to use an index.
-- Policies spell the same test as `org_id = (SELECT app_org())`: the sub-select is evaluated once per
-- statement, where this function would be evaluated for each row of a sequential scan.
CREATE FUNCTION is_member_of(org uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(org = nullif(current_setting('app.org_id', true), '')::uuid, false);
COMMENT ON FUNCTION is_member_of(uuid) IS 'Whether the acting user works in this organization; true only after app_begin verified it.';

-- Lower case, no accents, single blanks: the one normalisation of searchable text. unaccent(text) is
-- only STABLE because its dictionary could be swapped; naming the dictionary makes it safe to index.
CREATE FUNCTION norm_text(p_text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN btrim(regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, p_text) COLLATE "und-x-icu"),
        '\s+', ' ', 'g'));
COMMENT ON FUNCTION norm_text(text) IS 'Text as search and name matching compare it.';

GRANT EXECUTE ON FUNCTION app_org(), app_user(), app_role(), is_member_of(uuid), norm_text(text)
    TO rapport_app, rapport_worker;

-- Row-level security for a tenant table: enabled and forced, rows of the current organization for the
-- servers' roles, every row for the owner (definer functions and migrations run as the owner; without
-- this policy FORCE would hide the rows from them too). Call it in the migration that creates the table.
CREATE FUNCTION tenant_table(
    p_table regclass,
    p_app_privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE',
    p_worker_privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE'
) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_table);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);
    EXECUTE format('CREATE POLICY tenant ON %s TO rapport_app, rapport_worker'
        ' USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()))', p_table);
    EXECUTE format('CREATE POLICY owner_all ON %s TO rapport_owner USING (true) WITH CHECK (true)', p_table);
    EXECUTE format('GRANT %s ON %s TO rapport_app', p_app_privileges, p_table);
    EXECUTE format('GRANT %s ON %s TO rapport_worker', p_worker_privileges, p_table);
END
$$;
COMMENT ON FUNCTION tenant_table(regclass, text, text) IS 'Puts the tenant policies and grants on a new table; for migrations only.';

-- A tenant table whose rows are records: hard deletion needs the role owner or admin (TENANCY-04).
CREATE FUNCTION record_table(p_table regclass) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM tenant_table(p_table);
    EXECUTE format('CREATE POLICY hard_delete ON %s AS RESTRICTIVE FOR DELETE TO rapport_app, rapport_worker'
        ' USING ((SELECT app_role()) IN (''owner'', ''admin''))', p_table);
END
$$;
COMMENT ON FUNCTION record_table(regclass) IS 'tenant_table plus the rule that only owner and admin delete for good; for migrations only.';

-- Readiness check: the newest migration that was applied successfully, NULL when there is none.
CREATE FUNCTION schema_version() RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_version bigint;
BEGIN
    IF to_regclass('public._sqlx_migrations') IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT max(m.version) INTO v_version FROM public._sqlx_migrations m WHERE m.success;
    RETURN v_version;
END
$$;
COMMENT ON FUNCTION schema_version() IS 'Version of the newest applied migration, for readiness checks.';
GRANT EXECUTE ON FUNCTION schema_version() TO rapport_app, rapport_worker;
