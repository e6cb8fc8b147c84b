//! Card and `StatCard`.

use leptos::prelude::*;

use super::dom::unique_id;
use super::icon::{Icon, IconName, IconSize};

/// A bordered box with an optional heading and actions beside it.
#[component]
pub fn Card(
    /// The heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// Buttons at the right of the heading.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// No space around the content: tables and lists that reach the edges.
    #[prop(optional)]
    flush: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    let title = title.map(|title| (unique_id("card"), title));
    let named_by = title.as_ref().map(|(id, _)| id.clone());
    view! {
        <section class="card" aria-labelledby=named_by>
            {title.map(|(id, title)| view! {
                <div class="card-head">
                    <h2 id=id>{title}</h2>
                    {actions.map(ViewFnOnce::run)}
                </div>
            })}
            <div class=if flush { "" } else { "card-body" }>{children()}</div>
        </section>
    }
}

/// Which way a number went, and whether that is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Went up, which is good.
    Up(String),
    /// Went down, which is bad.
    Down(String),
    /// Neither.
    Flat(String),
}

/// One number with its name, and how it changed. With `href` the card leads to what it counts.
#[component]
pub fn StatCard(
    /// What is measured.
    #[prop(into)]
    label: String,
    /// The number, formatted.
    #[prop(into)]
    value: Signal<String>,
    /// How it changed ("12% more than last month").
    #[prop(optional, into)]
    trend: Option<Trend>,
    /// Where it leads.
    #[prop(optional, into)]
    href: Option<String>,
) -> AnyView {
    let note = trend.map(|trend| match trend {
        Trend::Up(text) => ("stat-note stat-up", Some(IconName::ArrowUp), text),
        Trend::Down(text) => ("stat-note stat-down", Some(IconName::ArrowDown), text),
        Trend::Flat(text) => ("stat-note", None, text),
    });
    let content = view! {
        <span class="stat-label">{label}</span>
        <span class="stat-value">{move || value.get()}</span>
        {note.map(|(class, icon, text)| view! {
            <span class=class>
                {icon.map(|name| view! { <Icon name=name size=IconSize::Sm /> })}
                <span>{text}</span>
            </span>
        })}
    };
    match href {
        Some(href) => view! { <a class="card stat" href=href>{content}</a> }.into_any(),
        None => view! { <div class="card stat">{content}</div> }.into_any(),
    }
}
