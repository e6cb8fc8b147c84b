-- Puts new events into the queue; whoever commits them wakes the workers afterwards. A NOTIFY within the transaction
-- would hold a lock of the whole server until the commit is on the disk: all writers would wait for it one by one.
-- Rows of event_queue have no foreign keys since 20261124090000; so that they cannot be without their event, nothing but
-- this trigger writes them, with its owner's rights.
CREATE OR REPLACE FUNCTION domain_events_queue() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    INSERT INTO event_queue (org_id, event_id) SELECT a.org_id, a.id FROM added a;
    RETURN NULL;
END
$$;
REVOKE INSERT ON event_queue FROM rapport_app, rapport_worker;
