//! The pipeline board: its columns and cards, and how moves change them.
//!
//! Moves show at once and are confirmed later. The screen is always `fold(base, pending)`: the server's truth with
//! the pending moves on top. A refused move is dropped from the list, so rolling it back can never undo another one.

use super::{Deal, DealStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Cards of a column that come with the board; a cursor leads to the rest.
pub const CARDS_PER_COLUMN: u32 = 50;

/// A pipeline's board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Board {
    /// The pipeline shown.
    pub pipeline_id: Uuid,
    /// One column per stage, in order.
    pub columns: Vec<Column>,
}

/// One stage of the board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// The stage.
    pub stage_id: Uuid,
    /// How many deals match.
    pub count: i64,
    /// Sums by currency, largest first.
    pub totals: Vec<Total>,
    /// The first cards, by their place.
    pub cards: Vec<Deal>,
    /// Leads to the further cards: `GET /deals?stage_id=…&sort_by=stage_order&cursor=…`.
    pub next_cursor: Option<String>,
}

/// A sum in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "db", derive(sea_orm::FromQueryResult))]
pub struct Total {
    /// ISO-4217 code.
    pub currency: String,
    /// How many deals.
    pub count: i64,
    /// Sum of the amounts in minor units.
    pub amount_minor: i64,
    /// Sum of the amounts times their probability, in minor units.
    pub weighted_minor: i64,
}

/// What a pipeline holds (DEAL-23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineAnalytics {
    /// The pipeline.
    pub pipeline_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its stages, in order.
    pub stages: Vec<StageFigures>,
}

/// What a stage holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StageFigures {
    /// The stage.
    pub stage_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its probability, in percent.
    pub probability: i32,
    /// What entering it makes of a deal.
    pub status: DealStatus,
    /// How many deals.
    pub count: i64,
    /// Count, value and weighted value by currency, largest first.
    pub totals: Vec<Total>,
}

/// A move on the board, until the server has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingMove {
    /// The deal moved.
    pub deal_id: Uuid,
    /// The column it goes to.
    pub stage_id: Uuid,
    /// The card it is placed before; at the end of the column without.
    pub before_id: Option<Uuid>,
    /// The probability it takes with the move, in percent; without, it keeps its own.
    pub probability: Option<i32>,
}

/// The board as people see it: `base` with the pending moves applied in order.
///
/// Moves of deals that are not on the loaded part of the board are ignored. Counts and totals follow the cards.
pub fn fold(base: &Board, pending: &[PendingMove]) -> Board {
    let mut board = base.clone();
    for step in pending {
        apply(&mut board, step);
    }
    board
}

fn apply(board: &mut Board, step: &PendingMove) {
    if !board.columns.iter().any(|c| c.stage_id == step.stage_id) || step.before_id == Some(step.deal_id) {
        return;
    }
    let taken = board.columns.iter_mut().find_map(|column| {
        let at = column.cards.iter().position(|card| card.id == step.deal_id)?;
        let card = column.cards.remove(at);
        column.count -= 1;
        add_totals(&mut column.totals, &card, -1);
        Some(card)
    });
    let Some(mut card) = taken else { return };
    let Some(column) = board.columns.iter_mut().find(|c| c.stage_id == step.stage_id) else { return };
    card.stage_id = Some(step.stage_id);
    card.probability = step.probability.unwrap_or(card.probability);
    let place = step.before_id.and_then(|before| column.cards.iter().position(|c| c.id == before));
    column.count += 1;
    add_totals(&mut column.totals, &card, 1);
    column.cards.insert(place.unwrap_or(column.cards.len()), card);
}

fn add_totals(totals: &mut Vec<Total>, card: &Deal, sign: i64) {
    let weighted = weighted(card.amount_minor, card.probability);
    match totals.iter_mut().find(|t| t.currency == card.currency) {
        Some(total) => {
            total.count += sign;
            total.amount_minor = total.amount_minor.saturating_add(sign * card.amount_minor);
            total.weighted_minor = total.weighted_minor.saturating_add(sign * weighted);
        }
        None => totals.push(Total {
            currency: card.currency.clone(),
            count: sign,
            amount_minor: sign * card.amount_minor,
            weighted_minor: sign * weighted,
        }),
    }
    totals.retain(|t| t.count > 0);
}

/// An amount times its probability in percent, rounded down to a minor unit.
pub fn weighted(amount_minor: i64, probability: i32) -> i64 {
    i64::try_from(i128::from(amount_minor) * i128::from(probability) / 100).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
