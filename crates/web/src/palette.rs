//! The command palette: records first, then what can be done here, then everywhere, then where one can go.
//!
//! It is a view over the keyboard registry ([`Shortcuts`]), so that every action of the app is in it, and over the
//! server's search. Records opened lately come first while nothing is typed.

mod entries;
mod recent;

pub use recent::remember;

use crate::data::{queries, use_query, use_session};
use crate::keyboard::Shortcuts;
use crate::shell::Leaving;
use crate::ui::dom::{html_element, scroll_to, unique_id};
use crate::ui::{Announcer, Icon, IconName, Kbd, Modal, Spinner, format};
use entries::{Entry, Group, Hits, Run, arrange};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long typing must rest before the server is asked.
const DEBOUNCE: Duration = Duration::from_millis(150);

/// The palette.
#[component]
pub fn Palette(
    /// Open or closed, both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    // Run only when the dialog has closed and given the focus back: the action may open another one, or move on.
    let chosen = StoredValue::new(None::<Run>);
    let (navigate, leaving) = (use_navigate(), Leaving::current());
    let run = move |()| {
        let Some(run) = chosen.try_update_value(Option::take).flatten() else { return };
        match run {
            Run::Action(action) => {
                action.try_run(());
            }
            Run::Open(href) if leaving.may_go(&href) => navigate(&href, Default::default()),
            Run::Open(_) => {}
        }
    };
    view! {
        <Modal open=open class="dialog dialog-top palette" label="Search and commands" on_closed=run>
            <PaletteBody on_choose=move |run: Run| {
                chosen.set_value(Some(run));
                open.set(false);
            } />
        </Modal>
    }
}

