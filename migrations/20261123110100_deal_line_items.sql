-- Lines of deals: the product of the catalogue, its unit, discount and tax of the line.

-- The reference gets a column of its own, so that a server of the version before still reads and writes its text. That
-- one goes in a later release; what of it is the id of a product is carried over, anything else names nothing.
ALTER TABLE deal_products
    ADD COLUMN catalogue_product_id uuid,
    ADD COLUMN unit text,
    ADD COLUMN discount_percent numeric(5,2) NOT NULL DEFAULT 0,
    ADD COLUMN tax_percent numeric(5,2) NOT NULL DEFAULT 0,
    ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT deal_products_catalogue_product_fkey FOREIGN KEY (org_id, catalogue_product_id)
        REFERENCES products (org_id, id) ON DELETE SET NULL (catalogue_product_id),
    ADD CONSTRAINT deal_products_unit_check CHECK (char_length(unit) <= 50),
    ADD CONSTRAINT deal_products_discount_check CHECK (discount_percent BETWEEN 0 AND 100),
    ADD CONSTRAINT deal_products_tax_percent_check CHECK (tax_percent BETWEEN 0 AND 100),
    ADD CONSTRAINT deal_products_tax_check CHECK (tax_minor >= 0);
UPDATE deal_products d SET catalogue_product_id = p.id
  FROM products p WHERE p.org_id = d.org_id AND p.id::text = lower(btrim(d.product_id));
CREATE INDEX deal_products_product_idx ON deal_products (org_id, catalogue_product_id, deal_id)
    WHERE catalogue_product_id IS NOT NULL;
COMMENT ON COLUMN deal_products.product_id IS 'What servers before catalogue_product_id wrote; read by nobody since.';
COMMENT ON COLUMN deal_products.total_minor IS 'Quantity times price less the discount; tax_minor comes on top.';
