//! Requests nobody thought of.

use super::values::texts;
use super::{AT_ONCE, Findings, Operation, target};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reqwest::Method;
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// For how long random requests are sent.
const BUDGET: Duration = Duration::from_secs(8);

/// Texts with some chance of being right somewhere.
fn plausible() -> Vec<String> {
    let mut texts: Vec<String> = [
        "companies",
        "contact",
        "deal",
        "open",
        "won",
        "name",
        "-created_at,name",
        "2026-11-21",
        "today",
        "USD",
        "mdy",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push(Uuid::now_v7().to_string());
    texts.push(json!({"field": "name", "op": "contains", "value": "x"}).to_string());
    texts.push(
        json!({"and": [{"field": "created_at", "op": "within", "value": {"last": 3, "unit": "day"}}]}).to_string(),
    );
    texts
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(plausible()),
        2 => prop::sample::select(texts().into_iter().filter(|text| text.len() < 1_000).collect::<Vec<_>>()),
        2 => "\\PC{0,30}",
        1 => prop::collection::vec(any::<char>(), 0..20).prop_map(|chars| chars.into_iter().collect()),
        1 => any::<i64>().prop_map(|n| n.to_string()),
    ]
}

/// Any JSON, up to three deep, whose members are often called like members of the API.
fn any_json(names: Vec<String>) -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-3_i64..120).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any_text().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let name = prop_oneof![3 => prop::sample::select(names.clone()), 1 => any_text()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// PLATFORM-13, SECURITY-01: random bodies, parameters and paths, from a seed that a failure tells and `FUZZ_SEED`
/// repeats.
#[actix_web::test]
async fn random_requests() {
    let target = target().await;
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::try_from(Uuid::now_v7().as_u128() & u128::from(u64::MAX)).unwrap());
    eprintln!("FUZZ_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    // What ends the session, changes its organization or deletes what the others ask for, has its place above.
    let usable: Vec<&Operation> = target
        .operations
        .iter()
        .filter(|o| {
            !o.signs_out() && o.method != Method::DELETE && !["/orgs", "/auth/organization"].contains(&o.path.as_str())
        })
        .collect();
    let mut names: Vec<String> = usable.iter().flat_map(|o| o.members.clone().unwrap_or_default()).collect();
    names.extend(["and", "or", "field", "op", "value", "matches", "to", "columns"].map(str::to_owned));
    names.sort();
    names.dedup();
    let (json, text) = (any_json(names).boxed(), any_text().boxed());
    let findings = Findings::default();
    let end = Instant::now() + BUDGET;
    while Instant::now() < end {
        let mut requests = Vec::new();
        for _ in 0..4 * AT_ONCE {
            let operation = usable[draw(&mut runner, &(0..usable.len()).boxed())];
            let percent = (0_u32..100).boxed();
            let mut address = operation.target.clone();
            if operation.path.contains('{') && draw(&mut runner, &percent) < 15 {
                let encoded: String =
                    url::form_urlencoded::byte_serialize(draw(&mut runner, &text).as_bytes()).collect();
                let parts = operation.path.split('/').map(|part| if part.starts_with('{') { &encoded } else { part });
                address = parts.collect::<Vec<_>>().join("/");
            }
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for name in &operation.params {
                if draw(&mut runner, &percent) < 12 {
                    query.append_pair(name, &draw(&mut runner, &text));
                }
            }
            let query = query.finish();
            let address = if query.is_empty() { address } else { format!("{address}?{query}") };
            let mut request = target.request(operation, &address).await;
            let mut shown = format!("FUZZ_SEED={seed}: {} {address}", operation.method);
            if let Some(members) = &operation.members {
                let mut body = serde_json::Map::new();
                for member in members {
                    if draw(&mut runner, &percent) < 30 {
                        body.insert(member.clone(), draw(&mut runner, &json));
                    }
                }
                let body = Json::from(body);
                shown = format!("{shown} {body}");
                request = request.json(&body);
            }
            requests.push((shown, request));
        }
        findings.look_at(requests).await;
    }
    findings.conclude(300);
}

fn draw<T: std::fmt::Debug>(runner: &mut TestRunner, from: &BoxedStrategy<T>) -> T {
    from.new_tree(runner).unwrap().current()
}
