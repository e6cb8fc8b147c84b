//! What is special about deals.

use super::rules::{self, Rules, hold_stages, no_such_stage};
use super::{bulk, figures, happenings, lines, links, numbers};
use crate::db::{TenantTx, statement};
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::repo;
use crate::records::{Parent, SchemaName, Stored, select};
use crate::state::Clock;
use domain::catalog::{Field, Kind};
use domain::deals::{Deal, DealCompany, DealContact, DealStatus};
use domain::draft::Draft;
use domain::error::{ErrorCode, code};
use domain::events::{Activity, NewEvent};
use domain::filter::{Filter, Op};
use domain::permission::Permission;
use domain::pipelines::norm_stage;
use domain::records::Record;
use domain::value::Value;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, SelectStatement, SimpleExpr};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use std::collections::HashSet;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

impl Stored for Deal {
    const INCLUDES: &'static [(&'static str, Option<SchemaName>)] = &[
        ("contacts", Some(DealContact::name)),
        ("companies", Some(DealCompany::name)),
        ("activities", Some(Activity::name)),
        ("products", None),
        ("tags", None),
    ];
    /// DEAL-01: the detail answer carries all relations; line items, team and tags are members of the deal itself.
    const ALWAYS_INCLUDED: &'static str = "contacts,companies";
    const SHORTHANDS: &'static [(&'static str, &'static str)] = &[
        ("stage", "Stages, by id or name, separated by commas. A name counts in every pipeline that has it."),
        ("pipeline", "A pipeline, by id or name."),
        ("min_value", "The amount is at least this, in minor units."),
        ("max_value", "The amount is at most this, in minor units."),
    ];

    /// The order of a board's column.
    const HIDDEN_KEYS: &'static [Field] =
        &[Field::new("stage_order", "Place in the column", Kind::Text { max: 500 }).default_to("").sorted()];

    fn routes(cfg: &mut ServiceConfig<'_>) {
        super::routes::routes(cfg);
    }

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

    fn search_document() -> Cow<'static, str> {
        "SELECT t.id, t.name AS title, concat_ws(' · ', c.name, t.deal_number) AS subtitle, \
             coalesce(custom_words(t.org_id, 'deal', t.custom_fields), '') AS keywords, \
             t.deleted_at IS NOT NULL AS archived \
             FROM deals t LEFT JOIN companies c ON c.org_id = t.org_id AND c.id = t.company_id \
             WHERE t.org_id = $1 AND t.id = ANY($2)"
            .into()
    }

    fn lines_as_text() -> &'static str {
        "(SELECT string_agg(trim_scale(p.quantity) || ' × ' || p.name, '; ' ORDER BY p.position) \
         FROM deal_products p WHERE p.org_id = q.org_id AND p.deal_id = q.id)"
    }

    async fn load_details(tx: &TenantTx, deals: &mut [Self]) -> ApiResult<()> {
        lines::load(tx, deals).await
    }

    async fn normalise_input(tx: &TenantTx, input: &mut Map<String, Json>, current: Option<&Self>) -> ApiResult<()> {
        figures::amount_from_lines(input, current);
        let by_name = |member: &str| {
            input.get(member).and_then(Json::as_str).is_some_and(|text| Uuid::try_parse(text.trim()).is_err())
        };
        if by_name("stage") || by_name("stage_id") {
            let rules = Rules::load(tx).await?;
            rules.name_stage(input, current).map_err(|error| ApiError::invalid(vec![error]))?;
        }
        Ok(())
    }

    async fn prepare(tx: &TenantTx, draft: &mut Draft, current: Option<&Self>) -> ApiResult<()> {
        if current.is_some() && !rules::concerns_pipeline(draft) {
            let errors = rules::tidy(draft, current);
            return if errors.is_empty() { Ok(()) } else { Err(ApiError::invalid(errors)) };
        }
        let rules = Rules::load(tx).await?;
        // Deals made in the same millisecond get different places.
        let place = usize::try_from(Uuid::now_v7().as_u128() % 1_679_616).unwrap_or(0);
        rules.settle(draft, current, place).map_err(ApiError::invalid)?;
        permit(tx, draft, current)?;
        if draft.has_derived()
            && let Some(stage) = draft.get("stage_id").and_then(Value::as_id)
        {
            hold_stages(tx, &rules, &[stage]).await?;
        }
        if current.is_none() && draft.get("deal_number").is_none_or(Value::is_null) {
            let number = numbers::reserve(tx, 1, &HashSet::new()).await?.pop().unwrap_or_default();
            draft.set("deal_number", Value::Text(number));
        }
        Ok(())
    }

    fn derived_columns() -> &'static [&'static str] {
        &["stage_order", "stage_entered_at"]
    }

    fn derive(draft: &Draft, current: Option<&Self>) -> Vec<sea_orm::Value> {
        let order = draft.derived("stage_order").and_then(Value::as_text).map(str::to_owned);
        let entered = match draft.derived("stage_entered_at") {
            Some(Value::Instant(at)) => Some(*at),
            _ => current.map(|c| c.stage_entered_at),
        };
        vec![order.or(current.map(|c| c.stage_order.clone())).into(), entered.into()]
    }

    async fn write_links(tx: &TenantTx, id: Uuid, draft: &Draft) -> ApiResult<()> {
        bulk::write_links(tx, &[(id, draft)]).await
    }

    async fn events(tx: &TenantTx, main: NewEvent, before: Option<&Self>, after: &Self) -> ApiResult<Vec<NewEvent>> {
        happenings::of_change(tx, main, before, after).await
    }

    async fn shorthand(tx: &TenantTx, name: &str, value: &str) -> ApiResult<Option<Filter>> {
        let amount = |op| match value.trim().parse::<i64>() {
            Ok(minor) => Ok(Some(Filter::condition("amount_minor", op, minor))),
            Err(_e) => {
                let sentence = format!("{name} must be a whole number of minor units (cents).");
                Err(ApiError::parameter(name, code::AMOUNT, sentence))
            }
        };
        match name {
            "min_value" => amount(Op::Gte),
            "max_value" => amount(Op::Lte),
            "stage" => stage_filter(tx, value).await.map(Some),
            "pipeline" => pipeline_filter(tx, value).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn include(tx: &TenantTx, _clock: &Clock, deal: &Self, name: &str) -> ApiResult<Option<Json>> {
        let json = match name {
            "contacts" => {
                tx.require(Permission::ContactView)?;
                serde_json::to_value(links::contacts(tx, deal).await?)
            }
            "companies" => {
                tx.require(Permission::CompanyView)?;
                serde_json::to_value(links::companies(tx, deal).await?)
            }
            "activities" => return Ok(Some(crate::features::timeline::included(tx, "deal", deal.id).await?)),
            "products" => serde_json::to_value(&deal.products),
            "tags" => serde_json::to_value(&deal.tags),
            _ => return Ok(None),
        };
        Ok(Some(json.map_err(ApiError::internal)?))
    }

    /// COMPANY-20: deals that name it as their company, and deals linked to it. Those of a product have lines with it.
    fn belongs_to(parent: Parent, org_id: Uuid) -> Option<SimpleExpr> {
        let (main, links, id) = match parent {
            Parent::Company(id) => ("company_id", ["deal_companies", "deal_id", "company_id"], id),
            Parent::Contact(id) => ("primary_contact_id", ["deal_contacts", "deal_id", "contact_id"], id),
            Parent::Product(id) => return Some(lines::of_product(id, org_id)),
        };
        Some(select::joined("deals", main, links, id, org_id))
    }
}

/// Ending a deal needs the permission to win or lose, whatever way leads there; any other move that to move.
fn permit(tx: &TenantTx, draft: &Draft, current: Option<&Deal>) -> ApiResult<()> {
    let status = draft.get("status").and_then(Value::as_text).and_then(DealStatus::parse);
    let stage = draft.get("stage_id").and_then(Value::as_id);
    let ends = status.filter(|status| current.map_or(DealStatus::Open, |c| c.status) != *status);
    let permission = match ends {
        Some(DealStatus::Won) => Permission::DealWin,
        Some(DealStatus::Lost | DealStatus::Abandoned) => Permission::DealLose,
        Some(DealStatus::Open) => Permission::DealStageChange,
        None if current.is_some_and(|c| stage.is_some() && stage != c.stage_id) => Permission::DealStageChange,
        None => return Ok(()),
    };
    let access = tx.require(permission)?;
    if current.is_none_or(|c| c.allows(access, tx.user_id().unwrap_or_default())) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::Forbidden, "You can only change your own deals."))
}

