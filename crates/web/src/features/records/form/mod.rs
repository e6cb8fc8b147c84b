//! The dialog in which a record is made or all its fields are edited, from the catalogue.

mod alike;
mod body;

use super::href::href;
use crate::api::Row;
use crate::api::records::Fields;
use crate::data::use_session;
use crate::shell::Creating;
use crate::ui::dom::later;
use crate::ui::{ConfirmDialog, Modal};
use body::FormBody;
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
    let title_id = crate::ui::dom::unique_id("record-form");
    let dirty = RwSignal::new(false);
    let asking = RwSignal::new(false);
    // Draws a clean form anew after its content was thrown away.
    let discard = RwSignal::new(0_u32);
    let may_close = Callback::new(move |()| {
        if dirty.get_untracked() {
            asking.set(true);
            false
        } else {
            true
        }
    });
    let heading = title_id.clone();
    view! {
        <Modal open=open class="dialog dialog-lg" labelled_by=title_id may_close=may_close>
            <FormBody record edited prefill heading=heading.clone() dirty discard may_close
                on_close=move || later(move || crate::ui::dom::ignore(open.try_set(false)))
                on_saved=on_saved />
        </Modal>
        <ConfirmDialog open=asking title="Throw away what you typed?" danger=true confirm="Throw away"
            text="The form has changes that are not saved."
            on_confirm=move |()| {
                discard.update(|n| *n += 1);
                asking.set(false);
                open.set(false);
            } />
    }
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
