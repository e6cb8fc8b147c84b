//! What is opened on a list, out of the part of dialogs ([`crate::dialogs`]).

use super::builder::FilterBuilder;
use super::bulk::{Asking, BulkDialog, Chosen, Work};
use super::condition_box::condition_editor;
use super::export::{ExportDialog, Exporting};
use super::filters::Editing;
use super::views::ViewDialog;
use crate::features::keeping::Naming;
use crate::features::records::address::Address;
use crate::features::records::lookup::Lookup;
use crate::ui::TableState;
use domain::catalog::RecordType;
use domain::filter::Subject;
use domain::views::{SavedView, ViewColumn};
use leptos::prelude::*;

type Export = fn(RwSignal<Option<Exporting>>, Chosen, TableState) -> AnyView;
type Bulk = fn(RwSignal<Option<Asking>>, Chosen, Lookup, Work) -> AnyView;
type Builder = fn(RecordType, Address, Lookup, RwSignal<bool>, RwSignal<Option<Subject>>) -> AnyView;
type OneCondition = fn(RecordType, Editing, Address, Lookup, RwSignal<Option<Editing>>, RwSignal<bool>) -> AnyView;
type Name =
    fn(RecordType, Option<Memo<SavedView>>, RwSignal<Option<Naming>>, Address, Signal<Vec<ViewColumn>>) -> AnyView;

/// What draws it.
pub(crate) struct ListDialogs {
    /// What is exported.
    pub(super) export: Export,
    /// What many records get.
    pub(super) bulk: Bulk,
    /// A filter of any shape.
    pub(super) builder: Builder,
    /// One condition.
    pub(super) condition: OneCondition,
    /// The name of a view.
    pub(super) naming: Name,
}

/// All of it.
pub(crate) const DIALOGS: ListDialogs = ListDialogs {
    export: |asking, chosen, table| view! { <ExportDialog asking chosen table /> }.into_any(),
    bulk: |asking, chosen, lookup, work| view! { <BulkDialog asking chosen lookup work /> }.into_any(),
    builder: |record, address, lookup, open, asked| {
        view! { <FilterBuilder record address lookup open asked /> }.into_any()
    },
    condition: condition_editor,
    naming: |record, renamed, naming, address, columns| {
        view! { <ViewDialog record renamed naming address columns /> }.into_any()
    },
};
