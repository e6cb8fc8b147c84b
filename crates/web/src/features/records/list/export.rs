//! Exporting what the list shows, or the selected rows, as a file.

use super::bulk::Chosen;
use super::views::shown_name;
use crate::api;
use crate::data::notice::Notice;
use crate::data::{Cache, Notices, schema, use_cache, use_notices};
use crate::features::work::{refresh, until};
use crate::ui::{
    Button, ButtonVariant, Checkbox, Choice, Dialog, DialogSize, Field as Labelled, Segmented, TableState, format,
};
use domain::catalog::RecordType;
use domain::export::{Column, ExportFormat, ExportJob, StartExport, columns};
use domain::work::WorkStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::JsCast;

/// Which records are exported.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exporting {
    /// Everything that the list shows.
    Shown,
    /// The selected rows.
    Selected,
}

/// Which columns.
const ALL: &str = "all";
const SHOWN: &str = "shown";
const SOME: &str = "some";

/// What the forms of files are like.
const FOR_PROGRAMS: &str = "The file has names instead of ids, and headers that an import recognises.";
const FOR_THE_EYE: &str = "For reading and printing, A4 on its side. Longer texts are cut after three lines, and columns \
     that do not fit beside each other take further pages.";

/// Open while `asking` is set.
#[component]
pub(super) fn ExportDialog(
    /// What is exported, both ways: `None` while closed.
    asking: RwSignal<Option<Exporting>>,
    /// The selection.
    chosen: Chosen,
    /// The list, for its columns.
    table: TableState,
) -> impl IntoView {
    let record = chosen.record();
    let tools = StoredValue::new((use_cache(), use_notices()));
    let open = RwSignal::new(false);
    let format = RwSignal::new(ExportFormat::Csv.as_str().to_owned());
    let how = RwSignal::new(ALL.to_owned());
    // Whether somebody has said which columns.
    let said = RwSignal::new(false);
    let is_pdf = Memo::new(move |_| format.with(|format| format == ExportFormat::Pdf.as_str()));
    // All fields are for programs, what the list shows is for the eye.
    Effect::watch(
        move || is_pdf.get(),
        move |is_pdf, _, _| {
            if !said.get_untracked() {
                how.set(if *is_pdf { SHOWN } else { ALL }.to_owned());
            }
        },
        false,
    );
    let all = move || columns(untrack(|| schema(record)));
    // The keys of columns that are not ticked.
    let left_out = RwSignal::new(Vec::<String>::new());
    let what = RwSignal::new(Exporting::Shown);
    Effect::new(move |_| {
        let Some(now) = asking.get() else { return };
        what.set(now);
        open.set(true);
    });
    // The columns of the file; all if empty.
    let keys = move || match how.get().as_str() {
        SHOWN => shown(table, &all()),
        SOME => {
            left_out.with(|out| all().into_iter().map(|column| column.key).filter(|key| !out.contains(key)).collect())
        }
        _ => Vec::new(),
    };
    let count = move || match what.get() {
        Exporting::Shown => chosen.total(),
        Exporting::Selected => chosen.count(),
    };
    // Why there cannot be such a file.
    let refusal = Memo::new(move |_| {
        let keys = keys();
        if how.with(|how| how == SOME) && keys.is_empty() {
            return Some("Tick at least one column.".to_owned());
        }
        let format = format.with(|format| ExportFormat::parse(format))?;
        let refusal = format.refuses(u64::try_from(count()).unwrap_or(0), keys.len());
        refusal.map(|refusal| refusal.message)
    });
    let refused = Memo::new(move |_| refusal.with(Option::is_some));
    let view = shown_name(record, chosen.address());
    let submit = move || {
        if refused.get_untracked() {
            return;
        }
        let (ids, query) = match what.get_untracked() {
            Exporting::Shown => (None, Some(chosen.scope())),
            Exporting::Selected => chosen.records(),
        };
        let format = format.with_untracked(|format| ExportFormat::parse(format)).unwrap_or(ExportFormat::Csv);
        let title = query.as_ref().and_then(|_| view.get_untracked());
        let input = StartExport { format, columns: untrack(keys), ids, query, title };
        open.set(false);
        let (cache, notices) = tools.get_value();
        spawn_local(follow(cache, notices, record, input));
    };
    let title = Signal::derive(move || format!("Export {}", chosen.words_of(count())));
    let footer = move || {
        view! {
            <Button on_click=move |_| open.set(false)>"Cancel"</Button>
            <Button variant=ButtonVariant::Primary disabled=refused on_click=move |_| submit()>"Export"</Button>
        }
    };
    let formats: Vec<Choice> =
        ExportFormat::CHOICES.iter().map(|choice| Choice::new(choice.value, choice.label)).collect();
    let ways = vec![Choice::new(ALL, "All fields"), Choice::new(SHOWN, "As in the list"), Choice::new(SOME, "Choose")];
    let (formats, ways) = (StoredValue::new(formats), StoredValue::new(ways));
    view! {
        <Dialog open=open title=title size=DialogSize::Md footer=footer on_closed=move |()| asking.set(None)>
            <form class="flex flex-col gap-4" on:submit=move |ev| { ev.prevent_default(); submit() } novalidate>
                <Labelled label="Format">
                    <Segmented value=format choices=formats.get_value() label="Format"
                        on_change=move |picked| format.set(picked) />
                </Labelled>
                <Labelled label="Columns">
                    <Segmented value=how choices=ways.get_value() label="Columns" on_change=move |picked| { said.set(true); how.set(picked) } />
                </Labelled>
                <Show when=move || how.with(|how| how == SOME)>
                    <div class="export-columns">
                        {all().into_iter().map(|Column { key, label, .. }| view! {
                            <Checkbox checked=RwSignal::new(left_out.with_untracked(|out| !out.contains(&key))) label=label
                                on_change=move |on: bool| left_out.update(|out| {
                                    out.retain(|other| *other != key);
                                    if !on { out.push(key.clone()) }
                                }) />
                        }).collect_view()}
                    </div>
                </Show>
                <p class="rec-hint" role="status">
                    {move || refusal.get().unwrap_or_else(|| if is_pdf.get() { FOR_THE_EYE } else { FOR_PROGRAMS }.to_owned())}
                </p>
                <button type="submit" class="sr-only-kit" tabindex="-1" aria-hidden="true"></button>
            </form>
        </Dialog>
    }
}

