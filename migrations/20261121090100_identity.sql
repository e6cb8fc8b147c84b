-- Organizations, users, memberships, invitations, and the two doors into a tenant transaction.

CREATE TABLE organizations (
    id          uuid        NOT NULL,
    name        text        NOT NULL COLLATE "und-x-icu",
    settings    jsonb       NOT NULL DEFAULT '{}',
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT organizations_pkey PRIMARY KEY (id),
    CONSTRAINT organizations_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT organizations_settings_check CHECK (jsonb_typeof(settings) = 'object')
);

-- Global: a person belongs to no organization by itself. password_hash is NULL for somebody who was
-- invited and has not accepted yet; such a user cannot sign in.
CREATE TABLE users (
    id             uuid        NOT NULL,
    email          text        NOT NULL,
    email_norm     text        NOT NULL,
    password_hash  text,
    name           text        NOT NULL COLLATE "und-x-icu",
    avatar_url     text,
    is_superadmin  boolean     NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_key UNIQUE (email_norm),
    CONSTRAINT users_email_check CHECK (char_length(email) BETWEEN 3 AND 255),
    CONSTRAINT users_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT users_avatar_url_check CHECK (char_length(avatar_url) <= 2000)
);

-- The row of a removed member stays, because records refer to it. joined_at is NULL while an invited
-- person has not accepted: such a row can own records (import) but opens nothing.
CREATE TABLE org_members (
    org_id                uuid        NOT NULL,
    user_id               uuid        NOT NULL,
    role                  text        NOT NULL,
    permission_overrides  jsonb       NOT NULL DEFAULT '{}',
    preferences           jsonb       NOT NULL DEFAULT '{}',
    invited_name          text,
    joined_at             timestamptz,
    removed_at            timestamptz,
    version               integer     NOT NULL DEFAULT 1,
    created_at            timestamptz NOT NULL DEFAULT now(),
    updated_at            timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT org_members_pkey PRIMARY KEY (org_id, user_id),
    CONSTRAINT org_members_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT org_members_user_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT org_members_role_check CHECK (role IN ('owner', 'admin', 'manager', 'member', 'viewer')),
    CONSTRAINT org_members_permission_overrides_check CHECK (jsonb_typeof(permission_overrides) = 'object'),
    CONSTRAINT org_members_preferences_check CHECK (jsonb_typeof(preferences) = 'object'),
    CONSTRAINT org_members_invited_name_check CHECK (char_length(invited_name) BETWEEN 1 AND 200)
);
COMMENT ON COLUMN org_members.invited_name IS 'Name given by the inviter, shown until the person has joined.';
COMMENT ON COLUMN org_members.preferences IS 'What the web app remembers for this person in this organization.';
-- Memberships of one user, across organizations, at sign-in.
CREATE INDEX org_members_user_idx ON org_members (user_id, org_id);

CREATE TABLE invitations (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    email        text        NOT NULL,
    email_norm   text        NOT NULL,
    role         text        NOT NULL,
    status       text        NOT NULL DEFAULT 'pending',
    token_hash   text        NOT NULL,
    invited_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    accepted_at  timestamptz,
    CONSTRAINT invitations_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT invitations_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (org_id, invited_by) REFERENCES org_members (org_id, user_id),
    -- Global on purpose: the token alone leads to the organization. It is the digest of a random value,
    -- so that a clash tells nothing about another tenant.
    CONSTRAINT invitations_token_hash_key UNIQUE (token_hash),
    CONSTRAINT invitations_email_check CHECK (char_length(email) BETWEEN 3 AND 255),
    CONSTRAINT invitations_role_check CHECK (role IN ('owner', 'admin', 'manager', 'member', 'viewer')),
    CONSTRAINT invitations_status_check CHECK (status IN ('pending', 'accepted', 'revoked', 'expired'))
);
CREATE UNIQUE INDEX invitations_pending_email_key ON invitations (org_id, email_norm) WHERE status = 'pending';
CREATE INDEX invitations_org_created_idx ON invitations (org_id, created_at DESC, id DESC);
CREATE INDEX invitations_invited_by_idx ON invitations (org_id, invited_by);

-- Policies. Membership rows are written by the auth functions only; the servers change role, overrides,
-- preferences and removal, and never delete one.
SELECT tenant_table('org_members', 'SELECT, UPDATE', 'SELECT');
CREATE POLICY member_change ON org_members AS RESTRICTIVE FOR UPDATE TO rapport_app
    USING ((SELECT app_role()) IN ('owner', 'admin') OR user_id = (SELECT app_user()));

