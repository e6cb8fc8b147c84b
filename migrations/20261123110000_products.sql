-- Products: what is sold, with the price of one.

CREATE TABLE products (
    org_id         uuid        NOT NULL,
    id             uuid        NOT NULL,
    name           text        NOT NULL COLLATE "und-x-icu",
    name_norm      text        GENERATED ALWAYS AS (norm_text(name)) STORED,
    code           text        COLLATE "und-x-icu",
    code_norm      text        GENERATED ALWAYS AS (norm_text(code)) STORED,
    price_minor    bigint,
    currency       text        NOT NULL DEFAULT 'USD',
    unit           text,
    active         boolean     NOT NULL DEFAULT true,
    description    text,
    owner_id       uuid,
    custom_fields  jsonb       NOT NULL DEFAULT '{}',
    version        integer     NOT NULL DEFAULT 1,
    created_by     uuid,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    deleted_at     timestamptz,
    CONSTRAINT products_pkey PRIMARY KEY (org_id, id),
    CONSTRAINT products_org_fkey FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    CONSTRAINT products_owner_fkey FOREIGN KEY (org_id, owner_id) REFERENCES org_members (org_id, user_id),
    CONSTRAINT products_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES org_members (org_id, user_id),
    CONSTRAINT products_name_check CHECK (char_length(name) <= 255 AND btrim(name) <> ''),
    CONSTRAINT products_code_check CHECK (char_length(code) BETWEEN 1 AND 100),
    CONSTRAINT products_price_check CHECK (price_minor >= 0),
    CONSTRAINT products_currency_check CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT products_unit_check CHECK (char_length(unit) <= 50),
    CONSTRAINT products_description_check CHECK (char_length(description) <= 20000),
    CONSTRAINT products_custom_fields_check CHECK (jsonb_typeof(custom_fields) = 'object')
);
-- One live product per code, however it is written; archived ones do not block it.
CREATE UNIQUE INDEX products_code_live_key ON products (org_id, code_norm) WHERE deleted_at IS NULL;
CREATE INDEX products_live_name_idx ON products (org_id, name, id) WHERE deleted_at IS NULL;
CREATE INDEX products_live_code_idx ON products (org_id, code, id) WHERE deleted_at IS NULL;
CREATE INDEX products_live_price_idx ON products (org_id, price_minor, id) WHERE deleted_at IS NULL;
CREATE INDEX products_live_created_idx ON products (org_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX products_live_updated_idx ON products (org_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX products_archived_idx ON products (org_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX products_owner_idx ON products (org_id, owner_id, created_at DESC, id DESC);
CREATE INDEX products_created_by_idx ON products (org_id, created_by);
-- Matching at import.
CREATE INDEX products_name_norm_idx ON products (org_id, name_norm);
SELECT record_table('products');
SELECT tag_link_table('product_tags', 'products');
SELECT custom_fields_table('products');
SELECT counted_table('products', 'product');

-- Which record types there are the server knows; a list of them here would have to be changed with each new one.
ALTER TABLE import_jobs DROP CONSTRAINT import_jobs_entity_check,
    ADD CONSTRAINT import_jobs_entity_check CHECK (entity ~ '^[a-z_]{1,50}$');
