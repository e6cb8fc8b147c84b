//! Records linked to a record: sections, rows and the picker that adds one.

use super::editor::record_source;
use super::href::href;
use super::look::{Shown, page_look, picture};
use crate::api::ApiFail;
use crate::data::query::Cached;
use crate::data::{Query, use_session};
use crate::shell::Creating;
use crate::ui::dom::ignore;
use crate::ui::{
    AvatarSize, Button, ButtonVariant, Choice, ComboOption, Combobox, ControlSize, IconButton, IconName, Popover,
    Select, Skeleton, format,
};
use domain::catalog::RecordType;
use domain::page::Page;
use leptos::prelude::*;
use uuid::Uuid;

/// Where linked records stand: how many there are, or why they are not there and how to try again.
#[derive(Clone, Copy)]
pub struct Standing {
    count: Signal<Option<i64>>,
    failure: Signal<Option<ApiFail>>,
    retry: Callback<()>,
}

impl Standing {
    /// Of what is at hand.
    pub fn counted(count: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let count = Signal::derive(move || Some(count()));
        Self { count, failure: Signal::stored(None), retry: Callback::new(|()| ()) }
    }
}

/// The linked records that a query fetches, and where they stand.
pub fn listed<T: Clone>(query: Query<Page<T>>) -> (impl Fn() -> Vec<T> + Copy + Send + Sync, Standing)
where
    Page<T>: Cached,
{
    let standing = Standing {
        count: Signal::derive(move || query.data().map(|page| page.pagination.total)),
        failure: query.failure().into(),
        retry: Callback::new(move |()| query.refetch()),
    };
    (move || query.data().map(|page| page.data.clone()).unwrap_or_default(), standing)
}

/// What shows records of a type, for those who may view them.
#[component]
pub fn Viewable(
    /// The type.
    record: RecordType,
    /// What shows them.
    children: ChildrenFn,
) -> impl IntoView {
    let session = use_session();
    let may = Memo::new(move |_| session.can(record.permissions().view));
    move || may.get().then(|| children())
}

/// A heading with a count and buttons, over linked records.
#[component]
pub fn Related(
    /// The heading.
    #[prop(into)]
    title: String,
    /// How many there are.
    standing: Standing,
    /// Buttons beside the heading.
    #[prop(optional, into)]
    actions: Option<ViewFnOnce>,
    /// What is said where there are none.
    #[prop(into)]
    nothing: String,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let label = title.clone();
    let Standing { count, failure, retry } = standing;
    view! {
        <section class="rec-related" aria-label=label>
            <div class="rec-related-head">
                <h3 class="rec-heading">{title}</h3>
                {move || count.get().map(|n| view! { <span class="rec-count">{format::integer(n)}</span> })}
                <span class="grow"></span>
                {actions.map(ViewFnOnce::run)}
            </div>
            {move || match (count.get(), failure.get()) {
                (None, Some(fail)) => view! {
                    <p class="inline-error" role="alert">{fail.message().to_owned()}</p>
                    <Button size=ControlSize::Sm icon=IconName::RefreshCw on_click=move |_| retry.run(())>"Retry"</Button>
                }.into_any(),
                (None, None) => view! { <div class="rec-related-wait"><Skeleton width="70%" /><Skeleton width="50%" /></div> }.into_any(),
                (Some(0), _) => view! { <p class="rec-related-none">{nothing.clone()}</p> }.into_any(),
                (Some(_), _) => ().into_any(),
            }}
            <ul class="rec-related-rows">{children()}</ul>
        </section>
    }
}

