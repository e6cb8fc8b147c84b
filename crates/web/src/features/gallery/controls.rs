//! Buttons and everything that is typed or chosen in.

use leptos::prelude::*;

use super::{Part, Row};
use crate::ui::{
    Button, ButtonGroup, ButtonVariant, Checkbox, Choice, ControlSize, DateInput, Field, FormError, FormState,
    IconButton, IconName, Input, InputKind, MoneyInput, RadioGroup, SearchInput, Segmented, Select, Switch, Textarea,
    Typed,
};

#[component]
pub(super) fn Controls() -> impl IntoView {
    view! {
        <Buttons />
        <TextFields />
        <Choices />
        <SampleForm />
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let starred = RwSignal::new(true);
    let star_label =
        Signal::derive(move || if starred.get() { "Remove from favourites" } else { "Add to favourites" }.to_owned());
    view! {
        <Part title="Buttons">
            <Row>
                <Button variant=ButtonVariant::Primary>"Create company"</Button>
                <Button>"Import contacts"</Button>
                <Button variant=ButtonVariant::Ghost>"Show more"</Button>
                <Button variant=ButtonVariant::Danger>"Delete company"</Button>
                <Button variant=ButtonVariant::DangerGhost icon=IconName::Trash2>"Delete"</Button>
                <Button href="/dev/ui" icon_end=IconName::ArrowUpRight>"A link"</Button>
            </Row>
            <Row>
                <Button variant=ButtonVariant::Primary icon=IconName::Plus size=ControlSize::Sm>"Small"</Button>
                <Button variant=ButtonVariant::Primary icon=IconName::Plus keys="c" tip="Create a company">"With tooltip"</Button>
                <Button variant=ButtonVariant::Primary icon=IconName::Plus size=ControlSize::Lg>"Large"</Button>
                <Button variant=ButtonVariant::Primary loading=true>"Saving"</Button>
                <Button loading=true>"Loading"</Button>
                <Button variant=ButtonVariant::Primary disabled=true>"Disabled"</Button>
                <Button disabled=true>"Disabled"</Button>
                <Button pressed=true icon=IconName::ListFilter>"Pressed"</Button>
            </Row>
            <Row>
                <IconButton icon=IconName::Archive label="Archive" keys="#" size=ControlSize::Xs />
                <IconButton icon=IconName::Archive label="Archive" />
                <IconButton icon=IconName::Archive label="Archive" size=ControlSize::Md variant=ButtonVariant::Secondary />
                <IconButton icon=IconName::Archive label="Archive" size=ControlSize::Lg variant=ButtonVariant::Secondary />
                <IconButton icon=IconName::Star label=star_label pressed=starred on_click=move |_| starred.update(|on| *on = !*on) />
                <IconButton icon=IconName::Archive label="Archiving" loading=true />
                <IconButton icon=IconName::Archive label="Archive" disabled=true />
                <ButtonGroup label="Pages">
                    <IconButton icon=IconName::ChevronLeft label="Back" variant=ButtonVariant::Secondary size=ControlSize::Md />
                    <IconButton icon=IconName::ChevronRight label="Forward" variant=ButtonVariant::Secondary size=ControlSize::Md />
                </ButtonGroup>
            </Row>
        </Part>
    }
}

#[component]
fn TextFields() -> impl IntoView {
    let name = RwSignal::new("Acme".to_owned());
    let empty = RwSignal::new(String::new());
    let wrong = RwSignal::new("ada@".to_owned());
    let notes = RwSignal::new("Met at the fair.\nWants a demo in December.".to_owned());
    let search = RwSignal::new("acme".to_owned());
    let amount = RwSignal::new(Typed::Value(1_234_550_i64));
    let yen = RwSignal::new(Typed::Value(98_000_i64));
    let day = RwSignal::new(Typed::from(chrono::NaiveDate::from_ymd_opt(2026, 11, 21)));
    view! {
        <Part title="Fields">
            <div class="grid grid-cols-1 gap-x-6 gap-y-4 md:grid-cols-3">
                <Field label="Company name" required=true><Input value=name /></Field>
                <Field label="Web site" optional=true hint="We read the name and the logo from it.">
                    <Input value=empty kind=InputKind::Url placeholder="acme.example" />
                </Field>
                <Field label="E-mail" error="Enter a full address, such as ada@acme.example.">
                    <Input value=wrong kind=InputKind::Email />
                </Field>
                <Field label="Notes"><Textarea value=notes /></Field>
                <Field label="Amount"><MoneyInput value=amount currency="EUR" /></Field>
                <Field label="Amount in yen" hint="No decimals in this currency."><MoneyInput value=yen currency="JPY" /></Field>
                <Field label="Close date"><DateInput value=day /></Field>
                <Field label="Disabled"><Input value=name disabled=true /></Field>
                <Field label="Read only"><Input value=name read_only=true /></Field>
            </div>
            <div class="max-w-[280px]"><SearchInput value=search label="Search companies" /></div>
        </Part>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let on = RwSignal::new(true);
    let off = RwSignal::new(false);
    let plan = RwSignal::new("won".to_owned());
    let stage = RwSignal::new("lead".to_owned());
    let period = RwSignal::new("month".to_owned());
    let stages =
        Signal::stored(vec![Choice::new("lead", "Lead"), Choice::new("won", "Won"), Choice::new("lost", "Lost")]);
    view! {
        <Part title="Choices">
            <div class="grid grid-cols-1 gap-6 md:grid-cols-3">
                <div class="flex flex-col gap-1">
                    <Checkbox checked=on label="Open deals" />
                    <Checkbox checked=off label="Closed deals" hint="Won and lost ones of the last year." />
                    <Checkbox checked=off label="Some of them" mixed=true />
                    <Checkbox checked=on label="Cannot be changed" disabled=true />
                </div>
                <Field label="Outcome" group=true>
                    <RadioGroup value=plan choices=vec![
                        Choice::new("won", "Won").hint("Counts towards the target."),
                        Choice::new("lost", "Lost").hint("Asks for a reason."),
                    ] />
                </Field>
                <div class="flex flex-col gap-3">
                    <Switch checked=on label="Daily summary" hint="At 8:00 in your time zone." />
                    <Switch checked=off label="Sounds" />
                    <Switch checked=on label="Set by the administrator" disabled=true />
                </div>
                <Field label="Stage"><Select value=stage choices=stages /></Field>
                <Field label="Stage, or none" error="Choose a stage.">
                    <Select value=RwSignal::new(String::new()) choices=stages empty="No stage" />
                </Field>
                <div class="self-end">
                    <Segmented label="Period" value=period on_change=move |v| period.set(v) choices=vec![
                        Choice::new("week", "Week"), Choice::new("month", "Month"), Choice::new("quarter", "Quarter"),
                    ] />
                </div>
            </div>
        </Part>
    }
}

/// A form with local and "server" errors, and a draft that survives a reload.
#[component]
fn SampleForm() -> impl IntoView {
    let form = FormState::with_draft("draft:gallery");
    let name = form.value("name", String::new());
    let email = form.value("emails[0].address", String::new());
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        form.start_saving();
        set_timeout(
            move || {
                if name.get_untracked().trim().is_empty() {
                    form.failed();
                    form.set_errors(
                        [
                            ("name".to_owned(), "Enter a name.".to_owned()),
                            ("emails[0].address".to_owned(), "Another contact has this address.".to_owned()),
                        ],
                        Some("The contact was not saved. Correct the marked fields and try again.".to_owned()),
                    );
                    form.focus_first_error();
                } else {
                    form.saved();
                }
            },
            std::time::Duration::from_millis(400),
        );
    };
    view! {
        <Part title="Form">
            <form class="form max-w-[420px]" novalidate=true on:submit=submit>
                <Field label="Name" form=form path="name" required=true><Input value=name /></Field>
                <Field label="Work e-mail" form=form path="emails[0].address">
                    <Input value=email kind=InputKind::Email />
                </Field>
                <FormError form />
                <Row>
                    <Button variant=ButtonVariant::Primary submit=true loading=form.saving()>"Create contact"</Button>
                    <span class="text-sm text-muted">
                        {move || if form.is_dirty() { "Unsaved changes" } else { "Nothing to save" }}
                    </span>
                </Row>
            </form>
        </Part>
    }
}
