//! Sign in.

use super::frame::AuthFrame;
use super::password::PasswordInput;
use crate::api;
use crate::data::use_session;
use crate::features::forms::{check_on_blur, passes, show_fail};
use crate::ui::{Button, ButtonVariant, ControlSize, Field, FormError, FormState, Input, InputKind};
use domain::auth::{Login, Me, check_email};
use domain::error::FieldError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The sign-in page.
#[component]
pub fn LoginPage() -> impl IntoView {
    let session = use_session();
    let query = use_query_map();
    let register = move || match query.with(|query| query.get("next")) {
        Some(next) => format!("/register?next={}", api::client::encode(&next)),
        None => "/register".to_owned(),
    };
    go_on_when_signed_in();
    view! {
        <AuthFrame title="Sign in">
            <LoginForm email=String::new() on_done=move |me: Me| session.enter(me) />
            <p class="auth-else">"New here? " <a class="link" href=register>"Register your organization"</a></p>
        </AuthFrame>
    }
}

/// Once somebody is signed in, a sign-in page leads where the person wanted to go.
pub(super) fn go_on_when_signed_in() {
    let (session, navigate, query) = (use_session(), use_navigate(), use_query_map());
    let signed_in = Memo::new(move |_| session.status() == Some(true));
    Effect::new(move |_| {
        if !signed_in.get() {
            return;
        }
        let next = query.with_untracked(|query| query.get("next"));
        // Only an address of this app: `//host` would lead elsewhere.
        let own = next.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
        // Back must not lead to the sign-in page again.
        let options = NavigateOptions { replace: true, ..Default::default() };
        navigate(own.as_deref().unwrap_or("/"), options);
    });
}

/// Address and password.
#[component]
pub(super) fn LoginForm(
    /// The address, if it is known.
    email: String,
    /// Called with the answer.
    #[prop(into)]
    on_done: Callback<Me>,
) -> impl IntoView {
    let form = FormState::new();
    let known = !email.is_empty();
    let email = form.value("email", email);
    let password = form.value("password", String::new());
    let send = move |ev: SubmitEvent| {
        ev.prevent_default();
        let input = Login { email: email.get_untracked(), password: password.get_untracked() };
        let password_given = match input.password.is_empty() {
            true => Err(FieldError::new("password", "required", "Please enter your password.")),
            false => Ok(()),
        };
        if form.saving().get_untracked()
            || !passes(form, [check_email("email", &input.email).map(drop), password_given])
        {
            return;
        }
        form.start_saving();
        spawn_local(async move {
            match api::auth::login(&input).await {
                Ok(me) => {
                    form.saved();
                    on_done.try_run(me);
                }
                Err(fail) => {
                    password.try_set(String::new());
                    show_fail(form, &fail);
                }
            }
        });
    };
    view! {
        <form class="auth-form" on:submit=send novalidate>
            <Field label="Email" form=form path="email" required=true>
                <Input value=email kind=InputKind::Email autocomplete="username" autofocus=!known
                    on_blur=move |()| {
                        let text = email.get_untracked();
                        check_on_blur(form, "email", text.is_empty(), check_email("email", &text).map(drop));
                    } />
            </Field>
            <Field label="Password" form=form path="password" required=true>
                <PasswordInput value=password autocomplete="current-password" autofocus=known />
            </Field>
            <FormError form=form />
            <Button variant=ButtonVariant::Primary size=ControlSize::Lg submit=true block=true loading=form.saving()>
                "Sign in"
            </Button>
        </form>
    }
}
