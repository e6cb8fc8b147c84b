//! The board's data: every column's first cards, and the further ones that were asked for.

use crate::api::records::ListParams;
use crate::api::{ApiResult, deals};
use crate::data::query::{Def, Key};
use crate::data::{Cache, Query};
use domain::deals::Deal;
use domain::deals::board::{Board, Column};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use uuid::Uuid;

/// Cards fetched at once beyond the first ones.
const MORE: u32 = 100;

/// How many cards were loaded by stage: fetching the board again keeps them.
pub type Loaded = Arc<RwLock<BTreeMap<Uuid, usize>>>;

/// What is shown of which pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The pipeline.
    pub pipeline: Uuid,
    /// Filter, search, whose.
    pub params: ListParams,
    /// Also deals that have ended.
    pub closed: bool,
}

/// The board.
pub fn board(wanted: Wanted, loaded: Loaded) -> Def<Board> {
    let flat: Vec<String> =
        wanted.params.to_query().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = format!("{}&closed={}", flat.join("&"), wanted.closed);
    let key = Key::new(["deals", "board", &wanted.pipeline.to_string(), &query]);
    Def::new(key, move || {
        let (wanted, loaded) = (wanted.clone(), loaded.clone());
        async move {
            let mut board = deals::board(wanted.pipeline, &wanted.params, wanted.closed).await?;
            for column in &mut board.columns {
                let want = loaded.read().ok().and_then(|counts| counts.get(&column.stage_id).copied()).unwrap_or(0);
                while column.cards.len() < want && column.next_cursor.is_some() {
                    extend(column, &wanted).await?;
                }
            }
            Ok(board)
        }
    })
}

/// Adds the next cards of a column.
async fn extend(column: &mut Column, wanted: &Wanted) -> ApiResult<()> {
    let mut more = vec![("stage_id".to_owned(), column.stage_id.to_string())];
    if !wanted.closed {
        more.push(("status".to_owned(), "open".to_owned()));
    }
    let params = ListParams {
        limit: Some(MORE),
        cursor: column.next_cursor.clone(),
        sort_by: Some("stage_order".to_owned()),
        more,
        ..wanted.params.clone()
    };
    let page = deals::cards(&params).await?;
    for card in page.data {
        // A card that moved meanwhile may come twice.
        if !column.cards.iter().any(|known| known.id == card.id) {
            column.cards.push(card);
        }
    }
    column.next_cursor = page.pagination.next_cursor;
    Ok(())
}

/// Loads further cards of a column into the cache.
pub fn load_more(cache: Cache, query: Query<Board>, wanted: Wanted, loaded: Loaded, stage: Uuid, busy: RwSignal<bool>) {
    let shown = query.data_untracked().and_then(|board| board.columns.iter().find(|c| c.stage_id == stage).cloned());
    let Some(mut column) = shown.filter(|column| column.next_cursor.is_some()) else { return };
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        let before = column.cards.len();
        let outcome = extend(&mut column, &wanted).await;
        crate::ui::dom::ignore(busy.try_set(false));
        if outcome.is_err() {
            return;
        }
        if let Ok(mut counts) = loaded.write() {
            counts.insert(stage, column.cards.len());
        }
        let def = board(wanted, loaded);
        // Into the truth, not into what pending moves make of it: only the new cards are taken from here.
        if let Some(base) = cache.peek(&def) {
            let mut base = Board::clone(&base);
            if let Some(into) = base.columns.iter_mut().find(|c| c.stage_id == stage) {
                let fresh: Vec<Deal> = column.cards.into_iter().skip(before).collect();
                into.cards.extend(fresh);
                into.next_cursor = column.next_cursor;
            }
            cache.set(&def, base);
        }
    });
}
