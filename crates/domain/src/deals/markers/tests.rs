use super::super::sample::deal;
use super::*;
use serde_json::json;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn marks(settings: &OrgSettings, changes: serde_json::Value) -> Markers {
    Markers::of(&deal(changes), settings, day("2026-11-21"))
}

/// PIPELINE-10: an open deal is hot from the probability that the organization chose; one that ended never is.
#[test]
fn hot() {
    let settings = OrgSettings::default();
    assert!(!marks(&settings, json!({"probability": 74})).hot);
    assert!(marks(&settings, json!({"probability": 75})).hot);
    for ended in ["won", "lost", "abandoned"] {
        assert!(!marks(&settings, json!({"probability": 100, "status": ended})).hot, "{ended}");
    }
    let keen = OrgSettings { hot_probability: Some(10), ..OrgSettings::default() };
    assert!(marks(&keen, json!({"probability": 10})).hot);
    let off = OrgSettings { hot_probability: None, ..OrgSettings::default() };
    assert!(!marks(&off, json!({"probability": 100})).hot);
}

/// PIPELINE-10: the day on which a deal should close is not too late, the next one is, unless it has ended.
#[test]
fn overdue() {
    let settings = OrgSettings::default();
    for (expected, status, overdue) in [
        (json!("2026-11-20"), "open", true),
        (json!("2026-11-21"), "open", false),
        (json!(null), "open", false),
        (json!("2026-11-20"), "won", false),
    ] {
        let changes = json!({"expected_close_date": expected, "status": status});
        assert_eq!(marks(&settings, changes).overdue, overdue, "{expected} {status}");
    }
}

/// PIPELINE-10: high is what the organization says, in its currency; amounts in another one are not compared.
#[test]
fn high_value() {
    assert!(!marks(&OrgSettings::default(), json!({"amount_minor": i64::MAX})).high_value);
    let settings = OrgSettings { high_value_minor: Some(50_000), ..OrgSettings::default() };
    assert!(!marks(&settings, json!({"amount_minor": 49_999})).high_value);
    assert!(marks(&settings, json!({"amount_minor": 50_000})).high_value);
    assert!(marks(&settings, json!({"amount_minor": 50_000, "status": "won"})).high_value);
    assert!(!marks(&settings, json!({"amount_minor": 50_000, "currency": "JPY"})).high_value);
}
