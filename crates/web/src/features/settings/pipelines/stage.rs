//! One stage: a row that is saved as it is changed.

use super::super::hue_picker::HuePicker;
use super::super::reorder::{Grip, Reorder};
use super::Saver;
use crate::api;
use crate::data::colors::{stage_color, stage_hue};
use crate::data::use_session;
use crate::ui::dom::after_press;
use crate::ui::{Choice, ControlSize, Dot, Field, IconButton, IconName, Input, InputKind, Select, following};
use domain::permission::Permission;
use domain::pipelines::{Stage, StageInput};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

const OPEN: &str = "open";
const WON: &str = "won";
const LOST: &str = "lost";

/// What entering a stage does to a deal.
fn outcome(stage: &Stage) -> &'static str {
    match (stage.is_closed_won, stage.is_closed_lost) {
        (true, _) => WON,
        (_, true) => LOST,
        _ => OPEN,
    }
}

fn outcome_choices() -> Vec<Choice> {
    vec![Choice::new(OPEN, "Keeps it open"), Choice::new(WON, "Wins"), Choice::new(LOST, "Loses")]
}

/// A stage that cannot be changed by this person.
#[component]
pub(super) fn StageText(stage: Memo<Option<Stage>>) -> impl IntoView {
    move || {
        stage.get().map(|stage| {
            let does = outcome_choices().into_iter().find(|choice| choice.value == outcome(&stage));
            view! {
                <span></span>
                <Dot hue=stage_hue(&stage.color) />
                <span class="stage-plain">{stage.name}</span>
                <span class="stage-plain tabular">{format!("{}%", stage.probability)}</span>
                <span class="stage-plain tabular">{stage.days_in_stage.map_or("–".to_owned(), |d| d.to_string())}</span>
                <span class="stage-plain">{does.map(|choice| choice.label)}</span>
                <span></span>
            }
        })
    }
}

/// A stage that can be changed.
#[component]
pub(super) fn StageRow(
    stage: Memo<Option<Stage>>,
    saver: Saver,
    reorder: Reorder,
    deleting: RwSignal<Option<Stage>>,
) -> impl IntoView {
    let Some(first) = stage.get_untracked() else { return ().into_any() };
    let id = first.id;
    let name = move || stage.with(|stage| stage.as_ref().map(|stage| stage.name.clone()).unwrap_or_default());
    let save = Callback::new(move |input: StageInput| {
        let Some(seen) = stage.get_untracked() else { return };
        let (pipeline, what) = (seen.pipeline_id, format!("Stage {} was not changed", seen.name));
        let request = async move {
            // Its turn has come: the version is that of the answer to the change before.
            let now = stage.try_get_untracked().flatten().unwrap_or(seen);
            api::pipelines::update_stage(now.pipeline_id, now.id, now.version, &input).await
        };
        saver.run(pipeline, what, request);
    });
    let color = first.color.clone();
    let hue = following(move || {
        stage.with(|stage| stage_hue(stage.as_ref().map_or(color.as_str(), |stage| stage.color.as_str())))
    });
    let does = following(move || stage.with(|stage| stage.as_ref().map(outcome)).unwrap_or(OPEN).to_owned());
    let percent = |text: &str| whole(text.trim_end_matches('%'), 100);
    let days = |text: &str| whole(text, 10_000);
    view! {
        <Grip reorder id label=Signal::derive(move || format!("Move {}", name())) />
        <HuePicker label=format!("Colour of {}", first.name) hue=hue on_choose=move |picked| {
            hue.set(picked);
            save.run(StageInput { color: Some(stage_color(picked)), ..StageInput::default() });
        } />
        <Cell label="Name" stored=Signal::derive(name)
            refusal=|text: String| text.is_empty().then_some("Enter a name.") on_save=move |text: String| {
            save.run(StageInput { name: Some(text), ..StageInput::default() });
        } />
        <Cell label="Probability in percent" kind=InputKind::Number
            stored=Signal::derive(move || stage.with(|s| s.as_ref().map(|s| s.probability.to_string()).unwrap_or_default()))
            refusal=move |text: String| percent(&text).is_none().then_some("Enter 0 to 100.")
            on_save=move |text: String| save.run(StageInput { probability: percent(&text), ..StageInput::default() }) />
        <Cell label="Days limit" kind=InputKind::Number placeholder="–"
            stored=Signal::derive(move || {
                stage.with(|s| s.as_ref().and_then(|s| s.days_in_stage).map(|d| d.to_string()).unwrap_or_default())
            })
            refusal=move |text: String| (!text.is_empty() && days(&text).is_none()).then_some("Enter 0 to 10,000.")
            on_save=move |text: String| {
                // Zero is how the API clears it.
                save.run(StageInput { days_in_stage: Some(days(&text).unwrap_or(0)), ..StageInput::default() });
            } />
        <Select value=does choices=outcome_choices() label="What entering it does to a deal" size=ControlSize::Sm
            on_change=move |picked: String| save.run(StageInput {
                is_closed_won: Some(picked == WON),
                is_closed_lost: Some(picked == LOST),
                ..StageInput::default()
            }) />
        {use_session().can(Permission::PipelineDelete).then(|| view! {
            <IconButton icon=IconName::Trash2 label=Signal::derive(move || format!("Delete {}", name()))
                on_click=move |_| deleting.set(stage.get_untracked()) />
        })}
    }
    .into_any()
}

/// A whole number from 0 to `max`.
fn whole(text: &str, max: i32) -> Option<i32> {
    text.trim().parse().ok().filter(|number| (0..=max).contains(number))
}

/// A text that is saved when the person leaves it or presses Enter. Escape puts the stored one back.
#[component]
fn Cell(
    label: &'static str,
    /// What the server has.
    stored: Signal<String>,
    #[prop(optional)] kind: InputKind,
    #[prop(default = "")] placeholder: &'static str,
    /// What is wrong with a text.
    #[prop(into)]
    refusal: Callback<String, Option<&'static str>>,
    #[prop(into)] on_save: Callback<String>,
) -> impl IntoView {
    let value = RwSignal::new(stored.get_untracked());
    let refused = RwSignal::new(None::<&'static str>);
    // Something was typed since it was last saved: to leave it after Enter does not save it again.
    let typed = StoredValue::new(false);
    let show = move |text: String| {
        refused.set(None);
        value.set(text);
    };
    let back = move || {
        typed.set_value(false);
        show(stored.get_untracked());
    };
    // The answer to another cell of the stage is no reason to take away what is being typed here.
    let stored = Memo::new(move |_| stored.get());
    Effect::watch(
        move || stored.get(),
        move |now, _, _| {
            if !typed.get_value() {
                show(now.clone());
            }
        },
        false,
    );
    let save = move || {
        typed.set_value(false);
        let text = value.get_untracked().trim().to_owned();
        if text == stored.get_untracked() {
            return back();
        }
        let wrong = refusal.run(text.clone());
        refused.set(wrong);
        if wrong.is_none() {
            on_save.run(text);
        }
    };
    let on_key = move |ev: KeyboardEvent| match ev.key().as_str() {
        "Enter" => save(),
        "Escape" => back(),
        _ => {}
    };
    view! {
        <Field label=label hide_label=true error=MaybeProp::derive(move || refused.get().map(str::to_owned))>
            <Input value=value kind=kind size=ControlSize::Sm placeholder=placeholder
                on_input=move |_| typed.set_value(true)
                on_blur=move |()| after_press(move || if typed.try_get_value() == Some(true) { save() }) on_key=on_key />
        </Field>
    }
}
