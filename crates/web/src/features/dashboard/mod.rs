//! The dashboard: four figures, what happened, what is about to close.

mod activity;
mod closing;
mod first;

use crate::data::{Load, queries, use_query, use_session};
use crate::features::failed::failed;
use crate::shell::PageHeader;
use crate::ui::{Skeleton, StatCard, Trend, format};
use activity::RecentActivity;
use closing::ClosingSoon;
use domain::dashboard::Metrics;
use domain::deals::board::Total;
use domain::permission::Permission;
use first::FirstSteps;
use leptos::prelude::*;

/// The dashboard.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let session = use_session();
    let (deals, feed) = (session.clone(), session);
    view! {
        <div class="page">
            <PageHeader title="Dashboard" />
            <Figures />
            <div class="dashboard-columns">
                <Show when=move || feed.can(Permission::ActivityView)><RecentActivity /></Show>
                <Show when=move || deals.can(Permission::DealView)><ClosingSoon /></Show>
            </div>
        </div>
    }
}

/// DASH-03 to -05: the four cards.
#[component]
fn Figures() -> impl IntoView {
    let metrics = use_query(|| Some(queries::metrics()));
    view! {
        <section aria-label="Figures">
            {move || match metrics.state() {
                Load::Loading => figures_loading(),
                Load::Failed(fail) => failed("The figures could not be loaded", &fail, move || metrics.refetch()),
                Load::Ready(found) => figures(&found),
            }}
        </section>
    }
}

fn figures_loading() -> AnyView {
    view! {
        <div class="dashboard-figures" aria-busy="true">
            {(0..4).map(|_| view! {
                <div class="card stat">
                    <span class="stat-label skeleton-line"><Skeleton width="96px" /></span>
                    <span class="stat-value skeleton-line"><Skeleton width="72px" height="20px" /></span>
                    <span class="stat-note skeleton-line"><Skeleton width="120px" /></span>
                </div>
            }).collect_view()}
        </div>
    }
    .into_any()
}

fn figures(found: &Metrics) -> AnyView {
    let (open, open_more) = sums(&found.pipeline_value, |total| total.amount_minor);
    let (weighted, _) = sums(&found.pipeline_value, |total| total.weighted_minor);
    let (won, won_more) = sums(&found.won_value, |total| total.amount_minor);
    let value_note = match (found.pipeline_value.is_empty(), open_more) {
        (true, _) => "No open deals".to_owned(),
        (false, Some(more)) => format!("also {more}"),
        (false, None) => format!("{weighted} weighted by probability"),
    };
    let won_note = match (found.won_value.is_empty(), won_more) {
        (true, _) => "Nothing won yet this month".to_owned(),
        (false, Some(more)) => format!("{won}, also {more}"),
        (false, None) => won,
    };
    let (rate, rate_note) = match found.conversion_rate {
        Some(rate) => {
            let closed = found.won_30_days + found.lost_30_days;
            (
                format::percent(rate / 100.0),
                format!("{} of {} closed", found.won_30_days, format::count(closed, "deal", "deals")),
            )
        }
        None => ("–".to_owned(), "No deal closed in 30 days".to_owned()),
    };
    view! {
        <div class="dashboard-figures">
            <StatCard label="Open deals" value=format::integer(found.open_deals) trend=Trend::Flat(note_on_open(found))
                href="/deals" />
            <StatCard label="Pipeline value" value=open trend=Trend::Flat(value_note) href="/pipeline" />
            <StatCard label="Won this month" value=format::integer(found.won_this_month) trend=Trend::Flat(won_note) />
            <StatCard label="Conversion, 30 days" value=rate trend=Trend::Flat(rate_note) />
        </div>
        {nothing_yet(found).then(|| view! { <FirstSteps /> })}
    }
    .into_any()
}

/// Whether this organization has no deal to speak of: it is new, or still empty.
fn nothing_yet(found: &Metrics) -> bool {
    found.open_deals == 0 && found.won_this_month == 0 && found.conversion_rate.is_none()
}

fn note_on_open(found: &Metrics) -> String {
    match found.pipeline_value.len() {
        0 | 1 => "In all pipelines".to_owned(),
        n => format!("In {n} currencies"),
    }
}

/// The largest sum, and the others as words.
fn sums(totals: &[Total], of: impl Fn(&Total) -> i64) -> (String, Option<String>) {
    let mut texts = totals.iter().map(|total| format::money_compact(of(total), &total.currency));
    let Some(first) = texts.next() else { return ("–".to_owned(), None) };
    let rest: Vec<String> = texts.collect();
    let more = match rest.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [one, others @ ..] => Some(format!("{one} and {} more", others.len())),
    };
    (first, more)
}
