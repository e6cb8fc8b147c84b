//! What a record that is being typed may double: a quiet note beside the buttons. It stops nobody and takes no focus.

use super::body::Values;
use crate::api;
use crate::data::use_session;
use crate::ui::{Icon, IconName, IconSize};
use domain::catalog::RecordType;
use domain::dedupe::{CheckInput, Lookalike, compared, is_mergeable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Map;
use std::time::Duration;

/// How long typing must pause before the server is asked.
const PAUSE: Duration = Duration::from_millis(400);
/// Lines of the note: as high as the buttons beside it. Of records without a line of their own their number is told.
const LINES: usize = 2;

/// The note for a new record with these values.
#[component]
pub(super) fn Alike(record: RecordType, values: Values) -> impl IntoView {
    let session = use_session();
    let may = untrack(|| session.can(record.permissions().view) && session.can(record.permissions().create));
    let found = RwSignal::new(Vec::<Lookalike>::new());
    if may && is_mergeable(record) {
        watch(record, values, found);
    }
    let plural = record.spec().table;
    view! {
        <div class="rec-alike" role="status" aria-live="polite">
            {move || found.with(|found| (!found.is_empty()).then(|| note(plural, found)))}
        </div>
    }
}

/// Asks when what is compared has changed and rests. Answers that came too late are dropped, and so are failures: the
/// note is a help, nothing more.
fn watch(record: RecordType, values: Values, found: RwSignal<Vec<Lookalike>>) {
    let typed = Memo::new(move |_| {
        let told = values.iter().filter(|(field, _)| compared(record).contains(&field.name));
        let told = told.map(|(field, value)| (field.name.to_owned(), value.get()));
        told.filter(|(_, json)| !crate::features::records::value::is_blank(json)).collect::<Map<_, _>>()
    });
    let round = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let fields = typed.get();
        let mine = round.get_value().wrapping_add(1);
        round.set_value(mine);
        if fields.is_empty() {
            found.set(Vec::new());
            return;
        }
        let ask = async move {
            let answer = api::dedupe::check(&CheckInput { record, fields }).await;
            if let (Ok(checked), Some(true)) = (answer, round.try_with_value(|now| *now == mine)) {
                found.set(checked.candidates);
            }
        };
        set_timeout(
            move || {
                if round.try_with_value(|now| *now == mine) == Some(true) {
                    spawn_local(ask);
                }
            },
            PAUSE,
        );
    });
}

fn note(plural: &str, found: &[Lookalike]) -> AnyView {
    let named = if found.len() > LINES { LINES - 1 } else { LINES };
    let lines = found.iter().take(named).map(|one| {
        let beside = Some(&one.subtitle).filter(|text| !text.is_empty() && **text != one.title);
        let why: Vec<String> =
            one.reasons.iter().filter(|r| r.speaks_for()).take(2).map(|r| uncapitalised(r.label())).collect();
        view! {
            <p dir="auto">
                "Looks like "
                <a href=format!("/{plural}/{}", one.id) target="_blank" rel="noopener">
                    {one.title.clone()}<span class="sr-only-kit">" (opens in a new tab)"</span>
                </a>
                {beside.map(|text| format!(" · {text}"))}
                {format!(" ({})", why.join(", "))}
            </p>
        }
    });
    let more = found.len().saturating_sub(named);
    view! {
        <Icon name=IconName::Copy size=IconSize::Sm />
        <div>
            {lines.collect_view()}
            {(more > 0).then(|| view! { <p>{format!("and {more} more")}</p> })}
        </div>
    }
    .into_any()
}

/// A label within a sentence.
fn uncapitalised(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
