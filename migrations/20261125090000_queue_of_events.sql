-- Rows of event_queue have no foreign keys since 20261124090000; so that they cannot be without their event, only the
-- trigger of domain_events writes them, with its owner's rights.
ALTER FUNCTION domain_events_queue() SECURITY DEFINER;
REVOKE INSERT ON event_queue FROM rapport_app, rapport_worker;
