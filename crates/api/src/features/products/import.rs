//! Products: found by code, then by name.

use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::features::import::run::Import;
use crate::features::import::run::item::{Existing, Importable};
use crate::features::import::run::matching::{distinct, find};
use crate::records::bulk::Bulk;
use domain::import::Row;
use domain::import::row::Key;
use domain::products::Product;
use domain::records::Record;

/// The database normalises codes and names its own way (accents too), so it is asked with the raw text.
const BY_CODE: &str = "SELECT n.raw, p.id, p.name, p.code_norm, false FROM unnest($2) AS n (raw) \
     JOIN products p ON p.org_id = $1 AND p.code_norm = norm_text(n.raw) WHERE p.deleted_at IS NULL";
const BY_NAME: &str = "SELECT n.raw, p.id, p.name, p.code_norm, false FROM unnest($2) AS n (raw) \
     JOIN products p ON p.org_id = $1 AND p.name_norm = norm_text(n.raw) \
     WHERE p.deleted_at IS NULL ORDER BY p.created_at, p.id";

impl Bulk for Product {}

impl Importable for Product {
    async fn existing(tx: &TenantTx, _import: &Import<'_>, rows: &[&Row]) -> ApiResult<Vec<Option<Existing>>> {
        let keys: Vec<Vec<Key>> = rows.iter().map(|row| row.keys(Self::TYPE)).collect();
        let all = || keys.iter().flatten();
        let codes = all().filter_map(|key| if let Key::Number(code) = key { Some(code.clone()) } else { None });
        let names = all().filter_map(|key| if let Key::Name(name) = key { Some(name.clone()) } else { None });
        let by_code = find(tx, BY_CODE, distinct(codes)).await?;
        let by_name = find(tx, BY_NAME, distinct(names)).await?;
        let hit = |keys: &Vec<Key>| {
            let has_code = keys.iter().any(|key| matches!(key, Key::Number(_)));
            keys.iter().find_map(|key| match key {
                Key::Number(code) => by_code.get(code),
                // With another code it is another product of the same name.
                Key::Name(name) => by_name.get(name).filter(|hit| !(has_code && hit.other_key.is_some())),
                _ => None,
            })
        };
        Ok(keys.iter().map(|keys| hit(keys).map(|hit| Existing { id: hit.id, archived: false })).collect())
    }
}
