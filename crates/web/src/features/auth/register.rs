//! Register an organization with its owner.

use super::frame::AuthFrame;
use super::login::go_on_when_signed_in;
use super::password::PasswordInput;
use crate::api;
use crate::data::use_session;
use crate::features::forms::{NAME_MAX, check_on_blur, passes, send};
use crate::ui::{Button, ButtonVariant, ControlSize, Field, FormError, FormState, Input, InputKind, format};
use domain::auth::{Register, check_email, check_name, check_password};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The registration page.
#[component]
pub fn RegisterPage() -> impl IntoView {
    go_on_when_signed_in();
    let session = use_session();
    let form = FormState::new();
    let organization = form.value("organization", String::new());
    let name = form.value("name", String::new());
    let email = form.value("email", String::new());
    let password = form.value("password", String::new());

    let blur_name = move |path: &'static str, label: &'static str, value: RwSignal<String>| {
        let text = value.get_untracked();
        check_on_blur(form, path, text.is_empty(), check_name(path, label, &text, NAME_MAX).map(drop));
    };
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let zone = format::time_zone();
        let input = Register {
            organization: organization.get_untracked(),
            name: name.get_untracked(),
            email: email.get_untracked(),
            password: password.get_untracked(),
            timezone: Some(zone).filter(|zone| !zone.is_empty()),
        };
        let checks = [
            check_name("organization", "The organization's name", &input.organization, NAME_MAX).map(drop),
            check_name("name", "Your name", &input.name, NAME_MAX).map(drop),
            check_email("email", &input.email).map(drop),
            check_password(&input.password),
        ];
        if form.saving().get_untracked() || !passes(form, checks) {
            return;
        }
        let session = session.clone();
        send(form, async move { api::auth::register(&input).await }, move |me| session.enter(me));
    };
    view! {
        <AuthFrame title="Register your organization" text="You become its owner and can invite colleagues next.">
            <form class="auth-form" on:submit=submit novalidate>
                <Field label="Organization" form=form path="organization" required=true>
                    <Input value=organization autocomplete="organization" autofocus=true
                        on_blur=move |()| blur_name("organization", "The organization's name", organization) />
                </Field>
                <Field label="Your name" form=form path="name" required=true>
                    <Input value=name autocomplete="name" on_blur=move |()| blur_name("name", "Your name", name) />
                </Field>
                <Field label="Email" form=form path="email" required=true>
                    <Input value=email kind=InputKind::Email autocomplete="username" on_blur=move |()| {
                        let text = email.get_untracked();
                        check_on_blur(form, "email", text.is_empty(), check_email("email", &text).map(drop));
                    } />
                </Field>
                <Field label="Password" form=form path="password" required=true
                    hint="At least 8 characters: letters together with digits or signs.">
                    <PasswordInput value=password autocomplete="new-password" on_blur=move |()| {
                        let text = password.get_untracked();
                        check_on_blur(form, "password", text.is_empty(), check_password(&text));
                    } />
                </Field>
                <FormError form=form />
                <Button variant=ButtonVariant::Primary size=ControlSize::Lg submit=true block=true
                    loading=form.saving()>
                    "Register"
                </Button>
            </form>
            <p class="auth-else">"Have an account? " <a class="link" href="/login">"Sign in"</a></p>
        </AuthFrame>
    }
}
