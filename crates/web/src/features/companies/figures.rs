//! COMPANY-22, WEB-15: what stands behind a company, in figures.

use crate::data::{Load, queries, use_query, use_session};
use crate::features::deals::totals;
use crate::features::records::look::Shown;
use crate::features::records::prefs;
use crate::ui::{Button, ButtonVariant, ControlSize, IconName, Skeleton, format};
use domain::companies::summary::CompanySummary;
use leptos::prelude::*;

/// The figures, live; what this person may not see is left out.
#[component]
pub fn CompanyFigures(
    /// The company.
    shown: Shown,
) -> impl IntoView {
    let id = shown.row.with_untracked(|row| row.id);
    let summary = use_query(move || Some(queries::company_summary(id)));
    let currency = prefs::currency(&use_session());
    view! {
        <section class="figures" aria-label="Figures">
            {move || match summary.state() {
                Load::Loading => waiting(),
                Load::Failed(fail) => view! {
                    <p class="inline-error" role="alert">{fail.message().to_owned()}</p>
                    <Button variant=ButtonVariant::Ghost size=ControlSize::Sm icon=IconName::RefreshCw
                        on_click=move |_| summary.refetch()>"Retry"</Button>
                }.into_any(),
                Load::Ready(found) => figures(&found, &currency),
            }}
        </section>
    }
}

fn waiting() -> AnyView {
    let one = |width: &'static str| {
        view! {
            <div>
                <dt class="skeleton-line"><Skeleton width=width /></dt>
                <dd class="skeleton-line"><Skeleton width="40px" /></dd>
            </div>
        }
    };
    view! { <dl aria-busy="true">{["56px", "72px", "84px", "64px"].map(one).collect_view()}</dl> }.into_any()
}

fn figures(found: &CompanySummary, currency: &str) -> AnyView {
    let mut lines: Vec<(&str, String, String)> = Vec::new();
    if let Some(contacts) = found.contacts {
        lines.push(("Contacts", format::integer(contacts), format::count(contacts, "contact", "contacts")));
    }
    if let Some(deals) = &found.deals {
        let money =
            |sums: &[_]| (totals::text(sums, |t| t.amount_minor, currency), totals::exact(sums, |t| t.amount_minor));
        lines.push(("Active deals", format::integer(deals.open), format::count(deals.open, "open deal", "open deals")));
        let (text, exact) = money(&deals.pipeline_value);
        lines.push(("Open pipeline", text, exact));
        let (text, exact) = money(&deals.total_value);
        let won = format::count(deals.won, "deal won", "deals won");
        lines.push(("Total won", text, if exact.is_empty() { won } else { format!("{exact}, {won}") }));
    }
    let one = |(label, text, tip): (&'static str, String, String)| {
        view! { <div><dt>{label}</dt><dd data-tip=tip>{text}</dd></div> }
    };
    view! { <dl>{lines.into_iter().map(one).collect_view()}</dl> }.into_any()
}
