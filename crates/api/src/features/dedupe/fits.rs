//! Values that records keep though the rules of today refuse them: an option that was removed since, an empty field that is
//! asked for now, an id of something that is gone.

use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::records::{Stored, references};
use domain::draft::{Draft, Mode};
use domain::error::ErrorCode;
use serde_json::{Map, Value as Json};

/// Whether a record may be given this value today.
///
/// # Errors
/// The database cannot be reached.
pub async fn fits<R: Stored>(tx: &TenantTx, field: &str, value: &Json) -> ApiResult<bool> {
    let input = Map::from_iter([(field.to_owned(), value.clone())]);
    let Ok(draft) = Draft::parse(tx.schema(R::TYPE), Mode::Update, &input) else { return Ok(false) };
    match references::check(tx, &draft).await {
        Err(error) if *error.code() == ErrorCode::Invalid => Ok(false),
        checked => checked.map(|()| true),
    }
}
