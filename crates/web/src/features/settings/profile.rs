//! One's own name, picture and theme.

use super::{PARENT, SettingsForm};
use crate::api;
use crate::data::{use_notices, use_session};
use crate::features::forms::{NAME_MAX, check_on_blur, passes, send};
use crate::shell::PageHeader;
use crate::ui::{Avatar, AvatarSize, Card, Field, FormState, Input, InputKind, ThemeSwitch};
use domain::auth::{ProfileInput, check_name};
use leptos::prelude::*;

/// The profile page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let (session, notices) = (use_session(), use_notices());
    let user = session.me_untracked().map(|me| me.user.clone());
    let Some(user) = user else { return ().into_any() };
    let form = FormState::with_draft(format!("draft:{}:profile", user.id));
    let name = form.value("name", user.name.clone());
    let picture = form.value("avatar_url", user.avatar_url.clone().unwrap_or_default());
    let email = RwSignal::new(user.email.clone());

    let check = move || check_name("name", "Your name", &name.get_untracked(), NAME_MAX).map(drop);
    let save = move |()| {
        let input = ProfileInput {
            name: Some(name.get_untracked()),
            avatar_url: Some(picture.get_untracked().trim().to_owned()),
        };
        if !passes(form, [check()]) {
            return;
        }
        let (session, notices) = (session.clone(), notices.clone());
        send(form, async move { api::auth::update_profile(&input).await }, move |me| {
            session.enter(me);
            notices.done("Profile saved");
        });
    };
    let seed = user.id.to_string();
    view! {
        <PageHeader title="Profile" parents=vec![PARENT] />
        <SettingsForm form on_save=save>
                {move || {
                    let src = Some(picture.get()).filter(|src| src.starts_with("http"));
                    view! { <Avatar name=name.get() seed=seed.clone() src=src size=AvatarSize::Xl /> }
                }}
                <Field label="Name" form=form path="name" required=true>
                    <Input value=name autocomplete="name" on_blur=move |()| check_on_blur(form, "name", false, check()) />
                </Field>
                <Field label="Email" hint="You sign in with this address.">
                    <Input value=email kind=InputKind::Email read_only=true />
                </Field>
                <Field label="Picture" form=form path="avatar_url" optional=true hint="Web address of an image.">
                    <Input value=picture kind=InputKind::Url placeholder="https://example.com/me.jpg" />
                </Field>
        </SettingsForm>
        <Card>
            <div class="settings-row">
                <div><h2>"Theme"</h2><p>"On this device."</p></div>
                <ThemeSwitch />
            </div>
        </Card>
    }
    .into_any()
}
