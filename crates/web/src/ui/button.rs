//! Button and `IconButton`.

use leptos::{ev::MouseEvent, prelude::*};

use super::{
    dom::classes,
    icon::{Icon, IconName, Spinner},
};

/// What a button is for, which decides how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonVariant {
    /// The one main action of a view.
    Primary,
    /// An ordinary action.
    #[default]
    Secondary,
    /// A quiet action: toolbars, rows, cards.
    Ghost,
    /// Confirms something that destroys.
    Danger,
    /// Leads to something that destroys, without shouting.
    DangerGhost,
}

impl ButtonVariant {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn-primary",
            Self::Secondary => "btn-secondary",
            Self::Ghost => "btn-ghost",
            Self::Danger => "btn-danger",
            Self::DangerGhost => "btn-ghost btn-danger-ghost",
        }
    }
}

/// Height of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlSize {
    /// 24 px; icon buttons only.
    Xs,
    /// 28 px: toolbars, filters, table cells.
    Sm,
    /// 32 px: forms and page headers.
    #[default]
    Md,
    /// 40 px: sign-in and other pages with a single form.
    Lg,
}

impl ControlSize {
    const fn button_class(self) -> &'static str {
        match self {
            Self::Xs => "btn-sm btn-xs",
            Self::Sm => "btn-sm",
            Self::Md => "",
            Self::Lg => "btn-lg",
        }
    }
}

/// The class list of a button, for the kit's own triggers.
pub(super) fn button_class(variant: ButtonVariant, size: ControlSize, extra: &str) -> String {
    classes(&["btn", variant.class(), size.button_class(), extra])
}

/// A button, or with `href` a link that looks like one. The label is a verb ("Import contacts").
#[component]
pub fn Button(
    /// What it is for.
    #[prop(optional)]
    variant: ButtonVariant,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Icon before the label.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Icon after the label, such as a chevron.
    #[prop(optional, into)]
    icon_end: Option<IconName>,
    /// Work under way: shows a spinner, keeps the width, ignores clicks, keeps the focus.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Cannot be used now. Prefer an enabled button that says what is missing.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// On or off, for a button that toggles.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// Makes it a link to this address.
    #[prop(optional, into)]
    href: Option<String>,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// As wide as its container.
    #[prop(optional)]
    block: bool,
    /// Text shown on hover and focus, in addition to the label.
    #[prop(optional, into)]
    tip: MaybeProp<String>,
    /// Keys of the same action, shown in the tooltip (`"g c"`).
    #[prop(optional, into)]
    keys: Option<&'static str>,
    /// Called on click, Enter and Space.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
    /// The label.
    children: Children,
) -> AnyView {
    let class = button_class(variant, size, if block { "btn-block" } else { "" });
    let content = view! {
        {icon.map(|name| view! { <Icon name=name /> })}
        <span class="btn-label">{children()}</span>
        {icon_end.map(|name| view! { <Icon name=name /> })}
        {move || loading.get().then(|| view! { <span class="btn-spinner"><Spinner /></span> })}
    };
    let button = Pressable { class, label: None, tip, keys, href, submit, loading, disabled, pressed, on_click };
    button.view(content.into_any())
}

/// The element behind every button: a `<button>`, or a link.
struct Pressable {
    class: String,
    /// Accessible name where the content has none.
    label: Option<Signal<String>>,
    tip: MaybeProp<String>,
    keys: Option<&'static str>,
    href: Option<String>,
    submit: bool,
    loading: Signal<bool>,
    disabled: Signal<bool>,
    pressed: MaybeProp<bool>,
    on_click: Option<Callback<MouseEvent>>,
}

impl Pressable {
    fn view(self, content: AnyView) -> AnyView {
        let Self { class, label, tip, keys, href, submit, loading, disabled, pressed, on_click } = self;
        let label = move || label.map(|label| label.get());
        if let Some(href) = href {
            return view! {
                <a class=class href=href aria-label=label data-tip=move || tip.get() data-keys=keys
                    on:click=move |ev| if let Some(call) = on_click { call.run(ev) }>
                    {content}
                </a>
            }
            .into_any();
        }
        view! {
            <button
                class=class
                type=if submit { "submit" } else { "button" }
                aria-label=label
                disabled=move || disabled.get()
                aria-busy=move || loading.get().then_some("true")
                aria-disabled=move || loading.get().then_some("true")
                aria-pressed=move || pressed.get().map(|on| if on { "true" } else { "false" })
                data-tip=move || tip.get()
                data-keys=keys
                on:click=move |ev| {
                    if loading.get_untracked() {
                        ev.prevent_default();
                    } else if let Some(call) = on_click {
                        call.run(ev);
                    }
                }
            >
                {content}
            </button>
        }
        .into_any()
    }
}

/// A link that saves a file, as a button.
#[component]
pub fn Download(
    /// Address of the file.
    #[prop(into)]
    href: Signal<String>,
    /// What is saved.
    label: &'static str,
) -> impl IntoView {
    view! {
        <a class="btn btn-secondary" href=move || href.get() download="" rel="external">
            <Icon name=IconName::Download /><span class="btn-label">{label}</span>
        </a>
    }
}

/// A square button with an icon only. The label is its accessible name and its tooltip.
#[component]
pub fn IconButton(
    /// Which icon.
    #[prop(into)]
    icon: Signal<IconName>,
    /// What it does ("Archive deal").
    #[prop(into)]
    label: Signal<String>,
    /// How it looks; ghost unless said otherwise.
    #[prop(default = ButtonVariant::Ghost)]
    variant: ButtonVariant,
    /// Its side: 24, 28, 32 or 40 px.
    #[prop(default = ControlSize::Sm)]
    size: ControlSize,
    /// Work under way.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// On or off, for a button that toggles.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// Makes it a link to this address.
    #[prop(optional, into)]
    href: Option<String>,
    /// Keys of the same action, shown in the tooltip.
    #[prop(optional, into)]
    keys: Option<&'static str>,
    /// Called on click, Enter and Space.
    #[prop(optional, into)]
    on_click: Option<Callback<MouseEvent>>,
) -> AnyView {
    let class = button_class(variant, size, "btn-icon");
    let glyph = move || {
        if loading.get() { view! { <Spinner /> }.into_any() } else { view! { <Icon name=icon.get() /> }.into_any() }
    };
    let (tip, label) = (MaybeProp::derive(move || Some(label.get())), Some(label));
    let button = Pressable { class, label, tip, keys, href, submit: false, loading, disabled, pressed, on_click };
    button.view(glyph.into_any())
}

/// Buttons joined into one control.
#[component]
pub fn ButtonGroup(
    /// What the buttons have in common, for assistive technology.
    #[prop(into)]
    label: String,
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="btn-group" role="group" aria-label=label>{children()}</div> }
}
