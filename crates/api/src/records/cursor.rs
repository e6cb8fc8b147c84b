//! Cursors: where a page of a sorted list begins, as an opaque text.

use super::total::Total;
use crate::error::{ApiError, ApiResult};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// A place in a sorted list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// The sort keys it belongs to, as in `sort_by`: a cursor only fits the list it came from.
    #[serde(rename = "s")]
    pub sort: String,
    /// Values of the sort keys at the place.
    #[serde(rename = "v")]
    pub values: Vec<Json>,
    /// The record at the place.
    #[serde(rename = "i")]
    pub id: Uuid,
    /// Rows before the place instead of after it.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    pub backward: bool,
    /// The length of the list when its first page was read: counting it anew for each page would cost more than the page.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Total>,
}

impl Cursor {
    /// As a query parameter.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a query parameter.
    ///
    /// # Errors
    /// 422 for a text that is no cursor, or one of a list with another order.
    pub fn decode(text: &str, sort: &str) -> ApiResult<Self> {
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice::<Self>(&bytes).ok()
        };
        match read() {
            Some(cursor) if cursor.sort == sort => Ok(cursor),
            Some(_) => Err(refused("This cursor belongs to a list with another order.")),
            None => Err(refused("This is not a cursor of this list.")),
        }
    }
}

fn refused(sentence: &str) -> ApiError {
    ApiError::parameter("cursor", "cursor", sentence)
}
