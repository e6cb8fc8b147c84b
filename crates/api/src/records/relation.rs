//! Conditions on the records that a relation leads to.

use super::filter_sql::{Local, condition};
use super::referrers::LINK_TABLES;
use super::select::column;
use domain::catalog::{Field, Kind, RecordSpec, RecordType};
use domain::filter::Related;
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, JoinType, Query, SelectStatement, SimpleExpr};

/// The related records as a list of keys: `k` of the organization `o`.
const X: &str = "x";
/// A row of a table that links two records.
const L: &str = "l";

/// A way from the record `t` to the related ones.
struct Way {
    /// The column of `t` that the keys are compared with.
    here: &'static str,
    /// The column that holds the keys: of the related record, or of the table that links both.
    there: &'static str,
    /// That table, with the column of the related record.
    link: Option<(&'static str, &'static str)>,
}

/// The condition that there is a related record that passes, or none.
pub fn compare(spec: &RecordSpec, related: &Related, local: Local<'_>) -> SimpleExpr {
    let other = related.relation.record.spec();
    let passes = || condition(other, &related.filter, local);
    let any = ways(spec, related).into_iter().fold(Condition::any(), |any, way| any.add(exists(other, &way, passes())));
    let any = SimpleExpr::from(any);
    if related.none { any.not() } else { any }
}

/// `EXISTS (SELECT 1 FROM (SELECT … FROM deals t WHERE …) x WHERE x.o = t.org_id AND x.k = t.id)`: inside, `t` is the
/// related record, so that its conditions are those of any list.
fn exists(other: &RecordSpec, way: &Way, passes: Condition) -> SimpleExpr {
    let mut keys = Query::select();
    keys.from_as(Alias::new(other.table), Alias::new(super::select::T));
    keys.expr_as(column("org_id"), Alias::new("o"));
    match way.link {
        None => keys.expr_as(column(way.there), Alias::new("k")),
        Some((table, of_other)) => {
            let link = |name: &str| Expr::col((Alias::new(L), Alias::new(name)));
            let on = link("org_id").eq(column("org_id")).and(link(of_other).eq(column("id")));
            keys.join_as(JoinType::InnerJoin, Alias::new(table), Alias::new(L), on);
            keys.expr_as(link(way.there), Alias::new("k"))
        }
    };
    keys.and_where(column("deleted_at").is_null()).cond_where(passes);
    let x = |name: &str| Expr::col((Alias::new(X), Alias::new(name)));
    let found: SelectStatement = Query::select()
        .expr(Expr::val(1_i32))
        .from_subquery(keys, Alias::new(X))
        .and_where(x("o").eq(column("org_id")))
        .and_where(x("k").eq(column(way.here)))
        .to_owned();
    Expr::exists(found)
}

/// All ways of a relation. To one record leads its reference field; to many lead the references of the others, the
/// record's own, and the tables that link both.
fn ways(spec: &RecordSpec, related: &Related) -> Vec<Way> {
    let (record, other) = (spec.record, related.relation.record);
    let here = |field: &Field| Way { here: field.column(), there: "id", link: None };
    if !related.relation.many {
        let name = format!("{}_id", related.relation.name);
        return references(record, other).filter(|field| field.name == name).map(here).collect();
    }
    let mut ways: Vec<Way> = Vec::new();
    ways.extend(references(other, record).map(|field| Way { here: "id", there: field.column(), link: None }));
    ways.extend(references(record, other).map(here));
    for link in LINK_TABLES {
        let ends = [(link.from, link.to), (link.to, link.from)];
        let both = ends.iter().filter(|((_, a), (_, b))| *a == record && *b == other);
        ways.extend(both.map(|((mine, _), (theirs, _))| Way {
            here: "id",
            there: mine,
            link: Some((link.table, theirs)),
        }));
    }
    ways
}

/// The fields of a record type that refer to records of another.
fn references(of: RecordType, to: RecordType) -> impl Iterator<Item = &'static Field> {
    of.spec().standard.iter().filter(move |f| f.is_column() && matches!(f.kind, Kind::Record(record) if record == to))
}
