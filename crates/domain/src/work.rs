//! Work on many records that goes on in the background: how far it is.

use crate::bulk::BulkAction;
use crate::catalog::RecordType;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

crate::choices! {
    /// How far background work is.
    WorkStatus {
        Queued = "queued" "Waiting",
        Running = "running" "Running",
        Completed = "completed" "Done",
        Failed = "failed" "Failed",
        Cancelled = "cancelled" "Cancelled",
    }
}

impl WorkStatus {
    /// Whether nothing more happens.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

crate::choices! {
    /// What kind of background work it is.
    WorkKind {
        Import = "import" "Import",
        Bulk = "bulk" "Bulk work",
        Export = "export" "Export",
    }
}

/// Background work of any kind, as a list of it shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkItem {
    /// Its kind.
    pub kind: WorkKind,
    /// Id of the import, the bulk work or the export.
    pub id: Uuid,
    /// Its records.
    pub record: RecordType,
    /// What is done to each record, of bulk work.
    pub action: Option<BulkAction>,
    /// Whether it takes other bulk work back.
    pub is_undo: bool,
    /// Name of the file; empty for bulk work.
    pub file_name: String,
    /// How far it is.
    pub status: WorkStatus,
    /// Rows or records that it is about; 0 until they are counted.
    pub total: i32,
    /// How many are done.
    pub processed: i32,
    /// How many were made, changed or written.
    pub changed: i32,
    /// How many were refused.
    pub refused: i32,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// Whether there is a file to download, of exports.
    pub can_download: bool,
    /// Who asked for it.
    pub created_by: Option<Uuid>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

impl WorkItem {
    /// How far it is, in percent.
    pub fn percent(&self) -> i32 {
        percent(self.processed, self.total, self.status.is_finished())
    }
}

/// How far work is, in percent: all of it once it is over.
pub fn percent(done: i32, total: i32, over: bool) -> i32 {
    match (total, over) {
        (..=0, false) => 0,
        (..=0, true) => 100,
        (total, _) => i32::try_from(i64::from(done) * 100 / i64::from(total)).unwrap_or(100).clamp(0, 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-07: progress in percent never leaves 0 to 100.
    #[test]
    fn percent_of_work() {
        assert_eq!([percent(0, 0, false), percent(0, 0, true), percent(1, 3, false)], [0, 100, 33]);
        assert_eq!([percent(5, 3, false), percent(i32::MAX, i32::MAX, true), percent(-1, 3, false)], [100, 100, 0]);
    }
}
