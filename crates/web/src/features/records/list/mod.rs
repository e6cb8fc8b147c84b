//! The list of a record type.

mod builder;
mod bulk;
mod condition;
mod condition_box;
mod dialogs;
mod export;
mod far;
mod filter_text;
mod filters;
mod grid;
mod tools;
mod views;
mod window;

pub(crate) use dialogs::{DIALOGS, ListDialogs};
pub use filters::Filters;
pub use grid::mark;
pub use tools::{ListSearch, NothingFits, Whose};

use super::address::Address;
use super::form::RecordForm;
use super::look::{Look, look};
use super::lookup::Lookup;
use super::page::{RecordPanel, TAB};
use super::prefs::Mine;
use crate::api::Row;
use crate::api::records::ListParams;
use crate::data::{schema, use_mutations, use_session};
use crate::features::failed::failed;
use crate::keyboard::{Action, Shortcuts};
use crate::shell::use_page;
use crate::ui::dom::{ignore, query_all};
use crate::ui::{Button, ButtonVariant, ColumnChooser, ControlSize, EmptyState, IconButton, IconName, format};
use bulk::BulkActions;
use domain::catalog::{RecordSpec, RecordType};
use domain::permission::Permission;
use export::Exporting;
use grid::{Grid, table_state};
use leptos::html;
use leptos::prelude::*;
use views::ViewTabs;
use window::{Window, use_window};

/// The list of a record type, with the record that is open beside it.
#[component]
pub fn ListPage(
    /// The type.
    record: RecordType,
) -> impl IntoView {
    let (look, spec) = (look(record), record.spec());
    let lookup = Lookup::new(record);
    let address = Address::current(&[TAB]);
    let session = use_session();
    let mine = Mine::of(&session, spec);
    let asked = address.aspect(move |state| state.params(schema(record), mine));
    let table = table_state(record, look, address, lookup);
    let editing = Memo::new(move |_| table.is_editing());
    // While a cell is being edited the list stays the one that the cell is in: a click that leads to another list lets go
    // of the cell first, and what was typed is saved in its row.
    let params = Memo::new(move |before: Option<&ListParams>| match before {
        Some(before) if editing.get() => before.clone(),
        _ => asked.get(),
    });
    let window = use_window(record, params, editing);
    let creating = RwSignal::new(false);
    let may_create = {
        let session = session.clone();
        Signal::derive(move || session.can(record.permissions().create))
    };
    let heading = use_page(spec.label_plural, Vec::new());
    let body = NodeRef::<html::Div>::new();

    // Other rows begin at their beginning.
    Effect::watch(
        move || params.get(),
        move |_, _, _| {
            if let Some(body) = body.get_untracked() {
                query_all(&body, ".vt-scroll").iter().for_each(|grid| grid.set_scroll_top(0));
            }
            table.active.set((0, 0));
        },
        false,
    );
    let shortcuts = Shortcuts::current();
    shortcuts.register(
        Action::new("list.create", format!("New {}", spec.label.to_lowercase()), move || creating.set(true))
            .keys("c")
            .icon(IconName::Plus)
            .enabled(may_create),
    );
    let mutations = use_mutations();
    let archive = {
        let session = session.clone();
        Callback::new(move |()| {
            let chosen = table.selected.get_untracked();
            let rows = if chosen.is_empty() {
                untrack(|| window.row(table.active.get_untracked().0)).into_iter().collect()
            } else {
                window.loaded(|id| chosen.contains(id))
            };
            for row in rows.iter().filter(|row| row.archived_at().is_none()) {
                if untrack(|| session.may_delete(row)) {
                    mutations.archive(row);
                    table.selected.update(|selected| ignore(selected.remove(&row.id.to_string())));
                }
            }
        })
    };
    let may_archive = {
        let session = session.clone();
        Signal::derive(move || session.can(record.permissions().delete))
    };
    shortcuts.register(
        Action::new("list.archive", format!("Archive {}", spec.label.to_lowercase()), move || archive.run(()))
            .keys("#")
            .icon(IconName::Archive)
            .enabled(may_archive),
    );

    let exporting = RwSignal::new(None::<Exporting>);
    let exports = {
        let session = session.clone();
        Memo::new(move |_| session.can(record.permissions().export))
    };
    shortcuts.register(
        Action::new("list.export", format!("Export {}", spec.label_plural.to_lowercase()), move || {
            exporting.set(Some(Exporting::Shown));
        })
        .icon(IconName::Download)
        .enabled(exports),
    );
    let import = {
        let session = session.clone();
        move || {
            session.can(Permission::ImportRun).then(|| view! {
            <span class="rec-wide"><Button icon=IconName::Upload href=format!("/import/{}", spec.table)>"Import"</Button></span>
            <span class="rec-narrow">
                <IconButton icon=IconName::Upload label="Import" href=format!("/import/{}", spec.table) size=ControlSize::Md />
            </span>
        })
        }
    };
    let count = move || {
        window.total.get().map(|(total, exact)| {
            let text = format!("{}{}", if exact { "" } else { "≈ " }, format::integer(total));
            view! { <span class="rec-count">{text}</span> }
        })
    };
    view! {
        <div class="rec-list-page">
            <div class="rec-list">
                <div class="rec-list-head">
                    <h1 tabindex="-1" node_ref=heading>{spec.label_plural}</h1>
                    {count}
                    <span class="grow"></span>
                    {import}
                    {move || may_create.get().then(|| view! {
                        <Button variant=ButtonVariant::Primary icon=IconName::Plus keys="c"
                            on_click=move |_| creating.set(true)>{format!("New {}", spec.label.to_lowercase())}</Button>
                    })}
                </div>
                <ViewTabs record address table mine />
                <Toolbar record look address lookup mine>
                    <ColumnChooser state=table />
                    {move || exports.get().then(|| view! {
                        <IconButton icon=IconName::Download label="Export…" size=ControlSize::Md
                            on_click=move |_| exporting.set(Some(Exporting::Shown)) />
                    })}
                </Toolbar>
                <div class="rec-list-body" node_ref=body>
                    {move || match window.failed.get() {
                        Some(fail) => {
                            let title = format!("The {} could not be loaded", spec.label_plural.to_lowercase());
                            failed(title, &fail, move || window.refetch())
                        }
                        None => view! {
                            <Grid record table window address lookup
                                empty=move || view! { <Empty spec look address mine may_create creating /> } />
                        }.into_any(),
                    }}
                    {move || window.is_cut_off().then(|| view! {
                        <div class="rec-more" role="status">
                            "Rows after the first 10,000 could not be loaded."
                            <Button variant=ButtonVariant::Ghost size=ControlSize::Sm on_click=move |_| window.refetch()>"Try again"</Button>
                        </div>
                    })}
                </div>
                <BulkActions record table window address params lookup archive may_archive exporting />
            </div>
            <RecordPanel record address=address on_step=move |by: isize| step(table, window, address, by) />
            <RecordForm record open=creating
                on_saved=move |row: Row| address.open(Some(row.id)) />
        </div>
    }
}

