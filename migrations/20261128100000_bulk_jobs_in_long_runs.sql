-- AUDIT-06: what bulk work has deleted is written down when it ends, long after the request that asked for it.

ALTER TABLE bulk_jobs ADD COLUMN request jsonb;
COMMENT ON COLUMN bulk_jobs.request IS 'Where it was asked for from, for the audit log: address, program and id of the request.';
