//! Dialog, `ConfirmDialog`, Drawer: boxes that take over, by the browser's own `<dialog>`, which keeps the focus inside
//! and gives it back.

use std::time::Duration;

use leptos::{html, portal::Portal, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    button::{Button, ButtonVariant, IconButton},
    dom::{ignore, later, query_all, reduced_motion, unique_id},
    icon::IconName,
    menu::FOCUSABLE,
};
use crate::keyboard::Shortcuts;

/// Time that the closing animation takes; `--exit` in tokens.css.
const EXIT: Duration = Duration::from_millis(80);

/// Width of a dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// 400 px: questions.
    Sm,
    /// 480 px: short forms.
    #[default]
    Md,
    /// 680 px: forms in two columns.
    Lg,
}

impl DialogSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Sm => "dialog dialog-sm",
            Self::Md => "dialog",
            Self::Lg => "dialog dialog-lg",
        }
    }
}

/// The bare modal: opens and closes, traps and returns the focus, Escape, click outside. Give the content a
/// heading whose id is `labelled_by`, or a `label`.
#[component]
pub fn Modal(
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// Classes of the `<dialog>`.
    class: &'static str,
    /// Id of its heading.
    #[prop(optional, into)]
    labelled_by: Option<String>,
    /// Accessible name where there is no heading.
    #[prop(optional, into)]
    label: Option<String>,
    /// Asked before the user closes it; `false` keeps it open (unsaved changes).
    #[prop(optional, into)]
    may_close: Option<Callback<(), bool>>,
    /// It needs an answer: announced as an alert, a click outside does nothing.
    #[prop(optional)]
    alert: bool,
    /// Called after it has closed.
    #[prop(optional, into)]
    on_closed: Option<Callback<()>>,
    /// The content; built each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let mounted = RwSignal::new(open.get_untracked());
    let closing = RwSignal::new(false);
    let children = StoredValue::new(children);
    let (label, labelled_by) = (StoredValue::new(label), StoredValue::new(labelled_by));
    // A press that began inside (selecting text) and ends outside is no click outside.
    let pressed_outside = StoredValue::new(false);

    let finish = move || {
        if open.try_get_untracked() == Some(false) {
            if let Some(Some(dialog)) = node.try_get_untracked() {
                dialog.close();
            }
            ignore(mounted.try_set(false));
            ignore(closing.try_set(false));
            if let Some(call) = on_closed {
                ignore(call.try_run(()));
            }
        }
    };
    Effect::new(move |_| {
        if open.get() {
            closing.set(false);
            mounted.set(true);
        } else if mounted.get_untracked() {
            closing.set(true);
            set_timeout(finish, if reduced_motion() { Duration::ZERO } else { EXIT });
        }
    });
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            // The node is known before it is in the document, where alone a dialog can open.
            later(move || {
                if dialog.is_connected() && !dialog.open() {
                    ignore(dialog.show_modal());
                    focus_first_field(&dialog);
                }
            });
        }
    });
    let ask_to_close = move || {
        if may_close.is_none_or(|ask| ask.run(())) {
            later(move || ignore(open.try_set(false)));
        }
    };
    let is_backdrop = move |ev: &web_sys::Event| match (ev.target(), node.get_untracked()) {
        (Some(target), Some(dialog)) => target.dyn_ref::<web_sys::Element>() == Some(dialog.unchecked_ref()),
        _ => false,
    };

    view! {
        <Show when=move || mounted.get()>
            <Portal>
                <dialog
                    class=class
                    node_ref=node
                    role=alert.then_some("alertdialog")
                    aria-modal="true"
                    aria-label=label.get_value()
                    aria-labelledby=labelled_by.get_value()
                    data-closing=move || closing.get().then_some("")
                    on:cancel=move |ev: web_sys::Event| {
                        ev.prevent_default();
                        if is_backdrop(&ev) { ask_to_close() }
                    }
                    on:pointerdown=move |ev| pressed_outside.set_value(is_backdrop(&ev))
                    on:click=move |ev| {
                        if !alert && pressed_outside.get_value() && is_backdrop(&ev) {
                            ask_to_close();
                        }
                    }
                >
                    <ModalScope>{children.with_value(|children| children())}</ModalScope>
                </dialog>
            </Portal>
        </Show>
    }
}

/// The browser focuses the first control, which is the close button. A form is ready to be typed in instead.
fn focus_first_field(dialog: &web_sys::HtmlDialogElement) {
    if dialog.query_selector("[autofocus]").ok().flatten().is_some() {
        return;
    }
    if let Ok(Some(body)) = dialog.query_selector(".dialog-body,.panel-body")
        && let Some(first) = query_all(&body, FOCUSABLE).first()
    {
        ignore(first.focus());
    }
}

/// Marks the content as a dialog's for shortcuts, for as long as it exists.
#[component]
fn ModalScope(children: Children) -> impl IntoView {
    Shortcuts::current().enter_dialog();
    children()
}

/// A dialog with a heading, a body that scrolls, and buttons.
#[component]
pub fn Dialog(
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Its width.
    #[prop(optional)]
    size: DialogSize,
    /// The buttons; the main one last.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// Asked before the user closes it; `false` keeps it open.
    #[prop(optional, into)]
    may_close: Option<Callback<(), bool>>,
    /// Called after it has closed.
    #[prop(optional, into)]
    on_closed: Option<Callback<()>>,
    /// The body.
    children: ChildrenFn,
) -> impl IntoView {
    let frame = Frame { class: size.class(), head: "dialog-head", body: "dialog-body", foot: "dialog-foot" };
    framed(frame, open, title, footer, may_close, on_closed, children)
}

