-- Tables that are only appended to, thousands of rows at a time, all of one organization: a foreign key looks the same
-- organization up, and locks it, for every row anew. That was a quarter of what an import cost the database. Here what
-- all rows of a statement refer to is looked up once, with the lock that a foreign key takes, so that an organization
-- cannot go while rows of it are being written; and a trigger of the organization takes them along when it goes.

-- Nobody deletes members: they go with their organization only. An event's actor is checked when the event is written;
-- what is made of the event names the same person.
ALTER TABLE domain_events DROP CONSTRAINT domain_events_org_fkey, DROP CONSTRAINT domain_events_actor_fkey;
ALTER TABLE activities DROP CONSTRAINT activities_org_fkey, DROP CONSTRAINT activities_user_fkey;
ALTER TABLE search_documents DROP CONSTRAINT search_documents_org_fkey;
-- Filled by the events' own trigger; an event that is in the queue is not pruned.
ALTER TABLE event_queue DROP CONSTRAINT event_queue_org_fkey, DROP CONSTRAINT event_queue_event_fkey;
-- Its job is of the same organization.
ALTER TABLE import_changes DROP CONSTRAINT import_changes_org_fkey;

CREATE FUNCTION hold_organization(p_org uuid, p_table name) RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM FROM organizations o WHERE o.id = p_org FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('row in table "%s" names no organization', p_table),
            SCHEMA = 'public', TABLE = p_table, CONSTRAINT = p_table || '_org_fkey';
    END IF;
END
$$;
COMMENT ON FUNCTION hold_organization(uuid, name) IS 'What a foreign key to the organization does, for all rows of a statement.';

CREATE FUNCTION added_hold() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM hold_organization(o.org_id, TG_TABLE_NAME) FROM (SELECT DISTINCT a.org_id FROM added a) o;
    RETURN NULL;
END
$$;
CREATE TRIGGER activities_hold AFTER INSERT ON activities
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION added_hold();
CREATE TRIGGER search_documents_hold AFTER INSERT ON search_documents
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION added_hold();

CREATE FUNCTION domain_events_hold() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    v_org   uuid;
    v_actor uuid;
BEGIN
    FOR v_org, v_actor IN SELECT DISTINCT a.org_id, a.actor_id FROM added a LOOP
        PERFORM hold_organization(v_org, TG_TABLE_NAME);
        IF v_actor IS NOT NULL THEN
            PERFORM FROM org_members m WHERE m.org_id = v_org AND m.user_id = v_actor;
            IF NOT FOUND THEN
                RAISE foreign_key_violation USING
                    MESSAGE = 'row in table "domain_events" names no member of the organization',
                    SCHEMA = 'public', TABLE = TG_TABLE_NAME, CONSTRAINT = 'domain_events_actor_fkey';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER domain_events_hold AFTER INSERT ON domain_events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION domain_events_hold();

CREATE FUNCTION organizations_take_along() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    DELETE FROM event_queue WHERE org_id = OLD.id;
    DELETE FROM domain_events WHERE org_id = OLD.id;
    DELETE FROM activities WHERE org_id = OLD.id;
    DELETE FROM search_documents WHERE org_id = OLD.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER organizations_take_along AFTER DELETE ON organizations
    FOR EACH ROW EXECUTE FUNCTION organizations_take_along();

REVOKE ALL ON FUNCTION hold_organization(uuid, name), added_hold(), domain_events_hold(), organizations_take_along() FROM PUBLIC;
