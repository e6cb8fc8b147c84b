//! The board and the figures of a pipeline: a few statements, whatever the number of stages and deals.

use super::totals;
use crate::db::TenantTx;
use crate::error::{ApiError, ApiResult};
use crate::features::pipelines::repo;
use crate::records::query::{self, ListQuery};
use crate::records::select::{self, column};
use crate::records::{Stored, list};
use crate::state::Clock;
use domain::deals::board::{Board, CARDS_PER_COLUMN, Column, PipelineAnalytics, StageFigures, Total};
use domain::deals::close::status_in;
use domain::deals::{Deal, DealStatus};
use domain::pipelines::Pipeline;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// The order of cards in a column, as in `sort_by`.
const PLACE: &str = "stage_order";

/// A checked request for a board or for figures.
struct Asked {
    pipeline: Pipeline,
    query: ListQuery,
    /// Whether the statuses are the caller's choice.
    any_status: bool,
}

impl Asked {
    async fn read(tx: &TenantTx, params: &[(String, String)]) -> ApiResult<Self> {
        let value = |name: &str| params.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        let named = match value("pipeline_id").filter(|text| !text.is_empty()) {
            Some(text) => Some(Uuid::try_parse(text).map_err(|error| {
                let sentence = format!("pipeline_id must be an id: {error}.");
                ApiError::parameter("pipeline_id", "id", sentence)
            })?),
            None => None,
        };
        let closed = match value("closed") {
            None | Some("false" | "0" | "") => false,
            Some("true" | "1") => true,
            Some(_) => {
                return Err(ApiError::parameter("closed", "boolean", "closed is true or false."));
            }
        };
        let own = ["pipeline_id", "closed", "view", "sort_by", "sort_order"];
        let mut rest: Vec<_> = params.iter().filter(|(name, _)| !own.contains(&name.as_str())).cloned().collect();
        rest.push(("sort_by".to_owned(), PLACE.to_owned()));
        let query = query::from_params::<Deal>(tx, &rest).await?;
        let pipeline = repo::named_or_default(tx, named).await?;
        let any_status = closed || query.filter.mentions("status");
        Ok(Self { pipeline, query, any_status })
    }

    /// What each stage holds, by currency. `only` restricts the statuses.
    async fn totals(&self, tx: &TenantTx, clock: &Clock, only: &[DealStatus]) -> ApiResult<HashMap<Uuid, Vec<Total>>> {
        let mut select = select::base(Deal::spec(), tx.org_id());
        list::restrict::<Deal>(&mut select, tx, clock, &self.query, None);
        select.and_where(column("pipeline_id").eq(self.pipeline.id)).and_where(column("status").is_in(names(only)));
        select.expr_as(column("stage_id"), Alias::new("stage_id")).add_group_by([column("stage_id")]);
        totals::by_currency(&mut select);
        let mut totals: HashMap<Uuid, Vec<Total>> = HashMap::new();
        for row in tx.conn().query_all(&select).await? {
            let stage: Uuid = row.try_get("", "stage_id")?;
            totals.entry(stage).or_default().push(Total::from_query_result(&row, "")?);
        }
        totals.values_mut().for_each(|list| totals::largest_first(list));
        Ok(totals)
    }
}

/// The board of a pipeline. Takes the parameters of the deal list; open deals only unless `closed=true` or a status is
/// asked for, by the parameter or anywhere in the filter.
///
/// # Errors
/// 404 for a pipeline that does not exist, 422 for parameters that do not fit.
pub async fn board(tx: &TenantTx, clock: &Clock, params: &[(String, String)]) -> ApiResult<Board> {
    let asked = Asked::read(tx, params).await?;
    let only: &[DealStatus] = if asked.any_status { DealStatus::ALL } else { &[DealStatus::Open] };
    let mut totals = asked.totals(tx, clock, only).await?;
    // Stages without matching deals need no look for cards: an open deal is never in a stage that closes.
    let stages: Vec<Uuid> = asked.pipeline.stages.iter().map(|s| s.id).filter(|id| totals.contains_key(id)).collect();
    let mut cards = cards(tx, clock, &asked, only, &stages).await?;
    let limit = usize::try_from(CARDS_PER_COLUMN).map_err(ApiError::internal)?;
    let mut columns = Vec::with_capacity(asked.pipeline.stages.len());
    for stage in &asked.pipeline.stages {
        let totals = totals.remove(&stage.id).unwrap_or_default();
        let mut cards = cards.remove(&stage.id).unwrap_or_default();
        let more = cards.len() > limit;
        cards.truncate(limit);
        let next_cursor = match cards.last().filter(|_| more) {
            Some(last) => {
                let json = serde_json::to_value(last).map_err(ApiError::internal)?;
                Some(asked.query.sorting.cursor_at(&json, last.id, false, None).encode())
            }
            None => None,
        };
        let count = totals::count(&totals);
        columns.push(Column { stage_id: stage.id, count, totals, cards, next_cursor });
    }
    Ok(Board { pipeline_id: asked.pipeline.id, columns })
}