/// The keys of the list's columns; of an address all parts.
fn shown(table: TableState, all: &[Column]) -> Vec<String> {
    let visible = table.columns.with(|columns| {
        columns.iter().filter(|column| column.visible).map(|column| column.key.clone()).collect::<Vec<_>>()
    });
    let of = |key: &String| {
        let field = key.clone();
        all.iter().filter(move |column| column.field.is_some_and(|f| f.name == field)).map(|column| column.key.clone())
    };
    visible.iter().flat_map(of).collect()
}

/// Follows an export to its end and saves the file.
async fn follow(cache: Cache, notices: Notices, record: RecordType, input: StartExport) {
    let begun = match api::export::start(record, &input).await {
        Ok(job) => job,
        Err(fail) => return notices.failed("Nothing was exported", &fail),
    };
    refresh(&cache);
    let over = |job: &ExportJob| job.status.is_finished();
    let job = until(begun, over, async |job: &ExportJob| api::export::get(job.id).await).await;
    refresh(&cache);
    let spec = record.spec();
    match job.status {
        WorkStatus::Completed => {
            save(job.id);
            let count =
                format::count(i64::from(job.processed), &spec.label.to_lowercase(), &spec.label_plural.to_lowercase());
            let mut notice = Notice::done(format!("{count} exported"));
            notice.text = job.file_name;
            notices.show(notice.action("Download again", move || save(job.id)));
        }
        WorkStatus::Failed => {
            let mut notice = Notice::done("The export failed");
            notice.tone = crate::data::Tone::Failed;
            notice.text = job.failure.unwrap_or_default();
            notices.show(notice);
        }
        _ => {}
    }
}

/// Has the browser save the file.
fn save(id: Uuid) {
    let Ok(link) = document().create_element("a") else { return };
    let attributes = [("href", api::export::file_href(id)), ("download", String::new())];
    if attributes.iter().all(|(name, value)| link.set_attribute(name, value).is_ok())
        && let Ok(link) = link.dyn_into::<web_sys::HtmlElement>()
    {
        link.click();
    }
}
