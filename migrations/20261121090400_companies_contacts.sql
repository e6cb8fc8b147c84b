-- Companies, contacts, and the further companies of a contact. `*_norm`, `*_e164` and `domain` are shadow
-- columns written by the API: equality on plain text may use an index under row-level security, lower() may not.

CREATE TABLE companies (
    org_id                uuid        NOT NULL,
    id                    uuid        NOT NULL,
    name                  text        NOT NULL COLLATE "und-x-icu",
    name_norm             text        GENERATED ALWAYS AS (norm_text(name)) STORED,
    slug                  text,
    industry              text,
    company_size          text,
    website               text,
    domain                text,
    primary_email         text,
    primary_email_norm    text,
    primary_phone         text,
    primary_phone_e164    text,
    billing_address       jsonb,
    shipping_address      jsonb,
    annual_revenue_minor  bigint,
    currency              text        NOT NULL DEFAULT 'USD',
    employee_count        integer,
    type                  text        NOT NULL DEFAULT 'business',
    status                text        NOT NULL DEFAULT 'active',
    lifecycle_stage       text,
    category              text,
    source                text,
    owner_id              uuid,
    account_manager_id    uuid,
    first_contact_date    timestamptz,
    last_contact_date     timestamptz,
    preferred_channel     text,
    timezone              text,
    logo_url              text,
    lead_score            integer,
    notes                 text,
    custom_fields         jsonb       NOT NULL DEFAULT '{}',
    version               integer     NOT NULL DEFAULT 1,
    created_by            uuid,
    created_at            timestamptz NOT NULL DEFAULT now(),
    updated_at            timestamptz NOT NULL DEFAULT now(),
    deleted_at            timestamptz,
    CONSTRAINT companies_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT companies_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT companies_owner_fkey FOREIGN KEY (org_id, owner_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT companies_account_manager_fkey FOREIGN KEY (org_id, account_manager_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT companies_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT companies_slug_key UNIQUE (org_id, slug),
    CONSTRAINT companies_name_check CHECK (char_length(name) <= 255 AND btrim(name) <> ''),
    CONSTRAINT companies_slug_check CHECK (char_length(slug) BETWEEN 1 AND 100),
    CONSTRAINT companies_industry_check CHECK (char_length(industry) <= 100),
    CONSTRAINT companies_company_size_check CHECK (company_size IN ('startup', 'small', 'medium', 'large', 'enterprise')),
    CONSTRAINT companies_website_check CHECK (char_length(website) <= 500),
    CONSTRAINT companies_domain_check CHECK (char_length(domain) <= 255),
    CONSTRAINT companies_primary_email_check CHECK (char_length(primary_email) <= 255),
    CONSTRAINT companies_primary_email_norm_check CHECK ((primary_email IS NULL) = (primary_email_norm IS NULL)),
    CONSTRAINT companies_primary_phone_check CHECK (char_length(primary_phone) <= 50),
    CONSTRAINT companies_primary_phone_e164_check CHECK (primary_phone_e164 ~ '^\+[0-9]{4,15}$'),
    CONSTRAINT companies_billing_address_check CHECK (jsonb_typeof(billing_address) = 'object'),
    CONSTRAINT companies_shipping_address_check CHECK (jsonb_typeof(shipping_address) = 'object'),
    CONSTRAINT companies_annual_revenue_check CHECK (annual_revenue_minor >= 0),
    CONSTRAINT companies_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT companies_employee_count_check CHECK (employee_count >= 0),
    CONSTRAINT companies_type_check CHECK (type IN ('business', 'individual')),
    CONSTRAINT companies_status_check CHECK (status IN ('active', 'inactive')),
    CONSTRAINT companies_lifecycle_stage_check CHECK (lifecycle_stage IN ('lead', 'prospect', 'customer', 'churned')),
    CONSTRAINT companies_category_check CHECK (category IN ('customer', 'partner', 'prospect')),
    CONSTRAINT companies_source_check CHECK (source IN ('web', 'referral', 'event', 'campaign')),
    CONSTRAINT companies_preferred_channel_check CHECK (preferred_channel IN ('email', 'phone', 'sms', 'in_person')),
    CONSTRAINT companies_timezone_check CHECK (char_length(timezone) <= 64),
    CONSTRAINT companies_logo_url_check CHECK (char_length(logo_url) <= 2000),
    CONSTRAINT companies_lead_score_check CHECK (lead_score BETWEEN 0 AND 100),
    CONSTRAINT companies_notes_check CHECK (char_length(notes) <= 20000),
    CONSTRAINT companies_custom_fields_check CHECK (jsonb_typeof(custom_fields) = 'object')
);
COMMENT ON COLUMN companies.domain IS 'Domain of website or e-mail, normalised: the first key for "the same company".';
COMMENT ON COLUMN companies.name_norm IS 'norm_text(name): the second key for "the same company".';
-- The lists: live records by each sort key, with the id as tie-break of the keyset.
CREATE INDEX companies_live_created_idx ON companies (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX companies_live_updated_idx ON companies (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX companies_live_name_idx ON companies (org_id, name, id) WHERE deleted_at IS NULL;
CREATE INDEX companies_archived_idx ON companies (org_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX companies_status_idx ON companies (org_id, status);
CREATE INDEX companies_category_idx ON companies (org_id, category);
CREATE INDEX companies_industry_idx ON companies (org_id, industry);
CREATE INDEX companies_owner_idx ON companies (org_id, owner_id, created_at DESC, id DESC);
CREATE INDEX companies_account_manager_idx ON companies (org_id, account_manager_id);
CREATE INDEX companies_created_by_idx ON companies (org_id, created_by);
-- Matching at import and, later, duplicates.
CREATE INDEX companies_name_norm_idx ON companies (org_id, name_norm);
CREATE INDEX companies_domain_idx ON companies (org_id, domain) WHERE domain IS NOT NULL;
CREATE INDEX companies_primary_email_idx ON companies (org_id, primary_email_norm) WHERE primary_email_norm IS NOT NULL;
CREATE INDEX companies_primary_phone_idx ON companies (org_id, primary_phone_e164) WHERE primary_phone_e164 IS NOT NULL;
SELECT record_table('companies');

CREATE TABLE contacts (
    org_id             uuid        NOT NULL,
    id                 uuid        NOT NULL,
    company_id         uuid,
    first_name         text        NOT NULL DEFAULT '',
    last_name          text        NOT NULL DEFAULT '',
    name               text        COLLATE "und-x-icu" GENERATED ALWAYS AS (btrim(btrim(first_name) || ' ' || btrim(last_name))) STORED,
    email              text,
    email_norm         text,
    phone              text,
    phone_e164         text,
    mobile_phone       text,
    mobile_phone_e164  text,
    work_phone         text,
    work_phone_e164    text,
    job_title          text,
    department         text,
    role               text,
    status             text        NOT NULL DEFAULT 'active',
    is_primary         boolean     NOT NULL DEFAULT false,
    owner_id           uuid,
    preferred_channel  text,
    linkedin_url       text,
    twitter_handle     text,
    social_profiles    jsonb,
    preferences        jsonb,
    lead_source        text,
    lead_score         integer,
    is_new_lead        boolean     NOT NULL DEFAULT false,
    last_contacted_at  timestamptz,
    birthday           date,
    anniversary        date,
    email_opt_in       boolean     NOT NULL DEFAULT true,
    sms_opt_in         boolean     NOT NULL DEFAULT false,
    do_not_call        boolean     NOT NULL DEFAULT false,
    unsubscribed_at    timestamptz,
    notes              text,
    custom_fields      jsonb       NOT NULL DEFAULT '{}',
    version            integer     NOT NULL DEFAULT 1,
    created_by         uuid,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    deleted_at         timestamptz,
    CONSTRAINT contacts_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT contacts_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT contacts_company_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id) ON DELETE SET NULL (company_id),
    CONSTRAINT contacts_owner_fkey FOREIGN KEY (org_id, owner_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT contacts_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT contacts_first_name_check CHECK (char_length(first_name) <= 100),
    CONSTRAINT contacts_last_name_check CHECK (char_length(last_name) <= 100),
    CONSTRAINT contacts_name_check CHECK (btrim(first_name) <> '' OR btrim(last_name) <> ''),
    CONSTRAINT contacts_email_check CHECK (char_length(email) <= 255),
    CONSTRAINT contacts_email_norm_check CHECK ((email IS NULL) = (email_norm IS NULL)),
    CONSTRAINT contacts_phone_check CHECK (char_length(phone) <= 50),
    CONSTRAINT contacts_phone_e164_check CHECK (phone_e164 ~ '^\+[0-9]{4,15}$'),
    CONSTRAINT contacts_mobile_phone_check CHECK (char_length(mobile_phone) <= 50),
    CONSTRAINT contacts_mobile_phone_e164_check CHECK (mobile_phone_e164 ~ '^\+[0-9]{4,15}$'),
    CONSTRAINT contacts_work_phone_check CHECK (char_length(work_phone) <= 50),
    CONSTRAINT contacts_work_phone_e164_check CHECK (work_phone_e164 ~ '^\+[0-9]{4,15}$'),
    CONSTRAINT contacts_job_title_check CHECK (char_length(job_title) <= 100),
    CONSTRAINT contacts_department_check CHECK (char_length(department) <= 100),
    CONSTRAINT contacts_role_check CHECK (role IN ('decision_maker', 'influencer', 'user', 'gatekeeper')),
    CONSTRAINT contacts_status_check CHECK (status IN ('active', 'inactive', 'bounced')),
    CONSTRAINT contacts_preferred_channel_check CHECK (preferred_channel IN ('email', 'phone', 'sms')),
    CONSTRAINT contacts_linkedin_url_check CHECK (char_length(linkedin_url) <= 500),
    CONSTRAINT contacts_twitter_handle_check CHECK (char_length(twitter_handle) <= 100),
    CONSTRAINT contacts_social_profiles_check CHECK (jsonb_typeof(social_profiles) = 'object'),
    CONSTRAINT contacts_preferences_check CHECK (jsonb_typeof(preferences) = 'object'),
    CONSTRAINT contacts_lead_source_check CHECK (char_length(lead_source) <= 100),
    CONSTRAINT contacts_lead_score_check CHECK (lead_score BETWEEN 0 AND 100),
    CONSTRAINT contacts_notes_check CHECK (char_length(notes) <= 20000),
    CONSTRAINT contacts_custom_fields_check CHECK (jsonb_typeof(custom_fields) = 'object')
);
-- CONTACT-04: one live contact per address; archived ones do not block it.
CREATE UNIQUE INDEX contacts_email_live_key ON contacts (org_id, email_norm) WHERE deleted_at IS NULL;
-- CONTACT-18: at most one live primary contact per company.
CREATE UNIQUE INDEX contacts_primary_key ON contacts (org_id, company_id) WHERE is_primary AND deleted_at IS NULL;
CREATE INDEX contacts_live_created_idx ON contacts (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX contacts_live_updated_idx ON contacts (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX contacts_live_name_idx ON contacts (org_id, name, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_archived_idx ON contacts (org_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX contacts_company_idx ON contacts (org_id, company_id, created_at DESC, id DESC);
CREATE INDEX contacts_owner_idx ON contacts (org_id, owner_id, created_at DESC, id DESC);
CREATE INDEX contacts_created_by_idx ON contacts (org_id, created_by);
CREATE INDEX contacts_email_idx ON contacts (org_id, email_norm) WHERE email_norm IS NOT NULL;
CREATE INDEX contacts_phone_idx ON contacts (org_id, phone_e164) WHERE phone_e164 IS NOT NULL;
CREATE INDEX contacts_mobile_phone_idx ON contacts (org_id, mobile_phone_e164) WHERE mobile_phone_e164 IS NOT NULL;
CREATE INDEX contacts_work_phone_idx ON contacts (org_id, work_phone_e164) WHERE work_phone_e164 IS NOT NULL;
SELECT record_table('contacts');

-- Further companies only: the main one is contacts.company_id.
CREATE TABLE contact_companies (
    org_id      uuid        NOT NULL,
    contact_id  uuid        NOT NULL,
    company_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT contact_companies_pkey PRIMARY KEY (org_id, contact_id, company_id),
    CONSTRAINT contact_companies_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT contact_companies_contact_fkey FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE,
    CONSTRAINT contact_companies_company_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_companies_company_idx ON contact_companies (org_id, company_id, contact_id);
SELECT tenant_table('contact_companies');
