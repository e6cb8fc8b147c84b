-- Pipelines, stages, deals with their team, lines and links.

CREATE TABLE pipelines (
    org_id       uuid        NOT NULL,
    id           uuid        NOT NULL,
    name         text        NOT NULL COLLATE "und-x-icu",
    description  text,
    is_default   boolean     NOT NULL DEFAULT false,
    is_active    boolean     NOT NULL DEFAULT true,
    version      integer     NOT NULL DEFAULT 1,
    created_by   uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pipelines_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT pipelines_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT pipelines_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT pipelines_name_key UNIQUE (org_id, name),
    CONSTRAINT pipelines_name_check CHECK (char_length(name) <= 100 AND btrim(name) <> ''),
    CONSTRAINT pipelines_description_check CHECK (char_length(description) <= 2000)
);
CREATE UNIQUE INDEX pipelines_default_key ON pipelines (org_id) WHERE is_default;
CREATE INDEX pipelines_created_by_idx ON pipelines (org_id, created_by);
SELECT record_table('pipelines');

CREATE TABLE pipeline_stages (
    org_id          uuid        NOT NULL,
    id              uuid        NOT NULL,
    pipeline_id     uuid        NOT NULL,
    name            text        NOT NULL COLLATE "und-x-icu",
    position        integer     NOT NULL,
    probability     integer     NOT NULL DEFAULT 0,
    color           text        NOT NULL DEFAULT '#6b7280',
    is_closed_won   boolean     NOT NULL DEFAULT false,
    is_closed_lost  boolean     NOT NULL DEFAULT false,
    days_in_stage   integer,
    version         integer     NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pipeline_stages_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT pipeline_stages_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT pipeline_stages_pipeline_fkey FOREIGN KEY (org_id, pipeline_id) REFERENCES pipelines (org_id, id) ON DELETE CASCADE,
    -- The target of deals_stage_fkey, which keeps a deal's stage inside its pipeline.
    CONSTRAINT pipeline_stages_pipeline_id_key UNIQUE (org_id, pipeline_id, id),
    CONSTRAINT pipeline_stages_name_key UNIQUE (org_id, pipeline_id, name),
    -- Deferred, so that a reorder may pass through equal positions.
    CONSTRAINT pipeline_stages_position_key UNIQUE (org_id, pipeline_id, position) DEFERRABLE INITIALLY DEFERRED,
    -- At most one stage wins and one loses. Exclusion constraints, because a partial unique index cannot wait
    -- for the end of the transaction that moves the flag from one stage to another.
    CONSTRAINT pipeline_stages_closed_won_key EXCLUDE USING btree (org_id WITH =, pipeline_id WITH =)
        WHERE (is_closed_won) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT pipeline_stages_closed_lost_key EXCLUDE USING btree (org_id WITH =, pipeline_id WITH =)
        WHERE (is_closed_lost) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT pipeline_stages_name_check CHECK (char_length(name) <= 100 AND btrim(name) <> ''),
    CONSTRAINT pipeline_stages_position_check CHECK (position >= 0),
    CONSTRAINT pipeline_stages_probability_check CHECK (probability BETWEEN 0 AND 100),
    CONSTRAINT pipeline_stages_color_check CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
    CONSTRAINT pipeline_stages_closed_check CHECK (NOT (is_closed_won AND is_closed_lost)),
    CONSTRAINT pipeline_stages_days_in_stage_check CHECK (days_in_stage > 0)
);
SELECT record_table('pipeline_stages');

