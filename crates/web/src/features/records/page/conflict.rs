//! A save that met a newer version: both side by side, field by field, and the person chooses.

use crate::api::records::{self, Fields};
use crate::data::{Conflict, schema, use_mutations};
use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::dom::{ignore, later};
use crate::ui::{Button, ButtonVariant, Modal};
use domain::catalog::Field;
use leptos::prelude::*;
use serde_json::Value as Json;

/// Id of the heading.
const TITLE_ID: &str = "conflict-title";

/// Shows the conflict that the data layer reports. Once, in the frame.
#[component]
pub fn ConflictDialog() -> impl IntoView {
    let mutations = use_mutations();
    let conflict = mutations.conflict();
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None::<Conflict>);
    Effect::new(move |_| match conflict.get() {
        Some(met) => {
            shown.set(Some(met));
            open.set(true);
        }
        // After the handler of the button that decided has returned.
        None => later(move || ignore(open.try_set(false))),
    });
    let title = Signal::derive(move || {
        shown.with(|met| {
            met.as_ref().map(|m| format!("{} was changed by somebody else", m.current.title)).unwrap_or_default()
        })
    });
    let choices = RwSignal::new(Vec::<(&'static Field, RwSignal<bool>)>::new());
    // Saves the chosen fields of mine, and those that nobody else has changed.
    let finish = move |chosen: &dyn Fn(&str) -> bool| {
        if let Some(met) = shown.get_untracked() {
            let chosen = met.mine.into_iter().filter(|(name, _)| chosen(name));
            let fields = records::fields(met.rest.into_iter().chain(chosen));
            if !fields.is_empty() {
                mutations.update(&met.current, fields, Fields::new());
            }
        }
        mutations.decided();
    };
    let finish = StoredValue::new(finish);
    let is_mine = move |name: &str| {
        choices.with_untracked(|all| all.iter().any(|(field, mine)| field.name == name && mine.get_untracked()))
    };
    view! {
        // It closes by a choice only: what was typed must not be lost by a stray Escape.
        <Modal open=open class="dialog dialog-lg" labelled_by=TITLE_ID may_close=|()| false>
            <div class="dialog-head"><h2 id=TITLE_ID>{move || title.get()}</h2></div>
            <div class="dialog-body">{move || shown.get().map(|met| view! { <Compare met choices /> })}</div>
            <div class="dialog-foot">
                <Button on_click=move |_| finish.with_value(|finish| finish(&|_| false))>"Keep theirs"</Button>
                <Button variant=ButtonVariant::Primary on_click=move |_| finish.with_value(|finish| finish(&is_mine))>
                    "Save my choice"
                </Button>
            </div>
        </Modal>
    }
}

/// Both versions of each field that was to be saved.
#[component]
fn Compare(met: Conflict, choices: RwSignal<Vec<(&'static Field, RwSignal<bool>)>>) -> impl IntoView {
    let now = met.current;
    let lookup = Lookup::new(now.record);
    let schema = untrack(|| schema(now.record));
    let pairs: Vec<(&'static Field, RwSignal<bool>)> =
        met.mine.keys().filter_map(|name| schema.field(name)).map(|field| (field, RwSignal::new(true))).collect();
    choices.set(pairs.clone());
    let rows = pairs.into_iter().map(|(field, mine)| {
        let mine_json = met.mine.get(field.name).cloned().unwrap_or(Json::Null);
        let mine_name = mine_json.as_str().and_then(crate::features::records::editor::offered_name);
        let theirs = value::of(&now, field, lookup);
        let own = value::text(field, &mine_json, now.currency(), mine_name.as_deref(), lookup);
        let group = crate::ui::dom::unique_id("conflict");
        let side = move |is_mine: bool, heading: &'static str, text: String, group: String| {
            view! {
                <label class="rec-side">
                    <input class="check-box" type="radio" name=group prop:checked=move || mine.get() == is_mine
                        on:change=move |_| mine.set(is_mine) />
                    <span><small>{heading}</small>{text}</span>
                </label>
            }
        };
        view! {
            <fieldset class="rec-conflict">
                <legend>{field.label}</legend>
                {side(true, "Yours", own, group.clone())}
                {side(false, "Theirs", theirs, group)}
            </fieldset>
        }
    });
    view! {
        <p class="rec-conflict-text">
            "Nothing was overwritten. Choose for each field what should stand."
        </p>
        {rows.collect_view()}
    }
}
