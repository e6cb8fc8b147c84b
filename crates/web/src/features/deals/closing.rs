//! The dialog that asks how a deal ended.

use crate::api::deals::Ending;
use crate::features::forms::{passes, readable};
use crate::ui::dom::{ignore, later};
use crate::ui::{
    Button, ButtonVariant, Choice, DateInput, Dialog, Field, FormState, Input, Select, Textarea, Typed, format,
};
use chrono::NaiveDate;
use domain::deals::LostReason;
use domain::deals::close::CloseDeal;
use domain::error::code;
use leptos::prelude::*;

/// A deal that is about to end, and what happens when the person has said how.
#[derive(Clone)]
pub struct Question {
    /// What people call the deal.
    pub title: String,
    /// How it ends.
    pub how: Ending,
    /// Gets the particulars.
    pub answer: Callback<CloseDeal>,
}

/// Asks; cancelling does nothing at all.
#[component]
pub fn CloseDialog(
    /// What is asked, both ways: `None` while closed.
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None::<Question>);
    Effect::new(move |_| {
        if let Some(asked) = question.get() {
            shown.set(Some(asked));
            open.set(true);
        }
    });
    let form = FormState::new();
    let date = RwSignal::new(Typed::<NaiveDate>::Nothing);
    let reason = RwSignal::new(String::new());
    let lost = RwSignal::new(String::new());
    let competitor = RwSignal::new(String::new());
    let notes = RwSignal::new(String::new());
    Effect::new(move |_| {
        if open.get() {
            date.set(Typed::Value(format::today()));
            form.set_errors([], None);
            for text in [reason, lost, competitor, notes] {
                text.set(String::new());
            }
        }
    });
    let title = Signal::derive(move || {
        shown
            .with(|asked| {
                asked.as_ref().map(|asked| {
                    let verb = match asked.how {
                        Ending::Win => "Win",
                        Ending::Lose => "Lose",
                        Ending::Abandon => "Abandon",
                    };
                    format!("{verb} {}", asked.title)
                })
            })
            .unwrap_or_default()
    });
    let how = Memo::new(move |_| shown.with(|asked| asked.as_ref().map(|asked| asked.how)));
    let close = move || later(move || ignore(open.try_set(false)));
    let text = |signal: RwSignal<String>| {
        let text = signal.get_untracked().trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let submit = move || {
        let Some(asked) = shown.get_untracked() else { return };
        let day = date.with_untracked(|date| readable("closed_date", code::DATE, date));
        if !passes(form, [day.clone().map(drop)]) {
            return;
        }
        let input = CloseDeal {
            closed_date: day.ok().flatten(),
            won_reason: text(reason),
            lost_reason: LostReason::parse(&lost.get_untracked()),
            lost_to_competitor: text(competitor),
            close_notes: text(notes),
        };
        close();
        asked.answer.run(input);
    };
    view! {
        <Dialog open=open title=title on_closed=move |()| question.set(None)
            footer=move || view! {
                <Button on_click=move |_| close()>"Cancel"</Button>
                <Button variant=ButtonVariant::Primary on_click=move |_| submit()>
                    {move || match how.get() {
                        Some(Ending::Lose) => "Mark as lost",
                        Some(Ending::Abandon) => "Abandon deal",
                        _ => "Mark as won",
                    }}
                </Button>
            }>
            <form class="rec-close" on:submit=move |ev| { ev.prevent_default(); submit() }>
                <Field label="Closed on" form=form path="closed_date"><DateInput value=date /></Field>
                {move || match how.get() {
                    Some(Ending::Lose) => {
                        let choices = LostReason::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())).collect::<Vec<_>>();
                        view! {
                            <Field label="Reason"><Select value=lost choices=Signal::stored(choices) empty="No reason given" /></Field>
                            <Field label="Lost to"><Input value=competitor max_length=255_u32 placeholder="A competitor" /></Field>
                            <Field label="Notes"><Textarea value=notes /></Field>
                        }
                        .into_any()
                    }
                    Some(Ending::Abandon) => view! { <Field label="Reason"><Textarea value=notes /></Field> }.into_any(),
                    _ => view! { <Field label="Reason"><Input value=reason max_length=500_u32 placeholder="Why we won" /></Field> }.into_any(),
                }}
                // Enter in a field submits.
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}
