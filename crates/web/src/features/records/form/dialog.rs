//! The dialog around the form: it asks before what was typed is thrown away.

use super::body::FormBody;
use crate::api::Row;
use crate::api::records::Fields;
use crate::ui::dom::later;
use crate::ui::{ConfirmDialog, Modal};
use domain::catalog::RecordType;
use leptos::prelude::*;

/// What a form is for. Copy it freely.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// The type.
    pub record: RecordType,
    /// Open or closed, both ways.
    pub open: RwSignal<bool>,
    /// The record to edit; a new one without.
    pub edited: Option<ReadSignal<Row>>,
    /// Values that a new record begins with.
    pub prefill: Signal<Fields>,
    /// Called with the saved record, after the dialog has closed.
    pub on_saved: Callback<Row>,
}

/// The dialog.
pub(crate) fn form_dialog(form: Form) -> AnyView {
    let Form { record, open, edited, prefill, on_saved } = form;
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
    .into_any()
}
