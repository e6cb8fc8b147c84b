//! Dialogs and editors that are opened by a deliberate action. They are a part of their own ([`parts::dialogs`]), which is
//! fetched soon after the first page: an action that comes earlier waits for it.

use crate::data::use_notices;
use crate::features::deals::closing::{CloseDialog, Question};
use crate::features::records::form::{Form, form_dialog};
use crate::features::records::list::{self, ListDialogs};
use crate::features::records::look::Shown;
use crate::features::records::page::block;
use crate::features::settings::PipelineDialog;
use crate::palette::Palette;
use crate::parts;
use crate::ui::dom::ignore;
use domain::catalog::Field;
use domain::pipelines::Pipeline;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use uuid::Uuid;

type PipelineEditor = fn(RwSignal<Option<Option<Pipeline>>>, Callback<Uuid>) -> AnyView;

/// What draws them. Only the way into the part may name [`DIALOGS`].
pub(crate) struct Dialogs {
    /// The palette; open or closed, both ways.
    pub palette: fn(RwSignal<bool>) -> AnyView,
    /// Makes or edits a record.
    pub form: fn(Form) -> AnyView,
    /// The editor of a property that takes more than one control.
    pub block: fn(&'static Field, Shown, Callback<()>) -> AnyView,
    /// How a deal ended.
    pub closing: fn(RwSignal<Option<Question>>) -> AnyView,
    /// Makes or renames a pipeline.
    pub pipeline: PipelineEditor,
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
    lists: list::DIALOGS,
};

type There = &'static Dialogs;

/// Draws one of them.
pub(crate) type Draw = Box<dyn Fn(There) -> AnyView + Send + Sync>;

thread_local! {
    /// What draws them, once that was fetched.
    static THERE: Cell<Option<There>> = const { Cell::new(None) };
}

/// Runs `then` with what draws them: at once where it is there, else when it has come. Where it does not come the person
/// is told so, and `give_up` is run.
fn fetched(then: impl FnOnce(There) + 'static, give_up: Callback<()>) {
    if let Some(there) = THERE.get() {
        return then(there);
    }
    let notices = use_notices();
    spawn_local(async move {
        match parts::dialogs().await {
            Ok(there) => {
                THERE.set(Some(there));
                then(there);
            }
            Err(fail) => {
                ignore(give_up.try_run(()));
                notices.failed("This could not be opened", &fail);
            }
        }
    });
}

/// Does what needs them, as soon as they are there.
pub(crate) fn once_there(act: impl FnOnce() + 'static) {
    fetched(move |_| act(), Callback::new(|()| ()));
}

/// Draws one of them when it is `wanted` for the first time, and keeps it. `give_up` takes the wish back.
pub(crate) fn opened(wanted: Signal<bool>, give_up: Callback<()>, draw: Draw) -> AnyView {
    let drawn = RwSignal::new(None::<There>);
    Effect::new(move |_| {
        if !wanted.get() || drawn.with_untracked(Option::is_some) {
            return;
        }
        let show = move |there| {
            if drawn.try_with_untracked(Option::is_none) == Some(true) {
                drawn.set(Some(there));
            }
        };
        fetched(show, give_up);
    });
    (move || drawn.get().map(|there| untrack(|| draw(there)))).into_any()
}

/// The same for one that is open or closed, both ways.
pub(crate) fn opened_by(open: RwSignal<bool>, draw: Draw) -> AnyView {
    opened(open.into(), Callback::new(move |()| open.set(false)), draw)
}

/// The same for one that is open while it is asked for something.
pub(crate) fn asked<T: Send + Sync + 'static>(asking: RwSignal<Option<T>>, draw: Draw) -> AnyView {
    let wanted = Signal::derive(move || asking.with(Option::is_some));
    opened(wanted, Callback::new(move |()| asking.set(None)), draw)
}

/// The same for one that is there as long as the place where it stands.
pub(crate) fn in_place(give_up: Callback<()>, draw: Draw) -> AnyView {
    opened(Signal::stored(true), give_up, draw)
}
