//! What a plan says about the product that a file comes from.

use serde::{Deserialize, Serialize};

/// A column of phone numbers and the column that names the kind of each number. In each row the kind decides which
/// phone field the number feeds; a number of no known kind feeds the field that its column is mapped to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PhoneKind {
    /// Header of the column with the numbers.
    pub column: String,
    /// Header of the column with their kinds.
    pub kind: String,
}

/// The product whose export a file looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Origin {
    /// Its name for people: `HubSpot`.
    pub product: String,
    /// The columns that hold ids of that product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<String>,
}
