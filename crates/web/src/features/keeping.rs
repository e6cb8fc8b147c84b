//! What people keep under a name, each for themselves or shared with everybody: saved views, saved mappings of imports.

use crate::api::ApiResult;
use crate::data::{Cache, Notices, use_cache, use_notices, use_session};
use crate::features::forms::{message, passes, show_fail};
use crate::ui::{Button, ButtonVariant, Checkbox, Dialog, DialogSize, Field, FormError, FormState, Input};
use domain::auth::check_name;
use domain::permission::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;

/// Whether this person may share what they keep. Tracked.
pub(crate) fn may_share() -> Signal<bool> {
    let session = use_session();
    Signal::derive(move || session.role() != Some(Role::Viewer))
}

/// What a [`NamingDialog`] is open for.
#[derive(Clone, PartialEq)]
pub(crate) enum Naming {
    /// A new thing.
    New,
    /// One that is called so, for another name.
    Rename(String),
}

/// What was entered.
pub(crate) struct Named {
    /// The name.
    pub name: String,
    /// Whether it is shared; `None` where it gets another name only.
    pub is_shared: Option<bool>,
}

/// A request that is still to be sent.
pub(crate) type Request<T> = Pin<Box<dyn Future<Output = ApiResult<T>>>>;

/// Asks for a name. Open while `naming` is set.
#[component]
pub(crate) fn NamingDialog<T: 'static>(
    /// What is named, in a word: `view`.
    thing: &'static str,
    /// What for, both ways: `None` while closed.
    naming: RwSignal<Option<Naming>>,
    /// The longest name, in characters.
    max: usize,
    /// Makes the request that saves it.
    save: Callback<Named, Request<T>>,
    /// Called with the answer, after the dialog has closed.
    done: Callback<T>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let form = FormState::new();
    let name = form.value("name", String::new());
    let shared = form.value("is_shared", false);
    Effect::new(move |_| {
        let Some(what) = naming.get() else { return };
        name.set(match what {
            Naming::New => String::new(),
            Naming::Rename(name) => name,
        });
        shared.set(false);
        form.set_errors([], None);
        open.set(true);
    });
    let submit = Callback::new(move |()| {
        let Some(what) = naming.get_untracked() else { return };
        let typed = name.get_untracked();
        if form.saving().get_untracked() || !passes(form, [check_name("name", "The name", &typed, max).map(drop)]) {
            return;
        }
        let is_shared = (what == Naming::New).then(|| shared.get_untracked());
        let request = save.run(Named { name: typed, is_shared });
        form.start_saving();
        spawn_local(async move {
            match request.await {
                Ok(answer) => {
                    form.saved();
                    open.try_set(false);
                    done.try_run(answer);
                }
                Err(fail) => {
                    show_fail(form, &fail);
                    // What is wrong with the thing itself stands at no field here.
                    if let Some(error) = fail.fields().iter().find(|error| error.field() != "name") {
                        form.set_general_error(message(error));
                    }
                }
            }
        });
    });
    let is_new = Memo::new(move |before: Option<&bool>| match naming.get() {
        Some(what) => what == Naming::New,
        // While it closes it stays what it was.
        None => before.copied().unwrap_or(true),
    });
    let may_share = may_share();
    let title = Signal::derive(move || if is_new.get() { format!("Save {thing}") } else { format!("Rename {thing}") });
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=form.saving() on_click=move |_| submit.run(())>{title}</Button>
        }
    };
    let limit = u32::try_from(max).unwrap_or(u32::MAX);
    view! {
        <Dialog open=open title=title size=DialogSize::Sm footer=footer on_closed=move |()| naming.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                ev.prevent_default();
                submit.run(());
            } novalidate>
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autofocus=true max_length=limit />
                </Field>
                {move || (is_new.get() && may_share.get()).then(|| view! {
                    <Checkbox checked=shared label="Shared with everybody"
                        hint="Only you and administrators can change it." />
                })}
                <FormError form=form />
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}

/// Sends changes of kept things and has them fetched again.
#[derive(Clone, Copy)]
pub(crate) struct Keeper {
    context: StoredValue<(Cache, Notices)>,
    /// First part of their key in the cache.
    key: &'static str,
}

impl Keeper {
    /// Of the things under this key of the cache.
    pub(crate) fn new(key: &'static str) -> Self {
        Self { context: StoredValue::new((use_cache(), use_notices())), key }
    }

    /// Sends, and calls `done` with the answer; says `what` where it is refused.
    pub(crate) fn run<T: 'static>(
        self,
        what: String,
        request: impl Future<Output = ApiResult<T>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        let Some((cache, notices)) = self.context.try_get_value() else { return };
        spawn_local(async move {
            match request.await {
                Ok(answer) => done(answer),
                Err(fail) => notices.failed(what, &fail),
            }
            cache.invalidate(&[self.key]);
        });
    }

    /// Has them fetched again, and says that this was done.
    pub(crate) fn changed(self, said: String) {
        if let Some((cache, notices)) = self.context.try_get_value() {
            notices.done(said);
            cache.invalidate(&[self.key]);
        }
    }
}
