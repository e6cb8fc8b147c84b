-- The sanctioned reads and writes outside a tenant: sign-in, registration, invitations. The servers have
-- no grants on these rows beyond what row-level security shows them; each function answers one narrow
-- question. e-mail addresses are passed as the API normalised them (`p_email_norm`).

CREATE FUNCTION auth_user_by_email(p_email_norm text)
    RETURNS TABLE (id uuid, email text, name text, avatar_url text, password_hash text, is_superadmin boolean)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT u.id, u.email, u.name, u.avatar_url, u.password_hash, u.is_superadmin
      FROM users u WHERE u.email_norm = p_email_norm
$$;
COMMENT ON FUNCTION auth_user_by_email(text) IS 'Sign-in lookup. A NULL password_hash is somebody who was invited and never accepted.';

CREATE FUNCTION auth_user_by_id(p_user uuid)
    RETURNS TABLE (id uuid, email text, name text, avatar_url text, password_hash text, is_superadmin boolean)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT u.id, u.email, u.name, u.avatar_url, u.password_hash, u.is_superadmin
      FROM users u WHERE u.id = p_user
$$;
COMMENT ON FUNCTION auth_user_by_id(uuid) IS 'The signed-in user, for who-am-I and for a change of password.';

CREATE FUNCTION auth_memberships(p_user uuid)
    RETURNS TABLE (org_id uuid, org_name text, role text, joined_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 5
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT m.org_id, o.name, m.role, m.joined_at
      FROM org_members m JOIN organizations o ON o.id = m.org_id
     WHERE m.user_id = p_user AND m.removed_at IS NULL AND m.joined_at IS NOT NULL
     ORDER BY m.joined_at, m.org_id
$$;
COMMENT ON FUNCTION auth_memberships(uuid) IS 'Organizations in which the user can work now, oldest membership first.';

-- Creates user, organization and owner membership. Somebody who was only ever invited to other
-- organizations keeps that user id and now gets a password; a known address violates users_email_key.
CREATE FUNCTION auth_register(
    p_user uuid, p_email text, p_email_norm text, p_password_hash text, p_name text,
    p_org uuid, p_org_name text, p_settings jsonb DEFAULT '{}'
) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_user uuid;
BEGIN
    UPDATE users u SET password_hash = p_password_hash, name = p_name, email = p_email, updated_at = now()
     WHERE u.email_norm = p_email_norm AND u.password_hash IS NULL
    RETURNING u.id INTO v_user;
    IF v_user IS NULL THEN
        INSERT INTO users (id, email, email_norm, password_hash, name)
        VALUES (p_user, p_email, p_email_norm, p_password_hash, p_name)
        RETURNING users.id INTO v_user;
    END IF;
    INSERT INTO organizations (id, name, settings) VALUES (p_org, p_org_name, p_settings);
    INSERT INTO org_members (org_id, user_id, role, joined_at) VALUES (p_org, v_user, 'owner', now());
    RETURN v_user;
END
$$;
COMMENT ON FUNCTION auth_register(uuid, text, text, text, text, uuid, text, jsonb) IS 'Registration; returns the id of the user. Open the tenant with app_begin afterwards.';

CREATE FUNCTION auth_update_user(p_user uuid, p_name text, p_avatar_url text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE users u SET name = p_name, avatar_url = p_avatar_url, updated_at = now() WHERE u.id = p_user;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION auth_update_user(uuid, text, text) IS 'Own profile; both values are stored as given. False when there is no such user.';

CREATE FUNCTION auth_set_password_hash(p_user uuid, p_password_hash text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE users u SET password_hash = p_password_hash, updated_at = now() WHERE u.id = p_user;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION auth_set_password_hash(uuid, text) IS 'New or re-hashed password. False when there is no such user.';

CREATE FUNCTION auth_invitation_by_token(p_token_hash text)
    RETURNS TABLE (
        id uuid, org_id uuid, org_name text, email text, email_norm text, role text, status text,
        expires_at timestamptz, inviter_name text, invited_name text, has_account boolean
    )
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT i.id, i.org_id, o.name, i.email, i.email_norm, i.role,
           CASE WHEN i.status = 'pending' AND i.expires_at <= now() THEN 'expired' ELSE i.status END,
           i.expires_at, b.name, m.invited_name, u.password_hash IS NOT NULL
      FROM invitations i
      JOIN organizations o ON o.id = i.org_id
      LEFT JOIN users b ON b.id = i.invited_by
      LEFT JOIN users u ON u.email_norm = i.email_norm
      LEFT JOIN org_members m ON m.org_id = i.org_id AND m.user_id = u.id
     WHERE i.token_hash = p_token_hash
$$;
COMMENT ON FUNCTION auth_invitation_by_token(text) IS 'What the acceptance page shows; has_account: the person signs in instead of choosing a password.';

-- Accepts an invitation once. Somebody without an account gets one (p_user, p_name, p_password_hash).
-- Somebody with an account must be signed in: p_user is that account, p_password_hash is NULL. No row
-- when the invitation is not open any more, or when the account is not the invited address.
CREATE FUNCTION auth_accept_invitation(p_token_hash text, p_user uuid, p_name text, p_password_hash text)
    RETURNS TABLE (org_id uuid, user_id uuid, role text, invitation_id uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 1
    SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_invitation invitations%ROWTYPE;
    v_user       users%ROWTYPE;
    v_role       text;
BEGIN
    SELECT * INTO v_invitation FROM invitations i
     WHERE i.token_hash = p_token_hash AND i.status = 'pending' AND i.expires_at > now()
       FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    SELECT * INTO v_user FROM users u WHERE u.email_norm = v_invitation.email_norm FOR UPDATE;
    IF NOT FOUND THEN
        IF p_password_hash IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO users (id, email, email_norm, password_hash, name)
        VALUES (p_user, v_invitation.email, v_invitation.email_norm, p_password_hash, p_name)
        RETURNING * INTO v_user;
    ELSIF v_user.password_hash IS NULL THEN
        IF p_password_hash IS NULL THEN
            RETURN;
        END IF;
        UPDATE users u SET password_hash = p_password_hash, name = p_name, updated_at = now() WHERE u.id = v_user.id;
    ELSIF p_password_hash IS NOT NULL OR v_user.id IS DISTINCT FROM p_user THEN
        RETURN;
    END IF;

    UPDATE invitations i SET status = 'accepted', accepted_at = now()
     WHERE i.org_id = v_invitation.org_id AND i.id = v_invitation.id;

    -- An active member keeps the role; a pending or removed one takes the invited role.
    INSERT INTO org_members AS m (org_id, user_id, role, joined_at)
    VALUES (v_invitation.org_id, v_user.id, v_invitation.role, now())
    ON CONFLICT ON CONSTRAINT org_members_pkey DO UPDATE
       SET role = excluded.role, permission_overrides = '{}', joined_at = now(), removed_at = NULL,
           version = m.version + 1, updated_at = now()
     WHERE m.joined_at IS NULL OR m.removed_at IS NOT NULL;
    SELECT m.role INTO v_role FROM org_members m
     WHERE m.org_id = v_invitation.org_id AND m.user_id = v_user.id;
    RETURN QUERY SELECT v_invitation.org_id, v_user.id, v_role, v_invitation.id;
END
$$;
COMMENT ON FUNCTION auth_accept_invitation(text, uuid, text, text) IS 'Turns an open invitation into a membership, once.';

-- Makes an invited person known to the current organization before acceptance, so that imported records
-- can already belong to him or her. Returns the user id: an existing member''s, or a pending one''s.
CREATE FUNCTION invite_member(p_user uuid, p_email text, p_email_norm text, p_name text, p_role text) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_org  uuid := app_org();
    v_user uuid;
BEGIN
    IF v_org IS NULL OR app_role() NOT IN ('owner', 'admin', 'worker') THEN
        RAISE EXCEPTION 'Only an owner or admin invites members.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO users (id, email, email_norm, name) VALUES (p_user, p_email, p_email_norm, p_name)
    ON CONFLICT ON CONSTRAINT users_email_key DO NOTHING;
    SELECT u.id INTO v_user FROM users u WHERE u.email_norm = p_email_norm;
    INSERT INTO org_members (org_id, user_id, role, invited_name) VALUES (v_org, v_user, p_role, p_name)
    ON CONFLICT ON CONSTRAINT org_members_pkey DO NOTHING;
    RETURN v_user;
END
$$;
COMMENT ON FUNCTION invite_member(uuid, text, text, text, text) IS 'Adds a pending member; the invitation itself is a row of invitations.';

GRANT EXECUTE ON FUNCTION
    auth_user_by_email(text), auth_user_by_id(uuid), auth_memberships(uuid),
    auth_register(uuid, text, text, text, text, uuid, text, jsonb),
    auth_update_user(uuid, text, text), auth_set_password_hash(uuid, text),
    auth_invitation_by_token(text), auth_accept_invitation(text, uuid, text, text)
    TO rapport_app;
GRANT EXECUTE ON FUNCTION invite_member(uuid, text, text, text, text) TO rapport_app, rapport_worker;
