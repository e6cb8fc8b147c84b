//! Inputs for money and dates.

use chrono::NaiveDate;
use leptos::{ev, html, prelude::*};

use super::{
    button::ControlSize,
    dom::ignore,
    field::ControlAttrs,
    format::{currency_digits, money_plain, parse_money},
    input::{focus_when_shown, input_class, shell_class},
    typed::Typed,
};

/// An amount of money in minor units (cents). Takes what people type, in either notation,
/// and puts it in order when they leave; what cannot be read is marked and kept as typed.
#[component]
pub fn MoneyInput(
    /// Minor units, both ways.
    value: RwSignal<Typed<i64>>,
    /// ISO 4217 code, such as `EUR`.
    #[prop(into)]
    currency: Signal<String>,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called for every key.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// Called when the user leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
    /// The element, for focus.
    #[prop(optional, into)]
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("money", None);
    let plain = move || value.with(|now| now.to_text(|minor| currency.with(|code| money_plain(*minor, code))));
    let read = move |text: &str| Typed::read(text, |text| currency.with(|code| parse_money(text, code)));
    let text = RwSignal::new(untrack(plain));
    let unreadable = Memo::new(move |_| value.with(Typed::is_unreadable));
    // The value changed from outside: show it, unless it is what the user has just typed.
    Effect::new(move |_| {
        let shown = text.with_untracked(|text| read(text));
        if value.with(|now| *now != shown) {
            text.set(plain());
        }
    });
    let invalid = attrs.invalid;
    view! {
        <div class=shell_class(size) data-disabled=move || disabled.get().then_some("true")
            data-invalid=move || (invalid.get().is_some() || unreadable.get()).then_some("true")>
            <span class="input-affix" aria-hidden="true">{move || currency.get()}</span>
            <input
                class="input-bare input-number"
                id=attrs.id
                node_ref=node_ref
                type="text"
                autocomplete="off"
                inputmode=move || if currency.with(|code| currency_digits(code)) == 0 { "numeric" } else { "decimal" }
                aria-label=move || label.get().map(|label| format!("{label} ({})", currency.get()))
                aria-describedby=move || attrs.described_by.get()
                aria-invalid=move || if unreadable.get() { Some("true") } else { invalid.get() }
                aria-required=attrs.required
                disabled=move || disabled.get()
                prop:value=move || text.get()
                on:input=move |ev| {
                    let typed = event_target_value(&ev);
                    value.set(untrack(|| read(&typed)));
                    text.set(typed);
                }
                on:blur=move |_| {
                    // Taken off the page it loses the focus, too.
                    if value.is_disposed() {
                        return;
                    }
                    text.set(untrack(plain));
                    if let Some(call) = on_blur { ignore(call.try_run(())) }
                }
                on:keydown=move |ev| if let Some(call) = on_key { call.run(ev) }
            />
        </div>
    }
}

/// What stands for a date that was begun and not completed: the browser tells no more of it.
const INCOMPLETE: &str = "incomplete";

/// A calendar date, by the browser's own date field.
#[component]
pub fn DateInput(
    /// The date, both ways.
    value: RwSignal<Typed<NaiveDate>>,
    /// Its height.
    #[prop(optional)]
    size: ControlSize,
    /// Accessible name where there is no `Field`.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// Earliest date that may be chosen.
    #[prop(optional, into)]
    min: Option<NaiveDate>,
    /// Latest date that may be chosen.
    #[prop(optional, into)]
    max: Option<NaiveDate>,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Called for every key, when the value is up to date.
    #[prop(optional, into)]
    on_key: Option<Callback<ev::KeyboardEvent>>,
    /// Called when the user leaves it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let attrs = ControlAttrs::new("date", None);
    let node = NodeRef::<html::Input>::new();
    if autofocus {
        focus_when_shown(node);
    }
    let read = move || {
        // Taken off the page it loses the focus, too.
        let Some(Some(input)) = node.try_get_untracked().filter(|_| !value.is_disposed()) else { return };
        let now = typed_date(&input);
        if value.with_untracked(|before| *before != now) {
            value.set(now);
        }
    };
    Effect::new(move |_| {
        let (Some(input), now) = (node.get(), value.get()) else { return };
        // To set the field would wipe out what stands half typed in it.
        if typed_date(&input) != now && !now.is_unreadable() {
            input.set_value(&now.to_text(NaiveDate::to_string));
        }
    });
    view! {
        <input
            class=input_class(size)
            id=attrs.id
            node_ref=node
            type="date"
            aria-label=move || label.get()
            aria-describedby=move || attrs.described_by.get()
            aria-invalid=move || attrs.invalid.get()
            aria-required=attrs.required
            min=min.map(|day| day.to_string())
            max=max.map(|day| day.to_string())
            disabled=move || disabled.get()
            on:change=move |_| read()
            on:blur=move |_| {
                read();
                if let Some(call) = on_blur { ignore(call.try_run(())) }
            }
            on:keydown=move |ev| {
                if ev.key() == "Enter" { read() }
                if let Some(call) = on_key { call.run(ev) }
            }
        />
    }
}

/// What stands in a date field; a day that was begun and not completed is no empty field.
fn typed_date(input: &web_sys::HtmlInputElement) -> Typed<NaiveDate> {
    if input.validity().bad_input() {
        return Typed::Unreadable(INCOMPLETE.to_owned());
    }
    Typed::read(&input.value(), |text| text.parse().ok())
}
