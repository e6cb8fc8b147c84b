//! A password field that can be shown.

use crate::ui::{ControlSize, IconButton, IconName, Input, InputKind};
use leptos::prelude::*;

/// A password input with a button that shows what was typed. Put it in a `Field`.
#[component]
pub(super) fn PasswordInput(
    /// The password, both ways.
    value: RwSignal<String>,
    /// For the browser's password manager: `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Called when the person leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let node = NodeRef::<leptos::html::Input>::new();
    // The kind of an input is fixed; the attribute alone changes, so that the text and the cursor stay.
    Effect::new(move |_| {
        let kind = if shown.get() { "text" } else { "password" };
        if let Some(input) = node.get() {
            input.set_type(kind);
        }
    });
    let icon = Signal::derive(move || if shown.get() { IconName::EyeOff } else { IconName::Eye });
    let label = Signal::derive(move || if shown.get() { "Hide password" } else { "Show password" }.to_owned());
    let on_blur = on_blur.unwrap_or_else(|| Callback::new(|()| ()));
    view! {
        <div class="password">
            <Input value=value kind=InputKind::Password autocomplete=autocomplete autofocus=autofocus node_ref=node
                on_blur=on_blur />
            <IconButton icon=icon label=label size=ControlSize::Xs pressed=shown
                on_click=move |_| shown.update(|shown| *shown = !*shown) />
        </div>
    }
}
