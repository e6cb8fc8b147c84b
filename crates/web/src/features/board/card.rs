//! One card of the board.

use crate::features::deals::marks::{self, markers, marks};
use crate::features::records::lookup::Lookup;
use crate::ui::{Avatar, AvatarSize, Badge, Icon, IconName, IconSize, format};
use domain::deals::{Deal, DealStatus};
use domain::pipelines::Stage;
use leptos::prelude::*;

/// Whether the deal has been in its stage longer than the stage allows.
pub fn is_too_long(deal: &Deal, stage: &Stage) -> bool {
    deal.status == DealStatus::Open && stage.days_in_stage.is_some_and(|limit| limit > 0 && deal.days_in_stage > limit)
}

/// A card in words, for screen readers.
pub fn spoken(deal: &Deal, stage: &Stage) -> String {
    let mut parts = vec![deal.name.clone()];
    parts.extend(deal.company_name.clone());
    parts.push(format::money_round(deal.amount_minor, &deal.currency));
    parts.push(format!("{} in {}", days(deal.days_in_stage), stage.name));
    if markers(deal).overdue {
        parts.push("overdue".to_owned());
    }
    parts.extend(marks(deal).into_iter().map(|mark| mark.label.to_lowercase()));
    if is_too_long(deal, stage) {
        parts.push("too long in this stage".to_owned());
    }
    parts.join(", ")
}

fn days(n: i32) -> String {
    format::count(i64::from(n), "day", "days")
}

/// What a card shows (PIPELINE-09, PIPELINE-10, DEAL-20, DEAL-21, AUTH-36).
pub fn content(deal: &Deal, stage: &Stage, lookup: Lookup) -> AnyView {
    let with = [deal.company_name.clone(), deal.primary_contact_name.clone()].into_iter().flatten();
    let with = with.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · ");
    let owner = deal.owner_id;
    let overdue = markers(deal).overdue;
    let too_long = is_too_long(deal, stage);
    // When a deal should have closed is of no interest once it has.
    let expected = deal.expected_close_date.filter(|_| deal.status == DealStatus::Open);
    let close = expected.map(|day| {
        let class = if overdue { "board-mark board-mark-danger" } else { "board-mark" };
        let what = if overdue { "Overdue: was expected to close" } else { "Expected to close" };
        let tip = format!("{what} {}", format::date(day));
        view! {
            <span class=class data-tip=tip>
                <Icon name=IconName::Calendar size=IconSize::Sm />
                {overdue.then(|| view! { <span class="sr-only-kit">"Overdue: "</span> })}
                {format::date_short(day)}
            </span>
        }
    });
    let limit = stage.days_in_stage.unwrap_or_default();
    let stay_tip = if too_long {
        format!("{} in this stage, the limit is {limit}", days(deal.days_in_stage))
    } else {
        format!("{} in this stage", days(deal.days_in_stage))
    };
    let status = deal.status;
    let ended = (status != DealStatus::Open).then(|| {
        let tone = crate::features::records::value::tone(status.as_str());
        view! { <Badge tone=tone>{status.label()}</Badge> }
    });
    view! {
        <div class="board-card-top">
            <span class="board-card-name" dir="auto">{deal.name.clone()}</span>
            {marks::icons(deal)}
            {move || owner.map(|id| {
                let name = lookup.member(id);
                (!name.is_empty()).then(|| view! { <Avatar name=name seed=id.to_string() size=AvatarSize::Sm titled=true /> })
            })}
        </div>
        {(!with.is_empty()).then(|| view! { <p class="board-card-with" dir="auto">{with}</p> })}
        <div class="board-card-foot">
            <span class="board-card-value">{format::money_round(deal.amount_minor, &deal.currency)}</span>
            {ended}
            {deal.source.map(|source| view! { <span class="board-card-source">{source.label()}</span> })}
            <span class="grow"></span>
            {close}
            <span class=if too_long { "board-mark board-mark-warning" } else { "board-mark" } data-tip=stay_tip>
                <Icon name=IconName::Clock size=IconSize::Sm />
                {format!("{}d", deal.days_in_stage)}
                {too_long.then(|| view! { <span class="sr-only-kit">" in this stage, too long"</span> })}
            </span>
        </div>
    }
    .into_any()
}
