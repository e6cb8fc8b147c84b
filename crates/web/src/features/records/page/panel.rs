//! A record beside the list or board it was opened from.

use super::{RecordHeader, RecordProperties, RecordTimeline, TAB, failure, shown};
use crate::api::Row;
use crate::data::Query;
use crate::features::records::address::Address;
use crate::features::records::href::href;
use crate::features::records::look::{look, page_look};
use crate::keyboard::{Action, Shortcuts};
use crate::ui::{EmptyState, IconButton, IconName, SidePanel, Skeleton, Tab, Tabs};
use domain::catalog::RecordType;
use leptos::prelude::*;
use uuid::Uuid;

/// The tabs; the first is open where the address names none.
const TABS: [(&str, &str); 3] = [("details", "Details"), ("timeline", "Timeline"), ("related", "Related")];

/// What a panel shows. Copy it freely.
#[derive(Clone, Copy)]
pub struct Beside {
    /// The type.
    pub record: RecordType,
    /// The address.
    pub address: Address,
    /// The record that the address names.
    pub open: Memo<Option<Uuid>>,
    /// That record.
    pub found: Query<Row>,
    /// Goes to the next (1) or previous (-1) record of the list.
    pub on_step: Option<Callback<isize>>,
}

/// The panel.
pub(super) fn panel(beside: Beside) -> AnyView {
    let Beside { record, address, open, found, on_step } = beside;
    // Of the record that the address names, not of the one before.
    let there = Memo::new(move |_| found.data().map(|row| row.id).filter(|id| open.get() == Some(*id)));
    let failed = found.failure();
    let body = move || match (there.get(), failed.get()) {
        (Some(id), _) => {
            view! { <PanelBody record address found id on_gone=Callback::new(move |()| address.open(None)) /> }
                .into_any()
        }
        (None, Some(fail)) if fail.is_not_found() => view! {
            <EmptyState icon=IconName::Search title="Not found" text="It was deleted, or it is not yours to see." />
        }
        .into_any(),
        (None, Some(fail)) => failure(record, &fail, found),
        (None, None) => waiting(),
    };
    let full = move || {
        open.get().map(|id| {
            view! {
                <IconButton icon=IconName::ArrowUpRight label="Open full page" href=href(record, id) />
            }
        })
    };
    if let Some(step) = on_step {
        let shortcuts = Shortcuts::current();
        for (id, title, keys, by) in
            [("panel.next", "Next record", "j", 1), ("panel.previous", "Previous record", "k", -1)]
        {
            shortcuts.register(Action::new(id, title, move || step.run(by)).keys(keys).keys_only().group("Record"));
        }
    }
    let steps = on_step.map(|step| {
        view! {
            <IconButton icon=IconName::ChevronUp label="Previous record" keys="k" on_click=move |_| step.run(-1) />
            <IconButton icon=IconName::ChevronDown label="Next record" keys="j" on_click=move |_| step.run(1) />
        }
    });
    view! {
        <SidePanel title=record.label() on_close=move |()| address.open(None)
            actions=move || view! { {steps} {full} }>
            {body}
        </SidePanel>
    }
    .into_any()
}

#[component]
fn PanelBody(
    record: RecordType,
    address: Address,
    found: Query<Row>,
    id: Uuid,
    on_gone: Callback<()>,
) -> impl IntoView {
    let look = look(record);
    let shown = shown(record, found)?;
    let tab = Signal::derive(move || {
        let named = address.get().param(TAB).map(str::to_owned);
        named.filter(|name| TABS.iter().any(|(key, _)| key == name)).unwrap_or_else(|| "details".to_owned())
    });
    let tabs = Signal::stored(TABS.map(|(key, label)| Tab::new(key, label)).to_vec());
    let go = move |key: String| address.replace(|state| state.set_param(TAB, (key != "details").then_some(key)));
    Some(view! {
        <div class="rec-panel">
            <RecordHeader shown look on_gone />
            <div>
                <Tabs tabs=tabs active=tab label=record.label() on_change=go>
                    {move || match tab.get().as_str() {
                        "timeline" => view! { <RecordTimeline record id lookup=shown.lookup /> }.into_any(),
                        "related" => (page_look(record).related)(shown),
                        _ => view! { <RecordProperties shown look /> }.into_any(),
                    }}
                </Tabs>
            </div>
        </div>
    })
}

fn waiting() -> AnyView {
    view! {
        <div class="rec-wait" aria-busy="true">
            <Skeleton width="240px" height="28px" />
            {(0..8).map(|n| view! { <Skeleton width=if n % 2 == 0 { "60%" } else { "80%" } /> }).collect_view()}
        </div>
    }
    .into_any()
}
