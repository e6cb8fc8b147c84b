//! What a place says while it waits, is empty, or failed; and progress of long work.

use leptos::prelude::*;

use super::{
    button::{Button, ButtonVariant},
    dom::classes,
    icon::{Icon, IconName, IconSize},
    marks::Tone,
};

/// A grey bar where text will be. Give it the width of the text to come.
#[component]
pub fn Skeleton(
    /// CSS width, such as `60%` or `120px`.
    #[prop(default = "100%".into(), into)]
    width: String,
    /// CSS height; that of text unless said otherwise.
    #[prop(default = "12px".into(), into)]
    height: String,
    /// A circle, for avatars.
    #[prop(optional)]
    round: bool,
) -> impl IntoView {
    view! {
        <span
            class=if round { "skeleton skeleton-round" } else { "skeleton" }
            style=format!("width:{width};height:{height}")
            aria-hidden="true"
        ></span>
    }
}

/// Nothing here yet: what the thing is for and the one next action.
#[component]
pub fn EmptyState(
    /// What would be here.
    icon: IconName,
    /// What is missing ("No deals yet").
    #[prop(into)]
    title: String,
    /// What it is for, in one sentence.
    #[prop(into)]
    text: String,
    /// The next action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="state">
            <span class="state-mark"><Icon name=icon size=IconSize::Lg /></span>
            <p class="state-title">{title}</p>
            <p class="state-text">{text}</p>
            {children.map(|children| view! { <div class="state-actions">{children()}</div> })}
        </div>
    }
}

/// Something could not be loaded: what failed, Retry, and the request id.
#[component]
pub fn ErrorState(
    /// What failed ("The companies could not be loaded").
    #[prop(into)]
    title: String,
    /// Why, and what to do.
    #[prop(into)]
    text: String,
    /// Id of the failed request.
    #[prop(optional, into)]
    request_id: Option<String>,
    /// Tries again.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="state" role="alert">
            <span class="state-mark state-mark-danger"><Icon name=IconName::TriangleAlert size=IconSize::Lg /></span>
            <p class="state-title">{title}</p>
            <p class="state-text">{text}</p>
            {on_retry.map(|call| view! {
                <div class="state-actions">
                    <Button icon=IconName::RefreshCw on_click=move |_| call.run(())>"Retry"</Button>
                </div>
            })}
            {request_id.map(|id| view! { <p class="request-id">"Request "{id}</p> })}
        </div>
    }
}

/// A sentence across a page or a card.
#[component]
pub fn Banner(
    /// What it means; `Info` unless said otherwise.
    #[prop(default = Tone::Info)]
    tone: Tone,
    /// The sentence, and perhaps a link or a button.
    children: Children,
) -> impl IntoView {
    let (class, icon) = match tone {
        Tone::Warning => ("banner-warning", IconName::TriangleAlert),
        Tone::Danger => ("banner-danger", IconName::CircleAlert),
        Tone::Success => ("banner-success", IconName::CircleCheck),
        Tone::Neutral | Tone::Info | Tone::Accent => ("", IconName::Info),
    };
    view! {
        <div class=classes(&["banner", class]) role="status">
            <Icon name=icon />
            <div>{children()}</div>
        </div>
    }
}

/// Progress of long work.
#[component]
pub fn ProgressBar(
    /// What is going on ("Importing contacts").
    #[prop(into)]
    label: String,
    /// Share done, 0 to 1; `None` while unknown.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// Counts beside the label ("1,200 of 5,000").
    #[prop(optional, into)]
    note: MaybeProp<String>,
) -> impl IntoView {
    let percent = move || value.get().map(|share| (share.clamp(0.0, 1.0) * 100.0).round());
    let bar_label = label.clone();
    view! {
        <div class="progress">
            <div class="progress-head">
                <span>{label}</span>
                <span>{move || note.get().or_else(|| percent().map(|p| format!("{p}%")))}</span>
            </div>
            <div
                class="progress-track"
                role="progressbar"
                aria-label=bar_label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || percent().map(|p| p.to_string())
            >
                <div
                    class=move || if value.get().is_some() { "progress-bar" } else { "progress-bar progress-bar-indeterminate" }
                    style:width=move || percent().map(|p| format!("{p}%"))
                ></div>
            </div>
        </div>
    }
}

/// The bar over a list while rows are selected: how many, what can be done, and how to let go.
#[component]
pub fn BulkBar(
    /// How many rows are selected; hidden at 0.
    #[prop(into)]
    count: Signal<usize>,
    /// Clears the selection.
    #[prop(into)]
    on_clear: Callback<()>,
    /// The actions.
    children: ChildrenFn,
) -> impl IntoView {
    let shown = Memo::new(move |_| count.get() > 0);
    view! {
        <Show when=move || shown.get()>
            <div class="bulk-bar" role="toolbar" aria-label="Actions for the selected rows">
                <span class="bulk-bar-count" aria-live="polite">{move || format!("{} selected", count.get())}</span>
                {children()}
                <Button variant=ButtonVariant::Ghost icon=IconName::X on_click=move |_| on_clear.run(())>"Clear"</Button>
            </div>
        </Show>
    }
}
