//! The organization's own fields: their definitions, and their values on every way in and out.

mod definitions;
mod elsewhere;
mod lists;
mod values;

use crate::support::Member;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Defines a field and returns its definition.
async fn define(member: &Member, entity: &str, name: &str, kind: &str, more: Json) -> Json {
    let mut body = json!({"entity": entity, "name": name, "type": kind});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    member.post("/field-definitions", &body).await.expect(201).json()
}

fn path(field: &Json) -> String {
    format!("/field-definitions/{}", field["id"].as_str().unwrap())
}

fn options(labels: &[&str]) -> Json {
    json!({"options": labels.iter().map(|label| json!({"label": label})).collect::<Vec<_>>()})
}

async fn company(member: &Member, name: &str, own: Json) -> Uuid {
    member.post("/companies", &json!({"name": name, "custom_fields": own})).await.expect(201).id()
}

async fn own(member: &Member, id: Uuid) -> Json {
    member.get(&format!("/companies/{id}")).await.expect(200).json()["custom_fields"].clone()
}
