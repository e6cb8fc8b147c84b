//! One's own name, picture and theme.

use super::PARENT;
use crate::api;
use crate::data::{use_notices, use_session};
use crate::features::auth::{NAME_MAX, check_on_blur, passes, show_fail};
use crate::shell::{Leaving, PageHeader};
use crate::ui::{
    Avatar, AvatarSize, Button, ButtonVariant, Card, Field, FormError, FormState, Input, InputKind, ThemeSwitch,
};
use domain::auth::{ProfileInput, check_name};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The profile page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let (session, notices) = (use_session(), use_notices());
    let user = session.me_untracked().map(|me| me.user.clone());
    let Some(user) = user else { return ().into_any() };
    let form = FormState::with_draft(format!("draft:{}:profile", user.id));
    Leaving::current().watch(form);
    let name = form.value("name", user.name.clone());
    let picture = form.value("avatar_url", user.avatar_url.clone().unwrap_or_default());
    let email = RwSignal::new(user.email.clone());

    let save = move |ev: SubmitEvent| {
        ev.prevent_default();
        let input = ProfileInput {
            name: Some(name.get_untracked()),
            avatar_url: Some(picture.get_untracked().trim().to_owned()),
        };
        let named = check_name("name", "Your name", &name.get_untracked(), NAME_MAX).map(drop);
        if form.saving().get_untracked() || !passes(form, [named]) {
            return;
        }
        form.start_saving();
        let (session, notices) = (session.clone(), notices.clone());
        spawn_local(async move {
            match api::auth::update_profile(&input).await {
                Ok(me) => {
                    form.saved();
                    session.enter(me);
                    notices.done("Profile saved");
                }
                Err(fail) => show_fail(form, &fail),
            }
        });
    };
    let seed = user.id.to_string();
    view! {
        <PageHeader title="Profile" parents=vec![PARENT] />
        <Card>
            <form class="settings-form" on:submit=save novalidate>
                {move || {
                    let src = Some(picture.get()).filter(|src| src.starts_with("http"));
                    view! { <Avatar name=name.get() seed=seed.clone() src=src size=AvatarSize::Xl /> }
                }}
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autocomplete="name" on_blur=move |()| {
                        let text = name.get_untracked();
                        check_on_blur(form, "name", false, check_name("name", "Your name", &text, NAME_MAX).map(drop));
                    } />
                </Field>
                <Field label="Email" hint="You sign in with this address.">
                    <Input value=email kind=InputKind::Email read_only=true />
                </Field>
                <Field label="Picture" form=form path="avatar_url" optional=true hint="Web address of an image.">
                    <Input value=picture kind=InputKind::Url placeholder="https://example.com/me.jpg" />
                </Field>
                <FormError form=form />
                <div class="settings-form-foot">
                    <Button variant=ButtonVariant::Primary submit=true loading=form.saving()
                        disabled=Signal::derive(move || !form.is_dirty())>"Save"</Button>
                </div>
            </form>
        </Card>
        <Card>
            <div class="settings-row">
                <div><h2>"Theme"</h2><p>"On this device."</p></div>
                <ThemeSwitch />
            </div>
        </Card>
    }
    .into_any()
}
