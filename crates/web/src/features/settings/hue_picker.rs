//! Chooses one of the twelve colours.

use crate::ui::dom::later;
use crate::ui::{Dot, Hue, Popover};
use leptos::prelude::*;

/// A button that shows the colour and opens the twelve.
#[component]
pub(super) fn HuePicker(
    /// What it colours ("Colour of Proposal").
    #[prop(into)]
    label: String,
    /// The present colour.
    #[prop(into)]
    hue: Signal<Hue>,
    /// Called with the chosen one.
    #[prop(into)]
    on_choose: Callback<Hue>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let trigger = move || view! { {move || view! { <Dot hue=hue.get() /> }} };
    view! {
        <Popover label=label trigger=trigger open=open>
            <div class="hue-grid">
                {Hue::all().map(|choice| view! {
                    <button type="button" class="hue-choice" aria-label=choice.name() data-tip=choice.name()
                        aria-pressed=move || if hue.get() == choice { "true" } else { "false" }
                        on:click=move |_| {
                            later(move || { open.try_set(false); });
                            on_choose.run(choice);
                        }>
                        <Dot hue=choice />
                    </button>
                }).collect_view()}
            </div>
        </Popover>
    }
}
