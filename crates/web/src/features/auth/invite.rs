//! Accept an invitation.

use super::frame::AuthFrame;
use super::password::PasswordInput;
use crate::api::{self, ApiFail};
use crate::data::use_session;
use crate::features::failed::failed;
use crate::features::forms::{NAME_MAX, check_on_blur, passes, send};
use crate::ui::{
    Button, ButtonVariant, ControlSize, EmptyState, Field, FormError, FormState, IconName, Input, Skeleton,
};
use domain::auth::{AcceptInvitation, InvitationInfo, check_name, check_password};
use domain::error::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};

/// The page behind an invitation's link.
#[component]
pub fn InvitePage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token")).unwrap_or_default());
    let invitation = LocalResource::new(move || {
        let token = token.get();
        async move { api::auth::invitation(&token).await }
    });
    let title = Signal::derive(move || match invitation.get() {
        Some(Ok(info)) => format!("Join {}", info.organization),
        _ => "Invitation".to_owned(),
    });
    let text = Signal::derive(move || match invitation.get() {
        Some(Ok(info)) if info.existing_user => {
            Some(format!("You are invited as {}. Sign in as {} to accept.", role_words(&info), info.email))
        }
        Some(Ok(info)) => {
            Some(format!("You are invited as {}. You will sign in as {}.", role_words(&info), info.email))
        }
        _ => None,
    });
    view! {
        <AuthFrame title=title text=text>
            {move || match invitation.get() {
                None => view! {
                    <div class="auth-form" aria-busy="true">
                        <Skeleton width="40%" />
                        <Skeleton height="40px" />
                        <Skeleton height="40px" />
                    </div>
                }.into_any(),
                Some(Ok(info)) => view! { <AcceptForm token=token.get_untracked() info=info /> }.into_any(),
                Some(Err(fail)) => refused(&fail, move || invitation.refetch()),
            }}
        </AuthFrame>
    }
}

fn role_words(info: &InvitationInfo) -> String {
    info.role.label().to_lowercase()
}

/// Used, taken back, run out, never there; or not reached.
fn refused(fail: &ApiFail, again: impl Fn() + Send + Sync + 'static) -> AnyView {
    if fail.is_retryable() {
        return failed("The invitation could not be loaded", fail, again);
    }
    view! {
        <EmptyState icon=IconName::Mail title="This invitation cannot be used"
            text="It was accepted already, taken back or has run out. Ask for a new one.">
            <Button href="/login">"Sign in"</Button>
        </EmptyState>
    }
    .into_any()
}

#[component]
fn AcceptForm(token: String, info: InvitationInfo) -> impl IntoView {
    let (session, navigate) = (use_session(), use_navigate());
    let known = info.existing_user;
    let form = FormState::new();
    let name = form.value("name", String::new());
    let password = form.value("password", String::new());
    let token = StoredValue::new(token);
    let check = move |text: &str| match (known, text.is_empty()) {
        (true, true) => Err(FieldError::new("password", "required", "Please enter your password.")),
        (true, false) => Ok(()),
        (false, _) => check_password(text),
    };
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let input = AcceptInvitation {
            token: token.get_value(),
            name: name.get_untracked(),
            password: password.get_untracked(),
        };
        let name_ok = if known { Ok(()) } else { check_name("name", "Your name", &input.name, NAME_MAX).map(drop) };
        if form.saving().get_untracked() || !passes(form, [name_ok, check(&input.password)]) {
            return;
        }
        let (session, navigate) = (session.clone(), navigate.clone());
        send(form, async move { api::auth::accept_invitation(&input).await }, move |me| {
            session.enter(me);
            navigate("/", Default::default());
        });
    };
    let (autocomplete, hint) = if known {
        ("current-password", None)
    } else {
        ("new-password", Some("At least 8 characters: letters together with digits or signs.".to_owned()))
    };
    view! {
        <form class="auth-form" on:submit=submit novalidate>
            // Password managers file the password under this address.
            <input class="sr-only-kit" type="email" autocomplete="username" value=info.email aria-label="Email"
                tabindex="-1" readonly />
            {(!known).then(|| view! {
                <Field label="Your name" form=form path="name" required=true>
                    <Input value=name autocomplete="name" autofocus=true on_blur=move |()| {
                        let text = name.get_untracked();
                        let outcome = check_name("name", "Your name", &text, NAME_MAX).map(drop);
                        check_on_blur(form, "name", text.is_empty(), outcome);
                    } />
                </Field>
            })}
            <Field label="Password" form=form path="password" required=true hint=hint>
                <PasswordInput value=password autocomplete=autocomplete autofocus=known on_blur=move |()| {
                    let text = password.get_untracked();
                    check_on_blur(form, "password", text.is_empty(), check(&text));
                } />
            </Field>
            <FormError form=form />
            <Button variant=ButtonVariant::Primary size=ControlSize::Lg submit=true block=true loading=form.saving()>
                {format!("Join {}", info.organization)}
            </Button>
        </form>
    }
}