/// One linked record.
#[component]
pub fn RelatedRow(
    /// Its type.
    record: RecordType,
    /// Its id.
    id: Uuid,
    /// What people call it.
    #[prop(into)]
    name: String,
    /// What tells it from others.
    #[prop(optional, into)]
    note: Option<String>,
    /// Ways to reach it.
    #[prop(optional)]
    reach: Vec<Option<AnyView>>,
    /// Badges and buttons at the end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let mark = picture(record, id, name.clone(), None, AvatarSize::Md);
    view! {
        <li class="rec-related-row">
            {mark}
            <div class="rec-related-text">
                <a class="rec-related-name" href=href(record, id)>{name}</a>
                {note.filter(|note| !note.is_empty()).map(|note| view! { <span class="rec-related-note">{note}</span> })}
                {(reach.iter().any(Option::is_some)).then(|| view! { <span class="rec-related-reach">{reach}</span> })}
            </div>
            {children.map(|children| view! { <div class="rec-related-end">{children()}</div> })}
        </li>
    }
}

/// A button that opens a searched list and links what is chosen there.
#[component]
pub fn LinkButton(
    /// The type to choose from.
    record: RecordType,
    /// What the button does ("Link contact").
    #[prop(into)]
    label: String,
    /// The part that the linked record can have; none to choose without them.
    #[prop(optional)]
    parts: Vec<Choice>,
    /// What the part is called ("Role").
    #[prop(optional, into)]
    part_label: Option<&'static str>,
    /// Called with the record's id and the part chosen.
    #[prop(into)]
    on_link: Callback<(Uuid, Option<String>)>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let parts = StoredValue::new(parts);
    let name = label.clone();
    view! {
        <Popover label=label icon=IconName::Link open=open>
            {
                let chosen = RwSignal::new(Vec::<ComboOption>::new());
                let part = RwSignal::new(String::new());
                let has_parts = parts.with_value(|parts| !parts.is_empty());
                let link = move || {
                    let id = chosen.with_untracked(|chosen| chosen.first().and_then(|c| Uuid::try_parse(&c.value).ok()));
                    if let Some(id) = id {
                        let part = part.get_untracked();
                        on_link.run((id, (!part.is_empty()).then_some(part)));
                        crate::ui::dom::later(move || ignore(open.try_set(false)));
                    }
                };
                view! {
                    <form class="rec-link-form" on:submit=move |ev| { ev.prevent_default(); link() }>
                        <Combobox value=chosen source=record_source(record) label=name.clone() autofocus=true
                            placeholder=format!("Find a {}", record.label().to_lowercase())
                            on_change=move |_| if !has_parts { link() } />
                        {has_parts.then(|| view! {
                            <Select value=part choices=Signal::stored(parts.get_value()) size=ControlSize::Sm
                                label=part_label.unwrap_or("Part") empty=format!("No {}", part_label.unwrap_or("part").to_lowercase()) />
                            <Button variant=ButtonVariant::Primary size=ControlSize::Sm submit=true
                                disabled=Signal::derive(move || chosen.with(Vec::is_empty))>"Link"</Button>
                        })}
                    </form>
                }
            }
        </Popover>
    }
}

/// A button that makes a record for the one shown.
#[component]
pub fn MakeButton(
    /// Its type.
    record: RecordType,
    /// The record shown.
    shown: Shown,
) -> impl IntoView {
    let creating = Creating::current();
    let make = move || {
        let made = shown.row.with_untracked(|row| (page_look(row.record).makes)(row));
        if let Some((record, given)) = made.into_iter().find(|(made, _)| *made == record) {
            creating.open_with(record, given);
        }
    };
    move || {
        creating.available().contains(&record).then(|| {
            let label = format!("New {}", record.label().to_lowercase());
            view! { <IconButton icon=IconName::Plus label=label on_click=move |_| make() /> }
        })
    }
}

/// The X that takes a link away.
#[component]
pub fn UnlinkButton(
    /// What it does ("Unlink Ada Lovelace").
    #[prop(into)]
    label: String,
    /// Does it.
    #[prop(into)]
    on_click: Callback<()>,
) -> impl IntoView {
    view! { <IconButton icon=IconName::X label=label size=ControlSize::Xs on_click=move |_| on_click.run(()) /> }
}
