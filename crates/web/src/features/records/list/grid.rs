//! The table of a list: columns from the catalogue, rows from the window, cells edited in place.

use super::window::Window;
use crate::api::Row;
use crate::data::{schema, use_mutations, use_session};
use crate::features::deals::marks;
use crate::features::records::address::{Address, ViewName};
use crate::features::records::cell;
use crate::features::records::href::href;
use crate::features::records::look::{Look, picture};
use crate::features::records::lookup::Lookup;
use crate::features::records::prefs;
use crate::features::records::value;
use crate::ui::{AvatarSize, CellEdit, Column, DataTable, SortKey, TableRow, TableSource, TableState};
use domain::catalog::{Field, Kind, RecordType, Schema};
use domain::page::SortKey as DomainSort;
use domain::views::ViewColumn;
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;
use uuid::Uuid;

/// The table's state: order and open record as the address says; columns, too, where it names them or a view is open,
/// otherwise as this person chose them.
pub fn table_state(record: RecordType, look: &'static Look, address: Address, lookup: Lookup) -> TableState {
    let session = use_session();
    let currency = prefs::currency(&session);
    let wanted = {
        let session = session.clone();
        move |schema: Schema, given: Option<Vec<ViewColumn>>| {
            given.and_then(|given| prefs::usable(schema, given)).unwrap_or_else(|| prefs::columns(&session, schema))
        }
    };
    let given = address.aspect(|state| state.columns.clone());
    let first = untrack(|| schema(record));
    let table = TableState::new(all_columns(first, look, &wanted(first, given.get_untracked()), &currency, lookup));
    let held = held_schema(record, table);

    Effect::watch(
        move || (given.get(), held.get()),
        move |(given, schema), before, _| {
            let wanted = wanted(*schema, given.clone());
            let redefined = before.is_some_and(|(_, before)| before != schema);
            if redefined || table.columns.with_untracked(|columns| shown(columns)) != wanted {
                table.columns.set(all_columns(*schema, look, &wanted, &currency, lookup));
            }
        },
        false,
    );
    Effect::watch(
        move || table.columns.with(|columns| shown(columns)),
        move |now, before, _| {
            if before.is_none_or(|before| before == now) {
                return;
            }
            let state = address.peek();
            if state.columns.is_some() || matches!(state.view, Some(ViewName::Saved(_))) {
                into_address(table, address, now.clone());
            } else {
                let schema = held.get_untracked();
                let default = prefs::default_columns(schema);
                prefs::set_columns(&session, &schema, (*now != default).then_some(now.as_slice()));
            }
        },
        true,
    );
    let order = address.aspect(move |state| state.order(record.spec()));
    Effect::new(move |_| {
        let wanted: Vec<SortKey> =
            order.get().into_iter().map(|key| SortKey { column: key.field, descending: key.descending }).collect();
        if table.sort.with_untracked(|now| *now != wanted) {
            table.sort.set(wanted);
        }
    });
    Effect::watch(
        move || table.sort.get(),
        move |keys, _, _| {
            let keys: Vec<DomainSort> = keys
                .iter()
                .take(domain::page::MAX_SORT_KEYS)
                .map(|key| DomainSort { field: key.column.clone(), descending: key.descending })
                .collect();
            if keys != order.get_untracked() {
                address.change(|state| state.sort = keys);
            }
        },
        false,
    );
    let open = address.aspect(|state| state.open);
    Effect::new(move |_| table.open.set(open.get().map(|id| id.to_string())));
    table
}

/// The fields of a list. While a cell is being edited they stay as they were: its editor must not be taken away.
fn held_schema(record: RecordType, table: TableState) -> Memo<Schema> {
    Memo::new(move |before: Option<&Schema>| {
        let now = schema(record);
        before.copied().filter(|_| table.is_editing()).unwrap_or(now)
    })
}

/// Puts the columns into the address when their edges rest.
fn into_address(table: TableState, address: Address, columns: Vec<ViewColumn>) {
    let write = move || {
        if table.columns.try_with_untracked(|now| shown(now) == columns) == Some(true) {
            address.replace(|state| state.columns = Some(columns));
        }
    };
    set_timeout(write, Duration::from_millis(250));
}

/// The visible columns as a view keeps them.
pub(super) fn shown(columns: &[Column]) -> Vec<ViewColumn> {
    let visible = columns.iter().filter(|column| column.visible);
    visible.map(|column| ViewColumn { field: column.key.clone(), width: column.width }).collect()
}

