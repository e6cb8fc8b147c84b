//! The search box of a list.

use super::values::texts_array;
use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use domain::catalog::RecordType;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// What a list is searched for, as `search_condition` in the database worked it out: that looks into the organization's
/// vocabulary, and decides by how many records match.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Search {
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
    pub async fn resolve(tx: &TenantTx, record: RecordType, words: &str) -> ApiResult<Option<Self>> {
        let sql = "SELECT query, parts, index, about FROM search_condition($1, $2)";
        let row = tx.conn().query_one_raw(statement(sql, [words.into(), record.as_str().into()])).await?;
        Ok(row.map(|row| Self::from_query_result(&row, "")).transpose()?)
    }

    /// The condition on a record of a list that is read to its end: the ids of all that match are collected first.
    pub fn condition(&self, record: RecordType) -> SimpleExpr {
        let ids = "t.id IN (SELECT s FROM search_ids($1, $2, $3, $4) s)";
        let (query, parts) = (self.query.clone(), texts_array(&self.parts));
        Expr::cust_with_values(ids, [self.index.as_str().into(), query.into(), parts, record.as_str().into()])
    }

    /// The same for a page of it. Where very many match, each record is asked in turn, so that the page is full after a few
    /// of them.
    pub fn condition_of_page(&self, record: RecordType) -> SimpleExpr {
        if self.about.is_some() {
            let matches = "(SELECT search_matches(d.words, search_text(d.title, d.subtitle, d.keywords), $1::tsquery, $2) \
                 FROM search_documents d WHERE d.org_id = t.org_id AND d.entity_type = $3 AND d.entity_id = t.id)";
            let (query, parts) = (self.query.clone(), texts_array(&self.parts));
            return Expr::cust_with_values(matches, [query.into(), parts, record.as_str().into()]);
        }
        self.condition(record)
    }

    /// About how many records match, where these are more than `most`.
    pub fn about(&self, most: i64) -> Option<i64> {
        self.about.filter(|about| *about > most)
    }
}
