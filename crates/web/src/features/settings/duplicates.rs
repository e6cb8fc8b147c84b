//! Possible duplicates: pairs to review, each merged or dismissed.

use super::{PARENT, loading_rows};
use crate::api::{self, Row};
use crate::data::notice::Notice;
use crate::data::{Cache, Def, Key, Load, Notices, use_cache, use_notices, use_query, use_session};
use crate::dialogs::asked;
use crate::features::failed::failed;
use crate::features::records::href::href;
use crate::features::records::lookup::Lookup;
use crate::features::records::merge::{Merging, refresh_pairs as refresh, telling};
use crate::features::records::value;
use crate::features::work::until;
use crate::shell::{NoAccess, PageHeader};
use crate::ui::dom::ignore;
use crate::ui::{Badge, Button, ButtonVariant, Card, Choice, EmptyState, IconName, Segmented, Spinner, Tone, format};
use domain::catalog::{Field, RecordType};
use domain::dedupe::{CERTAIN, Candidate, POSSIBLE, Scan};
use domain::page::Page;
use domain::permission::Permission;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Pairs of a page.
fn pairs(record: RecordType, page: u64) -> Def<Page<Candidate>> {
    let key = Key::new(["duplicates", record.as_str(), &page.to_string()]);
    Def::new(key, move || api::dedupe::candidates(record, page))
}

/// The page.
#[component]
pub fn DuplicatesPage() -> impl IntoView {
    if !use_session().can(Permission::ContactMerge) {
        return view! { <NoAccess text="Duplicates are merged by the administrators of the organization." /> }
            .into_any();
    }
    view! { <Review /> }.into_any()
}

#[component]
fn Review() -> impl IntoView {
    let record = RwSignal::new(RecordType::Contact);
    let page = RwSignal::new(1_u64);
    let (cache, notices) = (use_cache(), use_notices());
    let running = RwSignal::new(None::<Scan>);
    let search = {
        let (cache, notices) = (cache.clone(), notices.clone());
        move |record: RecordType| spawn_local(search(cache.clone(), notices.clone(), record, running))
    };
    // What is new since the last visit is searched without being asked for.
    let first = search.clone();
    Effect::new(move |_| {
        page.set(1);
        first(record.get());
    });
    let query = use_query(move || Some(pairs(record.get(), page.get())));
    let merging = RwSignal::new(None::<Merging>);
    let which = Signal::derive(move || record.get().as_str().to_owned());
    let again = StoredValue::new(search);
    let actions = move || {
        view! {
            <Button icon=IconName::Search loading=Signal::derive(move || running.with(Option::is_some))
                on_click=move |_| again.with_value(|again| again(record.get_untracked()))>"Search again"</Button>
        }
    };
    view! {
        <PageHeader title="Duplicates" parents=vec![PARENT] actions=actions
            text="Records that may be about the same person or company. Merging can be undone." />
        <div class="dup-tools">
            <Segmented value=which label="Records"
                choices=vec![Choice::new("contact", "Contacts"), Choice::new("company", "Companies")]
                on_change=move |picked: String| if let Some(picked) = RecordType::parse(&picked) { record.set(picked) } />
            {move || running.get().map(|scan| view! {
                <span class="rec-hint" role="status">
                    <Spinner />{format!(" Searching… {} looked at", format::integer(i64::from(scan.processed)))}
                </span>
            })}
        </div>
        {move || match query.state() {
            Load::Loading => view! { <Card flush=true>{loading_rows(4)}</Card> }.into_any(),
            Load::Failed(fail) => {
                view! { <Card>{failed("The pairs could not be loaded", &fail, move || query.refetch())}</Card> }.into_any()
            }
            Load::Ready(found) if found.data.is_empty() => view! {
                <Card>
                    <EmptyState icon=IconName::Copy title="No duplicates to review"
                        text="Pairs with equal or similar names, addresses, phone numbers or domains are listed here." />
                </Card>
            }
            .into_any(),
            Load::Ready(found) => {
                let (pages, now) = (u64::try_from(found.pagination.pages).unwrap_or(1), page.get());
                view! {
                    <p class="rec-hint">{format::count(found.pagination.total, "pair to review", "pairs to review")}</p>
                    {found.data.iter().cloned().map(|pair| view! { <Pair pair merging /> }).collect_view()}
                    <div class="import-files">
                        {(now > 1).then(|| view! { <Button on_click=move |_| page.set(now - 1)>"Likelier ones"</Button> })}
                        {(now < pages).then(|| view! { <Button on_click=move |_| page.set(now + 1)>"Further ones"</Button> })}
                    </div>
                }
                .into_any()
            }
        }}
        {asked(merging, Box::new(move |dialogs| (dialogs.merge)(merging, Callback::new(|()| ()))))}
    }
}