fn all_columns(
    schema: Schema,
    look: &'static Look,
    chosen: &[ViewColumn],
    currency: &str,
    lookup: Lookup,
) -> Vec<Column> {
    let can_show = |field: &&'static Field| !matches!(field.kind, Kind::LineItems);
    let visible = chosen.iter().filter_map(|pref| Some((schema.field(&pref.field)?, Some(pref.width))));
    let rest = schema.fields().filter(|field| !chosen.iter().any(|pref| pref.field == field.name));
    let all = visible.chain(rest.map(|field| (field, None)));
    all.filter(|(field, _)| can_show(field))
        .map(|(field, width)| {
            let mut column =
                Column::new(field.name, field.label, width.unwrap_or_else(|| prefs::width(field, &schema)));
            if !field.is_sortable() {
                column = column.unsorted();
            }
            if field.name == schema.title {
                column = column.title();
            } else if matches!(field.kind, Kind::Number | Kind::Integer { .. } | Kind::Money { .. }) {
                column = column.number();
            }
            if width.is_none() {
                column = column.hidden();
            }
            let fixed = !field.is_writable() || look.fixed.contains(&field.name) || field.name == schema.title;
            match cell::editor(field, currency, lookup).filter(|_| !fixed) {
                Some(editor) => column.editor(editor),
                None => column,
            }
        })
        .collect()
}

/// The table.
#[component]
pub fn Grid(
    /// The type.
    record: RecordType,
    /// What the table shows.
    table: TableState,
    /// The rows.
    window: Window,
    /// The address.
    address: Address,
    /// Names and colours.
    lookup: Lookup,
    /// Shown where there are no rows.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView {
    let spec = record.spec();
    let schema = held_schema(record, table);
    let (session, mutations) = (use_session(), use_mutations());
    let currency = prefs::currency(&session);
    let fields = Memo::new(move |before: Option<&(u32, Schema)>| {
        let now = schema.get();
        (before.map_or(0, |(version, before)| version.wrapping_add(u32::from(*before != now))), now)
    });
    let source = {
        let session = session.clone();
        TableSource::new(
            window.reachable,
            move |index| {
                let row = window.row(index)?;
                let (version, schema) = fields.get();
                let (session, currency) = (session.clone(), currency.clone());
                let may = OnceLock::new();
                let of = Arc::clone(&row);
                Some(
                    TableRow::new(&row, row.id.to_string(), row.title.clone(), move |row, key| {
                        draw(row, key, schema, lookup)
                    })
                    .version(version)
                    .href(href(record, row.id))
                    .raw(move |key| {
                        let field = schema.field(key)?;
                        // The editor of a column of amounts is made for one currency.
                        if matches!(field.kind, Kind::Money { .. }) && of.currency() != currency {
                            return None;
                        }
                        let allowed =
                            *may.get_or_init(|| of.archived_at().is_none() && untrack(|| session.may_update(&of)));
                        allowed.then(|| cell::to_text(field, of.get(key)))
                    }),
                )
            },
            move |range| window.ensure(range),
        )
        .spans(move || window.spans())
    };
    let on_edit = move |edit: CellEdit| {
        let row = window.loaded(|id| id == edit.row).into_iter().next();
        match (row, schema.get_untracked().field(&edit.column)) {
            (Some(row), Some(field)) => cell::save_text(&mutations, &row, field, &edit.edited),
            _ => Err("This was not saved: the record is not in the list any more.".to_owned()),
        }
    };
    // With a record open beside the list, moving through the rows moves through the records.
    Effect::watch(
        move || table.active.get().0,
        move |index, _, _| {
            if address.peek().open.is_some()
                && let Some(row) = untrack(|| window.row(*index))
            {
                address.open(Some(row.id));
            }
        },
        false,
    );
    view! {
        <DataTable state=table source=source label=spec.label_plural empty=empty
            on_open=move |row: TableRow| address.open(Uuid::try_parse(row.id()).ok())
            on_edit=on_edit />
    }
}

/// The content of one cell.
fn draw(row: &Row, key: &str, schema: Schema, lookup: Lookup) -> AnyView {
    let Some(field) = schema.field(key) else { return ().into_any() };
    if key != schema.title {
        return value::view(field, row, lookup);
    }
    let marks = (row.record == RecordType::Deal).then(|| row.typed().map(|deal| marks::icons(&deal)));
    view! { {mark(row, AvatarSize::Sm)} <span class="vt-text" dir="auto">{row.title.clone()}</span>{marks} }.into_any()
}

/// The picture of a record.
pub fn mark(row: &Row, size: AvatarSize) -> Option<AnyView> {
    picture(row.record, row.id, row.title.clone(), row.text("logo_url"), size)
}