/// The classes of a dialog and its parts.
#[derive(Clone, Copy)]
struct Frame {
    class: &'static str,
    head: &'static str,
    body: &'static str,
    foot: &'static str,
}

/// A modal with a heading, a body that scrolls, and buttons.
fn framed(
    frame: Frame,
    open: RwSignal<bool>,
    title: Signal<String>,
    footer: Option<ViewFn>,
    may_close: Option<Callback<(), bool>>,
    on_closed: Option<Callback<()>>,
    children: ChildrenFn,
) -> AnyView {
    let title_id = StoredValue::new(unique_id("dialog-title"));
    let children = StoredValue::new(children);
    let footer = StoredValue::new(footer);
    // Optional properties pass on as they are: a question that always agrees is the same as none.
    let may_close = may_close.unwrap_or_else(|| Callback::new(|()| true));
    let on_closed = on_closed.unwrap_or_else(|| Callback::new(|()| ()));
    view! {
        <Modal open=open class=frame.class labelled_by=title_id.get_value() may_close=may_close on_closed=on_closed>
            <div class=frame.head>
                <h2 id=title_id.get_value()>{move || title.get()}</h2>
                <IconButton icon=IconName::X label="Close" on_click=move |_| {
                    if may_close.run(()) {
                        later(move || ignore(open.try_set(false)));
                    }
                } />
            </div>
            <div class=frame.body>{children.with_value(|children| children())}</div>
            {footer.with_value(|footer| footer.as_ref().map(|footer| view! {
                <div class=frame.foot>{footer.run()}</div>
            }))}
        </Modal>
    }
    .into_any()
}

/// A question before something that cannot be undone. Where it can be undone, do it and offer Undo instead.
#[component]
pub fn ConfirmDialog(
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// The question ("Delete 3 companies?").
    #[prop(into)]
    title: Signal<String>,
    /// What will happen, and to what.
    #[prop(into)]
    text: Signal<String>,
    /// The verb on the button ("Delete companies").
    #[prop(into)]
    confirm: Signal<String>,
    /// It destroys something: red button.
    #[prop(optional)]
    danger: bool,
    /// Work under way: the button shows it and the dialog stays until `open` is set to false.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it. Close the dialog by `open` when it is done.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let title_id = StoredValue::new(unique_id("confirm-title"));
    let variant = if danger { ButtonVariant::Danger } else { ButtonVariant::Primary };
    view! {
        <Modal open=open class="dialog dialog-sm" alert=true labelled_by=title_id.get_value()
            may_close=move |()| !busy.get_untracked()>
            <div class="dialog-head"><h2 id=title_id.get_value()>{move || title.get()}</h2></div>
            <div class="dialog-body">{move || text.get()}</div>
            <div class="dialog-foot">
                <Button disabled=busy on_click=move |_| later(move || ignore(open.try_set(false)))>"Cancel"</Button>
                <Button variant=variant loading=busy on_click=move |_| on_confirm.run(())>
                    {move || confirm.get()}
                </Button>
            </div>
        </Modal>
    }
}

/// From which side a [`Drawer`] comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// From the right: forms, details.
    #[default]
    End,
    /// From the left: navigation on phones.
    Start,
}

/// A modal panel along one side of the window.
#[component]
pub fn Drawer(
    /// Open or closed, both ways.
    open: RwSignal<bool>,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Which side.
    #[prop(optional)]
    side: Side,
    /// The buttons at the bottom.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
    /// Asked before the user closes it; `false` keeps it open.
    #[prop(optional, into)]
    may_close: Option<Callback<(), bool>>,
    /// The body.
    children: ChildrenFn,
) -> impl IntoView {
    let class = if side == Side::Start { "panel panel-left" } else { "panel" };
    let frame = Frame { class, head: "panel-head", body: "panel-body", foot: "panel-foot" };
    framed(frame, open, title, footer, may_close, None, children)
}

/// A record beside the list it was opened from: not modal, the list stays usable. Escape closes it.
/// Keep the open record in the address; under 768 px it covers the page.
#[component]
pub fn SidePanel(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Address of the full page (`↗`).
    #[prop(optional, into)]
    full_href: Option<String>,
    /// More buttons in the head.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// Closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// The record.
    children: Children,
) -> impl IntoView {
    let title_id = unique_id("panel-title");
    let heading_id = title_id.clone();
    let came_from = StoredValue::new_local(super::dom::active_element());
    on_cleanup(move || {
        if let Some(Some(element)) = came_from.try_get_value()
            && element.is_connected()
        {
            later(move || ignore(element.focus()));
        }
    });
    Shortcuts::current().register(
        crate::keyboard::Action::new("panel.close", "Close side panel", move || on_close.run(())).keys("esc"),
    );
    view! {
        <aside class="panel panel-inline" aria-labelledby=title_id>
            <div class="panel-head">
                <h2 id=heading_id>{move || title.get()}</h2>
                {actions.map(ViewFnOnce::run)}
                {full_href.map(|href| view! {
                    <IconButton icon=IconName::ArrowUpRight label="Open full page" href=href />
                })}
                <IconButton icon=IconName::X label="Close" keys="esc" on_click=move |_| on_close.run(()) />
            </div>
            <div class="panel-body">{children()}</div>
        </aside>
    }
}