/// Searches, follows the search, and shows what was found.
async fn search(cache: Cache, notices: Notices, record: RecordType, running: RwSignal<Option<Scan>>) {
    let begun = match api::dedupe::scan(record).await {
        Ok(scan) => scan,
        Err(fail) => return notices.failed("The search did not begin", &fail),
    };
    ignore(running.try_set(Some(begun.clone())));
    let done = until(
        begun,
        |scan: &Scan| !scan.running,
        async |_| {
            let scan = api::dedupe::scanned(record).await?;
            ignore(running.try_set(Some(scan.clone())));
            Ok(scan)
        },
    );
    done.await;
    ignore(running.try_set(None));
    refresh(&cache);
}

/// How likely two are one, in a few words. What is listed below the score of possible duplicates shares a phone number, and
/// how little else is no figure that helps.
fn likeness(score: u8) -> (Tone, String) {
    match score {
        CERTAIN.. => (Tone::Success, format!("{score}% alike")),
        POSSIBLE..CERTAIN => (Tone::Warning, format!("{score}% alike")),
        _ => (Tone::Neutral, "Unlikely".to_owned()),
    }
}

#[component]
fn Pair(pair: Candidate, merging: RwSignal<Option<Merging>>) -> impl IntoView {
    let (cache, notices) = (use_cache(), use_notices());
    let record = pair.record;
    let lookup = Lookup::new(record);
    let sides: Vec<Row> =
        [&pair.a, &pair.b].into_iter().filter_map(|json| Row::from_json(record, json.clone())).collect();
    let fields: Vec<&'static Field> = telling(record)
        .iter()
        .filter_map(|name| record.standard().field(name))
        .filter(|field| sides.iter().any(|row| !row.get(field.name).is_null()))
        .collect();
    let (tone, likeness) = likeness(u8::try_from(pair.score).unwrap_or_default());
    let id = pair.id;
    let name = sides.first().map(|row| row.title.clone()).unwrap_or_default();
    let dismiss = move |_| {
        let (cache, notices) = (cache.clone(), notices.clone());
        spawn_local(async move {
            match api::dedupe::dismiss(id).await {
                Ok(()) => {
                    refresh(&cache);
                    let undo = (cache.clone(), notices.clone());
                    notices.show(Notice::done("Not the same: they are not listed again").action("Undo", move || {
                        let (cache, notices) = undo.clone();
                        spawn_local(async move {
                            if let Err(fail) = api::dedupe::reopen(id).await {
                                notices.failed("The pair was not taken up again", &fail);
                            }
                            refresh(&cache);
                        });
                    }));
                }
                Err(fail) => notices.failed("The pair was not dismissed", &fail),
            }
        });
    };
    let offered = StoredValue::new(Merging { record, ids: sides.iter().map(|row| row.id).collect() });
    view! {
        <Card>
            <article class="dup" aria-label=format!("Possible duplicate of {name}")>
                <div class="dup-head">
                    <Badge tone=tone>{likeness}</Badge>
                    <ul class="dup-reasons">
                        {pair.reasons.iter().map(|reason| view! {
                            <li data-against=(!reason.speaks_for()).then_some("true")>{reason.label()}</li>
                        }).collect_view()}
                    </ul>
                </div>
                <table class="dup-table">
                    <thead>
                        <tr>
                            <td></td>
                            {sides.iter().map(|row| view! {
                                <th scope="col"><a href=href(row.record, row.id)>{row.title.clone()}</a></th>
                            }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {fields.into_iter().map(|field| view! {
                            <tr>
                                <th scope="row">{field.label}</th>
                                {sides.iter().cloned().map(|row| view! { <td>{move || value::of(&row, field, lookup)}</td> }).collect_view()}
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
                <div class="import-files">
                    <Button variant=ButtonVariant::Primary on_click=move |_| merging.set(Some(offered.get_value()))>
                        "Merge…"
                    </Button>
                    <Button on_click=dismiss>"Not the same"</Button>
                </div>
            </article>
        </Card>
    }
}
