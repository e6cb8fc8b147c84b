//! Merging records into one: which of them stays, and whose value each field gets. What comes of it is asked of the server
//! with each choice, and said before anything is done.

use super::lookup::Lookup;
use super::value;
use crate::api::{self, ApiFail, Row};
use crate::data::notice::Notice;
use crate::data::{Cache, Mutations, Notices, schema, use_cache, use_mutations, use_notices};
use crate::features::forms::message;
use crate::ui::dom::{ignore, unique_id};
use crate::ui::{Button, ButtonVariant, Dialog, DialogSize, Icon, IconName, Skeleton, format};
use domain::catalog::{Field, Kind, RecordType};
use domain::dedupe::{MergeInput, Merged, is_choice};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// The records that are to become one. It is proposed that the oldest stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Merging {
    /// Their type.
    pub record: RecordType,
    /// Two to [`domain::dedupe::MERGE_MAX`] of them.
    pub ids: Vec<Uuid>,
}

/// The fields by which people tell two records apart at a glance.
pub(crate) fn telling(record: RecordType) -> &'static [&'static str] {
    match record {
        RecordType::Company => &["website", "primary_email", "primary_phone", "industry", "owner_id", "created_at"],
        _ => &["email", "phone", "mobile_phone", "company_id", "job_title", "owner_id", "created_at"],
    }
}

/// Has the pairs of the page of duplicates read anew.
pub(crate) fn refresh_pairs(cache: &Cache) {
    cache.invalidate(&["duplicates"]);
}

/// A field in which they differ: its values, each with the first record that has it, and whose it gets.
#[derive(Clone)]
struct Differing {
    field: &'static Field,
    sides: Vec<Row>,
    from: RwSignal<Uuid>,
}

/// Everything that is chosen in the dialog.
#[derive(Clone, Copy)]
struct Choices {
    /// The records; empty until they are there.
    rows: RwSignal<Vec<Row>>,
    stays: RwSignal<Uuid>,
    fields: RwSignal<Vec<Differing>>,
}

impl Choices {
    /// What is asked of the server; none before the records are there. Tracked.
    fn input(self, preview: bool) -> Option<MergeInput> {
        let stays = self.stays.get();
        let record = self.rows.with(|rows| rows.first().map(|row| row.record))?;
        let merged_ids = self.rows.with(|rows| rows.iter().map(|row| row.id).filter(|id| *id != stays).collect());
        let choices = self.fields.with(|fields| {
            fields.iter().map(|differing| (differing.field.name.to_owned(), differing.from.get())).collect()
        });
        Some(MergeInput { record, survivor_id: stays, merged_ids, choices, preview })
    }
}

/// Open while `merging` is set.
#[component]
pub(crate) fn MergeDialog(
    /// The records, both ways: `None` while closed.
    merging: RwSignal<Option<Merging>>,
    /// Called when they are one.
    on_merged: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let choices = Choices { rows: RwSignal::default(), stays: RwSignal::new(Uuid::nil()), fields: RwSignal::default() };
    let tools = Tools { cache: use_cache(), notices: use_notices(), mutations: use_mutations() };
    let tools = StoredValue::new(tools);
    Effect::new(move |_| {
        let Some(wanted) = merging.get() else { return };
        choices.rows.set(Vec::new());
        open.set(true);
        let still = move |wanted: &Merging| merging.try_get_untracked().flatten().as_ref() == Some(wanted);
        fetch(wanted.clone(), move |answer| match answer {
            // Closed meanwhile, or open for others.
            _ if !still(&wanted) => {}
            Ok(rows) => begin(choices, rows),
            Err(fail) => {
                open.set(false);
                tools.with_value(|tools| tools.notices.failed("The records could not be loaded", &fail));
            }
        });
    });
    let outcome = use_outcome(choices);
    let submit = move || {
        let Some(input) = untrack(|| choices.input(false)) else { return };
        let others = choices.rows.with_untracked(|rows| {
            let others = rows.iter().filter(|row| row.id != input.survivor_id);
            others.map(|row| row.title.clone()).collect::<Vec<_>>().join(", ")
        });
        busy.set(true);
        spawn_local(async move {
            let answer = api::dedupe::merge(&input).await;
            ignore(busy.try_set(false));
            let Some(tools) = tools.try_get_value() else { return };
            match answer {
                Ok(merged) => {
                    ignore(open.try_set(false));
                    ignore(on_merged.try_run(()));
                    tools.done(input.record, merged, &others);
                }
                Err(fail) => tools.notices.failed("Nothing was merged", &fail),
            }
        });
    };
    let title = Signal::derive(move || {
        choices.rows.with(|rows| rows.first().map_or_else(|| "Merge".to_owned(), |row| format!("Merge {}", row.title)))
    });
    // Where no answer came, pressing the button asks again.
    let cannot = Signal::derive(move || {
        outcome.with(|outcome| match outcome {
            Some(Ok(_)) => false,
            Some(Err(fail)) => (400..500).contains(&fail.status()),
            None => true,
        })
    });
    let footer = move || {
        view! {
            // Always in view: it says why the button beside it cannot be pressed.
            <div class="rec-outcome" role="status">{move || outcome.get().map(|outcome| told(&outcome))}</div>
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary loading=busy disabled=cannot on_click=move |_| submit()>"Merge"</Button>
        }
    };
    view! {
        <Dialog open=open title=title size=DialogSize::Lg footer=footer on_closed=move |()| merging.set(None)>
            {move || {
                if choices.rows.with(Vec::is_empty) {
                    view! { <div aria-busy="true"><Skeleton height="160px" /></div> }.into_any()
                } else {
                    untrack(|| view! { <Sides choices /> }.into_any())
                }
            }}
        </Dialog>
    }
}

