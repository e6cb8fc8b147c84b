-- A person who already has an account makes a further organization and becomes its owner.

CREATE FUNCTION auth_create_organization(p_user uuid, p_org uuid, p_org_name text, p_settings jsonb DEFAULT '{}')
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM users u WHERE u.id = p_user AND u.password_hash IS NOT NULL) THEN
        RETURN false;
    END IF;
    INSERT INTO organizations (id, name, settings) VALUES (p_org, p_org_name, p_settings);
    INSERT INTO org_members (org_id, user_id, role, joined_at) VALUES (p_org, p_user, 'owner', now());
    RETURN true;
END
$$;
COMMENT ON FUNCTION auth_create_organization(uuid, uuid, text, jsonb) IS 'A further organization of a person; false without an account. Open the tenant with app_begin afterwards.';
GRANT EXECUTE ON FUNCTION auth_create_organization(uuid, uuid, text, jsonb) TO rapport_app;
