//! What a person decides about texts that stand for something else.

use crate::deals::DealStatus;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a text of the file stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ValueMatch {
    /// Key of the field.
    pub field: String,
    /// The text; case and blanks do not matter.
    pub text: String,
    /// What it stands for.
    #[serde(flatten)]
    pub to: Match,
}

/// What a text stands for: `{"to": "existing", "id": "…"}`, `{"to": "empty"}` and so on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Match {
    /// A stage or a member.
    Existing {
        /// Its id.
        id: Uuid,
    },
    /// An option of a select field.
    Choice {
        /// The option's value.
        value: String,
    },
    /// A new stage of that name, at the end of the open stages.
    Create {
        /// The status that the stage gives its deals: `open`, `won` or `lost`.
        #[serde(default = "open")]
        status: DealStatus,
    },
    /// A colleague who is invited and owns the records from the start.
    Invite {
        /// The colleague's address.
        email: String,
    },
    /// The field stays empty.
    Empty,
}

const fn open() -> DealStatus {
    DealStatus::Open
}