#[derive(Clone)]
struct Tools {
    cache: Cache,
    notices: Notices,
    mutations: Mutations,
}

impl Tools {
    /// Says that it was done, and how it is taken back.
    fn done(self, record: RecordType, merged: Merged, others: &str) {
        self.changed(record);
        let mut notice = Notice::done(format!("{others} merged"));
        if let Some(survivor) = Row::from_json(record, merged.survivor) {
            notice.text = format!("Part of {} now.", survivor.title);
        }
        let notices = self.notices.clone();
        if let Some(id) = merged.id {
            notice = notice.action("Undo", move || {
                let again = self.clone();
                spawn_local(async move {
                    if let Err(fail) = api::dedupe::undo(id).await {
                        again.notices.failed("The merge was not undone", &fail);
                    }
                    again.changed(record);
                });
            });
        }
        notices.show(notice);
    }

    fn changed(&self, record: RecordType) {
        self.mutations.touched(record.as_str(), None);
        refresh_pairs(&self.cache);
    }
}

/// Fetches the records all at once, as they are now.
fn fetch(wanted: Merging, then: impl Fn(Result<Vec<Row>, ApiFail>) + Clone + 'static) {
    let found = StoredValue::new(vec![None::<Row>; wanted.ids.len()]);
    for (at, id) in wanted.ids.into_iter().enumerate() {
        let then = then.clone();
        spawn_local(async move {
            let row = match api::records::get(wanted.record, id).await {
                Ok(row) => row,
                Err(fail) => return then(Err(fail)),
            };
            let all = found.try_update_value(|found| {
                if let Some(place) = found.get_mut(at) {
                    *place = Some(row);
                }
                found.iter().cloned().collect::<Option<Vec<Row>>>()
            });
            if let Some(rows) = all.flatten() {
                then(Ok(rows));
            }
        });
    }
}

/// Proposes that the oldest stays, and of each field the oldest value that there is.
fn begin(choices: Choices, mut rows: Vec<Row>) {
    rows.sort_by(|a, b| a.text("created_at").cmp(&b.text("created_at")));
    let Some(first) = rows.first() else { return };
    choices.stays.set(first.id);
    choices.fields.set(differing(&rows));
    choices.rows.set(rows);
}

fn differing(rows: &[Row]) -> Vec<Differing> {
    let Some(record) = rows.first().map(|row| row.record) else { return Vec::new() };
    let fields = schema(record).writable().filter(|field| is_choice(field) && !matches!(field.kind, Kind::Tags));
    fields
        .filter_map(|field| {
            let value = |row: &Row| Some(row.get(field.name)).filter(|json| !value::is_blank(json)).cloned();
            let mut sides: Vec<Row> = Vec::new();
            for row in rows {
                if !sides.iter().any(|known| value(known) == value(row)) {
                    sides.push(row.clone());
                }
            }
            let from = sides.iter().find(|row| value(row).is_some())?.id;
            (sides.len() > 1).then(|| Differing { field, sides, from: RwSignal::new(from) })
        })
        .collect()
}

