//! What travels over the WebSocket: not data but what changed, so that authorization stays with the API.

use crate::catalog::RecordType;
use crate::permission::Permission;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message from the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LiveMessage {
    /// The connection stands. `position` is where to resume from.
    Hello {
        /// Position in the organization's stream of changes.
        position: String,
    },
    /// Something changed.
    Changed {
        /// Position in the organization's stream of changes: pass it as `since` after a broken connection.
        position: String,
        /// Name of the event: `deal.moved`.
        event: String,
        /// Type of the record or thing: `deal`, `pipeline`, `import`, `member`.
        entity: String,
        /// Its id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Uuid>,
        /// Its version after the change, where it has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<i32>,
        /// Who did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        actor: Option<Uuid>,
    },
    /// Too much was missed to tell it all: fetch again what is shown.
    Resync {
        /// Position to resume from.
        position: String,
    },
    /// The session or the membership has ended; the server closes the connection.
    Ended,
}

/// The permission that learning of changes of this kind of thing needs (REALTIME-06); `None`: nobody is told.
pub fn permission(entity: &str) -> Option<Permission> {
    if let Some(record) = RecordType::parse(entity) {
        return Some(record.permissions().view);
    }
    match entity {
        "pipeline" | "stage" => Some(Permission::PipelineView),
        "tag" => Some(Permission::TagView),
        "field" => Some(Permission::OrgView),
        "member" => Some(Permission::MemberView),
        "organization" => Some(Permission::OrgView),
        "import" => Some(Permission::ImportRun),
        "bulk" => Some(Permission::BulkRun),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::{Access, Role};

    /// REALTIME-06: a viewer hears of records and members, not of imports and invitations; unknown things stay quiet.
    #[test]
    fn roles_hear_what_they_may_view() {
        let hears = |role, entity| permission(entity).is_some_and(|p| p.access(role) != Access::No);
        assert!(hears(Role::Viewer, "deal") && hears(Role::Viewer, "member") && hears(Role::Viewer, "stage"));
        assert!(!hears(Role::Viewer, "import") && !hears(Role::Owner, "secret"));
        assert!(hears(Role::Manager, "import"));
    }

    /// REALTIME-06: messages carry ids and versions only, never a record's fields.
    #[test]
    fn messages_carry_no_data() {
        let message = LiveMessage::Changed {
            position: "1-0".into(),
            event: "deal.moved".into(),
            entity: "deal".into(),
            id: Some(Uuid::nil()),
            version: Some(3),
            actor: None,
        };
        let json = serde_json::to_value(&message).unwrap();
        let mut keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["entity", "event", "id", "kind", "position", "version"]);
        assert_eq!(serde_json::from_value::<LiveMessage>(json).unwrap(), message);
    }
}
