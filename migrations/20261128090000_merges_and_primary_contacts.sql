-- COMPANY-06: one live company per slug, as with addresses of contacts and codes of products: archived ones do not block
-- it. A company that was merged is archived, and its slug is for the one that it has become part of.
SET LOCAL lock_timeout = '15s';
CREATE UNIQUE INDEX companies_slug_live_key ON companies (org_id, slug) WHERE deleted_at IS NULL;
ALTER TABLE companies DROP CONSTRAINT companies_slug_key;

-- CONTACT-18, DEDUPE-04: an undo gives companies their primary contacts back.
COMMENT ON COLUMN merges.moves IS
    'What led to a merged record and leads to the survivor now, and who was the primary contact of a company.';
