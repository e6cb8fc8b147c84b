//! Moves and endings of deals as changes that show at once and can be undone.

use crate::api::deals::{self, Ending};
use crate::data::Change;
use crate::data::mutation::visit;
use domain::deals::board::{Board, PendingMove, fold};
use domain::deals::close::{CloseDeal, ReopenDeal, status_in};
use domain::deals::{Deal, DealStatus, MoveDeal};
use domain::pipelines::Stage;
use std::any::Any;
use uuid::Uuid;

/// Where a card is put: in a stage, before one card and after another, as far as there are such.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The stage.
    pub stage: Stage,
    /// The card that follows.
    pub before: Option<Uuid>,
    /// The card that precedes.
    pub after: Option<Uuid>,
}

/// Runs `change` over this deal in every form in which deals are kept.
fn each(value: &mut dyn Any, id: Uuid, change: &dyn Fn(&mut Deal)) -> bool {
    visit::<Deal>(value, &|deal| {
        let found = deal.id == id;
        if found {
            change(deal);
        }
        found
    })
}

/// A move to another place. `from` is where Undo puts it back.
pub fn moving(deal: &Deal, to: &Place, close: CloseDeal, from: Option<Place>) -> Change<Deal> {
    let Some(from) = from.filter(|from| from.stage.id != to.stage.id) else {
        return placing(deal, to, close, false);
    };
    // A probability that nobody has set by hand follows the stage.
    let follows = deal.probability == from.stage.probability;
    let was_open = status_in(&from.stage) == DealStatus::Open;
    let change = placing(deal, to, close, follows);
    change.undo(format!("{} moved to {}", deal.name, to.stage.name), move |fresh: Option<&Deal>| {
        let fresh = fresh?;
        if fresh.status != DealStatus::Open && was_open {
            return Some(reopening(fresh, &from.stage));
        }
        Some(placing(fresh, &from, CloseDeal::default(), follows))
    })
}

/// Puts a deal into a place; with `follows` it takes the stage's probability too.
fn placing(deal: &Deal, to: &Place, close: CloseDeal, follows: bool) -> Change<Deal> {
    let (id, stage) = (deal.id, to.stage.clone());
    let status = status_in(&stage);
    let probability = follows.then_some(stage.probability);
    let before_id = to.before;
    let input = MoveDeal {
        stage_id: Some(stage.id),
        // One neighbour is enough; naming both could contradict a column that has changed meanwhile.
        before_id,
        after_id: if before_id.is_none() { to.after } else { None },
        update_probability: follows,
        close,
        ..MoveDeal::default()
    };
    let apply = move |value: &mut dyn Any| {
        let mut changed = false;
        if let Some(board) = value.downcast_mut::<Board>() {
            *board = fold(board, &[PendingMove { deal_id: id, stage_id: stage.id, before_id, probability }]);
            changed = true;
        }
        each(value, id, &|deal| {
            deal.stage_id = Some(stage.id);
            deal.stage_name = Some(stage.name.clone());
            deal.status = status;
            deal.probability = probability.unwrap_or(deal.probability);
        }) || changed
    };
    Change::new(deal, format!("Moving {}", deal.name), apply, move |version| {
        let input = input.clone();
        async move { deals::move_to_stage(id, Some(version), &input).await.map(Some) }
    })
}

/// Winning, losing or abandoning.
pub fn closing(deal: &Deal, how: Ending, input: CloseDeal, flagged: Option<Stage>) -> Change<Deal> {
    let (id, back_to) = (deal.id, deal.stage_id);
    let status = how.status();
    let verb = match how {
        Ending::Win => "won",
        Ending::Lose => "marked as lost",
        Ending::Abandon => "abandoned",
    };
    let apply = move |value: &mut dyn Any| {
        each(value, id, &|deal| {
            deal.status = status;
            if let Some(stage) = &flagged {
                deal.stage_id = Some(stage.id);
                deal.stage_name = Some(stage.name.clone());
            }
        })
    };
    Change::new(deal, format!("Closing {}", deal.name), apply, move |version| {
        let input = input.clone();
        async move { deals::close(id, Some(version), how, &input).await.map(Some) }
    })
    .undo(format!("{} {verb}", deal.name), move |fresh: Option<&Deal>| Some(reopening_to(fresh?, back_to, None)))
}

/// Opening a closed deal again, in a stage.
pub fn reopening(deal: &Deal, stage: &Stage) -> Change<Deal> {
    reopening_to(deal, Some(stage.id), Some(stage.name.clone()))
}

/// The same; without a stage the server takes the last one that does not close.
pub fn reopening_to(deal: &Deal, stage: Option<Uuid>, name: Option<String>) -> Change<Deal> {
    let id = deal.id;
    let apply = move |value: &mut dyn Any| {
        each(value, id, &|deal| {
            deal.status = DealStatus::Open;
            if let (Some(stage), Some(name)) = (stage, &name) {
                deal.stage_id = Some(stage);
                deal.stage_name = Some(name.clone());
            }
        })
    };
    Change::new(deal, format!("Reopening {}", deal.name), apply, move |version| async move {
        deals::reopen(id, Some(version), &ReopenDeal { stage_id: stage }).await.map(Some)
    })
}
