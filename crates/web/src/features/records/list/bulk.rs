//! What can be done with the selected rows, or with everything that the list shows.

mod dialog;
mod work;

pub(super) use dialog::{Asking, BulkDialog};
pub(super) use work::Work;

use super::export::Exporting;
use super::window::Window;
use crate::api::records::{Archived, ListParams};
use crate::data::use_session;
use crate::dialogs::asked;
use crate::features::records::address::Address;
use crate::features::records::lookup::Lookup;
use crate::features::records::merge::Merging;
use crate::ui::{BulkBar, Button, ButtonVariant, ConfirmDialog, IconName, TableState, format};
use domain::bulk::{BulkAction, StartBulk};
use domain::catalog::RecordType;
use domain::dedupe::MERGE_MAX;
use domain::permission::Permission;
use domain::scope::{ListScope, MAX_IDS};
use leptos::prelude::*;
use uuid::Uuid;

/// Which records are meant.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    record: RecordType,
    table: TableState,
    window: Window,
    address: Address,
    /// What is asked of the server for the list.
    params: Memo<ListParams>,
    /// Everything that the list shows, also what is not loaded.
    everything: RwSignal<bool>,
}

impl Chosen {
    /// The record type.
    pub(super) const fn record(self) -> RecordType {
        self.record
    }

    /// What the list shows, in its address.
    pub(super) const fn address(self) -> Address {
        self.address
    }

    /// How many the list shows. Tracked.
    pub(super) fn total(self) -> i64 {
        self.window.total.get().map_or(0, |(total, _)| total)
    }

    /// How many are selected. Tracked.
    pub(super) fn count(self) -> i64 {
        if self.everything.get() { self.total() } else { i64::try_from(self.table.selected_count().get()).unwrap_or(0) }
    }

    /// "3 companies". Tracked.
    pub(super) fn words(self) -> String {
        self.words_of(self.count())
    }

    /// A count of such records.
    pub(super) fn words_of(self, count: i64) -> String {
        let spec = self.record.spec();
        format::count(count, &spec.label.to_lowercase(), &spec.label_plural.to_lowercase())
    }

    /// Everything that the list shows.
    pub(super) fn scope(self) -> ListScope {
        let ListParams { filter, search, mine, archived, sort_by, .. } = self.params.get_untracked();
        ListScope {
            filter: filter.and_then(|filter| serde_json::to_value(filter).ok()),
            search: search.unwrap_or_default().trim().to_owned(),
            mine,
            archived: archived == Archived::Only,
            sort_by: sort_by.unwrap_or_default(),
        }
    }

    /// The selected records: by id, or everything that the list shows.
    pub(super) fn records(self) -> (Option<Vec<Uuid>>, Option<ListScope>) {
        if self.everything.get_untracked() {
            return (None, Some(self.scope()));
        }
        let ids = self.table.selected.with_untracked(|ids| {
            ids.iter().filter_map(|id| Uuid::try_parse(id).ok()).take(MAX_IDS).collect::<Vec<_>>()
        });
        (Some(ids), None)
    }

    /// What is asked of the server.
    fn start(self, action: BulkAction) -> StartBulk {
        let (ids, query) = self.records();
        StartBulk { ids, query, ..StartBulk::of(action) }
    }

    fn clear(self) {
        self.everything.set(false);
        self.table.clear_selection();
    }
}

