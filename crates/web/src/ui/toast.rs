//! Toasts: short messages in the corner, with undo where there is one.

use std::{sync::Arc, time::Duration};

use leptos::{html, prelude::*};

use super::{
    announce::Announcer,
    button::{Button, ButtonVariant, ControlSize, IconButton},
    dom::ignore,
    each::Each,
    icon::{Icon, IconName},
};

/// How long a toast stays, and how long an action can be undone.
const LIFETIME: Duration = Duration::from_secs(10);
/// How long a toast whose time is up waits for the pointer or the focus to leave.
const LINGER: Duration = Duration::from_secs(1);
/// How long a toast without an action stays.
const LIFETIME_PLAIN: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ToastKind {
    Info,
    Success,
    Error,
}

#[derive(Clone)]
struct ToastAction {
    label: String,
    run: Arc<dyn Fn() + Send + Sync>,
}

/// A message to show. Build it with [`Toast::success`], [`Toast::info`] or [`Toast::error`].
#[derive(Clone)]
pub struct Toast {
    id: u32,
    kind: ToastKind,
    title: String,
    detail: Option<String>,
    request_id: Option<String>,
    action: Option<ToastAction>,
}

impl Toast {
    fn new(kind: ToastKind, title: String) -> Self {
        Self { id: 0, kind, title, detail: None, request_id: None, action: None }
    }

    /// Something was done ("Deal archived").
    pub fn success(title: impl Into<String>) -> Self {
        Self::new(ToastKind::Success, title.into())
    }

    /// Something to know.
    pub fn info(title: impl Into<String>) -> Self {
        Self::new(ToastKind::Info, title.into())
    }

    /// Something failed. Stays until it is closed.
    pub fn error(title: impl Into<String>) -> Self {
        Self::new(ToastKind::Error, title.into())
    }

    /// Adds a sentence: what was kept, what to do.
    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.detail = Some(text.into());
        self
    }

    /// Shows the id of the failed request, which support asks for.
    #[must_use]
    pub fn request_id(mut self, id: Option<String>) -> Self {
        self.request_id = id;
        self
    }

    /// Adds "Undo", for 10 seconds. The user may have left the page by then: reach page signals by `try_set`.
    #[must_use]
    pub fn undo(self, run: impl Fn() + Send + Sync + 'static) -> Self {
        self.action("Undo", run)
    }

    /// Adds a button ("Retry", "Open").
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) -> Self {
        self.action = Some(ToastAction { label: label.into(), run: Arc::new(run) });
        self
    }
}

/// The toast service, in context under the whole app.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    announcer: Announcer,
}

impl Toasts {
    pub(super) fn provide(announcer: Announcer) -> Self {
        let toasts = Self::new(announcer);
        provide_context(toasts);
        toasts
    }

    /// The service in context; one that shows nothing outside of the app's root.
    pub fn current() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self::new(Announcer::current()))
    }

    fn new(announcer: Announcer) -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(1), announcer }
    }

    /// Shows it. At most four are visible; the oldest that is no error goes first. Returns its id.
    pub fn show(self, mut toast: Toast) -> u32 {
        let id = self.next.try_get_value().unwrap_or(0);
        ignore(self.next.try_set_value(id.wrapping_add(1)));
        toast.id = id;

        let mut words = toast.title.clone();
        if let Some(detail) = &toast.detail {
            words.push_str(". ");
            words.push_str(detail);
        }
        let lifetime = match (&toast.kind, &toast.action) {
            (ToastKind::Error, _) => None,
            (_, Some(_)) => Some(LIFETIME),
            (_, None) => Some(LIFETIME_PLAIN),
        };
        if toast.kind == ToastKind::Error {
            self.announcer.assertive(words);
        } else {
            self.announcer.polite(words);
        }
        ignore(self.list.try_update(|list| {
            list.push(toast);
            if list.len() > 4 {
                let oldest = list.iter().position(|t| t.kind != ToastKind::Error).unwrap_or(0);
                ignore(list.remove(oldest));
            }
        }));
        if let Some(lifetime) = lifetime {
            set_timeout(move || self.expire(id), lifetime);
        }
        id
    }

    /// Shows "done".
    pub fn success(self, title: impl Into<String>) -> u32 {
        self.show(Toast::success(title))
    }

    /// Takes it away, unless somebody points at the toasts or has the focus in them.
    fn expire(self, id: u32) {
        if matches!(document().query_selector(".toast:hover, .toasts:focus-within"), Ok(Some(_))) {
            set_timeout(move || self.expire(id), LINGER);
        } else {
            self.dismiss(id);
        }
    }

    /// Takes it away.
    pub fn dismiss(self, id: u32) {
        ignore(self.list.try_update(|list| list.retain(|toast| toast.id != id)));
    }
}

/// Where toasts appear. Rendered once, by `UiRoot`. A popover, so that it stays above dialogs.
#[component]
pub(super) fn ToastHost(toasts: Toasts) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<usize>| {
        let now = toasts.list.with(Vec::len);
        if let Some(element) = host.get() {
            // Shown again for each new toast, because the last one shown is on top.
            if now > before.unwrap_or(0) {
                ignore(element.hide_popover());
                ignore(element.show_popover());
            } else if now == 0 {
                ignore(element.hide_popover());
            }
        }
        now
    });
    view! {
        <div class="toasts" popover="manual" node_ref=host role="region" aria-label="Notifications">
            <Each each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <ToastView toast=toast toasts=toasts />
            </Each>
        </div>
    }
}

#[component]
fn ToastView(toast: Toast, toasts: Toasts) -> impl IntoView {
    let Toast { id, kind, title, detail, request_id, action } = toast;
    let (class, icon) = match kind {
        ToastKind::Info => ("toast", IconName::Info),
        ToastKind::Success => ("toast toast-success", IconName::CircleCheck),
        ToastKind::Error => ("toast toast-error", IconName::CircleAlert),
    };
    view! {
        <div class=class>
            <span class="toast-mark"><Icon name=icon /></span>
            <div class="toast-text">
                <div class="toast-title">{title}</div>
                {detail.map(|text| view! { <div class="toast-detail">{text}</div> })}
                {request_id.map(|id| view! { <div class="request-id">"Request "{id}</div> })}
            </div>
            <div class="toast-actions">
                {action.map(|action| view! {
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm on_click=move |_| {
                        toasts.dismiss(id);
                        (action.run)();
                    }>{action.label}</Button>
                })}
                <IconButton icon=IconName::X label="Dismiss" size=ControlSize::Xs
                    on_click=move |_| toasts.dismiss(id) />
            </div>
        </div>
    }
}
