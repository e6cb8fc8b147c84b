//! Values as people read them, by the kind of their field.

use super::href::href;
use super::lookup::Lookup;
use crate::api::Row;
use crate::api::records::typed;
use crate::api::row::name_beside;
use crate::data::colors::stage_hue;
use crate::ui::{Badge, Dot, Hue, Person, RelativeTime, Tag, Tone, format, passing};
use chrono::{DateTime, NaiveDate, Utc};
use domain::catalog::{Field, Kind, RecordRef, Uses};
use domain::deals::DealProduct;
use domain::records::Address;
use leptos::prelude::*;
use serde_json::Value as Json;
use uuid::Uuid;

/// What is shown where there is nothing.
pub const NOTHING: &str = "–";

/// Whether there is something to show.
pub fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.values().all(is_blank),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// The day in a value.
pub fn day(json: &Json) -> Option<NaiveDate> {
    json.as_str()?.parse().ok()
}

/// The instant in a value.
pub fn instant(json: &Json) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(json.as_str()?).ok().map(|at| at.with_timezone(&Utc))
}

/// The id in a value.
pub fn id(json: &Json) -> Option<Uuid> {
    json.as_str().and_then(|text| Uuid::try_parse(text).ok())
}

/// The texts in a list value.
pub fn texts(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

/// The lines of a deal.
pub fn lines(json: &Json) -> Vec<DealProduct> {
    typed(json).unwrap_or_default()
}

/// A postal address on one line.
pub fn address_line(json: &Json) -> String {
    let parts = Address::FIELDS.iter().filter_map(|part| json.get(part)?.as_str()).filter(|text| !text.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// What a record holds in a field, as plain text.
pub fn of(row: &Row, field: &Field, lookup: Lookup) -> String {
    text(field, row.get(field.name), row.currency(), row.text(&name_beside(field)), lookup)
}

/// The value as plain text. `currency` is the record's. References show `name`, if it is known.
pub fn text(field: &Field, json: &Json, currency: &str, name: Option<&str>, lookup: Lookup) -> String {
    if is_blank(json) {
        return NOTHING.to_owned();
    }
    let plain = || json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let named = |found: Option<String>| found.filter(|n| !n.is_empty()).or_else(|| name.map(str::to_owned));
    match field.kind {
        Kind::Money { .. } => json.as_i64().map_or_else(plain, |minor| amount(minor, currency)),
        Kind::Integer { .. } if field.name == "probability" => format!("{plain}%", plain = plain()),
        Kind::Integer { .. } => json.as_i64().map_or_else(plain, format::integer),
        Kind::Number => json.as_f64().map_or_else(plain, format::decimal),
        Kind::Date => day(json).map_or_else(plain, format::date),
        Kind::DateTime => instant(json).map_or_else(plain, format::date_time),
        Kind::Boolean => if json.as_bool() == Some(true) { "Yes" } else { "No" }.to_owned(),
        Kind::Select(_) => json.as_str().map_or_else(plain, |value| field.label_of(value).to_owned()),
        Kind::MultiSelect(_) => labels(field, json).join(", "),
        Kind::User => named(id(json).map(|id| lookup.member(id))).unwrap_or_else(|| "Former member".to_owned()),
        Kind::Users => {
            let names = texts(json).into_iter().filter_map(|text| Uuid::try_parse(&text).ok());
            names.map(|id| lookup.member(id)).collect::<Vec<_>>().join(", ")
        }
        Kind::Record(record) => named(None).unwrap_or_else(|| format!("A {}", record.label().to_lowercase())),
        Kind::Pipeline => {
            named(id(json).and_then(|id| lookup.pipeline(id)).map(|p| p.name)).unwrap_or_else(|| "Deleted".to_owned())
        }
        Kind::Stage => {
            named(id(json).and_then(|id| lookup.stage(id)).map(|s| s.name)).unwrap_or_else(|| "Deleted".to_owned())
        }
        Kind::Tags | Kind::Names => texts(json).join(", "),
        Kind::Address => address_line(json),
        Kind::Object => object_line(json),
        Kind::LineItems => {
            let lines = lines(json);
            lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>().join(", ")
        }
        Kind::Text { .. }
        | Kind::LongText
        | Kind::Email
        | Kind::Phone
        | Kind::Url
        | Kind::Currency
        | Kind::TimeZone => plain(),
    }
}

/// The labels of the options in a list value.
fn labels(field: &Field, json: &Json) -> Vec<String> {
    texts(json).iter().map(|value| field.label_of(value).to_owned()).collect()
}

/// An amount; without decimals where they would be zeros.
pub fn amount(minor: i64, currency: &str) -> String {
    let unit = 10_i64.checked_pow(domain::money::minor_digits(currency)).unwrap_or(1);
    if minor % unit == 0 { format::money_round(minor, currency) } else { format::money(minor, currency) }
}

fn object_line(json: &Json) -> String {
    let parts = json.as_object().into_iter().flatten().filter(|(_, value)| !is_blank(value));
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    parts.map(|(name, value)| format!("{name}: {}", text(value))).collect::<Vec<_>>().join(", ")
}

/// What an option means, where it means something.
pub fn tone(value: &str) -> Tone {
    match value {
        "active" | "won" | "customer" => Tone::Success,
        "open" | "prospect" => Tone::Info,
        "lost" | "bounced" | "churned" => Tone::Danger,
        "lead" => Tone::Accent,
        _ => Tone::Neutral,
    }
}

/// The value of a field of a row: in table cells and, where it cannot be edited, on record pages.
pub fn view(field: &'static Field, row: &Row, lookup: Lookup) -> AnyView {
    let json = row.get(field.name);
    if is_blank(json) {
        return ().into_any();
    }
    let as_text = {
        let (json, currency) = (json.clone(), row.currency().to_owned());
        move || text(field, &json, &currency, None, lookup)
    };
    match field.kind {
        Kind::Select(_) => {
            // What an organization's own options mean nobody can tell from their values.
            let own = field.uses.has(Uses::CUSTOM);
            let tone = if own { Tone::Neutral } else { tone(json.as_str().unwrap_or_default()) };
            view! { <Badge tone=tone>{as_text()}</Badge> }.into_any()
        }
        Kind::MultiSelect(_) => {
            let badges = labels(field, json).into_iter().map(|label| view! { <Badge>{label}</Badge> });
            view! { <span class="rec-many">{badges.collect_view()}</span> }.into_any()
        }
        Kind::User => id(json).map(|id| member(id, lookup)).into_any(),
        Kind::Users => {
            let ids = texts(json).into_iter().filter_map(|text| Uuid::try_parse(&text).ok());
            let people: Vec<AnyView> = ids.map(|id| member(id, lookup)).collect();
            view! { <span class="rec-many">{people}</span> }.into_any()
        }
        Kind::Record(record) => row.reference(field).map(|target| link(record, &target)).into_any(),
        Kind::Stage => {
            let name = row.text("stage_name").map(str::to_owned);
            id(json).map(|id| stage(id, name, lookup)).into_any()
        }
        Kind::Tags => tag_list(texts(json), lookup),
        Kind::DateTime => instant(json).map(|at| view! { <RelativeTime at=at /> }).into_any(),
        Kind::Date => day(json)
            .map(|day| view! { <time data-tip=format::date(day)>{format::relative_day(day)}</time> })
            .into_any(),
        Kind::Email => outward(format!("mailto:{}", plain(json)), plain(json), false),
        Kind::Phone => outward(tel(&plain(json)), plain(json), false),
        Kind::Url => outward(plain(json), short_url(&plain(json)), true),
        Kind::Pipeline => {
            let name = passing(move |_| as_text());
            view! { <span>{move || name.get()}</span> }.into_any()
        }
        Kind::LineItems => crate::features::deals::products::table(&lines(json), row.currency()),
        _ => view! { <span class="vt-text" dir="auto">{as_text()}</span> }.into_any(),
    }
}

fn plain(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

/// A web address without what every web address has.
pub fn short_url(url: &str) -> String {
    let bare = url.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

/// The address that calls a phone number.
pub fn tel(phone: &str) -> String {
    format!("tel:{}", phone.replace(' ', ""))
}

/// A link that leaves the app.
pub fn outward(href: String, label: String, new_tab: bool) -> AnyView {
    view! {
        <a class="rec-link vt-text" href=href rel=new_tab.then_some("noopener noreferrer")
            target=new_tab.then_some("_blank") on:click=|ev| ev.stop_propagation()>{label}</a>
    }
    .into_any()
}

/// A link to another record.
pub fn link(record: domain::catalog::RecordType, target: &RecordRef) -> AnyView {
    let name = if target.name.is_empty() { record.label().to_owned() } else { target.name.clone() };
    view! {
        <a class="rec-link vt-text" href=href(record, target.id) on:click=|ev| ev.stop_propagation()>{name}</a>
    }
    .into_any()
}

/// A member with their avatar.
pub fn member(id: Uuid, lookup: Lookup) -> AnyView {
    let name = passing(move |_| lookup.member(id));
    view! {
        {move || {
            let name = name.get();
            (!name.is_empty()).then(|| view! { <Person name=name seed=id.to_string() /> })
        }}
    }
    .into_any()
}

/// A stage with its dot. `name` is shown until the pipelines are there.
pub fn stage(id: Uuid, name: Option<String>, lookup: Lookup) -> AnyView {
    let known = passing(move |_| lookup.stage(id));
    view! {
        {move || {
            let stage = known.get();
            let color = stage.as_ref().map(|stage| stage.color.clone()).unwrap_or_default();
            let label = stage.map(|stage| stage.name).or_else(|| name.clone()).unwrap_or_default();
            view! { <span class="rec-stage"><StageDot color=color /><span class="vt-text">{label}</span></span> }
        }}
    }
    .into_any()
}

/// The dot of a stage, in its colour.
#[component]
pub fn StageDot(
    /// The colour, `#rrggbb`.
    #[prop(into)]
    color: String,
) -> impl IntoView {
    view! { <Dot hue=stage_hue(&color) /> }
}

/// Tags side by side.
pub fn tag_list(names: Vec<String>, lookup: Lookup) -> AnyView {
    let tags = names
        .into_iter()
        .map(|name| {
            let hue: Memo<Hue> = passing({
                let name = name.clone();
                move |_| lookup.hue(&name)
            });
            view! { {move || view! { <Tag label=name.clone() hue=hue.get() /> }} }
        })
        .collect_view();
    view! { <span class="rec-many">{tags}</span> }.into_any()
}
