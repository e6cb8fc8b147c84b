//! Merging a pair: which record stays, and whose value each field gets.

use super::refresh;
use crate::api::row::name_beside;
use crate::api::{self, Row};
use crate::data::notice::Notice;
use crate::data::{schema, use_cache, use_mutations, use_notices};
use crate::features::records::lookup::Lookup;
use crate::features::records::value;
use crate::ui::dom::{ignore, unique_id};
use crate::ui::{Button, ButtonVariant, Choice, Dialog, DialogSize, Field as Labelled, Segmented};
use domain::catalog::{Field, Kind};
use domain::dedupe::{Candidate, MergeInput, is_choice};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whose value a field gets: false is the first record's.
type Choices = Vec<(&'static Field, RwSignal<bool>)>;

/// Open while `merging` is set.
#[component]
pub(super) fn MergeDialog(
    /// The pair, both ways: `None` while closed.
    merging: RwSignal<Option<Candidate>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let shown = RwSignal::new(None::<(Row, Row)>);
    // "a" or "b": the record that stays.
    let stays = RwSignal::new("a".to_owned());
    let choices = RwSignal::new(Choices::new());
    Effect::new(move |_| {
        let Some(pair) = merging.get() else { return };
        let rows = Row::from_json(pair.record, pair.a).zip(Row::from_json(pair.record, pair.b));
        if let Some((a, b)) = rows {
            choices.set(differing(&a, &b));
            shown.set(Some((a, b)));
            stays.set("a".to_owned());
            open.set(true);
        }
    });
    let tools = StoredValue::new((use_cache(), use_notices(), use_mutations()));
    let submit = move || {
        let Some((a, b)) = shown.get_untracked() else { return };
        let (survivor, other) =
            if stays.with_untracked(|stays| stays == "b") { (b.clone(), a.clone()) } else { (a.clone(), b.clone()) };
        let choose = |(field, second): &(&'static Field, RwSignal<bool>)| {
            (field.name.to_owned(), if second.get_untracked() { b.id } else { a.id })
        };
        let chosen: BTreeMap<String, Uuid> = choices.with_untracked(|choices| choices.iter().map(choose).collect());
        let input = MergeInput {
            record: survivor.record,
            survivor_id: survivor.id,
            merged_ids: vec![other.id],
            choices: chosen,
            preview: false,
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::dedupe::merge(&input).await;
            ignore(busy.try_set(false));
            let Some((cache, notices, mutations)) = tools.try_get_value() else { return };
            match answer {
                Ok(merged) => {
                    ignore(open.try_set(false));
                    mutations.touched(input.record.as_str(), None);
                    refresh(&cache);
                    let mut notice = Notice::done(format!("{} merged", other.title));
                    notice.text = format!("It is part of {} now.", survivor.title);
                    if let Some(id) = merged.id {
                        let again = (cache, notices.clone(), mutations);
                        notice = notice.action("Undo", move || {
                            let (cache, notices, mutations) = again.clone();
                            spawn_local(async move {
                                if let Err(fail) = api::dedupe::undo(id).await {
                                    notices.failed("The merge was not undone", &fail);
                                }
                                mutations.touched(input.record.as_str(), None);
                                refresh(&cache);
                            });
                        });
                    }
                    notices.show(notice);
                }
                Err(fail) => notices.failed("Nothing was merged", &fail),
            }
        });
    };
    let title = Signal::derive(move || {
        shown.with(|rows| rows.as_ref().map(|(a, _)| format!("Merge {}", a.title)).unwrap_or_default())
    });
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=busy on_click=move |_| submit()>"Merge"</Button>
        }
    };
    view! {
        <Dialog open=open title=title size=DialogSize::Lg footer=footer on_closed=move |()| merging.set(None)>
            {move || shown.get().map(|(a, b)| view! { <Sides a b stays choices /> })}
        </Dialog>
    }
}

/// The fields in which they differ; each begins with the first record's value, or with the only one there is.
fn differing(a: &Row, b: &Row) -> Choices {
    let absent = |json: &Json| json.is_null() || json.as_str() == Some("");
    let fields = schema(a.record).writable().filter(|field| is_choice(field) && !matches!(field.kind, Kind::Tags));
    fields
        .filter(|field| a.get(field.name) != b.get(field.name))
        .filter(|field| !(absent(a.get(field.name)) && absent(b.get(field.name))))
        .map(|field| (field, RwSignal::new(absent(a.get(field.name)))))
        .collect()
}

#[component]
fn Sides(a: Row, b: Row, stays: RwSignal<String>, choices: RwSignal<Choices>) -> impl IntoView {
    let lookup = Lookup::new(a.record);
    let text = move |row: &Row, field: &'static Field| {
        let beside = row.text(&name_beside(field)).map(str::to_owned);
        let shown = value::text(field, row.get(field.name), row.currency(), beside.as_deref(), lookup);
        if shown.is_empty() { "Nothing".to_owned() } else { shown }
    };
    let names = vec![Choice::new("a", a.title.clone()), Choice::new("b", b.title.clone())];
    let rows = choices.get_untracked().into_iter().map(|(field, second)| {
        let group = unique_id("merge");
        let side = |is_second: bool, row: Row, group: String| {
            view! {
                <label class="rec-side">
                    <input class="check-box" type="radio" name=group prop:checked=move || second.get() == is_second
                        on:change=move |_| second.set(is_second) />
                    <span>{move || text(&row, field)}</span>
                </label>
            }
        };
        view! {
            <fieldset class="rec-conflict">
                <legend>{field.label}</legend>
                {side(false, a.clone(), group.clone())}
                {side(true, b.clone(), group)}
            </fieldset>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="flex flex-col gap-4">
            <Labelled label="The record that stays" hint="The other goes to the archive; what is linked to it is linked to this one.">
                <Segmented value=stays choices=names label="The record that stays" on_change=move |picked| stays.set(picked) />
            </Labelled>
            <p class="rec-conflict-text">"Choose the values that it gets. Tags of both are kept."</p>
            {rows}
        </div>
    }
}
