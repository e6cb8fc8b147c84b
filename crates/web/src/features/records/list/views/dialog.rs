//! Naming a view: a new one, or one that gets another name.

use crate::api;
use crate::data::{use_cache, use_notices, use_session};
use crate::features::forms::{passes, send};
use crate::features::records::address::Address;
use crate::ui::{Button, ButtonVariant, Checkbox, Dialog, DialogSize, Field, FormError, FormState, Input};
use domain::auth::check_name;
use domain::catalog::RecordType;
use domain::permission::Role;
use domain::views::{NAME_MAX, SavedView, SavedViewInput, ViewColumn};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// What the dialog is open for.
#[derive(Clone, PartialEq)]
pub(super) enum Naming {
    /// Saves what the list shows now.
    New(RecordType),
    /// Renames.
    Rename(SavedView),
}

/// Open while `naming` is set. A new view is opened in the list at once.
#[component]
pub(super) fn NamingDialog(
    /// What is named, both ways: `None` while closed.
    naming: RwSignal<Option<Naming>>,
    /// The list's address.
    address: Address,
    /// The columns that a new view keeps.
    columns: Signal<Vec<ViewColumn>>,
) -> impl IntoView {
    let (cache, notices, session) = (use_cache(), use_notices(), use_session());
    let open = RwSignal::new(false);
    let form = FormState::new();
    let name = form.value("name", String::new());
    let shared = form.value("is_shared", false);
    Effect::new(move |_| {
        let Some(what) = naming.get() else { return };
        name.set(match &what {
            Naming::New(_) => String::new(),
            Naming::Rename(view) => view.name.clone(),
        });
        shared.set(false);
        form.set_errors([], None);
        open.set(true);
    });
    let submit = Callback::new(move |()| {
        let Some(what) = naming.get_untracked() else { return };
        let typed = name.get_untracked();
        if form.saving().get_untracked() || !passes(form, [check_name("name", "The name", &typed, NAME_MAX).map(drop)])
        {
            return;
        }
        let (cache, notices) = (cache.clone(), notices.clone());
        let is_new = matches!(what, Naming::New(_));
        let (state, columns, is_shared) = (address.peek(), columns.get_untracked(), shared.get_untracked());
        let request = async move {
            match what {
                Naming::New(entity) => {
                    let input = SavedViewInput {
                        entity: Some(entity),
                        name: Some(typed),
                        is_shared: Some(is_shared),
                        columns: Some(columns),
                        ..state.to_view()
                    };
                    api::views::create(&input).await
                }
                Naming::Rename(view) => {
                    let input = SavedViewInput { name: Some(typed), ..SavedViewInput::default() };
                    api::views::update(view.id, view.version, &input).await
                }
            }
        };
        send(form, request, move |view| {
            notices.done(format!("View {} saved", view.name));
            cache.invalidate(&["views"]);
            open.try_set(false);
            if is_new {
                address.replace(|state| state.show(&view));
            }
        });
    });
    let is_new = Memo::new(move |before: Option<&bool>| match naming.get() {
        Some(what) => matches!(what, Naming::New(_)),
        // While it closes it stays what it was.
        None => before.copied().unwrap_or(true),
    });
    let may_share = move || is_new.get() && session.role() != Some(Role::Viewer);
    let title = Signal::derive(move || if is_new.get() { "Save view" } else { "Rename view" }.to_owned());
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=form.saving() on_click=move |_| submit.run(())>
                {move || if is_new.get() { "Save view" } else { "Rename view" }}
            </Button>
        }
    };
    let limit = u32::try_from(NAME_MAX).unwrap_or(u32::MAX);
    let may_share = Signal::derive(may_share);
    view! {
        <Dialog open=open title=title size=DialogSize::Sm footer=footer on_closed=move |()| naming.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                ev.prevent_default();
                submit.run(());
            } novalidate>
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autofocus=true max_length=limit />
                </Field>
                {move || may_share.get().then(|| view! {
                    <Checkbox checked=shared label="Shared with everybody"
                        hint="Only you and administrators can change it." />
                })}
                <FormError form=form />
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}
