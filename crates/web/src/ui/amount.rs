//! Inputs for money and dates.

use chrono::NaiveDate;
use leptos::{ev, html, prelude::*};

use super::{
    button::ControlSize,
    dom::ignore,
    field::ControlAttrs,
    format::{currency_digits, money_plain, parse_money},
    input::input_class,
};

/// An amount of money in minor units (cents). Takes what people type, in either notation,
/// and puts it in order when they leave; what cannot be read is marked and kept as typed.
#[component]
pub fn MoneyInput(
    /// Minor units, both ways; `None` while empty or unreadable.
    value: RwSignal<Option<i64>>,
    /// ISO 4217 code, such as `EUR`.
    #[prop(into)]
    currency: Signal<String>,
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
    let plain =
        move |minor: Option<i64>| minor.map(|minor| currency.with(|code| money_plain(minor, code))).unwrap_or_default();
    let text = RwSignal::new(untrack(|| plain(value.get())));
    let unreadable = Memo::new(move |_| value.get().is_none() && text.with(|t| !t.trim().is_empty()));
    // The value changed from outside: show it, unless it is what the user has just typed.
    Effect::new(move |_| {
        let now = value.get();
        let read = text.with_untracked(|t| currency.with(|code| parse_money(t, code)));
        if now != read {
            text.set(plain(now));
        }
    });
    let invalid = attrs.invalid;
    view! {
        <div class="input-shell" data-disabled=move || disabled.get().then_some("true")
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
                    value.set(currency.with_untracked(|code| parse_money(&typed, code)));
                    text.set(typed);
                }
                on:blur=move |_| {
                    if let Some(minor) = value.get_untracked() {
                        text.set(untrack(|| plain(Some(minor))));
                    }
                    if let Some(call) = on_blur { ignore(call.try_run(())) }
                }
                on:keydown=move |ev| if let Some(call) = on_key { call.run(ev) }
            />
        </div>
    }
}

/// A calendar date, by the browser's own date field.
#[component]
pub fn DateInput(
    /// The date, both ways.
    value: RwSignal<Option<NaiveDate>>,
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
) -> impl IntoView {
    let attrs = ControlAttrs::new("date", None);
    view! {
        <input
            class=input_class(size)
            id=attrs.id
            type="date"
            aria-label=move || label.get()
            aria-describedby=move || attrs.described_by.get()
            aria-invalid=move || attrs.invalid.get()
            aria-required=attrs.required
            min=min.map(|day| day.to_string())
            max=max.map(|day| day.to_string())
            disabled=move || disabled.get()
            prop:value=move || value.get().map(|day| day.to_string()).unwrap_or_default()
            on:change=move |ev| value.set(event_target_value(&ev).parse().ok())
        />
    }
}
