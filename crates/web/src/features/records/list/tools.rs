//! What lists and the board have above their records: the search, and whose records are shown.

use crate::data::use_session;
use crate::features::records::address::{Address, ListState};
use crate::features::records::prefs::Mine;
use crate::keyboard::{Action, Shortcuts};
use crate::ui::dom::ignore;
use crate::ui::{Button, Choice, EmptyState, IconName, SearchInput, Segmented};
use domain::catalog::RecordSpec;
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

/// How long typing must pause before the list is searched.
const PAUSE: Duration = Duration::from_millis(200);

/// The search in a list, in its address.
#[component]
pub fn ListSearch(
    /// The record type.
    spec: &'static RecordSpec,
    /// The address.
    address: Address,
) -> impl IntoView {
    let typed = RwSignal::new(address.peek().search);
    let input = NodeRef::<html::Input>::new();
    // From the address (Back, Clear) into the field, and from the field into the address when typing pauses.
    let search = address.aspect(|state| state.search.clone());
    Effect::watch(
        move || search.get(),
        move |now, _, _| {
            if typed.with_untracked(|typed| typed.trim() != now.trim()) {
                typed.set(now.clone())
            }
        },
        false,
    );
    Effect::watch(
        move || typed.get(),
        move |now, _, _| {
            let now = now.clone();
            set_timeout(
                move || {
                    if typed.try_with_untracked(|typed| *typed == now) == Some(true) {
                        address.replace(|state| state.search = now.trim().to_owned());
                    }
                },
                PAUSE,
            );
        },
        false,
    );
    let label = format!("Search {}", spec.label_plural.to_lowercase());
    Shortcuts::current().register(
        Action::new("list.search", label.clone(), move || {
            if let Some(input) = input.get_untracked() {
                ignore(input.focus());
            }
        })
        .keys("/")
        .icon(IconName::Search),
    );
    view! { <div class="rec-toolbar-search"><SearchInput value=typed label=label node_ref=input /></div> }
}

/// All records or the person's own (AUTH-35): in the address, else as they chose last.
#[component]
pub fn Whose(
    /// The record type.
    spec: &'static RecordSpec,
    /// The address.
    address: Address,
    /// What holds where the address does not say.
    mine: Mine,
) -> impl IntoView {
    let shown = Signal::derive(move || if mine.holds(address.get().mine) { "mine" } else { "all" }.to_owned());
    let session = use_session();
    let set_mine = move |now: String| {
        let on = now == "mine";
        mine.choose(&session, spec, on);
        address.change(|state| state.mine = Some(on));
    };
    view! {
        <Segmented value=shown label="Whose" on_change=set_mine
            choices=vec![Choice::new("all", "All"), Choice::new("mine", "Mine")] />
    }
}

/// In place of rows that do not pass the search and the filters.
#[component]
pub fn NothingFits(
    /// What was searched, in a sentence ("deals").
    #[prop(into)]
    plural: String,
    /// The address.
    address: Address,
) -> impl IntoView {
    view! {
        <EmptyState icon=IconName::Search title=format!("No {plural} match")
            text="Nothing fits the search and the filters together.">
            <Button on_click=move |_| address.change(ListState::widen)>"Clear filters"</Button>
        </EmptyState>
    }
}
