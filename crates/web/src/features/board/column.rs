//! One stage of the board.

use super::card;
use super::drag::{Drag, Target};
use super::keys::on_card_key;
use super::state::{BoardState, card_id};
use crate::features::deals::totals;
use crate::features::records::value::StageDot;
use crate::ui::dom::ignore;
use crate::ui::{Each, Spinner, as_it_is, format};
use domain::deals::Deal;
use domain::deals::board::Column;
use domain::pipelines::Stage;
use leptos::html;
use leptos::prelude::*;
use leptos::reactive::computed::Selector;
use uuid::Uuid;

/// How near the end of a column further cards are drawn or loaded, in px.
const NEAR_END: i32 = 400;
/// By how many cards the columns grow at once.
pub const DRAWN: usize = 50;

/// Which card is what. A card is told only what changes for itself: there may be thousands, and a drag moves with
/// every frame.
pub struct Marks {
    /// The card in the hand, of the pointer or the keyboard.
    pub lifted: Selector<Option<Uuid>>,
    /// The card that the keyboard has picked up.
    pub grabbed: Selector<Option<Uuid>>,
    /// The card that would follow the one in the hand.
    pub follows: Selector<Option<Uuid>>,
    /// The card that is open beside the board.
    pub open: Selector<Option<Uuid>>,
}

/// A column with its head and cards.
#[component]
pub fn StageColumn(
    /// The stage.
    stage: Stage,
    /// Its cards and sums.
    column: Memo<Option<Column>>,
    /// Where a card would land: by pointer or keyboard.
    landing: Memo<Option<Target>>,
    /// Which card is what.
    marks: StoredValue<Marks>,
    /// The board.
    state: BoardState,
    /// Dragging.
    drag: Drag,
) -> impl IntoView {
    let id = stage.id;
    let stage = StoredValue::new(stage);
    let loaded = Memo::new(move |_| column.with(|column| column.as_ref().map_or(0, |c| c.cards.len())));
    let cards = Memo::new(move |_| {
        let drawn = state.drawn.get();
        column.with(|column| column.iter().flat_map(|c| c.cards.iter().take(drawn).cloned()).collect::<Vec<_>>())
    });
    let sums = Memo::new(move |_| {
        column.with(|column| column.as_ref().map(|c| (c.count, c.totals.clone())).unwrap_or_default())
    });
    let here = Memo::new(move |_| landing.get().filter(|target| target.stage == id));
    let busy = RwSignal::new(false);
    let has_more = Memo::new(move |_| {
        state.drawn.get() < loaded.get() || column.with(|c| c.as_ref().is_some_and(|c| c.next_cursor.is_some()))
    });
    let more = move || {
        if state.drawn.get_untracked() < loaded.get_untracked() {
            state.drawn.update(|drawn| *drawn += DRAWN);
        } else {
            state.drawn.update(|drawn| *drawn = (*drawn).max(loaded.get_untracked() + DRAWN));
            state.more(id, busy);
        }
    };
    let list = NodeRef::<html::Ul>::new();
    let near_end = move || {
        if let Some(list) = list.get_untracked()
            && has_more.get_untracked()
            && list.scroll_height() - list.scroll_top() - list.client_height() < NEAR_END
        {
            more();
        }
    };
    let head = stage.with_value(|stage| {
        let (name, color, probability) = (stage.name.clone(), stage.color.clone(), stage.probability);
        view! {
            <header class="board-head">
                <StageDot color=color />
                <h2 class="board-head-name">{name}</h2>
                <span class="rec-count">{move || sums.with(|(count, _)| format::integer(*count))}</span>
                <span class="grow"></span>
                <span class="board-head-probability" data-tip="Probability of winning">{format!("{probability}%")}</span>
            </header>
            <p class="board-sum" data-tip=move || sums.with(|(_, t)| totals::exact(t, |t| t.amount_minor))>
                {move || sums.with(|(_, t)| if t.is_empty() { "–".to_owned() } else { totals::text(t, |t| t.amount_minor, "USD") })}
            </p>
        }
    });
    let label = stage.with_value(|stage| stage.name.clone());
    view! {
        <section class="board-column" data-stage=id.to_string() aria-label=label
            data-landing=move || here.get().map(|_| "true")>
            {head}
            <ul class="board-cards" data-cards="" node_ref=list tabindex="-1" on:scroll=move |_| near_end()>
                <Each each=move || cards.get() key=|deal| deal.id let:deal>
                    <Card id=deal.id deal=as_it_is(cards, deal, |deal| deal.id) stage marks state drag />
                </Each>
                <li class="board-landing" aria-hidden="true"
                    data-here=move || here.get().filter(|target| target.before.is_none()).map(|_| "true")></li>
                {move || has_more.get().then(|| view! {
                    <li class="board-more">
                        <button type="button" class="btn btn-ghost btn-sm btn-block" on:click=move |_| more()>
                            {move || if busy.get() {
                                view! { <Spinner /><span class="sr-only-kit">"Loading"</span> }.into_any()
                            } else {
                                view! { <span class="btn-label">"Show more"</span> }.into_any()
                            }}
                        </button>
                    </li>
                })}
            </ul>
        </section>
    }
}

#[component]
fn Card(
    id: Uuid,
    deal: Memo<Deal>,
    stage: StoredValue<Stage>,
    marks: StoredValue<Marks>,
    state: BoardState,
    drag: Drag,
) -> impl IntoView {
    let text = move || deal.with(|deal| stage.with_value(|stage| BoardState::spoken(deal, stage)));
    let inner = move || deal.with(|deal| stage.with_value(|stage| card::content(deal, stage, state.lookup)));
    let is = move |mark: fn(&Marks) -> &Selector<Option<Uuid>>| {
        marks.try_with_value(|marks| mark(marks).selected(&Some(id))).unwrap_or(false)
    };
    let movable = move || deal.with(|deal| state.may_move(deal));
    view! {
        <li
            class="board-card"
            data-card=id.to_string()
            data-lifted=move || is(|marks| &marks.lifted).then_some("true")
            data-follows=move || is(|marks| &marks.follows).then_some("true")
            data-open=move || is(|marks| &marks.open).then_some("true")
            data-fixed=move || (!movable()).then_some("true")
            on:click=move |ev| {
                if drag.swallows_click() || ev.default_prevented() {
                    ev.prevent_default();
                    return;
                }
                if ev.ctrl_key() || ev.meta_key() {
                    ignore(window().open_with_url_and_target(&format!("/deals/{id}"), "_blank"));
                } else {
                    state.open(id);
                }
            }
        >
            <div class="board-card-focus" id=card_id(id) role="button" tabindex="0" aria-label=text
                aria-describedby="board-help" aria-roledescription="card"
                aria-pressed=move || is(|marks| &marks.grabbed).to_string()
                on:keydown=move |ev| on_card_key(&ev, id, state)></div>
            <div class="board-card-body" aria-hidden="true">{inner}</div>
        </li>
    }
}
