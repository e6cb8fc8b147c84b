//! Exports: the records of a list as a file, made in the background.

use crate::auth::check_name;
use crate::catalog::{Field, Kind, RecordType, Schema};
use crate::error::FieldError;
use crate::money::grouped;
use crate::records::Address;
use crate::scope::{self, ListScope};
use crate::views::NAME_MAX;
use crate::work::{WorkStatus, percent};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a file can be downloaded, in days.
pub const KEPT_DAYS: i64 = 7;
/// The most rows of an Excel sheet, with its header; further ones stand on further sheets.
pub const SHEET_ROWS: u32 = 1_048_576;

/// The most records of a PDF. It is for reading and printing, and this many are a hundred pages with a few columns.
pub const PDF_ROWS: u64 = 2_000;
/// The most cells of a PDF, which is laid out as a whole: this many take some 120 MB of memory and 4 seconds.
pub const PDF_CELLS: u64 = 100_000;

crate::choices! {
    /// The form of the file.
    ExportFormat {
        Csv = "csv" "CSV",
        Xlsx = "xlsx" "Excel",
        Pdf = "pdf" "PDF",
    }
}

impl ExportFormat {
    /// The media type of such files.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }

    /// Why a file of this form cannot hold so many records with so many columns (0 where these are not known yet);
    /// nothing where it can.
    pub fn refuses(self, records: u64, columns: usize) -> Option<FieldError> {
        let refuse = |path, sentence| Some(FieldError::new(path, "too_many", sentence));
        let cells = records.saturating_mul(u64::try_from(columns).unwrap_or(u64::MAX));
        match self {
            Self::Pdf if records > PDF_ROWS => {
                let (most, records) = (grouped(PDF_ROWS), grouped(records));
                refuse(
                    "format",
                    format!(
                        "A PDF has room for {most} records, and these are {records}. Choose CSV or Excel, or narrow the list."
                    ),
                )
            }
            Self::Pdf if cells > PDF_CELLS => {
                let (most, records) = (grouped(PDF_CELLS), grouped(records));
                refuse(
                    "columns",
                    format!(
                        "A PDF has room for {most} values, and {records} records with {columns} columns are more. Choose fewer columns, or CSV or Excel."
                    ),
                )
            }
            Self::Csv | Self::Xlsx | Self::Pdf => None,
        }
    }
}

/// Asks for a file with the records named by `ids`, or with everything that `query` shows, in its order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "validate", derive(validator::Validate))]
#[serde(deny_unknown_fields)]
pub struct StartExport {
    /// The form of the file.
    pub format: ExportFormat,
    /// Keys of the columns, in their order; all if empty (in a PDF without the id, and without those that are empty in
    /// every record).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "validate", validate(length(max = 500)))]
    pub columns: Vec<String>,
    /// The records, at most 10,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "validate", validate(length(max = 10_000)))]
    pub ids: Option<Vec<Uuid>>,
    /// What the list shows, instead of ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<ListScope>,
    /// What a PDF is headed with, such as the name of a saved view, at most 60 characters; the name of the record type
    /// if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl StartExport {
    /// Checks what can be known before any record is looked at.
    pub fn check(&self, schema: Schema) -> Vec<FieldError> {
        let mut errors = scope::check(schema, self.ids.as_deref(), self.query.as_ref());
        let named = self.ids.as_ref().and_then(|ids| u64::try_from(ids.len()).ok());
        errors.extend(named.and_then(|named| self.format.refuses(named, self.columns.len())));
        let title = self.title.as_ref().map(|title| check_name("title", "The title", title, NAME_MAX));
        errors.extend(title.and_then(Result::err));
        let known = columns(schema);
        for (at, key) in self.columns.iter().enumerate() {
            if !known.iter().any(|column| column.key == *key) {
                let shown: String = key.chars().take(60).collect();
                let sentence = format!("There is no column called {shown} here.");
                errors.push(FieldError::new(&format!("columns/{at}"), "unknown_field", sentence));
            } else if self.columns.iter().take(at).any(|earlier| earlier == key) {
                errors.push(FieldError::new(&format!("columns/{at}"), "duplicate", "Name each column once."));
            }
        }
        errors
    }

