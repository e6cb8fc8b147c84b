//! The virtual table over 100,000 made-up rows that arrive in pages, `InlineEdit` and Combobox.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use leptos::prelude::*;

use super::{Part, Row};
use crate::ui::{
    Button, ButtonVariant, Card, CellEdit, Choice, Column, ColumnChooser, ComboOption, Combobox, DataTable, Edited,
    Editor, EmptyState, Field, Hue, IconName, InlineEdit, InputKind, OptionMark, OptionSource, Person, Properties,
    Property, RelativeTime, TableRow, TableSource, TableState, Tag, Toasts, format,
};

const TOTAL: usize = 100_000;
const PAGE: usize = 100;
const NAMES: [&str; 8] =
    ["Northwind Traders", "Acme", "Globex", "Initech", "Umbrella Foods", "Stark Tooling", "Wayne Logistics", "Hooli"];
const OWNERS: [&str; 5] = ["Ada Lovelace", "Grace Hopper", "Barbara Liskov", "Edsger Dijkstra", "Katherine Johnson"];
const STAGES: [&str; 4] = ["Lead", "Qualified", "Negotiation", "Won"];

#[derive(Clone)]
struct Company {
    index: usize,
    name: String,
    domain: String,
    stage: usize,
    owner: usize,
    amount: i64,
}

fn pick<T: Copy>(list: &[T], index: usize) -> Option<T> {
    list.get(index % list.len()).copied()
}

fn company(index: usize) -> Company {
    let name = pick(&NAMES, index * 7 + index / 8).unwrap_or_default();
    Company {
        index,
        name: format!("{name} {}", index + 1),
        domain: format!("{}-{}.example", name.to_lowercase().replace(' ', "-"), index + 1),
        stage: index * 3 % STAGES.len(),
        owner: index * 11 % OWNERS.len(),
        amount: i64::try_from(index * 7919 % 9_000_000).unwrap_or(0) + 120_000,
    }
}

fn draw(company: &Company, key: &str) -> AnyView {
    match key {
        "name" => company.name.clone().into_any(),
        "domain" => company.domain.clone().into_any(),
        "stage" => {
            let stage = pick(&STAGES, company.stage).unwrap_or_default();
            let hue = u8::try_from(company.stage * 3 + 1).map_or_else(|_| Hue::new(1), Hue::new);
            view! { <Tag label=stage hue=hue dot=true /> }.into_any()
        }
        "owner" => view! { <Person name=pick(&OWNERS, company.owner).unwrap_or_default() /> }.into_any(),
        "amount" => format::money(company.amount, "EUR").into_any(),
        "created" => {
            let hours = chrono::Duration::hours(i64::try_from(company.index).unwrap_or(0));
            view! { <RelativeTime at=format::now() - hours /> }.into_any()
        }
        _ => format!("Value {}", company.index).into_any(),
    }
}

fn people() -> OptionSource {
    OptionSource::fixed(
        OWNERS.iter().map(|name| ComboOption::new(*name, *name).mark(OptionMark::Person((*name).to_owned()))).collect(),
    )
}

fn columns() -> Vec<Column> {
    let stages = STAGES.iter().enumerate().map(|(i, stage)| Choice::new(i.to_string(), *stage)).collect();
    vec![
        Column::new("name", "Name", 220).title(),
        Column::new("domain", "Domain", 220).editor(Editor::Text(InputKind::Text)),
        Column::new("stage", "Stage", 150).editor(Editor::Select(stages, None)),
        Column::new("owner", "Owner", 190).editor(Editor::Lookup(people())),
        Column::new("amount", "Amount", 140).number().editor(Editor::Money("EUR".to_owned())),
        Column::new("created", "Created", 150),
        Column::new("extra", "Custom field", 180).unsorted(),
        Column::new("hidden", "Hidden field", 180).hidden(),
    ]
}

