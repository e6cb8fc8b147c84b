//! The addresses of records and their lists.

use domain::catalog::RecordType;
use std::sync::LazyLock;
use uuid::Uuid;

/// Name and address of the list of a record type.
pub fn list_page(record: RecordType) -> (&'static str, &'static str) {
    static PATHS: LazyLock<Vec<(RecordType, String)>> =
        LazyLock::new(|| RecordType::ALL.iter().map(|record| (*record, format!("/{}", record.spec().table))).collect());
    let path = PATHS.iter().find(|(of, _)| *of == record);
    (record.spec().label_plural, path.map_or("/", |(_, path)| path))
}

/// The address of a record's page.
pub fn href(record: RecordType, id: Uuid) -> String {
    format!("/{}/{id}", record.spec().table)
}