    /// The columns of the file.
    pub fn chosen(&self, schema: Schema) -> Vec<Column> {
        let known = columns(schema);
        if self.columns.is_empty() {
            return known;
        }
        self.columns.iter().filter_map(|key| known.iter().find(|column| column.key == *key).cloned()).collect()
    }
}

/// A column that an export can have.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its key: the field's name, of an address with its part after a point.
    pub key: String,
    /// Its header, by which imports recognise it.
    pub label: String,
    /// The field; none for the id.
    pub field: Option<&'static Field>,
    /// The part of an address.
    pub part: Option<&'static str>,
}

/// Everything that an export can have as columns, in the order of forms; the id comes last.
pub fn columns(schema: Schema) -> Vec<Column> {
    let mut out = Vec::new();
    for field in schema.fields() {
        let whole =
            |part| Column { key: field.name.to_owned(), label: field.label.to_owned(), field: Some(field), part };
        match field.kind {
            Kind::Address => out.extend(Address::FIELDS.iter().map(|part| Column {
                key: format!("{}.{part}", field.name),
                label: format!("{}: {part}", field.label),
                ..whole(Some(*part))
            })),
            _ => out.push(whole(None)),
        }
    }
    out.push(Column { key: "id".to_owned(), label: "ID".to_owned(), field: None, part: None });
    out
}

/// An export as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportJob {
    /// Id.
    pub id: Uuid,
    /// What its rows are.
    pub record: RecordType,
    /// The form of the file.
    pub format: ExportFormat,
    /// Name of the file.
    pub file_name: String,
    /// How far it is.
    pub status: WorkStatus,
    /// How many records there are; 0 until they are counted.
    pub total: i32,
    /// How many are written.
    pub processed: i32,
    /// Size of the file in bytes, once it is there.
    pub size: Option<i64>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Until when the file can be downloaded.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the file can be downloaded now.
    pub can_download: bool,
}

impl ExportJob {
    /// How far it is, in percent.
    pub fn percent(&self) -> i32 {
        percent(self.processed, self.total, self.status.is_finished())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::target::{Part, Target, targets};

    /// EXPORT-02: every field is a column once, and what imports can take stands under the key that they know.
    #[test]
    fn columns_of_the_record_types() {
        for record in RecordType::ALL {
            let columns = columns(record.standard());
            let mut keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
            let same = |t: &&Target| matches!(t.part, Part::Whole | Part::Address(_));
            for target in targets(record.standard()).iter().filter(same) {
                let column = columns.iter().find(|column| column.key == target.key);
                assert_eq!(column.map(|column| &column.label), Some(&target.label), "{record}: {}", target.key);
            }
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{record}");
            assert!(record.standard().fields().all(|f| columns.iter().any(|c| c.key.starts_with(f.name))), "{record}");
        }
    }

    /// EXPORT-02: unknown columns, and one named twice, are refused at their place.
    #[test]
    fn wrong_columns() {
        let columns = ["name", "wings", "name"].map(str::to_owned).to_vec();
        let input = StartExport {
            format: ExportFormat::Csv,
            columns,
            ids: None,
            query: Some(ListScope::default()),
            title: None,
        };
        let errors = input.check(RecordType::Company.standard());
        let found: Vec<_> = errors.iter().map(|e| (e.path.as_str(), e.code.as_str())).collect();
        assert_eq!(found, [("/columns/1", "unknown_field"), ("/columns/2", "duplicate")]);
    }

    /// EXPORT-03: only a PDF has a limit.
    #[test]
    fn how_many() {
        assert_eq!((ExportFormat::Pdf.refuses(PDF_ROWS, 0), ExportFormat::Pdf.refuses(PDF_ROWS, 50)), (None, None));
        let refused = ExportFormat::Pdf.refuses(PDF_ROWS + 345, 1).unwrap();
        assert_eq!((refused.path.as_str(), refused.code.as_str()), ("/format", "too_many"));
        assert!(refused.message.contains("2,000 records, and these are 2,345"), "{}", refused.message);
        let refused = ExportFormat::Pdf.refuses(PDF_ROWS, 51).unwrap();
        assert_eq!((refused.path.as_str(), refused.code.as_str()), ("/columns", "too_many"));
        assert_eq!((ExportFormat::Csv.refuses(u64::MAX, 9), ExportFormat::Xlsx.refuses(u64::MAX, 9)), (None, None));
    }
}
