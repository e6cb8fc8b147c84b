//! Inviting somebody: address and role, then a link to pass on.

use super::role_choices;
use crate::api;
use crate::data::{use_cache, use_session};
use crate::features::forms::{check_on_blur, passes, send};
use crate::ui::{
    Button, ButtonVariant, CopyButton, Dialog, Field, FormError, FormState, Input, InputKind, RadioGroup, format,
};
use domain::auth::{Invitation, InvitationInput, check_email};
use domain::permission::Role;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The dialog. After the invitation was made it shows the link, which cannot be shown again.
#[component]
pub(super) fn InviteDialog(open: RwSignal<bool>) -> impl IntoView {
    let cache = use_cache();
    let owner = use_session().role() == Some(Role::Owner);
    let made = RwSignal::new(None::<Invitation>);
    let form = FormState::new();
    let email = form.value("email", String::new());
    let role = form.value("role", Role::Member.as_str().to_owned());
    let reset = move || {
        made.set(None);
        email.set(String::new());
        role.set(Role::Member.as_str().to_owned());
        form.set_errors([], None);
    };
    let submit = Callback::new(move |()| {
        let address = email.get_untracked();
        if form.saving().get_untracked() || !passes(form, [check_email("email", &address).map(drop)]) {
            return;
        }
        let Some(role) = Role::parse(&role.get_untracked()) else { return };
        let cache = cache.clone();
        let request = async move { api::members::invite(&InvitationInput { email: address, role }).await };
        send(form, request, move |invitation| {
            made.try_set(Some(invitation));
            cache.invalidate(&["invitations"]);
        });
    });
    let title = Signal::derive(move || match made.get() {
        Some(invitation) => format!("Invitation for {}", invitation.email),
        None => "Invite member".to_owned(),
    });
    let footer = move || {
        view! {
            {move || if made.with(Option::is_some) {
                view! {
                    <Button on_click=move |_| reset()>"Invite another"</Button>
                    <Button variant=ButtonVariant::Primary on_click=move |_| open.set(false)>"Done"</Button>
                }.into_any()
            } else {
                view! {
                    <Button on_click=move |_| open.set(false)>"Cancel"</Button>
                    <Button variant=ButtonVariant::Primary loading=form.saving() on_click=move |_| submit.run(())>
                        "Create invitation"
                    </Button>
                }.into_any()
            }}
        }
    };
    view! {
        <Dialog open=open title=title footer=footer on_closed=move |()| reset()>
            {move || match made.get() {
                Some(invitation) => view! { <LinkToCopy invitation /> }.into_any(),
                None => view! {
                    <form class="flex flex-col gap-4" on:submit=move |ev: SubmitEvent| {
                        ev.prevent_default();
                        submit.run(());
                    } novalidate>
                        <Field label="Email" form=form path="email" required=true>
                            <Input value=email kind=InputKind::Email autofocus=true on_blur=move |()| {
                                let text = email.get_untracked();
                                check_on_blur(form, "email", text.is_empty(), check_email("email", &text).map(drop));
                            } />
                        </Field>
                        <Field label="Role" form=form path="role" group=true>
                            <RadioGroup value=role choices=role_choices(owner) />
                        </Field>
                        <FormError form=form />
                        // Enter in the field sends; the button for it is in the foot.
                        <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
                    </form>
                }.into_any(),
            }}
        </Dialog>
    }
}

/// Shows the new link of an invitation.
#[component]
pub(super) fn NewLinkDialog(
    /// The invitation with its new link, both ways: `None` while closed.
    renewed: RwSignal<Option<Invitation>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if renewed.with(Option::is_some) {
            open.set(true);
        }
    });
    let footer =
        move || view! { <Button variant=ButtonVariant::Primary on_click=move |_| open.set(false)>"Done"</Button> };
    view! {
        <Dialog open=open title="New link" footer=footer on_closed=move |()| renewed.set(None)>
            {move || renewed.get().map(|invitation| view! {
                <LinkToCopy invitation />
                <p class="pt-3 text-sm text-muted">"The link sent before does not work any more."</p>
            })}
        </Dialog>
    }
}

#[component]
fn LinkToCopy(invitation: Invitation) -> impl IntoView {
    let link = api::members::link(&invitation);
    let shown = RwSignal::new(link.clone());
    view! {
        <div class="flex flex-col gap-3">
            <p>
                "Send this link to "<strong>{invitation.email}</strong>". It works once, until "
                {format::date(invitation.expires_at.date_naive())}", and is shown only now."
            </p>
            <div class="flex items-center gap-2">
                <Input value=shown read_only=true label="Invitation link" autofocus=true />
                <CopyButton text=link label="Copy link" />
            </div>
        </div>
    }
}
