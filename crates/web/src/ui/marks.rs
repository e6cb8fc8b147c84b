//! Badge, Count, Tag, Dot, Kbd, `FilterChip`, `CopyButton`.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    button::{ControlSize, IconButton},
    dom::{classes, ignore},
    hue::Hue,
    icon::{Icon, IconName, IconSize},
};

/// What a badge or banner means. Colour is never the only sign: the text says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No meaning beyond the text.
    #[default]
    Neutral,
    /// Good, done, won.
    Success,
    /// Needs a look.
    Warning,
    /// Failed, overdue, lost.
    Danger,
    /// Worth knowing.
    Info,
    /// Belongs to the app itself: new, selected.
    Accent,
}

impl Tone {
    const fn badge_class(self) -> &'static str {
        match self {
            Self::Neutral => "",
            Self::Success => "badge-success",
            Self::Warning => "badge-warning",
            Self::Danger => "badge-danger",
            Self::Info => "badge-info",
            Self::Accent => "badge-accent",
        }
    }
}

/// A short state: "Won", "Overdue", "Draft".
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Icon before the text.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=classes(&["badge", tone.badge_class()])>
            {icon.map(|name| view! { <Icon name=name size=IconSize::Sm /> })}
            {children()}
        </span>
    }
}

/// A number in a pill: how many rows, how many unread. Above 999 it says "999+".
#[component]
pub fn Count(
    /// The number.
    #[prop(into)]
    value: Signal<usize>,
    /// Draws the eye: unread things.
    #[prop(optional)]
    accent: bool,
    /// What is counted, for screen readers ("unread").
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let text = move || match value.get() {
        n if n > 999 => "999+".to_owned(),
        n => n.to_string(),
    };
    view! {
        <span class=if accent { "badge count count-accent" } else { "badge count" }>
            {text}
            {label.map(|label| view! { <span class="sr-only-kit">" "{label}</span> })}
        </span>
    }
}

/// A tag, stage or category in one of the twelve colours.
#[component]
pub fn Tag(
    /// The text.
    #[prop(into)]
    label: String,
    /// Its colour.
    hue: Hue,
    /// Shows a dot of the full colour before the text, as stages do.
    #[prop(optional)]
    dot: bool,
    /// Adds a button that removes the tag.
    #[prop(optional, into)]
    on_remove: Option<Callback<()>>,
) -> impl IntoView {
    let class = classes(&["tag", hue.class(), if on_remove.is_some() { "tag-removable" } else { "" }]);
    let remove_label = format!("Remove {label}");
    view! {
        <span class=class>
            {dot.then(|| view! { <span class="dot"></span> })}
            <span>{label}</span>
            {on_remove.map(|call| view! {
                <button type="button" aria-label=remove_label on:click=move |ev| {
                    ev.stop_propagation();
                    call.run(());
                }>
                    <Icon name=IconName::X size=IconSize::Sm />
                </button>
            })}
        </span>
    }
}

/// A dot in one of the twelve colours. Decorative.
#[component]
pub fn Dot(
    /// Its colour.
    hue: Hue,
) -> impl IntoView {
    view! { <span class=format!("dot {}", hue.class()) aria-hidden="true"></span> }
}

/// Keys, as caps: `"mod+k"` or the sequence `"g c"`.
#[component]
pub fn Kbd(
    /// The keys, written as in the shortcut registry.
    #[prop(into)]
    keys: String,
) -> impl IntoView {
    let steps = crate::keyboard::key_caps(&keys)
        .into_iter()
        .enumerate()
        .map(|(i, caps)| {
            view! {
                {(i > 0).then(|| view! { <span class="kbd-then">"then"</span> })}
                {caps.into_iter().map(|cap| view! { <kbd>{cap}</kbd> }).collect_view()}
            }
        })
        .collect_view();
    view! { <span class="kbd">{steps}</span> }
}

/// A filter in force: "Stage · is · Won", with a button that removes it. A click on the rest edits it.
#[component]
pub fn FilterChip(
    /// What is filtered.
    #[prop(into)]
    field: String,
    /// How ("is", "before").
    #[prop(into)]
    operator: String,
    /// By what.
    #[prop(into)]
    value: String,
    /// Opens the editor of this filter.
    #[prop(into)]
    on_edit: Callback<MouseEvent>,
    /// Removes this filter.
    #[prop(into)]
    on_remove: Callback<()>,
) -> impl IntoView {
    let remove_label = format!("Remove filter {field} {operator} {value}");
    view! {
        <span class="chip">
            <button type="button" on:click=move |ev| on_edit.run(ev)>
                <span class="chip-field">{field}</span>
                <span>{operator}</span>
                <span class="chip-value">{value}</span>
            </button>
            <button type="button" aria-label=remove_label.clone() data-tip="Remove filter" on:click=move |_| on_remove.run(())>
                <Icon name=IconName::X size=IconSize::Sm />
            </button>
        </span>
    }
}

/// A small copy button: puts the text on the clipboard and says so by its icon.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is ("Copy e-mail address").
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let icon = Signal::derive(move || if done.get() { IconName::Check } else { IconName::Copy });
    let label = Signal::derive(move || if done.get() { "Copied".to_owned() } else { label.clone() });
    view! {
        <IconButton icon=icon label=label size=ControlSize::Xs on_click=move |_| {
            // The promise is not awaited: browsers copy at once or refuse because the page has no focus.
            ignore(window().navigator().clipboard().write_text(&text.get_untracked()));
            done.set(true);
            set_timeout(move || ignore(done.try_set(false)), std::time::Duration::from_millis(1500));
        } />
    }
}
