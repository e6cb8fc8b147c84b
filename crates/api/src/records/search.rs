//! The search box of a list.

use super::query::Archived;
use super::values::texts_array;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use domain::catalog::RecordType;
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// The type under which search documents of archived records stand, beside that of live ones. Type by type they have words
/// and statistics of their own, so that searches among live records know nothing of them.
pub fn archived_type(record: RecordType) -> String {
    format!("{record}_archived")
}

/// What a list is searched for, in each kind of documents that it has records of.
#[derive(Debug, Clone)]
pub struct Search(Vec<Condition>);

/// The same for documents of one kind, as `search_condition` in the database worked it out: that looks into the
/// organization's vocabulary, and decides by how many records match.
#[derive(Debug, Clone, FromQueryResult)]
struct Condition {
    /// The type of the documents.
    entity_type: String,
    /// What documents have to match, a tsquery.
    query: Option<String>,
    /// And what is looked for in their texts, as patterns.
    parts: Vec<String>,
    /// What the index is asked for, to be narrowed down by the others.
    index: String,
    /// About how many records match, where these are very many.
    about: Option<i64>,
}

impl Search {
    /// Works out what these words mean in a list of this type.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn resolve(tx: &TenantTx, record: RecordType, archived: Archived, words: &str) -> ApiResult<Self> {
        let types = match archived {
            Archived::Without => vec![record.to_string()],
            Archived::Only => vec![archived_type(record)],
            Archived::Include => vec![record.to_string(), archived_type(record)],
        };
        let sql = "SELECT t AS entity_type, c.query, c.parts, c.index, c.about \
             FROM unnest($2) t CROSS JOIN LATERAL search_condition($1, t) c";
        let rows = tx.conn().query_all_raw(statement(sql, [words.into(), texts_array(&types)])).await?;
        Ok(Self(rows.iter().map(|row| Condition::from_query_result(row, "")).collect::<Result<_, _>>()?))
    }

    /// The condition on a record of a list that is read to its end: the ids of all that match are collected first.
    pub fn condition(&self) -> SimpleExpr {
        by_ids(self.0.iter())
    }

    /// The same for a page of it. Where very many match, each record is asked in turn, so that the page is full after a few
    /// of them.
    pub fn condition_of_page(&self) -> SimpleExpr {
        let (many, few): (Vec<_>, Vec<_>) = self.0.iter().partition(|condition| condition.about.is_some());
        let asked = many.into_iter().map(Condition::matches).reduce(ExprTrait::or);
        match asked {
            Some(asked) if few.is_empty() => asked,
            Some(asked) => asked.or(by_ids(few.into_iter())),
            None => by_ids(few.into_iter()),
        }
    }

    /// About how many records match, where these are more than `most`. Of archived records nobody keeps the number.
    pub fn about(&self, most: i64) -> Option<i64> {
        match self.0.as_slice() {
            [only] => only.about.filter(|about| *about > most),
            _ => None,
        }
    }
}

impl Condition {
    fn matches(&self) -> SimpleExpr {
        let matches = "(SELECT search_matches(d.words, search_text(d.title, d.subtitle, d.keywords), $1::tsquery, $2) \
             FROM search_documents d WHERE d.org_id = t.org_id AND d.entity_type = $3 AND d.entity_id = t.id)";
        let (query, parts) = (self.query.clone(), texts_array(&self.parts));
        Expr::cust_with_values(matches, [query.into(), parts, self.entity_type.as_str().into()])
    }
}

/// One set of ids: with a condition for each kind, every record of the list would be tried.
fn by_ids<'a>(conditions: impl Iterator<Item = &'a Condition>) -> SimpleExpr {
    let (mut selects, mut values): (Vec<String>, Vec<sea_orm::Value>) = (Vec::new(), Vec::new());
    for Condition { entity_type, query, parts, index, .. } in conditions {
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| values.len() + n);
        selects.push(format!("SELECT s FROM search_ids(${a}, ${b}, ${c}, ${d}) s"));
        values.extend([index.as_str().into(), query.clone().into(), texts_array(parts), entity_type.as_str().into()]);
    }
    Expr::cust_with_values(format!("t.id IN ({})", selects.join(" UNION ALL ")), values)
}
