//! The board by keyboard: arrows go from card to card, Space picks one up and puts it down, M asks where to.

use super::state::{BoardState, Grabbed};
use crate::features::records::value::StageDot;
use crate::ui::dom::{ignore, later};
use crate::ui::{Dialog, DialogSize, Icon, IconName};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use uuid::Uuid;

/// A key pressed on a card.
pub fn on_card_key(ev: &KeyboardEvent, id: Uuid, state: BoardState) {
    if ev.default_prevented() || ev.ctrl_key() || ev.meta_key() || ev.alt_key() {
        return;
    }
    let grabbed = state.grabbed.get_untracked().filter(|grabbed| grabbed.id == id);
    let handled = match (grabbed, ev.key().as_str()) {
        (None, " ") => grab(id, state),
        (None, "Enter") => {
            state.open(id);
            true
        }
        (None, "m" | "M") => {
            if state.may_pick_up(id) {
                state.choosing.set(Some(id));
            }
            true
        }
        (None, "ArrowDown" | "j") => step(id, 0, 1, state),
        (None, "ArrowUp" | "k") => step(id, 0, -1, state),
        (None, "ArrowRight") => step(id, 1, 0, state),
        (None, "ArrowLeft") => step(id, -1, 0, state),
        (Some(grabbed), " " | "Enter") => put_down(grabbed, state),
        (Some(_), "Escape") => {
            state.grabbed.set(None);
            state.announcer.assertive("Not moved");
            true
        }
        (Some(grabbed), "ArrowDown") => carry(grabbed, 0, 1, state),
        (Some(grabbed), "ArrowUp") => carry(grabbed, 0, -1, state),
        (Some(grabbed), "ArrowRight") => carry(grabbed, 1, 0, state),
        (Some(grabbed), "ArrowLeft") => carry(grabbed, -1, 0, state),
        // Nothing else is done with a card in the hand.
        (Some(_), "Tab") => false,
        (Some(_), _) => true,
        _ => false,
    };
    if handled {
        ev.prevent_default();
        ev.stop_propagation();
    }
}

fn grab(id: Uuid, state: BoardState) -> bool {
    if let (true, Some((column, at)), Some(deal)) = (state.may_pick_up(id), state.place_of(id), state.deal(id)) {
        state.grabbed.set(Some(Grabbed { id, column, at }));
        state.announcer.assertive(format!(
            "{} picked up. Arrow keys choose the place, Space puts it down, Escape leaves it where it was.",
            deal.name
        ));
    }
    true
}

fn put_down(grabbed: Grabbed, state: BoardState) -> bool {
    state.grabbed.set(None);
    if let Some(target) = state.target(grabbed.column, grabbed.at, grabbed.id) {
        state.move_to(grabbed.id, target);
    }
    true
}

fn carry(grabbed: Grabbed, sideways: isize, down: isize, state: BoardState) -> bool {
    let Some(board) = state.board.data_untracked() else { return true };
    let last = board.columns.len().saturating_sub(1);
    let column = grabbed.column.saturating_add_signed(sideways).min(last);
    let Some(into) = board.columns.get(column) else { return true };
    let count = into.cards.iter().filter(|deal| deal.id != grabbed.id).count();
    let at = grabbed.at.saturating_add_signed(down).min(count);
    let next = Grabbed { id: grabbed.id, column, at };
    if next != grabbed {
        state.grabbed.set(Some(next));
        let stage = state.stage(into.stage_id).map(|stage| stage.name).unwrap_or_default();
        state.announcer.assertive(format!("{stage}, position {} of {}", at + 1, count + 1));
    }
    true
}

/// To the card beside, above or below.
fn step(id: Uuid, sideways: isize, down: isize, state: BoardState) -> bool {
    let (Some(board), Some((column, at))) = (state.board.data_untracked(), state.place_of(id)) else { return true };
    let mut column = column;
    // Columns without cards are passed over.
    let next = loop {
        let to = column.saturating_add_signed(sideways);
        if sideways != 0 && (to == column || to >= board.columns.len()) {
            return true;
        }
        column = to;
        let Some(cards) = board.columns.get(column).map(|c| &c.cards) else { return true };
        if sideways == 0 || !cards.is_empty() {
            break cards.get(at.saturating_add_signed(down).min(cards.len().saturating_sub(1))).map(|deal| deal.id);
        }
    };
    if let Some(next) = next {
        state.focus(next);
    }
    true
}

/// The list of stages for `M`.
#[component]
pub fn MoveTo(
    /// The board.
    state: BoardState,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None::<Uuid>);
    Effect::new(move |_| {
        if let Some(id) = state.choosing.get() {
            shown.set(Some(id));
            open.set(true);
        }
    });
    let title = Signal::derive(move || {
        let name = shown.get().and_then(|id| state.deal(id)).map(|deal| deal.name).unwrap_or_default();
        format!("Move {name} to…")
    });
    let choose = move |stage: Uuid| {
        open.set(false);
        if let Some(id) = shown.get_untracked()
            && let Some(target) = state
                .board
                .data_untracked()
                .and_then(|board| board.columns.iter().position(|c| c.stage_id == stage))
                .and_then(|column| state.target(column, 0, id))
        {
            // After this dialog has closed: the next one may ask for a reason.
            later(move || state.move_to(id, target));
        }
    };
    view! {
        <Dialog open=open title=title size=DialogSize::Sm on_closed=move |()| {
            state.choosing.set(None);
            if let Some(id) = shown.get_untracked() {
                ignore(state.question.with_untracked(Option::is_none).then(|| state.focus(id)));
            }
        }>
            <ul class="board-choices">
                {move || {
                    let now = shown.get().and_then(|id| state.deal(id)).and_then(|deal| deal.stage_id);
                    state.stages.get().into_iter().map(|stage| {
                        let here = now == Some(stage.id);
                        view! {
                            <li>
                                <button type="button" class="menu-item" disabled=here on:click=move |_| choose(stage.id)>
                                    <StageDot color=stage.color />
                                    <span class="menu-item-label">{stage.name}</span>
                                    {here.then(|| view! { <Icon name=IconName::Check /><span class="sr-only-kit">"present stage"</span> })}
                                </button>
                            </li>
                        }
                    }).collect_view()
                }}
            </ul>
        </Dialog>
    }
}