#[component]
pub(super) fn Tables() -> impl IntoView {
    let toasts = Toasts::current();
    let state = TableState::new(columns());
    let pages = RwSignal::new(BTreeMap::<usize, Vec<Arc<Company>>>::new());
    let row = move |index: usize| {
        let data = pages.with(|pages| pages.get(&(index / PAGE)).and_then(|page| page.get(index % PAGE).cloned()))?;
        let for_raw = Arc::clone(&data);
        Some(
            TableRow::new(&data, data.index.to_string(), data.name.clone(), draw)
                .href(format!("/dev/ui?row={}", data.index))
                .raw(move |key| match key {
                    "domain" => Some(for_raw.domain.clone()),
                    "stage" => Some(for_raw.stage.to_string()),
                    "owner" => Some(pick(&OWNERS, for_raw.owner).unwrap_or_default().to_owned()),
                    "amount" => Some(for_raw.amount.to_string()),
                    _ => None,
                }),
        )
    };
    // Stands for the server: a page arrives after 120 ms.
    let ensure = move |range: Range<usize>| {
        for page in range.start / PAGE..=range.end / PAGE {
            if !pages.with_untracked(|pages| pages.contains_key(&page)) {
                set_timeout(
                    move || {
                        let rows = (page * PAGE..(page + 1) * PAGE).map(|i| Arc::new(company(i))).collect();
                        crate::ui::dom::ignore(pages.try_update(|pages| pages.insert(page, rows)));
                    },
                    std::time::Duration::from_millis(120),
                );
            }
        }
    };
    let source = TableSource::new(Signal::stored(Some(TOTAL)), row, ensure);
    let on_edit = move |edit: CellEdit| {
        let Ok(index) = edit.row.parse::<usize>() else { return Ok(()) };
        let value = edit.edited.now;
        if edit.column == "amount" && value.parse::<i64>().is_err() {
            return Err("Please enter an amount such as 1,250.00.".to_owned());
        }
        pages.update(|pages| {
            if let Some(row) = pages.get_mut(&(index / PAGE)).and_then(|page| page.get_mut(index % PAGE)) {
                let mut changed = (**row).clone();
                match edit.column.as_str() {
                    "domain" => changed.domain = value,
                    "stage" => changed.stage = value.parse().unwrap_or(changed.stage),
                    "owner" => changed.owner = OWNERS.iter().position(|name| *name == value).unwrap_or(changed.owner),
                    _ => changed.amount = value.parse().unwrap_or(changed.amount),
                }
                *row = Arc::new(changed);
            }
        });
        Ok(())
    };
    let on_open = move |row: TableRow| {
        state.open.set(Some(row.id().to_owned()));
        toasts.success(format!("Opened {}", row.name()));
    };
    let none = TableState::new(columns());
    let waiting = TableState::new(columns());
    view! {
        <Part title="Virtual table, 100,000 rows">
            <Row>
                <ColumnChooser state />
                <span class="text-sm text-muted">{move || format::count(i64::try_from(state.selected_count().get()).unwrap_or(0), "row selected", "rows selected")}</span>
            </Row>
            <div class="card h-[520px] overflow-hidden" data-testid="big-table">
                <DataTable state source label="Companies" on_open on_edit empty=|| () />
            </div>
            <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
                <div class="card h-[300px] overflow-hidden">
                    <DataTable state=none source=TableSource::new(Signal::stored(Some(0)), |_| None, |_| ()) label="No companies"
                        empty=|| view! {
                            <EmptyState icon=IconName::Building2 title="No companies yet" text="Companies are the organizations you sell to.">
                                <Button variant=ButtonVariant::Primary icon=IconName::Plus>"Create company"</Button>
                            </EmptyState>
                        } />
                </div>
                <div class="card h-[300px] overflow-hidden">
                    <DataTable state=waiting source=TableSource::new(Signal::stored(None), |_| None, |_| ()) label="Loading companies"
                        empty=|| () />
                </div>
            </div>
        </Part>
        <Inline />
        <Combos />
    }
}

