//! The audit log as a file (EXPORT-05).

use crate::error::ApiResult;
use crate::spreadsheet::{UTF8_MARK, csv_line};
use domain::audit::AuditEntry;
use serde_json::json;

const HEADERS: [&str; 11] = [
    "Time (UTC)",
    "Person",
    "Person id",
    "Action",
    "Description",
    "Target type",
    "Target id",
    "IP address",
    "User agent",
    "Request id",
    "Details",
];

/// The beginning of the file.
///
/// # Errors
/// None that a buffer in memory can have.
pub fn head() -> ApiResult<Vec<u8>> {
    let mut out = UTF8_MARK.as_bytes().to_vec();
    csv_line(&mut out, HEADERS.into_iter())?;
    Ok(out)
}

/// Adds an entry.
///
/// # Errors
/// None that a buffer in memory can have.
pub fn line(out: &mut Vec<u8>, entry: &AuditEntry) -> ApiResult<()> {
    let time = entry.created_at.format("%Y-%m-%d %H:%M:%S").to_string();
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let (actor, target) = (id(entry.actor_id), id(entry.target_id));
    let details = if entry.details == json!({}) { String::new() } else { entry.details.to_string() };
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (target_type, ip, agent, request) =
        (text(&entry.target_type), text(&entry.ip), text(&entry.user_agent), text(&entry.request_id));
    let person = entry.actor_name.as_deref().unwrap_or(if entry.actor_id.is_none() { "Rapport" } else { "" });
    let cells = [
        time.as_str(),
        person,
        &actor,
        entry.action.as_str(),
        &entry.description,
        &target_type,
        &target,
        &ip,
        &agent,
        &request,
        &details,
    ];
    csv_line(out, cells.into_iter())
}
