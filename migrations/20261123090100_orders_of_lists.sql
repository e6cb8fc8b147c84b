-- An index for each order that lists offer. Where most records have no value it holds only those that have: the others
-- stand at the end of the list, in the order of their ids, which the primary key has.

-- Words sort as people sort them, not by the codes of their letters.
ALTER TABLE companies ALTER COLUMN industry TYPE text COLLATE "und-x-icu";
ALTER TABLE contacts ALTER COLUMN job_title TYPE text COLLATE "und-x-icu";

DROP INDEX companies_status_idx;
CREATE INDEX companies_live_status_idx ON companies (org_id, status, id) WHERE deleted_at IS NULL;
DROP INDEX companies_industry_idx;
CREATE INDEX companies_live_industry_idx ON companies (org_id, industry, id) WHERE deleted_at IS NULL;
CREATE INDEX companies_live_email_idx ON companies (org_id, primary_email_norm, id) WHERE deleted_at IS NULL;
CREATE INDEX companies_live_employees_idx ON companies (org_id, employee_count, id)
    WHERE deleted_at IS NULL AND employee_count IS NOT NULL;
CREATE INDEX companies_live_revenue_idx ON companies (org_id, annual_revenue_minor, id)
    WHERE deleted_at IS NULL AND annual_revenue_minor IS NOT NULL;
CREATE INDEX companies_live_score_idx ON companies (org_id, lead_score, id)
    WHERE deleted_at IS NULL AND lead_score IS NOT NULL;
CREATE INDEX companies_live_last_contact_idx ON companies (org_id, last_contact_date, id)
    WHERE deleted_at IS NULL AND last_contact_date IS NOT NULL;

CREATE INDEX contacts_live_status_idx ON contacts (org_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_live_job_title_idx ON contacts (org_id, job_title, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_live_score_idx ON contacts (org_id, lead_score, id)
    WHERE deleted_at IS NULL AND lead_score IS NOT NULL;
CREATE INDEX contacts_live_birthday_idx ON contacts (org_id, birthday, id)
    WHERE deleted_at IS NULL AND birthday IS NOT NULL;
CREATE INDEX contacts_live_last_contacted_idx ON contacts (org_id, last_contacted_at, id)
    WHERE deleted_at IS NULL AND last_contacted_at IS NOT NULL;

CREATE INDEX deals_live_status_idx ON deals (org_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_number_idx ON deals (org_id, deal_number, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_probability_idx ON deals (org_id, probability, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_stage_entered_idx ON deals (org_id, stage_entered_at, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_closed_idx ON deals (org_id, closed_date, id)
    WHERE deleted_at IS NULL AND closed_date IS NOT NULL;
CREATE INDEX deals_live_last_activity_idx ON deals (org_id, last_activity_date, id)
    WHERE deleted_at IS NULL AND last_activity_date IS NOT NULL;