CREATE TABLE deals (
    org_id               uuid        NOT NULL,
    id                   uuid        NOT NULL,
    deal_number          text        NOT NULL,
    name                 text        NOT NULL COLLATE "und-x-icu",
    company_id           uuid,
    primary_contact_id   uuid,
    pipeline_id          uuid,
    stage_id             uuid,
    stage_order          text        NOT NULL COLLATE "C" DEFAULT '',
    stage_entered_at     timestamptz NOT NULL DEFAULT now(),
    status               text        NOT NULL DEFAULT 'open',
    probability          integer     NOT NULL DEFAULT 0,
    amount_minor         bigint      NOT NULL DEFAULT 0,
    currency             text        NOT NULL DEFAULT 'USD',
    discount_minor       bigint      NOT NULL DEFAULT 0,
    tax_minor            bigint      NOT NULL DEFAULT 0,
    total_minor          bigint      GENERATED ALWAYS AS (amount_minor - discount_minor + tax_minor) STORED,
    owner_id             uuid,
    competitors          text[]      NOT NULL DEFAULT '{}',
    expected_close_date  date,
    closed_date          date,
    first_contact_date   timestamptz,
    last_activity_date   timestamptz,
    won_reason           text,
    lost_reason          text,
    lost_to_competitor   text,
    close_notes          text,
    lead_id              uuid,
    source               text,
    notes                text,
    custom_fields        jsonb       NOT NULL DEFAULT '{}',
    version              integer     NOT NULL DEFAULT 1,
    created_by           uuid,
    created_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz NOT NULL DEFAULT now(),
    deleted_at           timestamptz,
    CONSTRAINT deals_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT deals_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT deals_company_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id) ON DELETE SET NULL (company_id),
    CONSTRAINT deals_primary_contact_fkey FOREIGN KEY (org_id, primary_contact_id) REFERENCES contacts (org_id, id) ON DELETE SET NULL (primary_contact_id),
    -- A stage of another pipeline cannot be stored, and a stage or pipeline with deals cannot be deleted
    -- before they are moved or unlinked (DEAL-12, PIPELINE-03, -05).
    CONSTRAINT deals_stage_fkey FOREIGN KEY (org_id, pipeline_id, stage_id) REFERENCES pipeline_stages (org_id, pipeline_id, id),
    CONSTRAINT deals_owner_fkey FOREIGN KEY (org_id, owner_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT deals_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT deals_deal_number_key UNIQUE (org_id, deal_number),
    CONSTRAINT deals_deal_number_check CHECK (char_length(deal_number) BETWEEN 1 AND 100),
    CONSTRAINT deals_name_check CHECK (char_length(name) <= 255 AND btrim(name) <> ''),
    CONSTRAINT deals_stage_pipeline_check CHECK ((stage_id IS NULL) = (pipeline_id IS NULL)),
    CONSTRAINT deals_stage_order_check CHECK (char_length(stage_order) <= 1000),
    CONSTRAINT deals_status_check CHECK (status IN ('open', 'won', 'lost', 'abandoned')),
    CONSTRAINT deals_probability_check CHECK (probability BETWEEN 0 AND 100),
    CONSTRAINT deals_amount_check CHECK (amount_minor >= 0),
    CONSTRAINT deals_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT deals_discount_check CHECK (discount_minor >= 0),
    CONSTRAINT deals_tax_check CHECK (tax_minor >= 0),
    CONSTRAINT deals_competitors_check CHECK (cardinality(competitors) <= 100 AND array_position(competitors, NULL) IS NULL),
    CONSTRAINT deals_won_reason_check CHECK (char_length(won_reason) <= 2000),
    CONSTRAINT deals_lost_reason_check CHECK (lost_reason IN ('price', 'competition', 'no_budget', 'timing', 'product_fit', 'other')),
    CONSTRAINT deals_lost_to_competitor_check CHECK (char_length(lost_to_competitor) <= 255),
    CONSTRAINT deals_close_notes_check CHECK (char_length(close_notes) <= 20000),
    -- Leads come later; until their table exists nothing may be stored here unchecked.
    CONSTRAINT deals_lead_check CHECK (lead_id IS NULL),
    CONSTRAINT deals_source_check CHECK (source IN
        ('manual', 'form', 'workflow', 'import', 'api', 'inbound', 'outbound', 'referral', 'partner')),
    CONSTRAINT deals_notes_check CHECK (char_length(notes) <= 20000),
    CONSTRAINT deals_custom_fields_check CHECK (jsonb_typeof(custom_fields) = 'object')
);
COMMENT ON COLUMN deals.stage_order IS 'Fractional rank of the card in its column, compared bytewise.';
CREATE INDEX deals_live_created_idx ON deals (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_updated_idx ON deals (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_name_idx ON deals (org_id, name, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_amount_idx ON deals (org_id, amount_minor DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX deals_live_expected_close_idx ON deals (org_id, expected_close_date, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_archived_idx ON deals (org_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
-- The board: cards of a column in order, and the totals of all columns from the index alone.
CREATE INDEX deals_board_idx ON deals (org_id, pipeline_id, stage_id, stage_order, id) WHERE deleted_at IS NULL;
CREATE INDEX deals_board_totals_idx ON deals (org_id, pipeline_id, status, stage_id)
    INCLUDE (currency, amount_minor, probability) WHERE deleted_at IS NULL;
CREATE INDEX deals_stage_status_idx ON deals (org_id, pipeline_id, stage_id, status);
CREATE INDEX deals_stage_idx ON deals (org_id, stage_id);
CREATE INDEX deals_status_idx ON deals (org_id, status, closed_date);
CREATE INDEX deals_company_idx ON deals (org_id, company_id, created_at DESC, id DESC);
CREATE INDEX deals_primary_contact_idx ON deals (org_id, primary_contact_id, created_at DESC, id DESC);
CREATE INDEX deals_owner_idx ON deals (org_id, owner_id, created_at DESC, id DESC);
CREATE INDEX deals_created_by_idx ON deals (org_id, created_by);
SELECT record_table('deals');

-- JSON `team_members`.
CREATE TABLE deal_members (
    org_id   uuid NOT NULL,
    deal_id  uuid NOT NULL,
    user_id  uuid NOT NULL,
    CONSTRAINT deal_members_pkey PRIMARY KEY (org_id, deal_id, user_id),
    CONSTRAINT deal_members_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT deal_members_deal_fkey FOREIGN KEY (org_id, deal_id) REFERENCES deals (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_members_user_fkey FOREIGN KEY (org_id, user_id) REFERENCES org_members (org_id, user_id)
);
CREATE INDEX deal_members_user_idx ON deal_members (org_id, user_id, deal_id);
SELECT tenant_table('deal_members');

-- JSON `products`: the lines of a deal, read and written with it.
CREATE TABLE deal_products (
    org_id       uuid          NOT NULL,
    id           uuid          NOT NULL,
    deal_id      uuid          NOT NULL,
    position     integer       NOT NULL DEFAULT 0,
    product_id   text,
    name         text          NOT NULL,
    quantity     numeric(14,3) NOT NULL DEFAULT 1,
    price_minor  bigint        NOT NULL DEFAULT 0,
    total_minor  bigint        NOT NULL DEFAULT 0,
    CONSTRAINT deal_products_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT deal_products_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT deal_products_deal_fkey FOREIGN KEY (org_id, deal_id) REFERENCES deals (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_products_position_check CHECK (position >= 0),
    CONSTRAINT deal_products_product_id_check CHECK (char_length(product_id) <= 100),
    CONSTRAINT deal_products_name_check CHECK (char_length(name) <= 255 AND btrim(name) <> ''),
    CONSTRAINT deal_products_quantity_check CHECK (quantity > 0),
    CONSTRAINT deal_products_price_check CHECK (price_minor >= 0),
    CONSTRAINT deal_products_total_check CHECK (total_minor >= 0)
);
CREATE INDEX deal_products_deal_idx ON deal_products (org_id, deal_id, position);
SELECT tenant_table('deal_products');

CREATE TABLE deal_contacts (
    org_id      uuid        NOT NULL,
    deal_id     uuid        NOT NULL,
    contact_id  uuid        NOT NULL,
    role        text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deal_contacts_pkey PRIMARY KEY (org_id, deal_id, contact_id),
    CONSTRAINT deal_contacts_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT deal_contacts_deal_fkey FOREIGN KEY (org_id, deal_id) REFERENCES deals (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_contacts_contact_fkey FOREIGN KEY (org_id, contact_id) REFERENCES contacts (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_contacts_role_check CHECK (role IN ('decision_maker', 'champion', 'influencer', 'user'))
);
CREATE INDEX deal_contacts_contact_idx ON deal_contacts (org_id, contact_id, deal_id);
SELECT tenant_table('deal_contacts');

CREATE TABLE deal_companies (
    org_id        uuid        NOT NULL,
    deal_id       uuid        NOT NULL,
    company_id    uuid        NOT NULL,
    relationship  text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deal_companies_pkey PRIMARY KEY (org_id, deal_id, company_id),
    CONSTRAINT deal_companies_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT deal_companies_deal_fkey FOREIGN KEY (org_id, deal_id) REFERENCES deals (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_companies_company_fkey FOREIGN KEY (org_id, company_id) REFERENCES companies (org_id, id) ON DELETE CASCADE,
    CONSTRAINT deal_companies_relationship_check CHECK (relationship IN ('customer', 'partner', 'vendor'))
);
CREATE INDEX deal_companies_company_idx ON deal_companies (org_id, company_id, deal_id);
SELECT tenant_table('deal_companies');
