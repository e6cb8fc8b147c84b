//! The audit log: who did what that concerns security, when and from where.

use super::{PARENT, loading_rows};
use crate::api;
use crate::data::{Def, Key, Load, use_directory, use_query, use_session};
use crate::features::failed::failed;
use crate::features::paging::{Pager, page_asked};
use crate::shell::{NoAccess, PageHeader};
use crate::ui::{
    Avatar, Button, ButtonVariant, Card, Choice, ControlSize, DateInput, Download, EmptyState, IconName, Select, Typed,
    format,
};
use chrono::NaiveDate;
use domain::audit::{AuditAction, AuditEntry};
use domain::page::Page;
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

const PATH: &str = "/settings/audit-log";
/// Entries on a page.
const LIMIT: u32 = 50;
/// What entries can be asked for by: parameters of the page's address and of the API alike.
const FILTERS: [&str; 4] = ["action", "user_id", "date_from", "date_to"];

type Params = Vec<(String, String)>;

/// The filters that an address has.
fn filters(map: &ParamsMap) -> Params {
    let given = FILTERS.iter().filter_map(|name| Some(((*name).to_owned(), map.get(name)?)));
    given.filter(|(_, value)| !value.is_empty()).collect()
}

/// The address of a page of the log.
fn href(filters: &Params, page: u64) -> String {
    let mut map: ParamsMap = filters.iter().cloned().collect();
    if page > 1 {
        map.insert("page", page.to_string());
    }
    format!("{PATH}{}", map.to_query_string())
}

fn entries(mut params: Params, page: u64) -> Def<Page<AuditEntry>> {
    params.extend([("page".to_owned(), page.to_string()), ("limit".to_owned(), LIMIT.to_string())]);
    Def::new(Key::new(["audit".to_owned(), format!("{params:?}")]), move || api::audit::list(params.clone()))
}

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    if !use_session().can(Permission::AuditView) {
        return view! { <NoAccess text="The audit log is read by the administrators of the organization." /> }
            .into_any();
    }
    view! { <Log /> }.into_any()
}

#[component]
fn Log() -> impl IntoView {
    let exports = use_session().can(Permission::AuditExport);
    let (map, page) = (use_query_map(), page_asked());
    let asked = Memo::new(move |_| map.with(filters));
    let query = use_query(move || Some(entries(asked.get(), page.get())));
    let actions = move || {
        exports.then(|| {
            view! {
                <Download href=Signal::derive(move || api::audit::file_href(asked.get())) label="Export CSV" />
            }
        })
    };
    view! {
        <PageHeader title="Audit log" parents=vec![PARENT] actions=actions
            text="Sign-ins, members, settings and bulk deletions: who, when and from where. Nobody can change it." />
        <Tools asked />
        {move || match query.state() {
            Load::Loading => view! { <Card flush=true>{loading_rows(6)}</Card> }.into_any(),
            Load::Failed(fail) => {
                view! { <Card>{failed("The audit log could not be loaded", &fail, move || query.refetch())}</Card> }.into_any()
            }
            Load::Ready(page) if page.data.is_empty() => view! {
                <Card>
                    <EmptyState icon=IconName::History title="No entries" text="Nothing that was asked for is in the audit log.">
                        <Button href=PATH>"Show everything"</Button>
                    </EmptyState>
                </Card>
            }.into_any(),
            Load::Ready(page) => view! { <Card flush=true><Entries entries=page.data.clone() /></Card> }.into_any(),
        }}
        <Pager pagination=Signal::derive(move || query.data().map(|page| page.pagination.clone()))
            href=move |page| asked.with_untracked(|asked| href(asked, page)) />
    }
}

/// What to show. Each choice is a new address.
#[component]
fn Tools(asked: Memo<Params>) -> impl IntoView {
    let directory = use_directory();
    let navigate = use_navigate();
    let choose = Callback::new(move |(name, value): (&'static str, String)| {
        let mut now = asked.get_untracked();
        now.retain(|(known, _)| known != name);
        if !value.is_empty() {
            now.push((name.to_owned(), value));
        }
        navigate(&href(&now, 1), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let given = move |name: &'static str| {
        Memo::new(move |_| {
            asked
                .with(|asked| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
                .unwrap_or_default()
        })
    };
    let select = move |name: &'static str, label: &'static str, empty: &'static str, choices: Signal<Vec<Choice>>| {
        let (given, value) = (given(name), RwSignal::new(String::new()));
        Effect::new(move |_| value.set(given.get()));
        view! {
            <Select value choices empty=empty label=label size=ControlSize::Sm
                on_change=move |picked: String| choose.run((name, picked)) />
        }
    };
    let day = move |name: &'static str, label: &'static str| {
        let (given, value) = (given(name), RwSignal::new(Typed::<NaiveDate>::Nothing));
        Effect::new(move |_| value.set(given.get().parse().ok().into()));
        Effect::watch(
            move || value.get(),
            move |now, _, _| {
                let text = now.value().map(ToString::to_string).unwrap_or_default();
                // A day that is half typed is none yet.
                if !now.is_unreadable() && text != given.get_untracked() {
                    choose.run((name, text));
                }
            },
            false,
        );
        view! { <label class="audit-day">{label}<DateInput value size=ControlSize::Sm /></label> }
    };
    let actions = AuditAction::ALL.iter().map(|action| Choice::new(action.as_str(), action.label())).collect();
    let people = Signal::derive(move || {
        let all = directory.members.data().map(|page| page.data.clone()).unwrap_or_default();
        all.into_iter().map(|member| Choice::new(member.id.to_string(), member.name)).collect()
    });
    view! {
        <div class="audit-tools">
            {select("action", "What", "Everything", Signal::stored(actions))}
            {select("user_id", "Who", "Everybody", people)}
            {day("date_from", "From")}
            {day("date_to", "To")}
            {move || (!asked.with(Vec::is_empty)).then(|| view! {
                <Button variant=ButtonVariant::Ghost size=ControlSize::Sm href=PATH>"Clear"</Button>
            })}
        </div>
    }
}

#[component]
fn Entries(entries: Vec<AuditEntry>) -> impl IntoView {
    view! {
        <div class="plain-table-wrap">
            <table class="plain-table">
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"From"</th>
                        <th scope="col">"When"</th>
                    </tr>
                </thead>
                <tbody>{entries.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(entry: AuditEntry) -> impl IntoView {
    let name = match entry.actor_id {
        Some(_) => entry.actor_name.unwrap_or_default(),
        None => "Rapport".to_owned(),
    };
    let seed = entry.actor_id.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <tr>
            <td>
                <span class="person">
                    <Avatar name=name.clone() seed=seed />
                    <span class="cell-name"><span>{name}</span></span>
                </span>
            </td>
            <td class="cell-said">{entry.description}</td>
            <td class="cell-muted" data-tip=entry.user_agent>{entry.ip}</td>
            <td class="cell-muted" data-tip=format::exact(entry.created_at)>{format::date_time(entry.created_at)}</td>
        </tr>
    }
}
