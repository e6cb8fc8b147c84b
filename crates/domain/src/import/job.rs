//! An import as a background job.

use super::plan::{ImportMode, OnDuplicate, Plan};
use crate::auth::Invitation;
use crate::catalog::RecordType;
use crate::work::percent;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

crate::choices! {
    /// How an import stands.
    ImportStatus {
        Uploaded = "uploaded" "Uploaded",
        Queued = "queued" "Waiting",
        Running = "running" "Running",
        Completed = "completed" "Completed",
        Failed = "failed" "Failed",
        Cancelled = "cancelled" "Cancelled",
    }
}

impl ImportStatus {
    /// Whether nothing more will happen.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// Starts the import of a file that was uploaded with a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartImport {
    /// The file, from the preview.
    pub file_id: Uuid,
    /// What to do with it.
    pub plan: Plan,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportJob {
    /// Id; the same as the file's.
    pub id: Uuid,
    /// What the rows are: `companies`, `contacts` or `deals`.
    #[serde(with = "super::plan::plural")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "deals"))]
    pub entity: RecordType,
    /// Name of the file.
    pub file_name: String,
    /// How it stands.
    pub status: ImportStatus,
    /// Whether existing records are updated.
    pub mode: ImportMode,
    /// What happens to rows whose record exists.
    pub on_duplicate: OnDuplicate,
    /// Rows of the file, without the header.
    pub total: i32,
    /// Rows handled so far, in order.
    pub processed: i32,
    /// Records made.
    pub created: i32,
    /// Records changed.
    pub updated: i32,
    /// Rows that changed nothing: their record exists, or they are empty.
    pub skipped: i32,
    /// Rows that were refused; the error file tells why.
    pub failed: i32,
    /// What else there is to tell.
    pub summary: ImportSummary,
    /// Invitations with their links: only in the answer that started the import, because only digests are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<Invitation>,
    /// Who started it.
    pub created_by: Option<Uuid>,
    /// When the file was uploaded.
    pub created_at: DateTime<Utc>,
    /// When the first row was handled.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether it has ended, has made or changed records, and was not undone.
    pub can_undo: bool,
    /// The bulk work that has undone it, or is about to.
    pub undone_by: Option<Uuid>,
}

impl ImportJob {
    /// How far it is, in percent.
    pub fn percent(&self) -> i32 {
        percent(self.processed, self.total, self.status.is_finished())
    }
}

/// What an import did beside the rows themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ImportSummary {
    /// Columns that fed nothing.
    pub not_imported: Vec<String>,
    /// Rows that were stored with a warning; the error file lists them too.
    pub warnings: u32,
    /// Companies made because rows named them.
    pub companies_created: u32,
    /// Stages made.
    pub stages_created: Vec<String>,
    /// Addresses invited.
    pub invited: Vec<String>,
    /// Why the import as a whole failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}