SELECT tenant_table('invitations', 'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE');

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations TO rapport_app, rapport_worker
    USING (id = (SELECT app_org())) WITH CHECK (id = (SELECT app_org()));
CREATE POLICY owner_deletes ON organizations AS RESTRICTIVE FOR DELETE TO rapport_app
    USING ((SELECT app_role()) = 'owner');
CREATE POLICY owner_all ON organizations TO rapport_owner USING (true) WITH CHECK (true);
GRANT SELECT, DELETE, UPDATE (name, settings, version, updated_at) ON organizations TO rapport_app;
GRANT SELECT ON organizations TO rapport_worker;

-- A user is visible to the organizations that he or she has joined, former members included, so that
-- old records still show a name. Secrets are left out by column grants: SELECT * is refused.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users FOR SELECT TO rapport_app, rapport_worker
    USING (EXISTS (
        SELECT 1 FROM org_members m
        WHERE m.org_id = (SELECT app_org()) AND m.user_id = users.id AND m.joined_at IS NOT NULL));
CREATE POLICY owner_all ON users TO rapport_owner USING (true) WITH CHECK (true);
GRANT SELECT (id, email, email_norm, name, avatar_url, is_superadmin, created_at, updated_at)
    ON users TO rapport_app, rapport_worker;

-- AUTH-32: an organization keeps at least one owner. The lock on the organization makes two owners who
-- demote each other at the same moment wait for one another.
CREATE FUNCTION org_members_keep_owner() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM 1 FROM organizations o WHERE o.id = OLD.org_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL; -- the organization itself is being deleted
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM org_members m
        WHERE m.org_id = OLD.org_id AND m.role = 'owner' AND m.removed_at IS NULL AND m.joined_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'An organization needs at least one owner.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'org_members_last_owner_check', TABLE = 'org_members';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER org_members_keep_owner AFTER UPDATE OR DELETE ON org_members
    FOR EACH ROW WHEN (OLD.role = 'owner' AND OLD.removed_at IS NULL AND OLD.joined_at IS NOT NULL)
    EXECUTE FUNCTION org_members_keep_owner();

-- Opens a tenant transaction for a request, in one round trip: checks the membership, then sets the
-- tenant, the actor, the role and the time limits until the end of the transaction. No row and no
-- setting when the user is not an active member. transaction_read_only can be switched on for reads.
CREATE FUNCTION app_begin(p_org uuid, p_user uuid, p_read_only boolean DEFAULT false)
    RETURNS TABLE (role text, permission_overrides jsonb, settings jsonb)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_role      text;
    v_overrides jsonb;
    v_settings  jsonb;
BEGIN
    SELECT m.role, m.permission_overrides, o.settings
      INTO v_role, v_overrides, v_settings
      FROM org_members m
      JOIN organizations o ON o.id = m.org_id
     WHERE m.org_id = p_org AND m.user_id = p_user AND m.removed_at IS NULL AND m.joined_at IS NOT NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('app.org_id', p_org::text, true),
            set_config('app.user_id', p_user::text, true),
            set_config('app.role', v_role, true),
            set_config('statement_timeout', '15s', true),
            set_config('lock_timeout', '5s', true),
            set_config('idle_in_transaction_session_timeout', '30s', true);
    IF p_read_only THEN
        PERFORM set_config('transaction_read_only', 'on', true);
    END IF;
    RETURN QUERY SELECT v_role, v_overrides, v_settings;
END
$$;
COMMENT ON FUNCTION app_begin(uuid, uuid, boolean) IS 'Door into a tenant transaction for a request of a member.';
GRANT EXECUTE ON FUNCTION app_begin(uuid, uuid, boolean) TO rapport_app;

-- The same for a background job, which acts with the role 'worker' on behalf of an actor, or of nobody.
-- No row and no setting when the organization no longer exists.
CREATE FUNCTION worker_begin(p_org uuid, p_actor uuid)
    RETURNS TABLE (settings jsonb)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_settings jsonb;
BEGIN
    SELECT o.settings INTO v_settings FROM organizations o WHERE o.id = p_org;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('app.org_id', p_org::text, true),
            set_config('app.user_id', coalesce(p_actor::text, ''), true),
            set_config('app.role', 'worker', true),
            set_config('statement_timeout', '120s', true),
            set_config('lock_timeout', '15s', true),
            set_config('idle_in_transaction_session_timeout', '120s', true);
    RETURN QUERY SELECT v_settings;
END
$$;
COMMENT ON FUNCTION worker_begin(uuid, uuid) IS 'Door into a tenant transaction for a background job.';
GRANT EXECUTE ON FUNCTION worker_begin(uuid, uuid) TO rapport_worker;
