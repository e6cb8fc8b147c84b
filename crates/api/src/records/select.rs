//! The select that reads records: the catalogue's columns, tags, and what the record type adds.

use super::Stored;
use super::values::ids_array;
use domain::catalog::RecordSpec;
use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use uuid::Uuid;

/// The record's table in statements.
pub const T: &str = "t";

/// A column of the record's table.
pub fn column(name: &str) -> Expr {
    Expr::col((Alias::new(T), Alias::new(name)))
}

/// Whether a column is one of these ids. They are one parameter, so that the statement is the same, and is prepared once
/// per connection, however many there are.
pub fn one_of(column: Expr, ids: &[Uuid]) -> SimpleExpr {
    column.eq(PgFunc::any(ids_array(ids)))
}

/// `SELECT … FROM companies t WHERE t.org_id = $1`, with everything a typed record needs.
pub fn records<R: Stored>(org_id: Uuid) -> SelectStatement {
    let spec = R::spec();
    let mut select = base(spec, org_id);
    for name in ["id", "custom_fields", "deleted_at", "version"] {
        select.expr_as(column(name), Alias::new(name));
    }
    for field in spec.standard.iter().filter(|f| f.is_column()) {
        select.expr_as(column(field.column()), Alias::new(field.name));
    }
    select.expr_as(Expr::cust(tags_of(spec)), Alias::new("tags"));
    R::select_extra(&mut select);
    select
}

/// `FROM companies t WHERE t.org_id = $1`, without columns.
pub fn base(spec: &RecordSpec, org_id: Uuid) -> SelectStatement {
    let mut select = Query::select();
    select.from_as(Alias::new(spec.table), Alias::new(T)).and_where(column("org_id").eq(org_id));
    select
}

/// The records of `table` that name another one in their `main` column, and those that `links` joins to it by its
/// columns `ours` and `theirs`. Written as one set of ids, because a condition with OR would be tried on every record
/// of the organization. Tables and columns are named by the code, never by a request.
pub fn joined(table: &str, main: &str, links: [&str; 3], other: Uuid, org_id: Uuid) -> SimpleExpr {
    let [links, ours, theirs] = links;
    let sql = format!(
        "t.id IN (SELECT m.id FROM {table} m WHERE m.org_id = $2 AND m.{main} = $1 \
         UNION SELECT l.{ours} FROM {links} l WHERE l.org_id = $2 AND l.{theirs} = $1)"
    );
    Expr::cust_with_values(sql, [other, org_id])
}

/// The search document of a record type without one of its own: its name, beside it the other fields that search covers,
/// and the words of the organization's own fields. The names come from the catalogue, never from a request.
pub fn search_document(spec: &RecordSpec) -> String {
    let (record, table, title) = (spec.record, spec.table, spec.title);
    let more = spec.search.iter().filter(|name| **name != title).map(|name| format!(", {T}.{name}"));
    let subtitle = format!("concat_ws(' · ', NULL{})", more.collect::<String>());
    format!(
        "SELECT {T}.id, {T}.{title} AS title, {subtitle} AS subtitle, \
         coalesce(custom_words({T}.org_id, '{record}', {T}.custom_fields), '') AS keywords, \
         {T}.deleted_at IS NOT NULL AS archived FROM {table} {T} WHERE {T}.org_id = $1 AND {T}.id = ANY($2)"
    )
}

/// The record's tags as an array. The names of tables come from the catalogue, never from a request.
fn tags_of(spec: &RecordSpec) -> String {
    format!(
        "ARRAY(SELECT g.name FROM {} l JOIN tags g ON g.org_id = l.org_id AND g.id = l.tag_id \
         WHERE l.org_id = t.org_id AND l.record_id = t.id ORDER BY g.name)",
        spec.tag_table()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::PostgresQueryBuilder;

    /// However many ids there are, PostgreSQL is sent one statement with one parameter more.
    #[test]
    fn ids_are_one_parameter() {
        let statement = |ids: &[Uuid]| {
            Query::select().expr(column("id")).and_where(one_of(column("id"), ids)).build(PostgresQueryBuilder)
        };
        let ((none, _), (many, values)) = (statement(&[]), statement(&[Uuid::nil(); 3]));
        assert_eq!((none, values.0.len()), (many, 1));
    }
}
