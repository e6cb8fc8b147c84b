//! COMPANY-22: what stands behind a company, in figures.

use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::deals::totals;
use crate::records::select::{self, column};
use crate::records::{Parent, Stored};
use domain::companies::Company;
use domain::companies::summary::{CompanyDeals, CompanySummary};
use domain::contacts::Contact;
use domain::deals::{Deal, DealStatus};
use domain::permission::{Access, Permission};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// The figures of a company, archived or not; without those of records that one may not view.
///
/// # Errors
/// 404 where it does not exist in this organization.
pub async fn read(tx: &TenantTx, id: Uuid) -> ApiResult<CompanySummary> {
    let rows = tx.conn().query_all(&statement(tx, id)).await?;
    let first = rows.first().ok_or_else(|| ApiError::not_found("company"))?;
    let contacts = if may(tx, Permission::ContactView) { first.try_get("", "contacts")? } else { None };
    let deals = if may(tx, Permission::DealView) { Some(deals(&rows)?) } else { None };
    Ok(CompanySummary { contacts, deals })
}

fn deals(rows: &[QueryResult]) -> ApiResult<CompanyDeals> {
    let of = |status: DealStatus| {
        let mut found = Vec::new();
        for row in rows {
            if row.try_get::<Option<DealStatus>>("", "status")? == Some(status) {
                found.push(row);
            }
        }
        totals::read(found)
    };
    let (pipeline_value, total_value) = (of(DealStatus::Open)?, of(DealStatus::Won)?);
    Ok(CompanyDeals {
        open: totals::count(&pipeline_value),
        pipeline_value,
        won: totals::count(&total_value),
        total_value,
    })
}

fn may(tx: &TenantTx, permission: Permission) -> bool {
    tx.access(permission) != Access::No
}

/// The statement that reads everything at once: no row where the company does not exist, otherwise one per status and
/// currency, and at least one.
pub fn statement(tx: &TenantTx, id: Uuid) -> SelectStatement {
    let (org_id, company) = (tx.org_id(), Parent::Company(id));
    let mut select = select::base(Company::spec(), org_id);
    select.and_where(column("id").eq(id));
    if may(tx, Permission::ContactView) {
        let mut contacts = select::base(Contact::spec(), org_id);
        contacts.expr(Expr::cust("count(*)")).and_where(column("deleted_at").is_null());
        contacts.and_where_option(Contact::belongs_to(company, org_id));
        select.expr_as(Expr::SubQuery(None, Box::new(contacts.into())), Alias::new("contacts"));
    } else {
        select.expr_as(column("id"), Alias::new("id"));
    }
    if may(tx, Permission::DealView) {
        let mut deals = totals::live(org_id);
        deals.expr_as(column("status"), Alias::new("status")).add_group_by([column("status")]);
        deals.and_where(column("status").is_in([DealStatus::Open.as_str(), DealStatus::Won.as_str()]));
        deals.and_where_option(Deal::belongs_to(company, org_id));
        totals::by_currency(&mut deals);
        let figures = Alias::new("f");
        select.expr(Expr::cust("f.*"));
        select.join_subquery(JoinType::LeftJoin, deals, figures, Expr::val(true));
    }
    select
}
