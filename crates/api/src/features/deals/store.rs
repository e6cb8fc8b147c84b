//! What is special about deals.

use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::records::{Parent, Stored};
use domain::deals::Deal;
use domain::draft::Draft;
use sea_orm::sea_query::{Alias, Expr, SelectStatement, SimpleExpr};

impl Stored for Deal {
    fn select_extra(select: &mut SelectStatement) {
        for (sql, name) in [
            ("(SELECT c.name FROM companies c WHERE c.org_id = t.org_id AND c.id = t.company_id)", "company_name"),
            (
                "(SELECT c.name FROM contacts c WHERE c.org_id = t.org_id AND c.id = t.primary_contact_id)",
                "primary_contact_name",
            ),
            ("(SELECT s.name FROM pipeline_stages s WHERE s.org_id = t.org_id AND s.id = t.stage_id)", "stage_name"),
            ("greatest(0, floor(extract(epoch FROM now() - t.stage_entered_at) / 86400))::integer", "days_in_stage"),
            (
                "ARRAY(SELECT m.user_id FROM deal_members m WHERE m.org_id = t.org_id AND m.deal_id = t.id ORDER BY m.user_id)",
                "team_members",
            ),
            ("t.stage_order", "stage_order"),
        ] {
            select.expr_as(Expr::cust(sql), Alias::new(name));
        }
    }

    async fn prepare(_tx: &TenantTx, _draft: &mut Draft, _current: Option<&Self>) -> ApiResult<()> {
        Ok(())
    }

    /// COMPANY-20: deals that name it as their company, and deals linked to it.
    fn belongs_to(parent: Parent) -> Option<SimpleExpr> {
        let (sql, id) = match parent {
            Parent::Company(id) => (
                "(t.company_id = $1 OR t.id IN (SELECT l.deal_id FROM deal_companies l \
                 WHERE l.org_id = t.org_id AND l.company_id = $1))",
                id,
            ),
            Parent::Contact(id) => (
                "(t.primary_contact_id = $1 OR t.id IN (SELECT l.deal_id FROM deal_contacts l \
                 WHERE l.org_id = t.org_id AND l.contact_id = $1))",
                id,
            ),
        };
        Some(Expr::cust_with_values(sql, [id]))
    }
}
