use super::*;
use domain::draft::Mode;
use serde_json::json;

fn pipeline(number: u128, stages: &[(&str, bool, bool)]) -> Pipeline {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    let id = Uuid::from_u128(number);
    let stages = stages.iter().zip(0..).map(|((name, won, lost), position)| Stage {
        id: Uuid::from_u128(number * 100 + u128::try_from(position).unwrap()),
        pipeline_id: id,
        name: (*name).to_owned(),
        position,
        probability: position * 10,
        color: "#000000".to_owned(),
        is_closed_won: *won,
        is_closed_lost: *lost,
        days_in_stage: None,
        created_at: at,
        updated_at: at,
        version: 1,
    });
    Pipeline {
        id,
        name: format!("Pipeline {number}"),
        description: None,
        is_default: number == 1,
        is_active: number != 9,
        created_at: at,
        updated_at: at,
        version: 1,
        stages: stages.collect(),
    }
}

fn rules() -> Rules {
    let sales =
        pipeline(1, &[("New", false, false), ("Talks", false, false), ("Won", true, false), ("Lost", false, true)]);
    let plain = pipeline(2, &[("First", false, false), ("Last", false, false)]);
    let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    Rules { pipelines: vec![sales, plain, pipeline(9, &[("Old", false, false)])], now, today: now.date_naive() }
}

fn stage(number: u128) -> Option<Uuid> {
    Some(Uuid::from_u128(number))
}

fn deal(stage_number: Option<u128>, status: DealStatus) -> Deal {
    let mut json = json!({
        "id": Uuid::nil(), "deal_number": "D-1", "name": "Engine", "stage_order": "a", "days_in_stage": 0,
        "stage_entered_at": "2026-01-01T00:00:00Z", "status": status, "probability": 5, "amount_minor": 1_000,
        "currency": "USD", "discount_minor": 0, "tax_minor": 0, "total_minor": 1_000, "team_members": [],
        "competitors": [], "tags": [], "custom_fields": {}, "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "version": 1,
    });
    if status != DealStatus::Open {
        json["closed_date"] = json!("2026-02-02");
    }
    if let Some(number) = stage_number {
        json["stage_id"] = json!(Uuid::from_u128(number));
        json["pipeline_id"] = json!(Uuid::from_u128(number / 100));
    }
    serde_json::from_value(json).unwrap()
}

fn settle(current: Option<&Deal>, input: Json) -> Result<Draft, Vec<FieldError>> {
    let Json::Object(mut input) = input else { panic!("an object") };
    let mode = if current.is_some() { Mode::Update } else { Mode::Create };
    if current.is_none() {
        input.entry("name").or_insert(json!("Engine"));
    }
    rules().name_stage(&mut input, current).map_err(|error| vec![error])?;
    let mut draft = Draft::parse(domain::catalog::RecordType::Deal.standard(), mode, &input).unwrap();
    rules().settle(&mut draft, current, 0)?;
    Ok(draft)
}

/// Stage, status and closing date after a change.
fn after(current: Option<&Deal>, input: Json) -> (Option<Uuid>, String, Json) {
    let draft = settle(current, input.clone()).unwrap_or_else(|errors| panic!("{input}: {errors:?}"));
    let stage = draft.get("stage_id").and_then(Value::as_id).or(current.and_then(|c| c.stage_id));
    let status = draft.get("status").and_then(Value::as_text).unwrap_or_default().to_owned();
    let date = draft.get("closed_date").map_or_else(|| json!(current.and_then(|c| c.closed_date)), Value::to_json);
    (stage, status, date)
}

fn code(current: Option<&Deal>, input: Json) -> (String, String) {
    let errors = settle(current, input).unwrap_err();
    errors.first().map(|e| (e.field().to_owned(), e.code.clone())).unwrap()
}

/// DEAL-03, DEAL-07: default pipeline, first stage, the stage's probability.
#[test]
fn new_deals_begin_in_the_default_pipeline() {
    let draft = settle(None, json!({})).unwrap();
    assert_eq!(draft.get("pipeline_id").and_then(Value::as_id), stage(1));
    assert_eq!(draft.get("stage_id").and_then(Value::as_id), stage(100));
    let draft = settle(None, json!({"stage": "talks"})).unwrap();
    assert_eq!(draft.get("probability").and_then(Value::as_int), Some(10));
    let draft = settle(None, json!({"stage": "talks", "probability": 77})).unwrap();
    assert_eq!(draft.get("probability").and_then(Value::as_int), Some(77));
    assert_eq!(after(None, json!({"pipeline_id": Uuid::from_u128(2)})).0, stage(200));
    assert_eq!(after(None, json!({"stage_id": Uuid::from_u128(201)})).0, stage(201));
    let mut none = rules();
    none.pipelines.clear();
    let mut draft = Draft::parse(
        domain::catalog::RecordType::Deal.standard(),
        Mode::Create,
        &Map::from_iter([("name".into(), json!("x"))]),
    )
    .unwrap();
    assert_eq!(none.settle(&mut draft, None, 0).unwrap_err().first().unwrap().code, "no_pipeline");
}