/// What would come of the choices; none while it is not known.
type Outcome = RwSignal<Option<Result<Merged, ApiFail>>>;

/// Asks anew with each choice. An answer to choices that were changed meanwhile is not heard.
fn use_outcome(choices: Choices) -> Outcome {
    let outcome = Outcome::new(None);
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let input = choices.input(true);
        outcome.set(None);
        let now = asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        });
        let Some(input) = input else { return };
        spawn_local(async move {
            let answer = api::dedupe::merge(&input).await;
            if asked.try_get_value() == now {
                ignore(outcome.try_set(Some(answer)));
            }
        });
    });
    outcome
}

#[component]
fn Sides(choices: Choices) -> impl IntoView {
    let rows = choices.rows.get_untracked();
    let Some(record) = rows.first().map(|row| row.record) else { return ().into_any() };
    let lookup = Lookup::new(record);
    let all = if rows.len() == 2 { "both" } else { "all" };
    let stays = {
        let group = unique_id("merge");
        let tells: Vec<&'static Field> =
            telling(record).iter().filter_map(|name| record.standard().field(name)).collect();
        let side = move |row: Row| {
            let tells = tells.clone();
            let (id, title) = (row.id, row.title.clone());
            let detail = move || {
                let there = tells.iter().filter(|field| !value::is_blank(row.get(field.name)));
                let (when, others): (Vec<_>, Vec<_>) = there.partition(|field| field.name == "created_at");
                let others = others.into_iter().take(2).map(|field| value::of(&row, field, lookup));
                let created = when.into_iter().map(|field| format!("created {}", value::of(&row, field, lookup)));
                others.chain(created).collect::<Vec<_>>().join(", ")
            };
            side(group.clone(), choices.stays, id, move || {
                view! { {title.clone()}<small>{detail.clone()}</small> }.into_any()
            })
        };
        rows.into_iter().map(side).collect_view()
    };
    let fields = choices.fields.get_untracked().into_iter().map(|Differing { field, sides, from }| {
        let group = unique_id("merge");
        let sides = sides.into_iter().map(|row| {
            let id = row.id;
            let shown = move || {
                if value::is_blank(row.get(field.name)) { "Nothing".to_owned() } else { value::of(&row, field, lookup) }
            };
            side(group.clone(), from, id, move || shown.clone().into_any())
        });
        view! {
            <fieldset class="rec-conflict">
                <legend>{field.label}</legend>
                {sides.collect_view()}
            </fieldset>
        }
    });
    let fields = fields.collect_view();
    view! {
        <fieldset class="rec-conflict">
            <legend>"The record that stays"</legend>
            {stays}
        </fieldset>
        <p class="rec-conflict-text">
            {format!("Choose the values that it gets. Tags of {all} are kept. What is not kept stays in the archive.")}
        </p>
        {fields}
    }
    .into_any()
}

/// One of several to choose from.
fn side(group: String, chosen: RwSignal<Uuid>, id: Uuid, content: impl Fn() -> AnyView) -> impl IntoView {
    view! {
        <label class="rec-side">
            <input class="check-box" type="radio" name=group prop:checked=move || chosen.get() == id
                on:change=move |_| chosen.set(id) />
            <span>{content()}</span>
        </label>
    }
}

/// What would come of it, in words.
fn told(outcome: &Result<Merged, ApiFail>) -> AnyView {
    match outcome {
        Ok(Merged { moved: 0, .. }) => {
            view! { <p class="rec-hint">"Nothing else is linked to what goes to the archive."</p> }.into_any()
        }
        Ok(Merged { moved, .. }) => {
            let links = format::count(*moved, "link of another record leads", "links of other records lead");
            view! { <p class="rec-hint">{format!("{links} to the record that stays from then on.")}</p> }.into_any()
        }
        Err(fail) => {
            let mut why: Vec<String> = fail.fields().iter().map(message).collect();
            if why.is_empty() {
                why.push(fail.message().to_owned());
            }
            view! {
                <div class="form-error"><Icon name=IconName::CircleAlert /><span>{why.join(" ")}</span></div>
            }
            .into_any()
        }
    }
}
