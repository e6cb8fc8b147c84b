//! One stage of the board.

use super::card;
use super::drag::{Drag, Target};
use super::keys::on_card_key;
use super::state::{BoardState, card_id};
use super::totals;
use crate::features::records::value::StageDot;
use crate::ui::dom::ignore;
use crate::ui::{Spinner, format};
use domain::deals::Deal;
use domain::deals::board::Column;
use domain::pipelines::Stage;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// How near the end of a column further cards are loaded, in px.
const NEAR_END: i32 = 400;

/// A column with its head and cards.
#[component]
pub fn StageColumn(
    /// The stage.
    stage: Stage,
    /// Its cards and sums.
    column: Memo<Option<Column>>,
    /// Where a card would land: by pointer or keyboard.
    landing: Memo<Option<Target>>,
    /// The board.
    state: BoardState,
    /// Dragging.
    drag: Drag,
) -> impl IntoView {
    let id = stage.id;
    let stage = StoredValue::new(stage);
    let cards = Memo::new(move |_| column.with(|column| column.as_ref().map(|c| c.cards.clone()).unwrap_or_default()));
    let sums = Memo::new(move |_| {
        column.with(|column| column.as_ref().map(|c| (c.count, c.totals.clone())).unwrap_or_default())
    });
    let here = Memo::new(move |_| landing.get().filter(|target| target.stage == id));
    let busy = RwSignal::new(false);
    let has_more = Memo::new(move |_| column.with(|column| column.as_ref().is_some_and(|c| c.next_cursor.is_some())));
    let list = NodeRef::<html::Ul>::new();
    let near_end = move || {
        if let Some(list) = list.get_untracked()
            && has_more.get_untracked()
            && list.scroll_height() - list.scroll_top() - list.client_height() < NEAR_END
        {
            state.more(id, busy);
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
                <For each=move || cards.get() key=|deal| (deal.id, deal.version, deal.stage_id, deal.status, deal.days_in_stage) let:deal>
                    <Card deal stage here state drag />
                </For>
                {move || here.get().filter(|target| target.before.is_none()).map(|_| view! {
                    <li class="board-landing" aria-hidden="true"></li>
                })}
                {move || has_more.get().then(|| view! {
                    <li class="board-more">
                        <button type="button" class="btn btn-ghost btn-sm btn-block" on:click=move |_| state.more(id, busy)>
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
    deal: Deal,
    stage: StoredValue<Stage>,
    here: Memo<Option<Target>>,
    state: BoardState,
    drag: Drag,
) -> impl IntoView {
    let id: Uuid = deal.id;
    let (text, inner) =
        stage.with_value(|stage| (BoardState::spoken(&deal, stage), card::content(&deal, stage, state.lookup)));
    let lifted = Memo::new(move |_| {
        drag.flight.with(|flight| flight.is_some_and(|f| f.id == id)) || state.grabbed.get().is_some_and(|g| g.id == id)
    });
    let opened = state.address.aspect(move |address| address.open == Some(id));
    let landing = Memo::new(move |_| here.get().is_some_and(|target| target.before == Some(id)));
    let movable = state.may_move(&deal);
    view! {
        {move || landing.get().then(|| view! { <li class="board-landing" aria-hidden="true"></li> })}
        <li
            class="board-card"
            data-card=id.to_string()
            data-lifted=move || lifted.get().then_some("true")
            data-open=move || opened.get().then_some("true")
            data-fixed=(!movable).then_some("true")
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
                aria-pressed=move || state.grabbed.get().is_some_and(|g| g.id == id).to_string()
                on:keydown=move |ev| on_card_key(&ev, id, state)></div>
            <div class="board-card-body" aria-hidden="true">{inner}</div>
        </li>
    }
}
