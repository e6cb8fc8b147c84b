//! Menu: a button that opens a list of actions. Popover: a button that opens anything else.

use std::time::Duration;

use leptos::{context::Provider, ev::KeyboardEvent, prelude::*};

use super::{
    button::{ButtonVariant, ControlSize, button_class},
    dom::{active_element, classes, html_element, ignore, query_all, unique_id},
    float::{Dismiss, Floating, Placement},
    icon::{Icon, IconName},
    marks::Kbd,
};

#[derive(Clone)]
struct MenuContext {
    id: String,
}

/// The button of a menu or popover.
#[component]
fn Trigger(
    id: String,
    target: String,
    open: RwSignal<bool>,
    label: Signal<String>,
    icon: Option<IconName>,
    text: MaybeProp<String>,
    caret: bool,
    variant: ButtonVariant,
    size: ControlSize,
    custom: Option<ViewFnOnce>,
    disabled: Signal<bool>,
    haspopup: &'static str,
) -> impl IntoView {
    let icon_only = custom.is_none() && text.get_untracked().is_none();
    let class = button_class(variant, size, if icon_only && !caret { "btn-icon" } else { "" });
    view! {
        <button
            id=id
            type="button"
            class=class
            popovertarget=target.clone()
            aria-haspopup=haspopup
            aria-controls=target
            aria-expanded=move || if open.get() { "true" } else { "false" }
            aria-label=move || label.get()
            data-tip=move || (icon_only && !open.get()).then(|| label.get())
            disabled=move || disabled.get()
            // In a row that is a link the click must not open the row as well.
            on:click=|ev| ev.stop_propagation()
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {custom.map(ViewFnOnce::run)}
            {move || text.get().map(|text| view! { <span class="btn-label">{text}</span> })}
            {caret.then(|| view! { <Icon name=IconName::ChevronDown /> })}
        </button>
    }
}

/// A button that opens a list of [`MenuItem`]s. Arrow keys, Home, End and first letters move; Escape closes.
#[component]
pub fn Menu(
    /// Accessible name of the button, and its tooltip if it shows only an icon. If `text` is shown, begin with it.
    #[prop(into)]
    label: Signal<String>,
    /// Icon of the button.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Visible text of the button.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// Shows a chevron.
    #[prop(optional)]
    caret: bool,
    /// Look of the button.
    #[prop(default = ButtonVariant::Ghost)]
    variant: ButtonVariant,
    /// Height of the button.
    #[prop(default = ControlSize::Sm)]
    size: ControlSize,
    /// Anything else inside the button, such as an avatar.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// Where the menu opens.
    #[prop(optional)]
    placement: Placement,
    /// The button cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Open or closed, if the caller must know or open it by a key.
    #[prop(optional, into)]
    open: Option<RwSignal<bool>>,
    /// The items.
    children: ChildrenFn,
) -> impl IntoView {
    let id = unique_id("menu");
    let trigger_id = format!("{id}-button");
    let open = open.unwrap_or_else(|| RwSignal::new(false));
    let context = StoredValue::new(MenuContext { id: id.clone() });
    let typed = StoredValue::new(String::new());
    let children = StoredValue::new(children);
    view! {
        <Trigger id=trigger_id.clone() target=id.clone() open label icon text caret variant size custom=trigger
            disabled haspopup="menu" />
        <Floating id=id.clone() anchor_id=trigger_id open placement dismiss=Dismiss::Light class="menu" role="menu"
            label=label
            on_open=move |menu: web_sys::HtmlElement| {
                if let Some(first) = query_all(&menu, ITEMS).first() {
                    ignore(first.focus());
                }
            }>
            <div role="presentation" on:keydown={
                let id = id.clone();
                move |ev| on_menu_key(&ev, &id, typed)
            }>
                <Provider value=context.get_value()>{children.with_value(|children| children())}</Provider>
            </div>
        </Floating>
    }
}

const ITEMS: &str = "[role^=menuitem]:not([aria-disabled=true])";

fn on_menu_key(ev: &KeyboardEvent, id: &str, typed: StoredValue<String>) {
    let Some(menu) = html_element(id) else { return };
    let items = query_all(&menu, ITEMS);
    let focused = active_element();
    let at = items.iter().position(|item| Some(item) == focused.as_ref());
    let last = items.len().saturating_sub(1);
    let key = ev.key();
    let to = match key.as_str() {
        "ArrowDown" => Some(at.map_or(0, |i| if i == last { 0 } else { i + 1 })),
        "ArrowUp" => Some(at.map_or(last, |i| if i == 0 { last } else { i - 1 })),
        "Home" => Some(0),
        "End" => Some(last),
        "Tab" => {
            ignore(menu.hide_popover());
            None
        }
        _ if key.chars().count() == 1 && !ev.ctrl_key() && !ev.meta_key() && key != " " => {
            typeahead(&items, at, &key, typed)
        }
        _ => None,
    };
    if let Some(item) = to.and_then(|i| items.get(i)) {
        ev.prevent_default();
        ignore(item.focus());
    }
    // Single keys are actions elsewhere; in an open menu they are the menu's.
    ev.stop_propagation();
}

