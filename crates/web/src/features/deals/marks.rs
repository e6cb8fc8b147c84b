//! PIPELINE-10: what makes a deal stand out, on cards, in lists and in the head of its page.

use crate::api::Row;
use crate::data::use_session;
use crate::features::records::look::Shown;
use crate::ui::{Badge, Icon, IconName, IconSize, Tone, format};
use domain::deals::Deal;
use domain::deals::markers::Markers;
use leptos::prelude::*;

/// A mark: its icon, what it says, and what that means for this deal.
pub struct Mark {
    icon: IconName,
    tone: Tone,
    class: &'static str,
    /// In a word ("Hot").
    pub label: &'static str,
    meaning: String,
}

/// The marks of a deal by the settings of the organization. Tracked.
pub fn markers(deal: &Deal) -> Markers {
    Markers::of(deal, &use_session().settings(), format::today())
}

/// Those of the marks that have nothing else to say them: an overdue date is told by the date itself.
pub fn marks(deal: &Deal) -> Vec<Mark> {
    let found = markers(deal);
    let hot = found.hot.then(|| Mark {
        icon: IconName::Flame,
        tone: Tone::Warning,
        class: "deal-mark deal-mark-hot",
        label: "Hot",
        meaning: format!("Hot: {}% likely to be won", deal.probability),
    });
    let high = found.high_value.then(|| Mark {
        icon: IconName::Gem,
        tone: Tone::Info,
        class: "deal-mark deal-mark-high",
        label: "High value",
        meaning: format!("High value: {}", format::money_round(deal.amount_minor, &deal.currency)),
    });
    hot.into_iter().chain(high).collect()
}

/// The marks as icons with their meaning on hover.
pub fn icons(deal: &Deal) -> AnyView {
    let icon = |mark: Mark| {
        view! {
            <span class=mark.class role="img" aria-label=mark.meaning.clone() data-tip=mark.meaning>
                <Icon name=mark.icon size=IconSize::Sm />
            </span>
        }
    };
    marks(deal).into_iter().map(icon).collect_view().into_any()
}

/// The marks in words, in the head of a deal.
#[component]
pub fn DealMarks(
    /// The deal.
    shown: Shown,
) -> impl IntoView {
    let deal = Memo::new(move |_| shown.row.with(Row::typed::<Deal>));
    move || {
        deal.with(|deal| {
            let deal = deal.as_ref()?;
            let overdue = markers(deal).overdue;
            let badge = |mark: Mark| {
                view! { <span data-tip=mark.meaning><Badge tone=mark.tone icon=mark.icon>{mark.label}</Badge></span> }
            };
            let badges: Vec<_> = marks(deal).into_iter().map(badge).collect();
            (overdue || !badges.is_empty()).then(|| {
                view! {
                    <div class="rec-marks">
                        {badges}
                        {overdue.then(|| view! {
                            <Badge tone=Tone::Danger icon=IconName::CalendarClock>"Overdue"</Badge>
                        })}
                    </div>
                }
            })
        })
    }
}
