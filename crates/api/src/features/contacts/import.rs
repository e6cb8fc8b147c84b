//! Contacts: found by email address, then by phone number.

use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::features::companies::import as companies;
use crate::features::import::run::Import;
use crate::features::import::run::item::{Existing, Importable, Item};
use crate::features::import::run::matching::{Hit, distinct, find};
use crate::features::import::run::tally::Tally;
use crate::records::bulk::{Bulk, New};
use crate::records::phone;
use domain::catalog::RecordType;
use domain::contacts::{Contact, full_name};
use domain::draft::Draft;
use domain::events::NewEvent;
use domain::import::plan::ImportMode;
use domain::import::row::Key;
use domain::import::{Row, norm};
use domain::value::Value;
use serde_json::{Value as Json, json};
use std::collections::HashMap;

const BY_EMAIL: &str = "SELECT email_norm, id, name, email_norm, false FROM contacts \
     WHERE org_id = $1 AND deleted_at IS NULL AND email_norm = ANY($2)";
/// One branch per column: each has an index of its own.
const BY_PHONE: &str = "SELECT phone, id, name, email_norm, false FROM (\
     SELECT phone_e164 AS phone, id, name, email_norm, created_at FROM contacts \
       WHERE org_id = $1 AND deleted_at IS NULL AND phone_e164 = ANY($2) UNION ALL \
     SELECT mobile_phone_e164, id, name, email_norm, created_at FROM contacts \
       WHERE org_id = $1 AND deleted_at IS NULL AND mobile_phone_e164 = ANY($2) UNION ALL \
     SELECT work_phone_e164, id, name, email_norm, created_at FROM contacts \
       WHERE org_id = $1 AND deleted_at IS NULL AND work_phone_e164 = ANY($2)) found ORDER BY created_at, id";

impl Bulk for Contact {
    fn title_of(draft: &Draft) -> String {
        let text = |name: &str| draft.get(name).and_then(Value::as_text).unwrap_or_default();
        full_name(text("first_name"), text("last_name"))
    }

    /// COMPANY-19: a link is told on the timelines of both.
    fn events_new(row: &New, title: &str) -> Vec<NewEvent> {
        let linked = row.related.iter().map(|(record, id, name)| {
            NewEvent::record(RecordType::Contact, "company_linked", row.id, title)
                .version(1)
                .related(*record, *id, name)
                .details(json!({"company": name, "company_id": id}))
        });
        linked.collect()
    }
}

impl Importable for Contact {
    async fn existing(tx: &TenantTx, import: &Import<'_>, rows: &[&Row]) -> ApiResult<Vec<Option<Existing>>> {
        let region = &import.plan.options.phone_region;
        let keys: Vec<Vec<Key>> = rows.iter().map(|row| keys(row, region)).collect();
        let emails = keys.iter().flatten().filter_map(|k| if let Key::Email(e) = k { Some(e.clone()) } else { None });
        let phones = keys.iter().flatten().filter_map(|k| if let Key::Phone(p) = k { Some(p.clone()) } else { None });
        let by_email = find(tx, BY_EMAIL, distinct(emails)).await?;
        let by_phone = find(tx, BY_PHONE, distinct(phones)).await?;
        let found = |row: &Row, keys: &[Key]| {
            keys.iter().find_map(|key| match key {
                Key::Email(email) => by_email.get(email),
                Key::Phone(phone) => by_phone.get(phone).filter(|hit| same_person(row, hit)),
                Key::Domain(_) | Key::Name(_) | Key::Number(_) => None,
            })
        };
        let hits = rows.iter().zip(&keys).map(|(row, keys)| found(row, keys));
        Ok(hits.map(|hit| hit.map(|h| Existing { id: h.id, archived: false })).collect())
    }

    fn fit(row: &mut Row, current: &Self, mode: ImportMode) {
        companies::keep_link(row, current.company_id, mode);
        // The contact was made with its last name as the first one, and has no other.
        let stands_first = row.input.get("last_name").and_then(Json::as_str) == Some(current.first_name.as_str());
        if stands_first && current.last_name.is_empty() && !row.input.contains_key("first_name") {
            row.input.remove("last_name");
        }
    }

    async fn link(tx: &TenantTx, import: &Import<'_>, items: &mut [&mut Item], tally: &mut Tally) -> ApiResult<()> {
        companies::link(tx, import, items, tally).await
    }
}

/// The keys with phone numbers in the form in which they are compared.
fn keys(row: &Row, region: &str) -> Vec<Key> {
    let keys = row.keys(RecordType::Contact).into_iter();
    keys.filter_map(|key| match key {
        Key::Phone(text) => phone::parse(&text, region).map(|p| Key::Phone(p.e164)),
        other => Some(other),
    })
    .collect()
}

/// Colleagues share numbers: with another address *and* another name it is somebody else.
fn same_person(row: &Row, hit: &Hit) -> bool {
    let text = |name: &str| row.input.get(name).and_then(Json::as_str).unwrap_or_default();
    let email = text("email").to_lowercase();
    let other_address = !email.is_empty() && hit.other_key.as_ref().is_some_and(|known| *known != email);
    let name = full_name(text("first_name"), text("last_name"));
    !other_address || norm(&name) == norm(&hit.name)
}

/// The exact name, else the name as search compares it.
const BY_CONTACT_NAME: &str = "SELECT raw, id, name, email_norm, false FROM (\
     SELECT c.name AS raw, c.id, c.name, c.email_norm, 0 AS tier, c.created_at FROM contacts c \
       WHERE c.org_id = $1 AND c.deleted_at IS NULL AND c.name = ANY($2) UNION ALL \
     SELECT n.raw, c.id, c.name, c.email_norm, 1, c.created_at FROM unnest($2) AS n (raw) \
       JOIN search_documents d ON d.org_id = $1 AND d.entity_type = 'contact' AND d.title_norm = norm_text(n.raw) \
       JOIN contacts c ON c.org_id = $1 AND c.id = d.entity_id AND c.deleted_at IS NULL) found \
     ORDER BY tier, created_at, id";

/// Contacts that deals name, by address or by name.
///
/// # Errors
/// The database cannot be reached.
pub(crate) async fn named(tx: &TenantTx, texts: Vec<String>) -> ApiResult<HashMap<String, Hit>> {
    let (emails, names): (Vec<String>, Vec<String>) = texts.into_iter().partition(|text| text.contains('@'));
    let emails = distinct(emails.into_iter().map(|e| e.to_lowercase()));
    let mut found = find(tx, BY_EMAIL, emails).await?;
    found.extend(find(tx, BY_CONTACT_NAME, distinct(names.into_iter())).await?);
    Ok(found)
}
