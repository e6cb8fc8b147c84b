//! What a person has chosen for a list, kept in their browser: columns with their widths, and Mine or All.

use crate::data::Session;
use crate::ui::dom::{storage_get, storage_set};
use domain::catalog::{Field, RecordSpec, Schema, Uses};
use domain::permission::{Access, Role};
use domain::views::ViewColumn;
use leptos::prelude::*;

fn key(session: &Session, spec: &RecordSpec, what: &str) -> String {
    let user = session.me_untracked().map(|me| me.user.id.to_string()).unwrap_or_default();
    format!("rapport.{user}.{}.{what}", spec.table)
}

/// Whether a list shows only the person's own records where its address does not say (AUTH-35). A page makes one, and
/// everything on it that speaks of the list's records asks that one: rows, counts, bulk work and exports mean the same.
#[derive(Clone, Copy)]
pub struct Mine(RwSignal<bool>);

impl Mine {
    /// As the person chose last.
    pub fn of(session: &Session, spec: &RecordSpec) -> Self {
        Self(RwSignal::new(match storage_get(&key(session, spec, "mine")).as_deref() {
            Some("true") => true,
            Some(_) => false,
            // What members may not change at all they do not keep apart by owner.
            None => session
                .me_untracked()
                .is_some_and(|me| me.role == Role::Member && spec.permissions.update.access(me.role) == Access::Own),
        }))
    }

    /// Whether only own records are meant where the address says this. Tracked.
    pub fn holds(self, said: Option<bool>) -> bool {
        let chosen = self.0.get();
        said.unwrap_or(chosen)
    }

    /// Remembers the choice.
    pub fn choose(self, session: &Session, spec: &RecordSpec, mine: bool) {
        storage_set(&key(session, spec, "mine"), Some(if mine { "true" } else { "false" }));
        self.0.set(mine);
    }
}

/// The organization's currency, as it is when a component is made.
pub fn currency(session: &Session) -> String {
    untrack(|| session.settings().currency)
}

/// The columns chosen, or those of the catalogue.
pub fn columns(session: &Session, schema: Schema) -> Vec<ViewColumn> {
    let chosen = storage_get(&key(session, &schema, "columns"))
        .and_then(|text| serde_json::from_str::<Vec<ViewColumn>>(&text).ok())
        .and_then(|columns| usable(schema, columns));
    chosen.unwrap_or_else(|| default_columns(schema))
}

/// Those columns that the record type has; `None` where its name is not among them.
pub fn usable(schema: Schema, columns: Vec<ViewColumn>) -> Option<Vec<ViewColumn>> {
    let known: Vec<_> = columns.into_iter().filter(|column| schema.field(&column.field).is_some()).collect();
    known.iter().any(|column| column.field == schema.title).then_some(known)
}

/// Remembers the columns; `None` goes back to those of the catalogue.
pub fn set_columns(session: &Session, spec: &RecordSpec, columns: Option<&[ViewColumn]>) {
    let text = columns.and_then(|columns| serde_json::to_string(columns).ok());
    storage_set(&key(session, spec, "columns"), text.as_deref());
}

/// The columns of the catalogue, the name first.
pub fn default_columns(schema: Schema) -> Vec<ViewColumn> {
    let mut fields: Vec<&Field> = schema.fields().filter(|f| f.uses.has(Uses::DEFAULT_COLUMN)).collect();
    fields.sort_by_key(|field| field.name != schema.title);
    fields.into_iter().map(|field| ViewColumn { field: field.name.to_owned(), width: width(field, &schema) }).collect()
}

/// How wide a column is at first.
pub fn width(field: &Field, spec: &RecordSpec) -> u32 {
    use domain::catalog::Kind;
    if field.name == spec.title {
        return if is_narrow() { 168 } else { 260 };
    }
    match field.kind {
        Kind::Boolean | Kind::Number | Kind::Integer { .. } | Kind::Currency => 110,
        Kind::Select(_) | Kind::Date | Kind::DateTime | Kind::Stage | Kind::Pipeline => 140,
        Kind::Email | Kind::Url | Kind::Record(_) | Kind::Tags | Kind::MultiSelect(_) | Kind::Address => 200,
        _ => 160,
    }
}

/// Whether this is a phone: little room for the column that stays in view.
fn is_narrow() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_some_and(|width| width < 768.0)
}