/// DEAL-04: whatever way leads there, status and stage agree.
#[test]
fn stage_and_status_agree() {
    let today = json!("2026-11-18");
    let open = deal(Some(101), DealStatus::Open);
    let won = deal(Some(102), DealStatus::Won);
    assert_eq!(after(None, json!({"stage": "WON"})), (stage(102), "won".into(), today.clone()));
    assert_eq!(after(None, json!({"status": "lost"})), (stage(103), "lost".into(), today.clone()));
    assert_eq!(after(Some(&open), json!({"status": "won"})), (stage(102), "won".into(), today.clone()));
    assert_eq!(after(Some(&open), json!({"stage": "lost"})), (stage(103), "lost".into(), today.clone()));
    assert_eq!(after(Some(&open), json!({"status": "abandoned"})), (stage(101), "abandoned".into(), today.clone()));
    assert_eq!(after(Some(&won), json!({"stage": "new"})), (stage(100), "open".into(), Json::Null));
    assert_eq!(after(Some(&won), json!({"status": "open"})), (stage(101), "open".into(), Json::Null));
    assert_eq!(after(Some(&won), json!({"status": "lost"})), (stage(103), "lost".into(), today.clone()));
    assert_eq!(
        after(Some(&won), json!({"closed_date": "2026-03-03"})),
        (stage(102), "won".into(), json!("2026-03-03"))
    );
    assert_eq!(code(Some(&open), json!({"stage": "won", "status": "lost"})).1, "contradicts_stage");
    assert_eq!(code(Some(&open), json!({"stage": "new", "status": "won"})).1, "contradicts_stage");
    assert_eq!(code(Some(&won), json!({"status": "abandoned"})).1, "contradicts_stage");
    assert_eq!(code(Some(&open), json!({"closed_date": "2026-03-03"})).1, "not_closed");
}

/// DEAL-04: a pipeline without stages that close wins and loses deals where they stand.
#[test]
fn pipelines_without_closing_stages() {
    let open = deal(Some(201), DealStatus::Open);
    assert_eq!(after(Some(&open), json!({"status": "won"})).0, stage(201));
    let won = deal(Some(201), DealStatus::Won);
    assert_eq!(after(Some(&won), json!({"stage": "last"})).1, "won");
    assert_eq!(after(Some(&won), json!({"stage": "first"})).1, "open");
    assert_eq!(after(Some(&won), json!({"status": "open"})).0, stage(201));
}

/// DEAL-12: a stage of another pipeline is refused; another pipeline means its first stage.
#[test]
fn pipelines_and_their_stages() {
    let open = deal(Some(101), DealStatus::Open);
    assert_eq!(
        code(Some(&open), json!({"stage_id": Uuid::from_u128(200)})),
        ("stage_id".into(), "other_pipeline".into())
    );
    assert_eq!(after(Some(&open), json!({"pipeline_id": Uuid::from_u128(2)})).0, stage(200));
    let both = json!({"pipeline_id": Uuid::from_u128(2), "stage": "last"});
    assert_eq!(after(Some(&open), both).0, stage(201));
    assert_eq!(code(Some(&open), json!({"pipeline_id": null})), ("pipeline_id".into(), "required".into()));
    assert_eq!(code(Some(&open), json!({"stage_id": null})), ("stage_id".into(), "required".into()));
    assert_eq!(code(Some(&open), json!({"stage": "nowhere"})), ("stage".into(), "not_found".into()));
    assert_eq!(code(None, json!({"pipeline_id": Uuid::from_u128(9)})).1, "inactive");
    // A won deal stays won in its new pipeline.
    let won = deal(Some(201), DealStatus::Won);
    assert_eq!(after(Some(&won), json!({"pipeline_id": Uuid::from_u128(1)})).0, stage(102));
}

/// PIPELINE-03: a deal whose pipeline is gone stands nowhere, can end, and finds a new place.
#[test]
fn deals_without_pipeline() {
    let lone = deal(None, DealStatus::Open);
    assert_eq!(after(Some(&lone), json!({"status": "lost"})), (None, "lost".into(), json!("2026-11-18")));
    assert_eq!(after(Some(&lone), json!({"stage_id": Uuid::from_u128(101)})).0, stage(101));
    assert_eq!(after(Some(&lone), json!({"pipeline_id": Uuid::from_u128(2)})).0, stage(200));
    assert_eq!(after(Some(&lone), json!({"probability": 3})).0, None);
}

/// DEAL-05, DEAL-06: figures add up, or are refused at the field that breaks them.
#[test]
fn figures_add_up() {
    let open = deal(Some(101), DealStatus::Open);
    assert_eq!(code(Some(&open), json!({"discount_minor": 1_001})), ("discount_minor".into(), "discount".into()));
    assert_eq!(code(Some(&open), json!({"tax_minor": i64::MAX})), ("tax_minor".into(), "too_large".into()));
    let mut input = Map::from_iter([(
        "products".to_owned(),
        json!([{"name": "A", "quantity": 2, "price_minor": 150}, {"name": "B", "price_minor": 1}]),
    )]);
    let lines = input.clone();
    figures::amount_from_lines(&mut input, None);
    assert_eq!(input.get("amount_minor"), Some(&json!(301)));
    input.insert("amount_minor".to_owned(), json!(5));
    figures::amount_from_lines(&mut input, None);
    assert_eq!(input.get("amount_minor"), Some(&json!(5)));
    // It follows lines that have made it, and stays where somebody has said another.
    let gear = domain::deals::DealProduct { quantity: 1.0, price_minor: 1_000, ..Default::default() };
    for (amount_minor, products, follows) in
        [(0, vec![], true), (1_000, vec![gear.clone()], true), (1_000, vec![], false), (900, vec![gear], false)]
    {
        let now = Deal { amount_minor, products, ..open.clone() };
        let mut input = lines.clone();
        figures::amount_from_lines(&mut input, Some(&now));
        assert_eq!(input.get("amount_minor").is_some(), follows, "{amount_minor}");
    }
    let line = json!([{"name": "A", "price_minor": i64::MAX}]);
    let Json::Array(lines) = line else { panic!() };
    let two: Vec<Json> = lines.iter().chain(lines.iter()).cloned().collect();
    assert_eq!(code(Some(&open), json!({"products": two})), ("products".into(), "too_large".into()));
}
