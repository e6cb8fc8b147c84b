//! Moves and endings of deals as changes that show at once and can be undone.

use crate::api::Row;
use crate::api::deals::{self, Ending};
use crate::api::records::{Fields, fields};
use crate::data::Change;
use crate::data::mutation::show;
use domain::deals::board::{Board, PendingMove, fold};
use domain::deals::close::{CloseDeal, ReopenDeal, status_in};
use domain::deals::{DealStatus, MoveDeal};
use domain::pipelines::Stage;
use serde_json::{Value as Json, json};
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

/// The members of a deal that tell how it stands.
fn standing(status: DealStatus, stage: Option<(Uuid, &str)>) -> Fields {
    let stage = stage.map(|(id, name)| [("stage_id", json!(id)), ("stage_name", json!(name))]);
    fields(stage.into_iter().flatten().chain([("status", json!(status))]))
}

/// Whether a deal is open.
pub fn is_open(deal: &Row) -> bool {
    deal.text("status") == Some(DealStatus::Open.as_str())
}

/// A move to another place. `from` is where Undo puts it back.
pub fn moving(deal: &Row, to: &Place, close: CloseDeal, from: Option<Place>) -> Change {
    let Some(from) = from.filter(|from| from.stage.id != to.stage.id) else {
        return placing(deal, to, close, false);
    };
    // A probability that nobody has set by hand follows the stage.
    let follows = deal.get("probability").as_i64() == Some(i64::from(from.stage.probability));
    let was_open = status_in(&from.stage) == DealStatus::Open;
    let change = placing(deal, to, close, follows);
    change.undo(format!("{} moved to {}", deal.title, to.stage.name), move |fresh: Option<&Row>| {
        let fresh = fresh?;
        if !is_open(fresh) && was_open {
            return Some(reopening(fresh, &from.stage));
        }
        Some(placing(fresh, &from, CloseDeal::default(), follows))
    })
}

/// Puts a deal into a place; with `follows` it takes the stage's probability too.
fn placing(deal: &Row, to: &Place, close: CloseDeal, follows: bool) -> Change {
    let (id, stage_id, before_id) = (deal.id, to.stage.id, to.before);
    let probability = follows.then_some(to.stage.probability);
    let mut shown = standing(status_in(&to.stage), Some((stage_id, &to.stage.name)));
    shown.extend(probability.map(|percent| ("probability".to_owned(), Json::from(percent))));
    let input = MoveDeal {
        stage_id: Some(stage_id),
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
            *board = fold(board, &[PendingMove { deal_id: id, stage_id, before_id, probability }]);
            changed = true;
        }
        show(value, id, &shown) || changed
    };
    Change::new(deal, format!("Moving {}", deal.title), apply, move |version| {
        let input = input.clone();
        async move { deals::move_to_stage(id, Some(version), &input).await.map(Some) }
    })
}

/// Winning, losing or abandoning.
pub fn closing(deal: &Row, how: Ending, input: CloseDeal, flagged: Option<&Stage>) -> Change {
    let (id, back_to) = (deal.id, deal.id_in("stage_id"));
    let verb = match how {
        Ending::Win => "won",
        Ending::Lose => "marked as lost",
        Ending::Abandon => "abandoned",
    };
    let shown = standing(how.status(), flagged.map(|stage| (stage.id, stage.name.as_str())));
    let apply = move |value: &mut dyn Any| show(value, id, &shown);
    Change::new(deal, format!("Closing {}", deal.title), apply, move |version| {
        let input = input.clone();
        async move { deals::close(id, Some(version), how, &input).await.map(Some) }
    })
    .undo(format!("{} {verb}", deal.title), move |fresh: Option<&Row>| Some(reopening_to(fresh?, back_to, None)))
}

/// Opening a closed deal again, in a stage.
fn reopening(deal: &Row, stage: &Stage) -> Change {
    reopening_to(deal, Some(stage.id), Some(&stage.name))
}

/// The same; without a stage the server takes the last one that does not close.
pub fn reopening_to(deal: &Row, stage: Option<Uuid>, name: Option<&str>) -> Change {
    let id = deal.id;
    let shown = standing(DealStatus::Open, stage.zip(name));
    let apply = move |value: &mut dyn Any| show(value, id, &shown);
    Change::new(deal, format!("Reopening {}", deal.title), apply, move |version| async move {
        deals::reopen(id, Some(version), &ReopenDeal { stage_id: stage }).await.map(Some)
    })
}
