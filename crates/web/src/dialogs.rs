//! Dialogs and editors that are opened by a deliberate action. They are a part of their own ([`parts::dialogs`]), which is
//! fetched soon after the first page: an action that comes earlier waits for it.

use crate::features::deals::closing::{CloseDialog, Question};
use crate::features::records::form::{Form, form_dialog};
use crate::features::records::list::{self, ListDialogs};
use crate::features::records::look::Shown;
use crate::features::records::merge::{MergeDialog, Merging};
use crate::features::records::page::{Done, block};
use crate::features::settings::PipelineDialog;
use crate::keyboard::Shortcuts;
use crate::palette::Palette;
use crate::parts;
use domain::catalog::Field;
use domain::pipelines::Pipeline;
use leptos::prelude::*;
use uuid::Uuid;

type PipelineEditor = fn(RwSignal<Option<Option<Pipeline>>>, Callback<Uuid>) -> AnyView;

/// What draws them. Only the way into the part may name [`DIALOGS`].
pub(crate) struct Dialogs {
    /// The palette; open or closed, both ways.
    pub palette: fn(RwSignal<bool>) -> AnyView,
    /// Makes or edits a record.
    pub form: fn(Form) -> AnyView,
    /// The editor of a property that takes more than one control.
    pub block: fn(&'static Field, Shown, Done) -> AnyView,
    /// How a deal ended.
    pub closing: fn(RwSignal<Option<Question>>) -> AnyView,
    /// Makes or renames a pipeline.
    pub pipeline: PipelineEditor,
    /// Makes one record of several, and says when that is done.
    pub merge: fn(RwSignal<Option<Merging>>, Callback<()>) -> AnyView,
    /// Those of lists.
    pub lists: ListDialogs,
}

/// All of them.
pub(crate) static DIALOGS: Dialogs = Dialogs {
    palette: |open| view! { <Palette open /> }.into_any(),
    form: form_dialog,
    block,
    closing: |question| view! { <CloseDialog question /> }.into_any(),
    pipeline: |editing, on_made| view! { <PipelineDialog editing on_made /> }.into_any(),
    merge: |merging, on_merged| view! { <MergeDialog merging on_merged /> }.into_any(),
    lists: list::DIALOGS,
};

/// Draws one of them.
pub(crate) type Draw = parts::Draw<Dialogs>;

/// Does what needs them, as soon as they are there; `give_up` where they cannot be fetched.
pub(crate) fn once_there(act: impl FnOnce() + 'static, give_up: Callback<()>) {
    parts::fetched(parts::dialogs(), move |_| act(), give_up);
}

/// Draws one of them when `open`, which it is both ways, is set for the first time.
pub(crate) fn opened_by(open: RwSignal<bool>, draw: Draw) -> AnyView {
    modal(open.into(), move || open.set(false), draw)
}

/// The same for one that is open while it is asked for something.
pub(crate) fn asked<T: Send + Sync + 'static>(asking: RwSignal<Option<T>>, draw: Draw) -> AnyView {
    modal(Signal::derive(move || asking.with(Option::is_some)), move || asking.set(None), draw)
}

/// They take the focus: what is typed while they are on their way is meant for them.
fn modal(wanted: Signal<bool>, close: impl Fn() + Send + Sync + 'static, draw: Draw) -> AnyView {
    let shortcuts = Shortcuts::current();
    let give_up = Callback::new(move |()| {
        shortcuts.no_dialog();
        close();
    });
    Effect::new(move |before: Option<bool>| {
        let wanted = wanted.get();
        if wanted {
            shortcuts.await_dialog(give_up);
        } else if before == Some(true) {
            shortcuts.no_dialog();
        }
        wanted
    });
    parts::drawn(parts::dialogs, wanted, give_up, draw)
}

/// The same for one that is open as long as the place where it stands.
pub(crate) fn in_place(give_up: Callback<()>, draw: Draw) -> AnyView {
    parts::drawn(parts::dialogs, Signal::stored(true), give_up, draw)
}
