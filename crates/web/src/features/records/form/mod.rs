//! The dialog in which a record is made or all its fields are edited, from the catalogue.

mod alike;
mod body;
mod dialog;

pub(crate) use dialog::{Form, form_dialog};

use super::href::href;
use crate::api::Row;
use crate::api::records::Fields;
use crate::data::use_session;
use crate::dialogs::opened_by;
use crate::shell::Creating;
use domain::catalog::RecordType;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The dialog for one record type: makes a record, or edits `edited`.
#[component]
pub fn RecordForm(
    /// The type.
    record: RecordType,
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// The record to edit; a new one without.
    #[prop(optional, into)]
    edited: Option<ReadSignal<Row>>,
    /// Values that a new record begins with.
    #[prop(optional, into)]
    prefill: Signal<Fields>,
    /// Called with the saved record, after the dialog has closed.
    #[prop(into)]
    on_saved: Callback<Row>,
) -> impl IntoView {
    let form = Form { record, open, edited, prefill, on_saved };
    opened_by(open, Box::new(move |dialogs| (dialogs.form)(form)))
}

/// The dialogs behind "New company" and its like in the top bar and the palette. Once, in the frame (CONTACT-23).
#[component]
pub fn CreateDialogs() -> impl IntoView {
    let creating = Creating::current();
    creating.offer(RecordType::ALL);
    let session = use_session();
    RecordType::ALL
        .iter()
        .copied()
        .map(|record| {
            let open = RwSignal::new(false);
            let given = RwSignal::new(None::<Fields>);
            let (session, navigate) = (session.clone(), use_navigate());
            Effect::new(move |_| {
                if let Some(wanted) = creating.wanted().get().filter(|wanted| wanted.record == record) {
                    creating.wanted().set(None);
                    if untrack(|| session.can(record.permissions().create)) {
                        given.set(wanted.given);
                        open.set(true);
                    }
                }
            });
            view! {
                <RecordForm record open=open prefill=Signal::derive(move || given.get().unwrap_or_default())
                    on_saved=move |row: Row| if given.with_untracked(Option::is_none) {
                        navigate(&href(row.record, row.id), Default::default());
                    } />
            }
        })
        .collect_view()
}