/// The bar under the list while something is selected.
#[component]
pub(super) fn BulkActions(
    record: RecordType,
    table: TableState,
    window: Window,
    address: Address,
    params: Memo<ListParams>,
    lookup: Lookup,
    /// Archives the selected rows one by one, where the person may not do bulk work.
    archive: Callback<()>,
    may_archive: Signal<bool>,
    /// What is to be exported, both ways.
    exporting: RwSignal<Option<Exporting>>,
) -> impl IntoView {
    let session = use_session();
    let everything = RwSignal::new(false);
    let chosen = Chosen { record, table, window, address, params, everything };
    let may = |permission: Permission| {
        let session = session.clone();
        Memo::new(move |_| session.can(permission))
    };
    let (bulk, exports) = (may(Permission::BulkRun), may(record.permissions().export));
    let deletes = {
        let session = session.clone();
        Memo::new(move |_| session.may_delete_many())
    };
    let archived = address.aspect(|state| state.archived);
    // Other rows, another choice.
    Effect::watch(move || params.get(), move |_, _, _| chosen.clear(), false);
    // Letting go of a row lets go of everything.
    let count = table.selected_count();
    Effect::watch(
        move || count.get(),
        move |now, before, _| {
            if before.is_some_and(|before| now < before) {
                everything.set(false);
            }
        },
        false,
    );

    let merging = RwSignal::new(None::<Merging>);
    let mergeable = {
        let session = session.clone();
        let may = move || record.permissions().merge.is_some_and(|merge| session.can(merge));
        Memo::new(move |_| may() && !archived.get() && !everything.get() && (2..=MERGE_MAX).contains(&count.get()))
    };
    let merge = move || {
        let (ids, _) = chosen.records();
        merging.set(ids.map(|ids| Merging { record, ids }));
    };

    let work = Work::current(record);
    let asking = RwSignal::new(None::<Asking>);
    let deleting = RwSignal::new(false);
    let run = move |action: BulkAction| {
        work.run(chosen.start(action));
        chosen.clear();
    };
    let all_loaded = Memo::new(move |_| {
        let total = window.total.get().map_or(0, |(total, _)| total);
        let selected = i64::try_from(count.get()).unwrap_or(0);
        selected >= 2 && selected < total && !everything.get()
    });
    let plural = record.spec().label_plural.to_lowercase();
    let total = move || window.total.get().map_or(0, |(total, _)| total);
    let offer = {
        let plural = plural.clone();
        move || format!("Select all {} {plural}", format::integer(total()))
    };
    let offer = StoredValue::new(offer);
    let bar_count =
        Signal::derive(move || if everything.get() { usize::try_from(total()).unwrap_or(0) } else { count.get() });
    let question = Signal::derive(move || format!("Delete {} for good?", chosen.words()));
    view! {
        <BulkBar count=bar_count on_clear=move |()| chosen.clear()>
            <Show when=move || bulk.get() && all_loaded.get()>
                <Button variant=ButtonVariant::Ghost on_click=move |_| everything.set(true)>
                    {move || offer.with_value(|offer| offer())}
                </Button>
            </Show>
            <Show when=move || bulk.get() && !archived.get()>
                <Button variant=ButtonVariant::Ghost icon=IconName::Pencil on_click=move |_| asking.set(Some(Asking::Fields))>
                    "Edit…"
                </Button>
                <Button variant=ButtonVariant::Ghost icon=IconName::Tag on_click=move |_| asking.set(Some(Asking::Tags))>
                    "Tags…"
                </Button>
            </Show>
            <Show when=move || mergeable.get()>
                <Button variant=ButtonVariant::Ghost icon=IconName::Merge on_click=move |_| merge()>"Merge…"</Button>
            </Show>
            {move || (may_archive.get() && !archived.get()).then(|| view! {
                <Button variant=ButtonVariant::Ghost icon=IconName::Archive on_click=move |_| {
                    if bulk.get_untracked() { run(BulkAction::Archive) } else { archive.run(()) }
                }>"Archive"</Button>
            })}
            {move || (bulk.get() && may_archive.get() && archived.get()).then(|| view! {
                <Button variant=ButtonVariant::Ghost icon=IconName::ArchiveRestore on_click=move |_| run(BulkAction::Restore)>
                    "Restore"
                </Button>
            })}
            {move || (deletes.get() && archived.get()).then(|| view! {
                <Button variant=ButtonVariant::DangerGhost icon=IconName::Trash2 on_click=move |_| deleting.set(true)>
                    "Delete…"
                </Button>
            })}
            <Show when=move || exports.get()>
                <Button variant=ButtonVariant::Ghost icon=IconName::Download
                    on_click=move |_| exporting.set(Some(Exporting::Selected))>"Export…"</Button>
            </Show>
        </BulkBar>
        {asked(exporting, Box::new(move |dialogs| (dialogs.lists.export)(exporting, chosen, table)))}
        {asked(merging, Box::new(move |dialogs| (dialogs.merge)(merging, Callback::new(move |()| chosen.clear()))))}
        {asked(asking, Box::new(move |dialogs| (dialogs.lists.bulk)(asking, chosen, lookup, work)))}
        <ConfirmDialog open=deleting danger=true title=question confirm="Delete for good"
            text="They are deleted with everything that belongs to them alone. This cannot be undone."
            on_confirm=move |()| {
                deleting.set(false);
                run(BulkAction::Delete);
            } />
    }
}