/// From the open record to the next or previous one of the list.
fn step(table: crate::ui::TableState, window: Window, address: Address, by: isize) {
    let open = address.peek().open;
    let (at, column) = table.active.get_untracked();
    let next = at.saturating_add_signed(by);
    if open.is_some()
        && let Some(row) = untrack(|| window.row(next))
    {
        table.active.set((next, column));
        address.open(Some(row.id));
    }
}

/// Search, filters, whose, archived.
#[component]
fn Toolbar(
    record: RecordType,
    look: &'static Look,
    address: Address,
    lookup: Lookup,
    mine: Mine,
    children: Children,
) -> impl IntoView {
    let spec = record.spec();
    let archived = address.aspect(|state| state.archived);
    view! {
        <div class="rec-toolbar">
            <ListSearch spec address />
            <Filters record address lookup quick=look.quick />
            <div class="rec-toolbar-end">
                <Whose spec address mine />
                <IconButton icon=IconName::Archive pressed=archived
                    label=Signal::derive(move || if archived.get() { "Back to live records" } else { "Show archived" }.to_owned())
                    on_click=move |_| address.change(|state| state.archived = !state.archived) />
                {children()}
            </div>
        </div>
        {move || archived.get().then(|| view! {
            <div class="rec-archived-note">
                <span>{format!("Archived {}", spec.label_plural.to_lowercase())}</span>
                <Button variant=ButtonVariant::Ghost size=ControlSize::Sm
                    on_click=move |_| address.change(|state| state.archived = false)>"Show live ones"</Button>
            </div>
        })}
    }
}

/// No rows: why, and the one next action.
#[component]
fn Empty(
    spec: &'static RecordSpec,
    look: &'static Look,
    address: Address,
    mine: Mine,
    may_create: Signal<bool>,
    creating: RwSignal<bool>,
) -> impl IntoView {
    let plural = spec.label_plural.to_lowercase();
    let session = use_session();
    move || {
        let (state, plural) = (address.get(), plural.clone());
        if state.is_narrowed() {
            return view! { <NothingFits plural address /> }.into_any();
        }
        if state.archived {
            return view! {
                <EmptyState icon=IconName::Archive title=format!("No archived {plural}")
                    text="What you archive is kept here and can be restored.">
                    <Button on_click=move |_| address.change(|state| state.archived = false)>"Show live ones"</Button>
                </EmptyState>
            }
            .into_any();
        }
        if mine.holds(state.mine) {
            return view! {
                <EmptyState icon=look.icon title=format!("You own no {plural} yet")
                    text=format!("Switch to all to see the {plural} of your colleagues.")>
                    <Button on_click=move |_| address.change(|state| state.mine = Some(false))>
                        {format!("Show all {plural}")}
                    </Button>
                </EmptyState>
            }
            .into_any();
        }
        let can_import = session.can(Permission::ImportRun);
        view! {
            <EmptyState icon=look.icon title=format!("No {plural} yet") text=look.about>
                {may_create.get().then(|| view! {
                    <Button variant=ButtonVariant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>
                        {format!("New {}", spec.label.to_lowercase())}
                    </Button>
                })}
                {can_import.then(|| view! {
                    <Button icon=IconName::Upload href=format!("/import/{}", spec.table)>"Import"</Button>
                })}
            </EmptyState>
        }
        .into_any()
    }
}