/// The first cards of these stages, one more than is shown, in order.
async fn cards(
    tx: &TenantTx,
    clock: &Clock,
    asked: &Asked,
    only: &[DealStatus],
    stages: &[Uuid],
) -> ApiResult<HashMap<Uuid, Vec<Deal>>> {
    if stages.is_empty() {
        return Ok(HashMap::new());
    }
    let mut first = select::base(Deal::spec(), tx.org_id());
    list::restrict::<Deal>(&mut first, tx, clock, &asked.query, None);
    first
        .expr(column("id"))
        .and_where(column("pipeline_id").eq(asked.pipeline.id))
        .and_where(Expr::cust("t.stage_id = s.id"));
    if only.len() < DealStatus::ALL.len() {
        first.and_where(column("status").is_in(names(only)));
    }
    first.order_by_expr(column(PLACE), Order::Asc).order_by_expr(column("id"), Order::Asc);
    first.limit(u64::from(CARDS_PER_COLUMN) + 1);
    let of_stage = |name: &str| Expr::col((Alias::new("s"), Alias::new(name)));
    let ids = Query::select()
        .expr(Expr::col((Alias::new("c"), Alias::new("id"))))
        .from_as(Alias::new("pipeline_stages"), Alias::new("s"))
        .join_lateral(JoinType::InnerJoin, first, Alias::new("c"), Expr::val(true))
        .and_where(of_stage("org_id").eq(tx.org_id()))
        .and_where(select::one_of(of_stage("id"), stages))
        .to_owned();
    let mut select = select::records::<Deal>(tx.org_id());
    select.and_where(column("id").in_subquery(ids));
    select.order_by_expr(column(PLACE), Order::Asc).order_by_expr(column("id"), Order::Asc);
    let rows = tx.conn().query_all(&select).await?;
    let mut deals = rows.iter().map(|row| Deal::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    Deal::load_details(tx, &mut deals).await?;
    let mut cards: HashMap<Uuid, Vec<Deal>> = HashMap::new();
    for deal in deals {
        if let Some(stage) = deal.stage_id {
            cards.entry(stage).or_default().push(deal);
        }
    }
    Ok(cards)
}

/// DEAL-23: what each stage of a pipeline holds: open deals, and in stages that close those won or lost; abandoned
/// deals only if that status is asked for. Takes the parameters of the deal list.
///
/// # Errors
/// As [`board`].
pub async fn analytics(tx: &TenantTx, clock: &Clock, params: &[(String, String)]) -> ApiResult<PipelineAnalytics> {
    let asked = Asked::read(tx, params).await?;
    let standing = [DealStatus::Open, DealStatus::Won, DealStatus::Lost];
    let only: &[DealStatus] = if asked.any_status { DealStatus::ALL } else { &standing };
    let mut totals = asked.totals(tx, clock, only).await?;
    let stages = asked.pipeline.stages.iter().map(|stage| {
        let totals = totals.remove(&stage.id).unwrap_or_default();
        StageFigures {
            stage_id: stage.id,
            name: stage.name.clone(),
            probability: stage.probability,
            status: status_in(stage),
            count: totals::count(&totals),
            totals,
        }
    });
    Ok(PipelineAnalytics {
        pipeline_id: asked.pipeline.id,
        name: asked.pipeline.name.clone(),
        stages: stages.collect(),
    })
}

fn names(statuses: &[DealStatus]) -> Vec<&'static str> {
    statuses.iter().map(|status| status.as_str()).collect()
}