#[component]
fn Inline() -> impl IntoView {
    let text = |start: &str| RwSignal::new(start.to_owned());
    let (name, phone, about, stage, close, amount, owner, mail) = (
        text("Acme Ltd"),
        text(""),
        text("Makes anvils.\nShips worldwide."),
        text("1"),
        text("2026-12-24"),
        text("1234550"),
        text("Ada Lovelace"),
        text("ada@acme.example"),
    );
    let keep = |value: RwSignal<String>| {
        move |edited: Edited| {
            value.set(edited.now);
            Ok(())
        }
    };
    let stages: Vec<_> = STAGES.iter().enumerate().map(|(i, stage)| Choice::new(i.to_string(), *stage)).collect();
    let stage_name = move || stage.get().parse::<usize>().ok().and_then(|i| pick(&STAGES, i)).unwrap_or_default();
    view! {
        <Part title="Edited in place">
            <div class="grid grid-cols-1 gap-4 md:grid-cols-2">
                <Card>
                    <InlineEdit label="Name" value=name editor=Editor::Text(InputKind::Text) title=true on_save=keep(name) />
                    <Properties>
                        <Property label="Phone">
                            <InlineEdit label="Phone" value=phone editor=Editor::Text(InputKind::Tel) empty="Add phone" on_save=keep(phone) />
                        </Property>
                        <Property label="E-mail">
                            <InlineEdit label="E-mail" value=mail editor=Editor::Text(InputKind::Email) linked=true
                                display=move || view! { <a class="link" href=format!("mailto:{}", mail.get())>{mail.get()}</a> }
                                on_save=keep(mail) />
                        </Property>
                        <Property label="About">
                            <InlineEdit label="About" value=about editor=Editor::Textarea
                                display=move || view! { <span class="whitespace-pre-line">{about.get()}</span> }
                                on_save=keep(about) />
                        </Property>
                        <Property label="Stage">
                            <InlineEdit label="Stage" value=stage editor=Editor::Select(stages, Some("No stage".into()))
                                display=stage_name
                                on_save=keep(stage) />
                        </Property>
                        <Property label="Close date">
                            <InlineEdit label="Close date" value=close editor=Editor::Date
                                display=move || close.get().parse().map(format::date).unwrap_or_default()
                                on_save=keep(close) />
                        </Property>
                        <Property label="Amount">
                            <InlineEdit label="Amount" value=amount editor=Editor::Money("EUR".into())
                                display=move || amount.get().parse().map(|minor| format::money(minor, "EUR")).unwrap_or_default()
                                on_save=keep(amount) />
                        </Property>
                        <Property label="Owner">
                            <InlineEdit label="Owner" value=owner editor=Editor::Lookup(people())
                                display=move || view! { <Person name=owner.get() /> } on_save=keep(owner) />
                        </Property>
                        <Property label="Refused">
                            <InlineEdit label="Refused" value="12345" editor=Editor::Text(InputKind::Text)
                                on_save=|_| Err("Another company has this number.".to_owned()) />
                        </Property>
                        <Property label="Read only">
                            <InlineEdit label="Read only" value="Set by the import" editor=Editor::Textarea read_only=true on_save=|_| Ok(()) />
                        </Property>
                    </Properties>
                </Card>
            </div>
        </Part>
    }
}

#[component]
fn Combos() -> impl IntoView {
    let owner = RwSignal::new(vec![ComboOption::new("Ada Lovelace", "Ada Lovelace")]);
    let tags = RwSignal::new(vec![
        ComboOption::new("Grace Hopper", "Grace Hopper"),
        ComboOption::new("Barbara Liskov", "Barbara Liskov"),
    ]);
    let slow = OptionSource::new(|text: String| async move {
        gloo_timers::future::TimeoutFuture::new(400).await;
        if text == "fail" {
            return Err("The companies could not be searched. Try again.".to_owned());
        }
        let text = text.to_lowercase();
        Ok((0..400)
            .map(company)
            .filter(|c| c.name.to_lowercase().contains(&text))
            .take(20)
            .map(|c| {
                ComboOption::new(c.index.to_string(), c.name.clone()).hint(c.domain).mark(OptionMark::Company(c.name))
            })
            .collect())
    });
    let none = RwSignal::new(Vec::new());
    view! {
        <Part title="Combobox">
            <div class="grid grid-cols-1 gap-4 md:grid-cols-3">
                <Field label="Owner"><Combobox value=owner source=people() placeholder="Nobody" /></Field>
                <Field label="Participants"><Combobox value=tags source=people() multi=true /></Field>
                <Field label="Company" hint="Searched on the server; “fail” fails.">
                    <Combobox value=none source=slow placeholder="Search companies"
                        on_create=Some(Callback::new(move |name: String| none.set(vec![ComboOption::new("new", name)]))) />
                </Field>
            </div>
        </Part>
    }
}
