//! Deals that should close soon.

use crate::api::Row;
use crate::data::{Directory, Load, queries, use_directory, use_query};
use crate::features::failed::failed;
use crate::features::records::href::href;
use crate::features::records::value;
use crate::ui::{Avatar, AvatarSize, Badge, Card, EmptyState, IconName, Skeleton, Tone, format};
use domain::catalog::RecordType;
use leptos::prelude::*;

/// How far ahead, in days.
const DAYS: u32 = 30;

/// The card with the deals that should close within 30 days.
#[component]
pub(super) fn ClosingSoon() -> impl IntoView {
    let deals = use_query(|| Some(queries::closing_soon(DAYS)));
    let directory = use_directory();
    view! {
        <Card title="Closing within 30 days" flush=true>
            {move || match deals.state() {
                Load::Loading => loading(),
                Load::Failed(fail) => failed("The deals could not be loaded", &fail, move || deals.refetch()),
                Load::Ready(page) if page.data.is_empty() => view! {
                    <EmptyState icon=IconName::CalendarClock title="No deal closes soon"
                        text="Open deals with an expected close date in the next 30 days will be listed here." />
                }.into_any(),
                Load::Ready(page) => view! {
                    <ul class="closing">
                        {page.data.iter().map(|deal| row(deal, directory)).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </Card>
    }
}

fn loading() -> AnyView {
    view! {
        <ul class="closing" aria-busy="true">
            {(0..5).map(|_| view! {
                <li class="closing-row">
                    <span class="closing-name">
                        <span class="closing-title skeleton-line"><Skeleton width="60%" /></span>
                        <span class="closing-note skeleton-line"><Skeleton width="40%" /></span>
                    </span>
                    <Skeleton width="64px" />
                </li>
            }).collect_view()}
        </ul>
    }
    .into_any()
}

fn row(deal: &Row, directory: Directory) -> impl IntoView + use<> {
    let day = value::day(deal.get("expected_close_date"));
    let overdue = day.is_some_and(|day| day < format::today());
    let when = day.map(format::relative_day).unwrap_or_default();
    let exact = day.map(format::date).unwrap_or_default();
    let note = [deal.text("company_name"), deal.text("stage_name")];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let amount = deal.get("amount_minor").as_i64().unwrap_or_default();
    let owner = deal.id_in("owner_id");
    view! {
        <li>
            <a class="closing-row" href=href(RecordType::Deal, deal.id)>
                <span class="closing-name">
                    <span class="closing-title">{deal.title.clone()}</span>
                    <span class="closing-note">{note}</span>
                </span>
                <span class="closing-amount">{format::money_round(amount, deal.currency())}</span>
                <span class="closing-when" data-tip=exact>
                    {if overdue {
                        view! { <Badge tone=Tone::Danger>{when}</Badge> }.into_any()
                    } else {
                        view! { <span>{when}</span> }.into_any()
                    }}
                </span>
                <span class="closing-owner">
                    {move || owner.and_then(|id| directory.member(id)).map(|member| view! {
                        <Avatar name=member.name seed=member.id.to_string() src=member.avatar_url
                            size=AvatarSize::Sm titled=true />
                    })}
                </span>
            </a>
        </li>
    }
}
