//! Tabs and Breadcrumb.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    dom::{focus_id, unique_id},
    each::Each,
    icon::{Icon, IconName, IconSize},
    marks::Count,
};

/// One tab of [`Tabs`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// What it is called in the address, such as `timeline`.
    pub key: String,
    /// What is shown.
    pub label: String,
    /// A number after the label.
    pub count: Option<usize>,
}

impl Tab {
    /// A tab without a number.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), count: None }
    }

    /// Adds a number.
    #[must_use]
    pub const fn count(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }
}

/// Tabs over one panel. Arrow keys move between tabs and open them. Keep the open tab in the address:
/// read `active` from the query and write it in `on_change`.
#[component]
pub fn Tabs(
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// Key of the open tab.
    #[prop(into)]
    active: Signal<String>,
    /// Called with the key of the tab the user opened.
    #[prop(into)]
    on_change: Callback<String>,
    /// What the tabs divide ("Contact").
    #[prop(into)]
    label: String,
    /// The panel of the open tab: reads `active` itself, or is chosen by the caller.
    children: ChildrenFn,
) -> impl IntoView {
    let id = unique_id("tabs");
    let tab_id = {
        let id = id.clone();
        move |key: &str| format!("{id}-{key}")
    };
    let tab_id = StoredValue::new(tab_id);
    let panel_id = StoredValue::new(format!("{id}-panel"));
    let on_key = move |ev: KeyboardEvent| {
        let keys: Vec<String> = tabs.with_untracked(|tabs| tabs.iter().map(|tab| tab.key.clone()).collect());
        let at = active.with_untracked(|active| keys.iter().position(|key| key == active)).unwrap_or(0);
        let last = keys.len().saturating_sub(1);
        let to = match ev.key().as_str() {
            "ArrowRight" => {
                if at == last {
                    0
                } else {
                    at + 1
                }
            }
            "ArrowLeft" => {
                if at == 0 {
                    last
                } else {
                    at - 1
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        if let Some(key) = keys.get(to) {
            ev.prevent_default();
            focus_id(&tab_id.with_value(|tab_id| tab_id(key)));
            on_change.run(key.clone());
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            <Each each=move || tabs.get() key=|tab| (tab.key.clone(), tab.label.clone(), tab.count) let:tab>
                {
                    let key = StoredValue::new(tab.key.clone());
                    let is_active = Memo::new(move |_| active.with(|active| key.with_value(|key| key == active)));
                    view! {
                        <button
                            class="tab"
                            type="button"
                            role="tab"
                            id=tab_id.with_value(|tab_id| tab_id(&tab.key))
                            aria-selected=move || if is_active.get() { "true" } else { "false" }
                            aria-controls=panel_id.get_value()
                            tabindex=move || if is_active.get() { "0" } else { "-1" }
                            on:click=move |_| on_change.run(key.get_value())
                        >
                            {tab.label}
                            {tab.count.map(|count| view! { <Count value=count /> })}
                        </button>
                    }
                }
            </Each>
        </div>
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel_id.get_value()
            tabindex="-1"
            aria-labelledby=move || tab_id.with_value(|tab_id| active.with(|key| tab_id(key)))
        >
            {children()}
        </div>
    }
}

/// Where the user is, from the top; the last entry is the page itself.
#[component]
pub fn Breadcrumb(
    /// Label and address of each page above, then the current page with an empty address.
    #[prop(into)]
    items: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                {move || items.get().into_iter().enumerate().map(|(i, (label, href))| view! {
                    <li>
                        {(i > 0).then(|| view! { <Icon name=IconName::ChevronRight size=IconSize::Sm /> })}
                        {if href.is_empty() {
                            view! { <span aria-current="page">{label}</span> }.into_any()
                        } else {
                            view! { <a href=href>{label}</a> }.into_any()
                        }}
                    </li>
                }).collect_view()}
            </ol>
        </nav>
    }
}