/// Deals in stages named by id or by name.
async fn stage_filter(tx: &TenantTx, value: &str) -> ApiResult<Filter> {
    let mut ids: Vec<String> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if Uuid::try_parse(part).is_ok() {
            ids.push(part.to_owned());
        } else {
            names.push(part);
        }
    }
    if !names.is_empty() {
        let pipelines = repo::all(tx).await?;
        for name in names {
            let norm = norm_stage(name);
            let found = pipelines.iter().flat_map(|p| &p.stages).filter(|s| norm_stage(&s.name) == norm);
            let known = ids.len();
            ids.extend(found.map(|s| s.id.to_string()));
            if ids.len() == known {
                let error = no_such_stage("stage", name, &[]);
                return Err(ApiError::parameter("stage", &error.code, error.message));
            }
        }
    }
    Ok(Filter::condition("stage_id", Op::In, json!(ids)))
}

/// Deals in a pipeline named by id or by name.
async fn pipeline_filter(tx: &TenantTx, value: &str) -> ApiResult<Filter> {
    let value = value.trim();
    if Uuid::try_parse(value).is_ok() {
        return Ok(Filter::condition("pipeline_id", Op::Eq, value));
    }
    let sql =
        "SELECT id FROM pipelines WHERE org_id = $1 AND lower(name) = lower($2) ORDER BY name = $2 DESC, id LIMIT 1";
    let row = tx.conn().query_one_raw(statement(sql, [tx.org_id().into(), value.into()])).await?;
    let Some(row) = row else {
        let shown: String = value.chars().take(60).collect();
        let sentence = format!("There is no pipeline called {shown}.");
        return Err(ApiError::parameter("pipeline", "not_found", sentence));
    };
    let id: Uuid = row.try_get_by_index(0)?;
    Ok(Filter::condition("pipeline_id", Op::Eq, id.to_string()))
}