/// The next item whose text begins with what was typed within the last half second.
fn typeahead(
    items: &[web_sys::HtmlElement],
    at: Option<usize>,
    key: &str,
    typed: StoredValue<String>,
) -> Option<usize> {
    let fresh = typed.with_value(String::is_empty);
    typed.update_value(|text| text.push_str(&key.to_lowercase()));
    let now = typed.get_value();
    let seen = now.clone();
    set_timeout(
        move || {
            ignore(typed.try_update_value(|text| {
                if *text == seen {
                    text.clear()
                }
            }))
        },
        Duration::from_millis(500),
    );
    let start = at.map_or(0, |i| if fresh { i + 1 } else { i });
    (0..items.len()).map(|step| (start + step) % items.len()).find(|i| {
        items
            .get(*i)
            .and_then(|item| item.text_content())
            .is_some_and(|text| text.trim().to_lowercase().starts_with(&now))
    })
}

/// One action of a [`Menu`].
#[component]
pub fn MenuItem(
    /// Does it. The menu closes first.
    #[prop(optional, into)]
    on_select: Option<Callback<()>>,
    /// Makes it a link to this address.
    #[prop(optional, into)]
    href: Option<String>,
    /// Icon before the label.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// It destroys something.
    #[prop(optional)]
    danger: bool,
    /// Cannot be done now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Ticked or not, for an item that switches something.
    #[prop(optional, into)]
    checked: MaybeProp<bool>,
    /// Keys of the same action.
    #[prop(optional, into)]
    keys: Option<String>,
    /// The label.
    children: Children,
) -> AnyView {
    let menu = use_context::<MenuContext>();
    let class = classes(&["menu-item", if danger { "menu-item-danger" } else { "" }]);
    let close = move || {
        if let Some(element) = menu.as_ref().and_then(|menu| html_element(&menu.id)) {
            ignore(element.hide_popover());
        }
    };
    let has_check = checked.get_untracked().is_some();
    let content = view! {
        {icon.map(|name| view! { <Icon name=name /> })}
        <span class="menu-item-label">{children()}</span>
        {keys.map(|keys| view! { <Kbd keys=keys /> })}
        {move || (checked.get() == Some(true)).then(|| view! { <Icon name=IconName::Check /> })}
    };
    if let Some(href) = href {
        return view! {
            <a class=class role="menuitem" tabindex="-1" href=href on:click=move |_| close()>{content}</a>
        }
        .into_any();
    }
    view! {
        <button
            class=class
            type="button"
            tabindex="-1"
            role=if has_check { "menuitemcheckbox" } else { "menuitem" }
            aria-checked=move || checked.get().map(|on| if on { "true" } else { "false" })
            aria-disabled=move || disabled.get().then_some("true")
            on:click=move |ev| {
                ev.stop_propagation();
                if disabled.get_untracked() {
                    return;
                }
                // Closing first gives the focus back to the button, where a dialog opened now will return it.
                // The content is dropped only in a later task, so that the callback is still alive.
                close();
                if let Some(call) = on_select {
                    call.run(());
                }
            }
        >
            {content}
        </button>
    }
    .into_any()
}

/// A line between groups of items.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <div class="menu-separator" role="separator"></div> }
}

/// A heading over a group of items.
#[component]
pub fn MenuHeading(
    /// The heading.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <div class="menu-heading" role="presentation">{label}</div> }
}

/// A button that opens a small box with anything in it: filters, pickers, forms.
#[component]
pub fn Popover(
    /// Accessible name of button and box.
    #[prop(into)]
    label: Signal<String>,
    /// Icon of the button.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// Visible text of the button.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// Shows a chevron.
    #[prop(optional)]
    caret: bool,
    /// Look of the button.
    #[prop(default = ButtonVariant::Ghost)]
    variant: ButtonVariant,
    /// Height of the button.
    #[prop(default = ControlSize::Sm)]
    size: ControlSize,
    /// Anything else inside the button.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    /// Where the box opens.
    #[prop(optional)]
    placement: Placement,
    /// No space around the content.
    #[prop(optional)]
    flush: bool,
    /// Open or closed, both ways, if the caller closes it ("Apply") or opens it by a key.
    #[prop(optional, into)]
    open: Option<RwSignal<bool>>,
    /// The content; built each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let id = unique_id("popover");
    let trigger_id = format!("{id}-button");
    let open = open.unwrap_or_else(|| RwSignal::new(false));
    let children = StoredValue::new(children);
    view! {
        <Trigger id=trigger_id.clone() target=id.clone() open label icon text caret variant size custom=trigger
            disabled=Signal::stored(false) haspopup="dialog" />
        <Floating id=id anchor_id=trigger_id open placement dismiss=Dismiss::Light
            class=if flush { "" } else { "popover-pad" } role="dialog" label=label
            on_open=move |element: web_sys::HtmlElement| {
                if let Some(first) = query_all(&element, FOCUSABLE).first() {
                    ignore(first.focus());
                }
            }>
            {children.with_value(|children| children())}
        </Floating>
    }
}

/// What can take the focus inside a box.
pub(super) const FOCUSABLE: &str =
    "a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex='0']";
