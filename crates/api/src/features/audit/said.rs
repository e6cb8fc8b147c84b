//! Entries as sentences.

use domain::audit::AuditAction;
use domain::catalog::RecordType;
use domain::permission::Role;
use serde_json::Value as Json;

/// What was done, without who did it. `target` is what a person it was done to is called.
pub fn said(action: AuditAction, target: &str, details: &Json) -> String {
    let text = |name: &str| details[name].as_str().unwrap_or_default();
    let role = |name: &str| Role::parse(text(name)).map(Role::label).unwrap_or_default();
    match action {
        AuditAction::Login => "signed in".to_owned(),
        AuditAction::Logout => "signed out".to_owned(),
        AuditAction::UserCreated => "made an account".to_owned(),
        AuditAction::MemberJoined => format!("joined as {}", role("role")),
        AuditAction::RoleChanged => format!("changed the role of {target} from {} to {}", role("from"), role("to")),
        AuditAction::MemberRemoved => format!("removed {target} ({})", role("role")),
        AuditAction::InvitationCreated => format!("invited {} as {}", text("email"), role("role")),
        AuditAction::InvitationRenewed => format!("renewed the invitation of {}", text("email")),
        AuditAction::InvitationRevoked => format!("took back the invitation of {}", text("email")),
        AuditAction::OrganizationCreated => "made the organization".to_owned(),
        AuditAction::OrganizationUpdated => format!("changed the organization: {}", changed(&details["changes"])),
        AuditAction::BulkDelete => format!("deleted {} for good", records(details)),
    }
}

/// The names of changed settings: "name, time zone".
fn changed(changes: &Json) -> String {
    let names = changes.as_array().into_iter().flatten().filter_map(|change| change["field"].as_str());
    let words = names.map(|name| if name == "timezone" { "time zone".to_owned() } else { name.replace('_', " ") });
    words.collect::<Vec<_>>().join(", ")
}

/// "1 contact", "120 companies".
fn records(details: &Json) -> String {
    let count = details["count"].as_u64().unwrap_or_default();
    let record = RecordType::ALL.iter().find(|record| details["entity"] == record.spec().table);
    let (one, many) = record.map_or(("record", "records"), |record| (record.spec().label, record.spec().label_plural));
    format!("{count} {}", if count == 1 { one } else { many }.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// AUDIT-04: each kind of entry is a sentence with its particulars.
    #[test]
    fn entries_are_sentences() {
        let changes = json!({"changes": [{"field": "name"}, {"field": "timezone"}, {"field": "date_format"}]});
        for (action, details, sentence) in [
            (AuditAction::Login, Json::Null, "signed in"),
            (AuditAction::MemberJoined, json!({"role": "viewer"}), "joined as Viewer"),
            (
                AuditAction::RoleChanged,
                json!({"from": "member", "to": "manager"}),
                "changed the role of Ines from Member to Manager",
            ),
            (AuditAction::MemberRemoved, json!({"role": "admin"}), "removed Ines (Admin)"),
            (
                AuditAction::InvitationCreated,
                json!({"email": "a@b.example", "role": "member"}),
                "invited a@b.example as Member",
            ),
            (AuditAction::OrganizationUpdated, changes, "changed the organization: name, time zone, date format"),
            (AuditAction::BulkDelete, json!({"entity": "companies", "count": 1}), "deleted 1 company for good"),
            (AuditAction::BulkDelete, json!({"entity": "contacts", "count": 120}), "deleted 120 contacts for good"),
        ] {
            assert_eq!(said(action, "Ines", &details), sentence);
        }
    }
}