#[component]
fn PaletteBody(#[prop(into)] on_choose: Callback<Run>) -> impl IntoView {
    let session = use_session();
    let (typed, asked) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let active = RwSignal::new(0_usize);
    Effect::watch(
        move || typed.get(),
        move |text, _, _| {
            active.set(0);
            let text = text.trim().to_owned();
            set_timeout(
                move || {
                    let rested = typed.try_get_untracked().is_some_and(|now| now.trim() == text);
                    if rested && asked.try_get_untracked().as_ref() != Some(&text) {
                        asked.try_set(text);
                    }
                },
                DEBOUNCE,
            );
        },
        false,
    );
    let found = use_query(move || Some(asked.get()).filter(|text| !text.is_empty()).map(queries::search));
    let hits = found.keeping();
    let recent = StoredValue::new(session.me_untracked().map(|me| recent::of(&me)).unwrap_or_default());
    let shortcuts = Shortcuts::current();
    let groups = Memo::new(move |_| {
        let typed = typed.get();
        let found = hits.get().filter(|_| !typed.trim().is_empty());
        let hits = found.as_deref().map(|(of, results)| Hits { results, stale: of != typed.trim() });
        arrange(typed.trim(), hits, &recent.get_value(), &shortcuts.available(true))
    });
    let waiting = move || {
        let typed = typed.with(|text| text.trim().to_owned());
        !typed.is_empty() && (typed != asked.get() || found.is_fetching())
    };
    let entries = Memo::new(move |_| groups.get().into_iter().flat_map(|group| group.entries).collect::<Vec<_>>());
    // Who has gone down the list stays on their line when others come in above it, and begins anew when it goes.
    Effect::watch(
        move || entries.get(),
        move |now, before, _| {
            let at = active.get_untracked();
            let chosen = before.filter(|_| at > 0).and_then(|before| before.get(at));
            let place = chosen.map(|chosen| now.iter().position(|entry| entry.id == chosen.id).unwrap_or(0));
            if let Some(place) = place.filter(|place| *place != at) {
                active.set(place);
            }
        },
        false,
    );

    let id = StoredValue::new(unique_id("palette"));
    let option_id = move |at: usize| id.with_value(|id| format!("{id}-{at}"));
    Effect::new(move |_| {
        let at = active.get();
        if let Some(element) = html_element(&option_id(at)) {
            scroll_to(&element);
        }
    });
    let announcer = Announcer::current();
    Effect::watch(
        move || (waiting(), entries.with(Vec::len)),
        move |(waiting, count), _, _| {
            if !waiting && !typed.with_untracked(String::is_empty) {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                announcer.polite(format::count(count, "result", "results"));
            }
        },
        false,
    );
    let choose = move |at: usize| {
        if let Some(entry) = entries.with_untracked(|entries| entries.get(at).cloned()) {
            on_choose.run(entry.run);
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        let last = entries.with_untracked(Vec::len).saturating_sub(1);
        let at = active.get_untracked();
        match ev.key().as_str() {
            "ArrowDown" => active.set(if at >= last { 0 } else { at + 1 }),
            "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
            "PageDown" => active.set((at + 8).min(last)),
            "PageUp" => active.set(at.saturating_sub(8)),
            "Enter" if !ev.is_composing() => choose(at),
            _ => return,
        }
        ev.prevent_default();
    };
    let list_id = move || id.with_value(|id| format!("{id}-list"));
    view! {
        <div class="palette-field">
            {move || if waiting() {
                view! { <Spinner /> }.into_any()
            } else {
                view! { <Icon name=IconName::Search /> }.into_any()
            }}
            <input
                type="text"
                role="combobox"
                autofocus
                autocomplete="off"
                spellcheck="false"
                aria-label="Search records and commands"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=list_id
                aria-activedescendant=move || entries.with(|e| !e.is_empty()).then(|| option_id(active.get()))
                placeholder="Search records and commands"
                prop:value=move || typed.get()
                on:input=move |ev| typed.set(event_target_value(&ev))
                on:keydown=on_key
            />
            <Kbd keys="esc" />
        </div>
        <div class="palette-list" id=list_id role="listbox" aria-label="Results">
            {move || {
                let mut at = 0;
                groups.get().into_iter().map(|group| {
                    let first = at;
                    at += group.entries.len();
                    group_view(group, first, active, option_id, choose)
                }).collect_view()
            }}
        </div>
        {move || (entries.with(Vec::is_empty) && !waiting()).then(|| view! {
            <p class="palette-empty">{format!("Nothing found for “{}”", typed.with(|text| text.trim().to_owned()))}</p>
        })}
    }
}

fn group_view(
    group: Group,
    first: usize,
    active: RwSignal<usize>,
    option_id: impl Fn(usize) -> String + Copy + 'static,
    choose: impl Fn(usize) + Copy + 'static,
) -> impl IntoView {
    let heading = unique_id("palette-group");
    let labelled_by = heading.clone();
    let numbered = group.entries.into_iter().zip(first..);
    let options = numbered.map(|(entry, at)| option_view(entry, at, active, option_id, choose));
    view! {
        <div role="group" aria-labelledby=labelled_by>
            <div class="menu-heading" id=heading>{group.label}</div>
            {options.collect_view()}
        </div>
    }
}

fn option_view(
    entry: Entry,
    at: usize,
    active: RwSignal<usize>,
    option_id: impl Fn(usize) -> String,
    choose: impl Fn(usize) + 'static,
) -> impl IntoView {
    let is_active = move || active.get() == at;
    view! {
        <div
            class="menu-item"
            role="option"
            id=option_id(at)
            aria-selected=move || if is_active() { "true" } else { "false" }
            data-active=move || is_active().then_some("true")
            // Moving, not entering: the list scrolling under a resting pointer must not change the choice.
            on:pointermove=move |_| if active.get_untracked() != at { active.set(at) }
            on:click=move |_| choose(at)
        >
            <Icon name=entry.icon />
            <span class="menu-item-label">
                {entry.title}
                {(!entry.note.is_empty()).then(|| view! { <span class="palette-note">{entry.note}</span> })}
            </span>
            {entry.keys.map(|keys| view! { <Kbd keys=keys /> })}
        </div>
    }
}
